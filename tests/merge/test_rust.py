import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.merge.form import read_form, write_form
from scaffold.merge.result import Merged
from scaffold.merge.rust import merge_rust
from scaffold.syntax.cannot_merge import CannotMerge

FLAGS = {
    "r26": ["max-page-size"],
    "r27": ["max-page-size", "common-page-size"],
    "r28": [],
}
CALL = """\
    // >>> scaffold:build-rs-call
    scaffold_link_android();
    // <<< scaffold:build-rs-call
"""


def function(ndk: str, runtime: str = "c++_shared") -> str:
    lines = [
        "// >>> scaffold:build-rs (generated; edit scaffold.yml, then run scaffold regenerate)",
        "/// Tells the linker what an Android library needs.",
        "fn scaffold_link_android() {",
        '    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("android") {',
        "        return;",
        "    }",
        "",
        "    // The C++ runtime.",
        f'    println!("cargo::rustc-link-lib={runtime}");',
    ]
    if FLAGS[ndk]:
        lines += [
            "",
            "    // Memory pages of 16 KB.",
            '    if std::env::var("CARGO_CFG_TARGET_POINTER_WIDTH").as_deref() == Ok("64") {',
        ]
        for flag in FLAGS[ndk]:
            lines.append(f'        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,{flag}=16384");')
        lines.append("    }")
    return "\n".join([*lines, "}", "// <<< scaffold:build-rs", ""])


def render(ndk: str, runtime: str = "c++_shared") -> str:
    head = "// Generated once; yours.\n\nfn main() {\n"
    return f"{head}{CALL}}}\n\n{function(ndk, runtime)}"


UNIFFI = """\
// Copyright of the user

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    uniffi::generate_scaffolding("src/lib.udl")?;
    println!("cargo:rerun-if-changed=src/lib.udl");
    Ok(())
}

fn own() {}
"""
BODIES = [
    "fn main() {}\n",
    "fn main() {\n}\n",
    "fn main() {\n\n}\n",
    "fn main() { x(); }\n",
    "fn main() { x();\n    y();\n}",
    "fn main()\n{\n\tx();\n}\n\n\n",
    "fn main() {\n  x();\n}\n",
    "fn main() { // note\n}\n",
    "fn main() { // note\n    x();\n}\n",
    "fn main() { /* a */ }\n",
    "fn main() { /* a\n b */ x() }\n",
    "fn main() {\n    // before\n\n    // x\n    x();\n}\n",
    "fn main() {\n    #![allow(unused)]\n    //! inner\n    x()\n}\n",
    "fn main() {\n    // c\n    #![allow(unused)]\n}\n",
    "fn main() { #![allow(unused)] x() }\n",
    "#[tokio::main]\nasync fn main() -> Result<(), ()> {\n    x().await\n}",
    "mod m { fn main() {} }\npub(crate) unsafe fn main() where {\n    é();\n}\n",
    "#[cfg(unix)]\nfn main() -> impl Sized {\n    x\n}\n",
    'const S: &str = r#"\n// >>> scaffold:build-rs\nfn main() {}\n"#;\nfn main() {\n    x();\n}\n',
    "/*\n// >>> scaffold:build-rs-call\n*/\nfn main() {\n    x();\n}\n",
    "macro_rules! m { () => { fn main() { } } }\nfn main() {\n    m!();\n}\n",
    UNIFFI,
]


def first_merge(user: str, ndk: str = "r27") -> str:
    return merge_rust("", user, render(ndk)).text


@pytest.mark.parametrize("user", BODIES)
def test_putting_in_and_taking_out_gives_the_same_bytes_back(user: str) -> None:
    merged = first_merge(user)
    assert merged.count("scaffold_link_android();") == 1
    assert merge_rust(render("r27"), merged, "") == (user, (), ())


@pytest.mark.parametrize("user", BODIES)
def test_what_is_there_is_not_put_in_twice(user: str) -> None:
    merged = first_merge(user)
    for base in ("", render("r27")):
        assert merge_rust(base, merged, render("r27")) == (merged, (), ())


def test_the_call_comes_first_and_the_function_last() -> None:
    assert first_merge(UNIFFI) == (
        UNIFFI.replace("    uniffi::", CALL + "    uniffi::") + "\n" + function("r27")
    )


@pytest.mark.parametrize(
    ("user", "body"),
    [
        ("fn main() {}\n", "fn main() {\n" + CALL + "}\n"),
        ("fn main() {\n\tx();\n}\n", "fn main() {\n" + CALL.replace("    ", "\t") + "\tx();\n}\n"),
        ("fn main() { x(); }\n", "fn main() {\n" + CALL + " x(); }\n"),
        (
            "fn main() {\n    #![allow(unused)]\n    // c\n    x();\n}\n",
            "fn main() {\n    #![allow(unused)]\n" + CALL + "    // c\n    x();\n}\n",
        ),
        (
            "fn other() {\n  x();\n}\n\nfn main() {}\n",
            "fn other() {\n  x();\n}\n\nfn main() {\n" + CALL.replace("    ", "  ") + "}\n",
        ),
    ],
    ids=["empty", "tabs", "one line", "inner attribute", "two spaces"],
)
def test_the_call_follows_the_body_that_is_there(user: str, body: str) -> None:
    assert first_merge(user) == body + "\n" + function("r27")


@pytest.mark.parametrize("user", ["", "\n", "  \n\n"])
def test_an_empty_script_becomes_the_render(user: str) -> None:
    assert merge_rust("", user, render("r28")) == (render("r28"), (), ())


@pytest.mark.parametrize(
    ("user", "says", "line"),
    [
        ("// nothing\n", "no plain `fn main`", None),
        ("mod m { fn main() {} }\n", "no plain `fn main`", None),
        ("build! { fn main() {} }\n", "no plain `fn main`", None),
        ("impl X { fn main() {} }\n", "no plain `fn main`", None),
        ("const fn main() {}\n", "no plain `fn main`", None),
        ("fn main() {\n", "no plain `fn main`", None),
        ('include!("other.rs");\n', "no plain `fn main`", None),
        ("#[cfg(a)]\nfn main() {}\n#[cfg(not(a))]\nfn main() {}\n", "more than one", 4),
        ("fn main() {}\nfn scaffold_link_android() {}\n", "`scaffold_link_android`", 2),
        ("use a::{b, scaffold_link_android};\nfn main() {}\n", "`scaffold_link_android`", 1),
        ("use a::b as scaffold_link_android;\nfn main() {}\n", "`scaffold_link_android`", 1),
        ("fn main() {\n    fn scaffold_link_android() {}\n}\n", "`scaffold_link_android`", 2),
    ],
)
def test_where_there_is_no_safe_place_the_blocks_are_given_to_paste(
    user: str, says: str, line: int | None
) -> None:
    with pytest.raises(CannotMerge) as refused:
        first_merge(user)
    assert says in refused.value.message
    assert refused.value.line == line
    assert "scaffold_link_android();" in refused.value.paste
    assert "fn scaffold_link_android() {" in refused.value.paste


@pytest.mark.parametrize(
    "user",
    [
        "use scaffold_link_android::other;\nfn main() {}\n",
        "use a::scaffold_link_android as other;\nfn main() {}\n",
        "mod m { fn scaffold_link_android() {} }\nfn main() {}\n",
        "fn main() {} // scaffold_link_android\n",
    ],
)
def test_the_name_elsewhere_is_no_collision(user: str) -> None:
    assert merge_rust("", user, render("r27")).text.count("fn scaffold_link_android") >= 1


Edit = Callable[[str], str]
EDITS: dict[str, Edit] = {
    "nothing": lambda text: text,
    "own comment in the function": lambda text: text.replace(
        "    // The C++ runtime.", "    // Mine.\n    // The C++ runtime."
    ),
    "own comment above the changed part": lambda text: text.replace(
        'android") {\n', 'android") {\n        // Not for desktops.\n'
    ),
    "own statement in the function": lambda text: text.replace(
        "        return;\n", '        println!("cargo::warning=desktop");\n        return;\n'
    ),
    "comment behind a line": lambda text: text.replace(
        '=c++_shared");', '=c++_shared"); // see ADR 7'
    ),
    "other spacing": lambda text: text.replace(
        '!("cargo::rustc-link-lib', '! ( "cargo::rustc-link-lib'
    ),
    "tabs": lambda text: text.replace("    ", "\t"),
    "two spaces": lambda text: text.replace("    ", "  "),
    "blank line removed": lambda text: text.replace("    }\n\n    // The", "    }\n    // The"),
    "comment removed": lambda text: text.replace("    // The C++ runtime.\n", ""),
    "changed value that we leave alone": lambda text: text.replace("c++_shared", "c++_static"),
    "changed condition": lambda text: text.replace('!= Ok("android")', '!= Ok("android-x")'),
    "own note in the marker": lambda text: text.replace("(generated;", "(do not touch;"),
    "own statement before the call": lambda text: text.replace(CALL, "    before();\n\n" + CALL, 1),
    "own statement in the call's block": lambda text: text.replace(
        "    scaffold_link_android();\n", "    own();\n    scaffold_link_android();\n"
    ),
    "own code at the end": lambda text: text + "\nfn after() {}\n",
    "own code everywhere else": lambda text: text.replace("own", "owned").replace("?;", "?; // x"),
    "call moved": lambda text: text.replace(CALL, "").replace(
        "    Ok(())\n", CALL + "    Ok(())\n"
    ),
    "call indented": lambda text: text.replace(
        CALL, "    if true {\n" + CALL.replace("    ", " " * 8) + "    }\n"
    ),
    "final newline removed": lambda text: text.removesuffix("\n"),
    "call taken out": lambda text: text.replace(CALL, ""),
    "line taken out": lambda text: text.replace(
        '    println!("cargo::rustc-link-lib=c++_shared");\n', ""
    ),
}


def moved_up(text: str) -> str:
    start, end = text.index("// >>> scaffold:build-rs ("), text.index("// <<< scaffold:build-rs\n")
    end = text.index("\n", end) + 1
    return text[start:end] + "\n" + text[:start] + text[end:]


EDITS["function moved up"] = moved_up
STEPS = [(old, new) for old in FLAGS for new in FLAGS]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize(("old", "new"), STEPS)
def test_an_edit_survives_an_ndk_change_as_if_made_after_it(edit: Edit, old: str, new: str) -> None:
    mine = edit(first_merge(UNIFFI, old))
    merged = merge_rust(render(old), mine, render(new))
    assert merged.clashes == ()
    assert merged.text == edit(first_merge(UNIFFI, new))


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("form", [b"\xef\xbb\xbf", b""])
def test_crlf_and_bom_survive_an_ndk_change(edit: Edit, form: bytes) -> None:
    before = form + edit(first_merge(UNIFFI, "r27")).replace("\n", "\r\n").encode()
    text, kept = read_form(before)
    merged = merge_rust(render("r27"), text, render("r28"))
    after = form + edit(first_merge(UNIFFI, "r28")).replace("\n", "\r\n").encode()
    assert write_form(merged.text, kept) == after


@pytest.mark.parametrize(("old", "new"), [("r27", "r28"), ("r28", "r27"), ("r27", "r26")])
@pytest.mark.parametrize("behind", [True, False])
def test_a_comment_anywhere_survives_any_change_of_the_rest(
    old: str, new: str, behind: bool
) -> None:
    lines = first_merge(UNIFFI, old).split("\n")
    wanted = merge_rust("", UNIFFI, render(new, "c++_static")).text.split()
    for row, line in enumerate(lines):
        if not line.strip() or "//" in line:
            continue
        mine = list(lines)
        mine[row : row + 1] = [line + " //MINE"] if behind else ["//MINE", line]
        merged = merge_rust(render(old), "\n".join(mine), render(new, "c++_static"))
        assert merged.clashes == ()
        assert merged.text.count("//MINE") == 1
        assert [word for word in merged.text.split() if word != "//MINE"] == wanted


def test_comments_of_lines_that_go_stay_without_them() -> None:
    mine = first_merge(UNIFFI, "r27")
    mine = mine.replace('max-page-size=16384");', 'max-page-size=16384"); // ticket 12')
    mine = mine.replace("    // Memory", "    // Mine.\n    // Memory")
    merged = merge_rust(render("r27"), mine, render("r28"))
    assert merged.clashes == ()
    assert "    // Mine.\n        // ticket 12\n}" in merged.text


def test_a_comment_behind_a_changed_line_stays_behind_it() -> None:
    mine = first_merge(UNIFFI, "r28").replace('c++_shared");', 'c++_shared");  // one runtime')
    merged = merge_rust(render("r28"), mine, render("r28", "c++_static"))
    assert merged.clashes == ()
    assert '    println!("cargo::rustc-link-lib=c++_static");  // one runtime\n' in merged.text


def clash_of_runtimes(prefer: str | None = None) -> Merged:
    mine = first_merge(UNIFFI, "r27").replace("=c++_shared", "=mine")
    theirs = render("r28", "c++_static")
    if prefer == "theirs":
        return merge_rust(render("r27"), mine, theirs, prefer="theirs")
    return merge_rust(render("r27"), mine, theirs)


def test_a_value_that_both_changed_clashes_and_nothing_else_does() -> None:
    merged = clash_of_runtimes()
    assert [clash.where for clash in merged.clashes] == ["build-rs"]
    assert "=mine" in merged.clashes[0].mine
    assert "=c++_static" in merged.clashes[0].theirs
    assert "=mine" in merged.text
    assert clash_of_runtimes("theirs").text == first_merge(UNIFFI, "r28").replace(
        "c++_shared", "c++_static"
    )


def test_what_the_user_took_out_stays_out_until_asked_back() -> None:
    mine = first_merge(UNIFFI, "r27").replace(CALL, "")
    merged = merge_rust(render("r27"), mine, render("r28"))
    assert CALL not in merged.text
    assert "build-rs-call" in merged.notes[0]
    restored = merge_rust(render("r27"), mine, render("r28"), restore=True)
    assert restored == (first_merge(UNIFFI, "r28"), (), ())


def test_an_edited_block_that_is_no_longer_wanted_clashes() -> None:
    mine = first_merge(UNIFFI, "r27").replace("    // The C++", "    own();\n    // The C++")
    merged = merge_rust(render("r27"), mine, "")
    assert "own();" in merged.text
    assert CALL not in merged.text
    assert [clash.where for clash in merged.clashes] == ["build-rs"]
    assert merge_rust(render("r27"), mine, "", prefer="theirs").text == UNIFFI


def test_own_code_in_a_part_that_goes_clashes_and_stays_in_its_place() -> None:
    mine = first_merge(UNIFFI, "r27").replace(
        '-z,max-page-size=16384");', '-z,max-page-size=16384");\n        own();'
    )
    merged = merge_rust(render("r27"), mine, render("r28"))
    assert merged.text == mine
    assert [clash.where for clash in merged.clashes] == ["build-rs"]
    assert merge_rust(render("r27"), mine, render("r28"), prefer="theirs").text == first_merge(
        UNIFFI, "r28"
    )


def test_without_a_base_only_a_different_block_clashes() -> None:
    mine = first_merge(UNIFFI, "r27")
    merged = merge_rust("", mine, render("r28"))
    assert merged.text == mine
    assert [clash.where for clash in merged.clashes] == ["build-rs"]
    assert merge_rust("", mine, render("r28"), prefer="theirs").text == first_merge(UNIFFI, "r28")


def test_in_a_file_of_ours_all_but_the_blocks_is_the_users() -> None:
    mine = render("r27").replace("yours.", "mine.").replace("}\n\n//", "    own();\n}\n\n//", 1)
    merged = merge_rust(render("r27"), mine, render("r28").replace("once", "twice"))
    assert merged.text == mine.replace(function("r27"), function("r28"))


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda text: text + "\n" + text[text.index("// >>> scaffold:build-rs (") :], 34),
        (lambda text: text.replace("// <<< scaffold:build-rs\n", ""), 16),
        (lambda text: text.replace("    // >>> scaffold:build-rs-call\n", ""), 7),
        (lambda text: text.replace("// <<< scaffold:build-rs-call", "// end"), 6),
        (
            lambda text: text.replace(
                "    // <<< scaffold:build-rs-call", "x(); // <<< scaffold:build-rs-call"
            ),
            8,
        ),
    ],
    ids=["twice", "no end", "no beginning", "crossing", "behind code"],
)
def test_damaged_blocks_are_refused_with_their_line(damage: Edit, line: int) -> None:
    mine = damage(first_merge(UNIFFI, "r27"))
    with pytest.raises(CannotMerge) as refused:
        merge_rust(render("r27"), mine, render("r28"))
    assert refused.value.line == line


words = st.sampled_from(
    [
        "x();",
        "// c",
        "",
        "    y();",
        "/* b */",
        "}",
        "{",
        'let s = "a";',
        "#[cfg(a)]",
        "mod m {",
        "\t",
    ]
)


@given(st.lists(words, max_size=6), st.lists(words, max_size=5), st.booleans())
@settings(deadline=None)
def test_any_script_is_merged_losslessly_or_refused(
    before: list[str], body: list[str], newline: bool
) -> None:
    user = "\n".join([*before, "fn main() {", *body, "}"]) + "\n" * newline
    try:
        merged = first_merge(user)
    except CannotMerge:
        return
    again = merge_rust(render("r27"), merged, render("r28"))
    assert merge_rust(render("r28"), again.text, render("r27")) == (merged, (), ())
    assert merge_rust(render("r27"), merged, "").text.split() == user.split()


COMPILED = [user.replace("x()", "f()").replace("y()", "f()") for user in BODIES]


@pytest.mark.toolchain
@pytest.mark.skipif(which("rustc") is None, reason="no rustc")
@pytest.mark.parametrize(
    "user",
    [u for u in COMPILED if not any(w in u for w in ("tokio", "uniffi", "unsafe", "Sized", "m!"))],
)
def test_the_merged_script_compiles(user: str, tmp_path: Path) -> None:
    script = tmp_path / "build.rs"
    script.write_text(first_merge(user) + "\nfn f() {}\n", encoding="utf-8")
    command = ["rustc", "--edition=2021", "--emit=metadata", "--crate-name=b", "-o"]
    done = subprocess.run(
        [*command, str(tmp_path / "out"), str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
