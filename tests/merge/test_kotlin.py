from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.merge.form import read_form, write_form
from scaffold.merge.kotlin import merge_kotlin
from scaffold.syntax.cannot_merge import CannotMerge

IMPORTS = "import gobley.gradle.cargo.dsl.android\n"
OLD_IMPORTS = f"// >>> scaffold:gradle-imports\n{IMPORTS}// <<< scaffold:gradle-imports\n"
NDK = {"r26": "26.3.11579264", "r27": "27.2.12479018", "r28": "28.2.13676358"}


def gradle(ndk: str, library: str = "c++_shared") -> str:
    flags = {"r26": "max", "r27": "both", "r28": ""}[ndk]
    lines = [
        "// >>> scaffold:gradle (generated; edit scaffold.yml, then run scaffold regenerate)",
        "android {",
        "    // Else the newest NDK of whatever machine builds.",
        f'    ndkVersion = "{NDK[ndk]}"',
        "}",
        "",
        "cargo {",
        "    builds.android {",
        "        // The C++ runtime goes into the APK.",
        f'        dynamicLibraries.addAll("{library}")',
    ]
    if flags:
        lines += [
            "",
            "        variants {",
            "            buildTaskProvider.configure {",
            f'                additionalEnvironment.put("RUSTFLAGS", "{flags}")',
            "            }",
            "        }",
        ]
    return "\n".join([*lines, "    }", "}", "// <<< scaffold:gradle", ""])


def render(ndk: str, library: str = "c++_shared") -> str:
    return IMPORTS + "\n" + gradle(ndk, library)


PROJECT = """\
@file:Suppress("UnstableApiUsage")

import org.jetbrains.kotlin.gradle.dsl.JvmTarget

/** What we build with. */
plugins {
    kotlin("multiplatform")
    id("dev.gobley.cargo") version "0.3.7"
}

kotlin {
    jvm()
}
"""
SCRIPTS = [
    "",
    "\n",
    "\n\n",
    "// only a comment",
    "// only a comment\n",
    "/* open\n end */\n\n",
    "plugins {\n}\n",
    "plugins {\n}",
    "plugins {} // end\n  \n",
    "plugins {}\n// last line",
    "plugins {}\n/* last block */",
    "plugins {}\n\n\n",
    "#!/usr/bin/env kotlin\n",
    "#!/usr/bin/env kotlin\n\nplugins {}\n",
    '@file:Suppress("X")\nplugins {}\n',
    '@file:[Suppress("X") OptIn(Y::class)]\n\n/** k */\nplugins {}\n',
    "package x\n\nplugins {}\n",
    "import a.b\nimport c.*\nimport d.e as f // why\n\nplugins {}\n",
    "import a.b",
    "import a.b\n\n\n",
    "import a.b; plugins {}\n",
    "import a.b /* two\nlines */\n\nplugins {}\n",
    "/* Licence */\nimport a.b\n\nplugins {}\n",
    "/* Licence */\nplugins {}\n",
    "/*\n * Copyright\n */\n\n// why\n\n/** k */\nplugins {}\n",
    "/* a */ plugins {}\n",
    "/* a\n b */ plugins {}\n",
    '@Suppress("DSL_SCOPE_VIOLATION") // KTIJ-19369\nplugins {}\n',
    '// KTIJ-19369\n@Suppress("DSL_SCOPE_VIOLATION")\nplugins {}\n',
    'val s = """\n// >>> scaffold:gradle\n"""\n',
    "/*\n// >>> scaffold:gradle\n*/\nplugins {}\n",
    'val t = $$"""a"""\nplugins { }\n',
    PROJECT,
]
PLAIN = """\
// >>> scaffold:gradle (generated; edit scaffold.yml, then run scaffold regenerate)
android {
    ndkVersion = "28.2.13676358"
}
// <<< scaffold:gradle
"""
PARTS = [render("r27"), PLAIN]


def first_merge(user: str, ndk: str = "r27") -> str:
    return merge_kotlin("", user, render(ndk)).text


@pytest.mark.parametrize("user", SCRIPTS)
@pytest.mark.parametrize("wanted", PARTS, ids=["with imports", "without"])
def test_putting_in_and_taking_out_gives_the_same_bytes_back(user: str, wanted: str) -> None:
    merged = merge_kotlin("", user, wanted)
    assert merged.text != user
    assert merge_kotlin(wanted, merged.text, "") == (user, (), ())


@pytest.mark.parametrize("user", SCRIPTS)
@pytest.mark.parametrize(("one", "other"), [PARTS, PARTS[::-1]], ids=["leave", "come"])
def test_imports_come_and_leave_with_what_needs_them(user: str, one: str, other: str) -> None:
    with_one = merge_kotlin("", user, one).text
    with_other = merge_kotlin(one, with_one, other).text
    assert ("import gobley" in with_other) == (other is PARTS[0])
    assert merge_kotlin(other, with_other, "") == (user, (), ())


@pytest.mark.parametrize("user", SCRIPTS)
def test_what_is_there_is_not_put_in_twice(user: str) -> None:
    merged = first_merge(user)
    for base in ("", render("r27")):
        assert merge_kotlin(base, merged, render("r27")) == (merged, (), ())


def placed(user: str) -> str:
    text = first_merge(user)
    return text.replace(IMPORTS, "<imports>\n").replace(gradle("r27"), "<gradle>\n")


@pytest.mark.parametrize(
    ("user", "merged"),
    [
        ("", "<imports>\n\n<gradle>\n"),
        ("// c\n", "// c\n\n<imports>\n\n<gradle>\n"),
        ("plugins {}\n", "<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("import a\n\nplugins {}\n", "import a\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("import a; plugins {}\n", "<imports>\nimport a; plugins {}\n\n<gradle>\n"),
        ("/** k */\nplugins {}\n", "<imports>\n\n/** k */\nplugins {}\n\n<gradle>\n"),
        ("// why\nplugins {}\n", "<imports>\n\n// why\nplugins {}\n\n<gradle>\n"),
        ("/* c */\nplugins {}\n", "/* c */\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("// SPDX\n// x\nplugins {}\n", "// SPDX\n// x\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("// c\n\nplugins {}\n", "// c\n\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("@file:A\n// c\nplugins {}\n", "@file:A\n<imports>\n\n// c\nplugins {}\n\n<gradle>\n"),
        ("#!/k\nplugins {}\n", "#!/k\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("package a\nplugins {}\n", "package a\n<imports>\n\nplugins {}\n\n<gradle>\n"),
        ("plugins {}\n// end\n\n", "<imports>\n\nplugins {}\n// end\n\n<gradle>\n\n"),
    ],
)
def test_imports_go_where_kotlin_wants_them_and_the_rest_to_the_end(user: str, merged: str) -> None:
    assert placed(user) == merged


@pytest.mark.parametrize(
    "user", ['@file:Suppress("X") plugins {}\n', '@file:Suppress("X") import a; plugins {}\n']
)
def test_where_no_line_is_free_for_imports_they_are_given_to_paste(user: str) -> None:
    with pytest.raises(CannotMerge) as refused:
        first_merge(user)
    assert refused.value.line == 1
    assert "import gobley.gradle.cargo.dsl.android" in refused.value.paste


ANDROID = "import gobley.gradle.cargo.dsl.android"


@pytest.mark.parametrize(
    ("imports", "merged"),
    [
        (["import a.b", "import z.y"], ["import a.b", ANDROID, "import z.y"]),
        (["import java.util.X"], [ANDROID, "import java.util.X"]),
        (["import z.y", "import a.b"], [ANDROID, "import z.y", "import a.b"]),
        (["import a.b", "", "import z.y"], ["import a.b", ANDROID, "", "import z.y"]),
        (["import a.b // why", "import z.y;"], ["import a.b // why", ANDROID, "import z.y;"]),
        (["import a.b; import z.y"], [ANDROID, "import a.b; import z.y"]),
        (["// Licence", "import z.y"], ["// Licence", ANDROID, "import z.y"]),
        (["import gobley.gradle.cargo.dsl.*"], ["import gobley.gradle.cargo.dsl.*"]),
        ([f"{ANDROID} as rust"], [f"{ANDROID} as rust", ANDROID]),
    ],
)
def test_an_import_joins_the_users_in_their_order(imports: list[str], merged: list[str]) -> None:
    user = "\n".join([*imports, "", "plugins {}", ""])
    wanted = "\n".join([*merged, "", "plugins {}", "", gradle("r27")])
    assert first_merge(user) == wanted
    assert merge_kotlin(render("r27"), wanted, render("r27")) == (wanted, (), ())
    assert merge_kotlin(render("r27"), wanted, "") == (user, (), ())


def test_an_import_that_the_users_own_code_needs_is_the_users() -> None:
    own = "\ncargo {\n    builds.android {\n        println(rustTarget)\n    }\n}\n"
    user = PROJECT.replace("import org", f"{IMPORTS}import org") + own
    assert merge_kotlin(render("r27"), first_merge(user), "") == (user, (), ())
    mine = first_merge(PROJECT) + own
    assert merge_kotlin(render("r27"), mine, "").text == (
        PROJECT.replace("import org", f"{IMPORTS}import org") + own
    )


def test_an_import_with_a_comment_of_the_users_stays() -> None:
    mine = first_merge(PROJECT).replace(IMPORTS, IMPORTS.replace("\n", " // for Rust\n"))
    assert f"{ANDROID} // for Rust\n" in merge_kotlin(render("r27"), mine, "").text


def test_a_clone_that_lost_the_state_knows_the_imports_by_the_block() -> None:
    merged = first_merge(PROJECT)
    assert merge_kotlin("", merged, render("r27")) == (merged, (), ())
    assert merge_kotlin(render("r27"), merged, "").text == PROJECT


def test_a_class_of_the_same_name_is_refused() -> None:
    wanted = "import gobley.gradle.rust.targets.RustPosixTarget\n\n" + PLAIN
    with pytest.raises(CannotMerge, match="`RustPosixTarget`") as refused:
        merge_kotlin("", "\nimport own.RustPosixTarget\n", wanted)
    assert refused.value.line == 2
    aliased = "import own.RustPosixTarget as Own\n"
    assert "import gobley" in merge_kotlin("", aliased, wanted).text


OLD_BASE = OLD_IMPORTS + "\n" + gradle("r27")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD_IMPORTS + "\nplugins {}\n", IMPORTS + "\nplugins {}\n"),
        (f"import z.y\n{OLD_IMPORTS}\nplugins {{}}\n", f"{IMPORTS}import z.y\n\nplugins {{}}\n"),
        (f"{OLD_IMPORTS}\nimport a.b\n", f"import a.b\n{IMPORTS}"),
        (
            OLD_IMPORTS.replace("import gob", "// mine\nimport gob") + "\nplugins {}\n",
            f"// mine\n{IMPORTS}\nplugins {{}}\n",
        ),
        (f"{OLD_IMPORTS}{IMPORTS}\nplugins {{}}\n", f"{IMPORTS}\nplugins {{}}\n"),
    ],
    ids=["alone", "below the user's", "above the user's", "with a comment", "twice"],
)
def test_imports_between_the_markers_of_0_1_0_join_the_others(old: str, new: str) -> None:
    block = "\n" + gradle("r27")
    merged = merge_kotlin(OLD_BASE, old + block, render("r27"))
    assert merged == (new + block, (), ())


Edit = Callable[[str], str]


def moved_up(text: str) -> str:
    block = text[text.index("// >>> scaffold:gradle (") :]
    return text.replace("\n" + block, "").replace("kotlin {\n", block + "\nkotlin {\n")


def into_a_function(text: str) -> str:
    start, end = text.index("// >>> scaffold:gradle ("), text.index("// <<< scaffold:gradle\n")
    block = text[start:end] + "// <<< scaffold:gradle\n"
    inner = "".join(
        f"    {line}" if line.strip() else line for line in block.splitlines(keepends=True)
    )
    return text.replace(block, f"fun ours() {{\n{inner}}}\n")


def sections_swapped(text: str) -> str:
    start, middle = text.index("android {\n"), text.index("cargo {\n")
    end = text.index("// <<< scaffold:gradle\n")
    return (
        text[:start] + text[middle:end] + "\n" + text[start:middle].rstrip("\n") + "\n" + text[end:]
    )


EDITS: dict[str, Edit] = {
    "sections swapped": sections_swapped,
    "nothing": lambda text: text,
    "own comment in the block": lambda text: text.replace(
        "    // Else", "    // Mine.\n    // Else"
    ),
    "own comment below the version": lambda text: text.replace(
        '"\n}\n\ncargo', '"\n    // Mine.\n}\n\ncargo'
    ),
    "own setting below the version": lambda text: text.replace(
        '"\n}\n\ncargo', '"\n    compileSdk = 35\n}\n\ncargo'
    ),
    "own setting in cargo": lambda text: text.replace(
        "cargo {\n", 'cargo {\n    features.add("x")\n'
    ),
    "comment behind the version": lambda text: text.replace(
        '"\n}\n\ncargo', '" // CI has it\n}\n\ncargo'
    ),
    "other spacing": lambda text: text.replace("ndkVersion = ", "ndkVersion="),
    "two spaces": lambda text: text.replace("    ", "  "),
    "tabs": lambda text: text.replace("    ", "\t"),
    "blank line removed": lambda text: text.replace("}\n\ncargo", "}\ncargo"),
    "blank lines added": lambda text: text.replace("}\n\ncargo", "}\n\n\n\ncargo"),
    "comment removed": lambda text: text.replace(
        "        // The C++ runtime goes into the APK.\n", ""
    ),
    "own library": lambda text: text.replace('("c++_shared")', '("c++_shared", "mine")'),
    "own import in our block": lambda text: text.replace(
        "import gobley", "import a.b\nimport gobley"
    ),
    "own import below our block": lambda text: text.replace(IMPORTS, IMPORTS + "import a.b\n"),
    "imports moved up": lambda text: text.replace(IMPORTS, "").replace(
        "import org", IMPORTS + "import org"
    ),
    "import taken out": lambda text: text.replace(IMPORTS, ""),
    "own code at the end": lambda text: text + '\ntasks.register("own")\n',
    "own code in between": lambda text: text.replace("    jvm()", '    jvm("desktop")'),
    "final newline removed": lambda text: text.removesuffix("\n"),
    "block moved up": moved_up,
    "block put into a function": into_a_function,
    "version line taken out": lambda text: "".join(
        line for line in text.splitlines(keepends=True) if "ndkVersion" not in line
    ),
}
CLASHING = {("version line taken out", old, new) for old in NDK for new in NDK if old != new}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize(("old", "new"), [(old, new) for old in NDK for new in NDK])
def test_an_edit_survives_an_ndk_change_as_if_made_after_it(name: str, old: str, new: str) -> None:
    edit = EDITS[name]
    merged = merge_kotlin(render(old), edit(first_merge(PROJECT, old)), render(new))
    assert merged.text == edit(first_merge(PROJECT, new))
    assert len(merged.clashes) == ((name, old, new) in CLASHING)


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf", b""])
def test_crlf_and_bom_survive_an_ndk_change(name: str, bom: bytes) -> None:
    def stored(text: str) -> bytes:
        return bom + EDITS[name](text).replace("\n", "\r\n").encode()

    text, form = read_form(stored(first_merge(PROJECT, "r27")))
    merged = merge_kotlin(render("r27"), text, render("r28"))
    assert write_form(merged.text, form) == stored(first_merge(PROJECT, "r28"))


@pytest.mark.parametrize(("old", "new"), [("r27", "r28"), ("r28", "r27"), ("r27", "r26")])
@pytest.mark.parametrize("behind", [True, False])
def test_a_comment_anywhere_survives_any_change_of_the_rest(
    old: str, new: str, behind: bool
) -> None:
    lines = first_merge(PROJECT, old).split("\n")
    wanted = merge_kotlin("", PROJECT, render(new, "mine")).text.split()
    for row, line in enumerate(lines):
        if not line.strip() or "//" in line:
            continue
        mine = list(lines)
        mine[row : row + 1] = [line + " //MINE"] if behind else ["//MINE", line]
        merged = merge_kotlin(render(old), "\n".join(mine), render(new, "mine"))
        assert merged.clashes == ()
        assert merged.text.count("//MINE") == 1
        assert [word for word in merged.text.split() if word != "//MINE"] == wanted


def test_a_version_that_both_changed_clashes_and_the_rest_merges() -> None:
    mine = first_merge(PROJECT, "r27").replace(NDK["r27"], "27.3.13750724")
    merged = merge_kotlin(render("r27"), mine, render("r28"))
    assert [(clash.where, clash.mine) for clash in merged.clashes] == [
        ("gradle", '    ndkVersion = "27.3.13750724"')
    ]
    assert merged.text == first_merge(PROJECT, "r28").replace(NDK["r28"], "27.3.13750724")
    decided = merge_kotlin(render("r27"), mine, render("r28"), prefer="theirs")
    assert decided.text == first_merge(PROJECT, "r28")


def test_the_version_that_the_user_raised_already_is_no_clash() -> None:
    mine = first_merge(PROJECT, "r27").replace(NDK["r27"], NDK["r28"])
    merged = merge_kotlin(render("r27"), mine, render("r28"))
    assert merged == (first_merge(PROJECT, "r28"), (), ())


def test_what_the_user_took_out_stays_out_until_asked_back() -> None:
    mine = first_merge(PROJECT, "r27").replace("\n" + gradle("r27"), "")
    merged = merge_kotlin(render("r27"), mine, render("r28"))
    assert merged.text == mine
    assert "`gradle`" in merged.notes[0]
    restored = merge_kotlin(render("r27"), mine, render("r28"), restore=True)
    assert restored == (first_merge(PROJECT, "r28"), (), ())


def test_an_edited_block_that_is_no_longer_wanted_clashes() -> None:
    mine = first_merge(PROJECT).replace("    // Else", "    compileSdk = 35\n    // Else")
    merged = merge_kotlin(render("r27"), mine, "")
    assert merged.text == mine
    assert [clash.where for clash in merged.clashes] == ["gradle"]
    assert merge_kotlin(render("r27"), mine, "", prefer="theirs").text == PROJECT


def test_a_reindented_block_that_is_no_longer_wanted_is_taken_out() -> None:
    mine = first_merge(PROJECT).replace(gradle("r27"), gradle("r27").replace("    ", "\t"))
    assert merge_kotlin(render("r27"), mine, "") == (PROJECT, (), ())


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda text: text + gradle("r27"), 35),
        (lambda text: text.replace(IMPORTS, OLD_IMPORTS.partition("// <<<")[0]), 3),
        (lambda text: text.replace(IMPORTS, f"{IMPORTS}// <<< scaffold:gradle-imports\n"), 4),
        (
            lambda text: text.replace("}\n// <<< scaffold:gradle\n", "} // <<< scaffold:gradle\n"),
            33,
        ),
        (lambda text: text.removesuffix("// <<< scaffold:gradle\n"), 16),
    ],
    ids=["twice", "crossing", "no beginning", "behind code", "no end"],
)
def test_damaged_blocks_are_refused_with_their_line(damage: Edit, line: int) -> None:
    with pytest.raises(CannotMerge) as refused:
        merge_kotlin(render("r27"), damage(first_merge(PROJECT)), render("r28"))
    assert refused.value.line == line


WORDS = ["import a.b", "// c", "", "/** k */", "/* b */", "plugins {}", "}", "android {", "@file:A"]
WORDS += ['val s = "a"', "  ", "package x", '@Suppress("x")', "#!/k"]
UNCLOSED = ["/*", '"', '"""', '"${', "`", "'", "(", "{", "@file:", "import"]
words = st.sampled_from(WORDS)


@given(st.lists(words | st.sampled_from(UNCLOSED), max_size=7).map("\n".join))
@settings(deadline=None)
def test_broken_scripts_are_merged_or_refused_and_never_mangled(user: str) -> None:
    try:
        merged = first_merge(user)
        cut = merge_kotlin(render("r27"), merged, "").text
    except CannotMerge:
        return
    assert cut.split() == user.split()


@given(st.lists(words, max_size=7), st.booleans())
@settings(deadline=None)
def test_any_script_is_merged_losslessly_or_refused(lines: list[str], newline: bool) -> None:
    user = "\n".join(lines) + "\n" * newline
    try:
        merged = first_merge(user)
    except CannotMerge:
        return
    again = merge_kotlin(render("r27"), merged, render("r28"))
    assert merge_kotlin(render("r28"), again.text, render("r27")) == (merged, (), ())
    assert merge_kotlin(render("r27"), merged, "").text == user


@given(st.lists(words, max_size=5), st.sampled_from(sorted(NDK)), st.sampled_from(sorted(NDK)))
@settings(deadline=None)
def test_merging_again_changes_nothing(lines: list[str], old: str, new: str) -> None:
    mine = first_merge(PROJECT, old).replace("cargo {", "\n".join(["cargo {", *lines]))
    try:
        merged = merge_kotlin(render(old), mine, render(new))
        again = merge_kotlin(render(new), merged.text, render(new))
    except CannotMerge:
        return
    assert again == (merged.text, (), ())
