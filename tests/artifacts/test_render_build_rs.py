"""The build script as text: what it prints for each choice, and what it must never hold."""

import itertools
import re

import pytest

from scaffold.answers.reading import read_settings, resolve
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.probe.crate import Crate
from scaffold.project.plan import make_plan
from scaffold.syntax.syntax import count_errors, parse

REVISIONS = {26: "26.3.11579264", 27: "27.2.12479018", 28: "28.2.13676358"}
LIBRARIES = {"shared": ["c++_shared"], "static": ["c++_static", "c++abi"], "none": []}
LINK_ARGS = {
    26: ["-Wl,-z,max-page-size=16384"],
    27: ["-Wl,-z,max-page-size=16384", "-Wl,-z,common-page-size=16384"],
}


def build_rs(runtime: str, strategy: str, major: int, rust_version: str | None = None) -> str:
    """The rendered build script, "" where none is planned."""
    settings = [f"cpp_runtime={runtime}", f"page_size={strategy}", f"ndk={REVISIONS[major]}"]
    if major == 26 and runtime == "shared":
        settings.append("abis=armeabi-v7a")
    crate = Crate("Cargo.toml", rust_version=rust_version)
    plan = make_plan(resolve(read_settings(settings)), Project(crate=crate))
    return next((render(part) for part in plan.artifacts if part.id == "build-rs"), "")


def printed(text: str) -> list[str]:
    return re.findall(r'println!\("(.*)"\);', text)


@pytest.mark.parametrize(
    ("runtime", "strategy", "major"),
    list(itertools.product(LIBRARIES, ["build-script", "off"], LINK_ARGS)),
)
def test_it_prints_what_the_answers_ask_for_and_nothing_else(
    runtime: str, strategy: str, major: int
) -> None:
    text = build_rs(runtime, strategy, major)
    if runtime == "none" and strategy == "off":
        assert text == ""
        return
    expected = ["cargo::rerun-if-changed=build.rs"]
    expected += [f"cargo::rustc-link-lib={name}" for name in LIBRARIES[runtime]]
    if strategy == "build-script":
        expected += [f"cargo::rustc-link-arg-cdylib={flag}" for flag in LINK_ARGS[major]]
    assert printed(text) == expected
    assert count_errors(parse("rust", text)) == 0


@pytest.mark.parametrize("major", REVISIONS)
def test_auto_puts_the_flags_here_only_where_the_ndk_needs_them(major: int) -> None:
    assert ("page-size" in build_rs("static", "auto", major)) == (major < 28)


@pytest.mark.parametrize(
    ("rust_version", "directive"),
    [(None, "cargo::"), ("1.76", "cargo:"), ("1.77.0", "cargo::"), ("1.100", "cargo::")],
)
def test_a_crate_for_cargo_below_1_77_gets_the_directives_that_it_knows(
    rust_version: str | None, directive: str
) -> None:
    lines = printed(build_rs("static", "build-script", 27, rust_version))
    assert lines
    assert {re.match(r"cargo::?", line)[0] for line in lines} == {directive}  # type: ignore[index]


@pytest.mark.parametrize("runtime", LIBRARIES)
def test_neither_the_ndk_nor_a_search_path_nor_the_building_machine_is_asked(runtime: str) -> None:
    text = build_rs(runtime, "build-script", 27)
    code = "\n".join(line.partition("//")[0] for line in text.splitlines())
    for wrong in ("NDK", "rustc-link-search", "static=", "cfg!", "use "):
        assert wrong not in code
    assert set(re.findall(r'env::var\("(\w+)"\)', code)) == {
        "CARGO_CFG_TARGET_OS",
        "CARGO_CFG_TARGET_POINTER_WIDTH",
    }


def test_what_goes_into_a_users_script_leaves_their_rerun_rules_alone() -> None:
    text = build_rs("static", "build-script", 27)
    blocks = re.findall(r"// >>> scaffold:([\w-]+)\n(.*?)// <<< scaffold:\1\n", text, re.DOTALL)
    assert [name for name, _ in blocks] == ["build-rs-call", "build-rs"]
    assert not [line for _, block in blocks for line in printed(block) if "rerun-if" in line]
    assert "rerun-if-changed=build.rs" in text


@pytest.mark.parametrize("major", LINK_ARGS)
def test_every_line_fits_into_rustfmts_width(major: int) -> None:
    assert max(map(len, build_rs("static", "build-script", major).splitlines())) <= 100
