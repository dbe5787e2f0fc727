"""What users do to `.cargo/config.toml`, under every NDK move and strategy: their intent holds on the new render."""

import tomllib
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from scaffold.merge.toml import merge_toml

MAX = "-Clink-arg=-Wl,-z,max-page-size=16384"
COMMON = "-Clink-arg=-Wl,-z,common-page-size=16384"
FLAGS = {"r26": [MAX], "r27": [MAX, COMMON], "r28": []}
TRIPLES = ["aarch64-linux-android", "x86_64-linux-android"]
LINUX = "x86_64-unknown-linux-gnu"
MOVES = [(old, new) for old in FLAGS for new in FLAGS if old != new]
STRATEGIES = ["flags", "flags zig", "flags ios", "flags zig ios"]
Values = dict[str, Any]


def render(ndk: str, strategy: str) -> str:
    """A file as `scaffold` writes it: sections and comments come and go with the NDK and the answers."""
    out = "# Written by scaffold.\n# Keys of your own stay.\n"
    for number, triple in enumerate(TRIPLES if FLAGS[ndk] else []):
        out += f"\n# 16 KB pages with NDK {ndk}.\n" if number == 0 else "\n"
        flags = "".join(f'    "{flag}",\n' for flag in FLAGS[ndk])
        out += f"[target.{triple}]\nrustflags = [\n{flags}]\n"
    if "zig" in strategy:
        out += f'\n# Zig links for Linux.\n[target.{LINUX}]\nlinker = ".cargo/zig/{LINUX}-cc.sh"\n'
    if "zig" in strategy or "ios" in strategy:
        out += "\n[env]\n"
    if "zig" in strategy:
        place = f".cargo/zig/{LINUX}"
        out += f"# C code of dependencies.\nCC_{LINUX.replace('-', '_')} = "
        out += f'{{ value = "{place}-cc.sh", relative = true }}\n'
    if "ios" in strategy:
        out += '# One oldest iOS.\nIPHONEOS_DEPLOYMENT_TARGET = "13.0"\n'
    return out


class Edit(NamedTuple):
    """`write` is what the user does to the text, `mean` what that means for the values of any render."""

    name: str
    write: Callable[[str], str]
    mean: Callable[[Values], None]


def nothing(_values: Values) -> None:
    """The edit changes no value."""


def flags_of(values: Values) -> list[str]:
    flags: list[str] = (
        values.setdefault("target", {}).setdefault(TRIPLES[0], {}).setdefault("rustflags", [])
    )
    return flags


def swapped(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def appended(values: Values) -> None:
    flags_of(values).append("-Ctarget-feature=+crt-static")


def prepended(values: Values) -> None:
    flags_of(values).insert(0, "-Ctarget-feature=+crt-static")


def max_removed(values: Values) -> None:
    if MAX in flags_of(values):
        flags_of(values).remove(MAX)


def own_key(values: Values) -> None:
    values.setdefault("target", {}).setdefault(TRIPLES[0], {})["runner"] = "adb-run"


def own_table(values: Values) -> None:
    values["build"] = {"jobs": 3, "rustflags": ["-Cforce-frame-pointers"]}


def own_variable(values: Values) -> None:
    values.setdefault("env", {})["MINE"] = "1"


def ios_changed(values: Values) -> None:
    if "IPHONEOS_DEPLOYMENT_TARGET" in values.get("env", {}):
        values["env"]["IPHONEOS_DEPLOYMENT_TARGET"] = "15.0"


def ios_forced(values: Values) -> None:
    if "IPHONEOS_DEPLOYMENT_TARGET" in values.get("env", {}):
        values["env"]["IPHONEOS_DEPLOYMENT_TARGET"] = {"value": "13.0", "force": True}


def linker_changed(values: Values) -> None:
    if LINUX in values.get("target", {}):
        values["target"][LINUX]["linker"] = "clang"


def linker_removed(values: Values) -> None:
    if LINUX in values.get("target", {}):
        del values["target"][LINUX]


def dotted(text: str) -> str:
    """All of the render's tables as dotted keys below [target] and [env]."""
    values = tomllib.loads(text)
    lines = ["# mine: dotted", "[target]"]
    for triple, table in values.get("target", {}).items():
        for key, value in table.items():
            items = ", ".join(f"'{one}'" for one in value) if isinstance(value, list) else ""
            spelled = f"[{items}]" if isinstance(value, list) else f"'{value}'"
            lines.append(f'"{triple}".{key} = {spelled} # mine: {key} of {triple}')
    lines += ["", "[env] # mine: env"]
    for key, value in values.get("env", {}).items():
        if isinstance(value, dict):
            lines += [f"{key}.value = '{value['value']}'", f"{key}.relative = true"]
        else:
            lines.append(f"{key} = '{value}'")
    return "\n".join(lines) + "\n"


def inline(text: str) -> str:
    """All of the render in inline tables at the root."""
    lines = ["# mine: inline"]
    for name, table in tomllib.loads(text).items():
        lines.append(f"{name} = {spelled_inline(table)} # mine: {name}")
    return "\n".join(lines)


def spelled_inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f'"{key}" = {spelled_inline(item)}' for key, item in value.items())
        return f"{{ {pairs} }}"
    return repr(value) if not isinstance(value, bool) else "true"


def reordered(text: str) -> str:
    """The blocks between blank lines the other way round, the first (our title) staying."""
    title, *blocks = text.rstrip("\n").split("\n\n")
    return "\n\n".join([title, *reversed(blocks)]) + "\n"


def as_string(text: str) -> str:
    return text.replace(_array(text), f'"{" ".join(_flags(text))}"', 1) if _flags(text) else text


def _array(text: str) -> str:
    return text[text.index("[\n") : text.index("\n]") + 2] if "[\n" in text else ""


def _flags(text: str) -> list[str]:
    table = tomllib.loads(text).get("target", {}).get(TRIPLES[0], {})
    return list(table.get("rustflags", []))


def on_one_line(text: str) -> str:
    items = ",".join(f"'{flag}'" for flag in _flags(text))
    return text.replace(_array(text), f"[ {items} ] # mine: one line", 1) if items else text


def in_pairs(text: str) -> str:
    items = "".join(f'  "-C", "{flag[2:]}", # mine: {flag[-24:]}\n' for flag in _flags(text))
    return text.replace(_array(text), f"[ # mine: pairs\n{items}]", 1) if items else text


def commented_array(text: str) -> str:
    return text.replace("\n]", "\n    # mine: last words ] ,\n]")


def with_own_key(text: str) -> str:
    header = f"[target.{TRIPLES[0]}]\n"
    if header in text:
        return text.replace(header, f'{header}runner = "adb-run" # mine: runner\n')
    return f'{text}\n[target."{TRIPLES[0]}"] # mine: table\nrunner = "adb-run"\n'


def with_own_variable(text: str) -> str:
    if "[env]\n" in text:
        return text.replace("[env]\n", "[env]\n# mine: above\nMINE = '1'\n")
    return f"env.MINE = '1' # mine: dotted\n{text}"


def with_appended(text: str) -> str:
    flag = "-Ctarget-feature=+crt-static"
    if not _flags(text):
        return f"{text}\n[target.{TRIPLES[0]}]\nrustflags = ['{flag}'] # mine: only\n"
    return text.replace("\n]", f"\n    '{flag}' # mine: no comma\n]", 1)


def with_prepended(text: str) -> str:
    if not _flags(text):
        return with_appended(text)
    return text.replace("[\n", "[ '-Ctarget-feature=+crt-static',\n", 1)


EDITS = [
    Edit("a comment on top", lambda text: f"# mine: top\n\n{text}", nothing),
    Edit("a comment at the end, no newline", lambda text: f"{text}\n# mine: end", nothing),
    Edit("comments behind headers", lambda text: text.replace("]\n", "] # mine: here\n"), nothing),
    Edit("a comment last in arrays", commented_array, nothing),
    Edit("our comments dropped", lambda text: text.replace("# 16 KB", "# mine: 16 KB"), nothing),
    Edit("an own key", with_own_key, own_key),
    Edit(
        "an own table above",
        lambda text: f'[build]\njobs = 3 # mine: jobs\nrustflags = ["-Cforce-frame-pointers"]\n\n{text}',
        own_table,
    ),
    Edit(
        "an own table at the end",
        lambda text: f'{text}[build] # mine: b\nrustflags = ["-Cforce-frame-pointers"]\njobs = 0x3\n',
        own_table,
    ),
    Edit("an own variable", with_own_variable, own_variable),
    Edit("an element appended", with_appended, appended),
    Edit("an element put first", with_prepended, prepended),
    Edit("an element removed", swapped(f'    "{MAX}",\n', ""), max_removed),
    Edit("an array on one line", on_one_line, nothing),
    Edit("flags in pairs", in_pairs, nothing),
    Edit("flags as a string", as_string, nothing),
    Edit("other quotes", lambda text: text.replace('"', "'"), nothing),
    Edit("quoted keys", lambda text: text.replace(TRIPLES[0], f'"{TRIPLES[0]}"'), nothing),
    Edit("blocks reordered", reordered, nothing),
    Edit("dotted keys", dotted, nothing),
    Edit("inline tables", inline, nothing),
    Edit("no blank lines", lambda text: text.replace("\n\n", "\n"), nothing),
    Edit("indented", lambda text: text.replace("\n", "\n  ").removesuffix("  "), nothing),
    Edit("a variable changed", swapped('"13.0"', '"15.0" # mine: 15'), ios_changed),
    Edit("a variable forced", swapped('"13.0"', '{ value = "13.0", force = true }'), ios_forced),
    Edit("a linker changed", swapped(f'".cargo/zig/{LINUX}-cc.sh"\n', '"clang"\n'), linker_changed),
    Edit(
        "a table removed",
        swapped(f'[target.{LINUX}]\nlinker = ".cargo/zig/{LINUX}-cc.sh"\n', ""),
        linker_removed,
    ),
]


def as_cargo_reads(values: Values) -> Values:
    """One form for what Cargo reads alike: flags in pairs or in a string, variables as text or table."""
    for table in values.get("target", {}).values():
        flags = table.get("rustflags", [])
        text = flags if isinstance(flags, str) else " ".join(flags)
        if "rustflags" in table:
            table["rustflags"] = text.replace("-C ", "-C").split()
    for key, value in values.get("env", {}).items():
        values["env"][key] = {"value": value} if isinstance(value, str) else value
    return values


def without_empties(table: Values) -> Values:
    kept = {k: without_empties(v) if isinstance(v, dict) else v for k, v in table.items()}
    return {key: value for key, value in kept.items() if value not in ({}, [])}


def combinations() -> list[tuple[Edit, str, str, str]]:
    """Every edit with every move and strategy where there is something to edit."""
    return [
        (edit, old, new, strategy)
        for edit in EDITS
        for old, new in MOVES
        for strategy in STRATEGIES
        if edit.write(render(old, strategy)) != render(old, strategy)
    ]


COMBINATIONS = combinations()


def test_the_matrix_is_a_large_one() -> None:
    assert len(COMBINATIONS) >= 500


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
@pytest.mark.parametrize(("old", "new"), MOVES)
def test_an_edit_holds_on_the_new_render(edit: Edit, old: str, new: str) -> None:
    for strategy in STRATEGIES:
        if (edit, old, new, strategy) in COMBINATIONS:
            holds(edit, old, new, strategy)


def holds(edit: Edit, old: str, new: str, strategy: str) -> None:
    base, theirs = render(old, strategy), render(new, strategy)
    mine = edit.write(base)
    wanted = tomllib.loads(theirs)
    edit.mean(wanted)
    if edit.mean is appended and not FLAGS[old]:
        flags_of(wanted).insert(0, flags_of(wanted).pop())  # there was nothing to put it behind

    merged = merge_toml(base, mine, theirs)

    assert not merged.clashes
    result = tomllib.loads(merged.text)
    assert without_empties(as_cargo_reads(result)) == without_empties(as_cargo_reads(wanted))
    comments = [line.partition("# mine:")[2] for line in mine.splitlines() if "# mine:" in line]
    assert [c for c in comments if f"# mine:{c}" not in merged.text] == []
    assert merged.text.endswith("\n") == mine.endswith("\n")
    assert merge_toml(theirs, merged.text, theirs).text == merged.text
    assert merge_toml(base, merged.text, theirs).text == merged.text


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("old", "new"), [("r26", "r28"), ("r27", "r28")])
def test_only_a_value_that_both_changed_is_a_conflict(old: str, new: str, strategy: str) -> None:
    base, theirs = render(old, strategy), render(new, strategy)
    changed = MAX.replace("16384", "65536")
    mine = base.replace(MAX, changed, 1)
    merged = merge_toml(base, mine, theirs)
    (clash,) = merged.clashes
    assert clash.where == f"target.{TRIPLES[0]}.rustflags"
    assert (clash.base, clash.mine, clash.theirs) == (f'"{MAX}"', f'"{changed}"', "")
    assert tomllib.loads(merged.text)["target"] == {
        **tomllib.loads(theirs).get("target", {}),
        TRIPLES[0]: {"rustflags": [changed]},
    }
    decided = merge_toml(base, mine, theirs, prefer="theirs")
    assert tomllib.loads(decided.text) == tomllib.loads(theirs)
    assert decided.clashes == merged.clashes
