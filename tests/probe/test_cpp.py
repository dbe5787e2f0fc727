import copy
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scaffold.facts import FactsError
from scaffold.files.reading import read_toml
from scaffold.probe import cpp
from scaffold.probe.cpp import (
    CppLook,
    cpp_dependencies,
    load_cpp_crates,
    parse_cpp_crates,
    suggest_runtime,
)

DATA = Path(cpp.__file__).parents[1] / "data" / "cpp_crates.toml"


def project(root: Path, lock: Mapping[str, str], crate: str = "core") -> str:
    """A crate in a workspace whose Cargo.lock says package → its dependencies."""
    (root / crate).mkdir(parents=True, exist_ok=True)
    (root / crate / "Cargo.toml").write_text(f'[package]\nname = "{crate}"\n')
    (root / "Cargo.lock").write_text(
        "version = 4\n"
        + "".join(
            f'[[package]]\nname = "{name}"\nversion = "1.0.0"\ndependencies = {depends.split()!r}\n'
            for name, depends in lock.items()
        ).replace("~", " ")
    )
    return str(root)


def looked(root: Path, lock: Mapping[str, str]) -> CppLook:
    look = cpp_dependencies(project(root, lock), "core")
    assert look
    return look


def names(look: CppLook) -> list[str]:
    return [use.crate for use in look.uses]


def test_only_what_the_crate_reaches_counts(tmp_path: Path) -> None:
    lock = {"core": "log", "log": "", "cli": "cxx", "cxx": "link-cplusplus", "link-cplusplus": "cc"}
    assert looked(tmp_path, lock) == CppLook((), ())


def test_a_dependency_of_a_dependency_counts_whatever_its_version_is_written_like(
    tmp_path: Path,
) -> None:
    lock = {"core": "mid~2.0.0", "mid": "oboe-sys~0.6.1~(registry+x)", "oboe-sys": "core"}
    assert names(looked(tmp_path, lock)) == ["oboe-sys"]


@pytest.mark.parametrize(
    ("depends", "runtime", "word"),
    [
        ("log", "none", "no dependency"),
        ("cxx", "shared", "link-cplusplus"),
        ("boring-sys", "shared", "BORING_BSSL_RUST_CPPLIB"),
        ("oboe-sys", "static", "shared-stdcxx"),
        ("oboe-sys cxx", "shared", "second"),
        ("snmalloc-sys", "shared", "build_cc"),
        ("ring onig_sys zstd-sys iana-time-zone-haiku", "none", "no dependency"),
        ("mystery-sys", "shared", "mystery-sys may build C++"),
    ],
)
def test_the_runtime_is_suggested_with_its_reason(
    depends: str, runtime: str, word: str, tmp_path: Path
) -> None:
    lock = {"core": depends, **dict.fromkeys(depends.split(), "cc"), "log": "", "cc": "shlex"}
    found = suggest_runtime(looked(tmp_path, lock))
    assert found.value == runtime
    assert word in found.origin


def test_the_crate_itself_may_build_cpp(tmp_path: Path) -> None:
    assert looked(tmp_path, {"core": "cc", "cc": ""}).unclear == ("core",)


def test_a_lock_beside_the_crate_goes_before_one_above(tmp_path: Path) -> None:
    root = project(tmp_path, {"core": "cxx", "cxx": ""})
    (tmp_path / "core/Cargo.lock").write_text('[[package]]\nname = "core"\n')
    assert cpp_dependencies(root, "core") == CppLook((), ())


@pytest.mark.parametrize(
    "lock",
    [
        "",
        "[",
        "package = 1\n",
        "package = [1, {}, {name = 2}]\n",
        '[[package]]\nname = "other"\n',
    ],
)
def test_without_a_lock_that_knows_the_crate_its_manifest_tells(lock: str, tmp_path: Path) -> None:
    root = project(tmp_path, {})
    (tmp_path / "Cargo.lock").write_text(lock)
    look = cpp_dependencies(root, "core")
    assert look
    assert (look.source, suggest_runtime(look).value) == ("Cargo.toml", "none")


@pytest.mark.parametrize(
    ("manifest", "runtime"),
    [
        ('[dependencies]\ncxx = "1"\n', "shared"),
        ('[dependencies]\noboe = "0.6"\n', "static"),
        ('[dependencies]\noboe = { version = "0.6", features = ["shared-stdcxx"] }\n', "shared"),
        ('[target."cfg(target_os = \'android\')".dependencies]\noboe = "0.6"\n', "static"),
        ("[dependencies]\nengine = { workspace = true }\n", "shared"),
        ('[dependencies]\nserde = "1"\n', "none"),
        ('[build-dependencies]\ncc = "1"\n', "shared"),
        ('[dependencies]\nzstd-sys = "2"\nring = "0.17"\n', "none"),
        ('[dependencies]\nmeshopt = "0.7"\n', "none"),
        ('[dependencies]\nsnmalloc-sys = "0.7"\n', "shared"),
        ('[dependencies]\nv8 = "152"\n', "none"),
        ("dependencies = 1\ntarget = []\n", "none"),
    ],
)
def test_a_manifest_alone_tells_the_runtime(manifest: str, runtime: str, tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "Cargo.toml").write_text(
        '[workspace]\nmembers = ["core"]\n[workspace.dependencies]\n'
        'engine = { package = "cxx", version = "1" }\n'
    )
    (tmp_path / "core/Cargo.toml").write_text(f'{manifest}\n[package]\nname = "core"\n')
    look = cpp_dependencies(str(tmp_path), "core")
    assert look
    assert suggest_runtime(look).value == runtime


@pytest.mark.parametrize(
    ("standard", "runtime"), [("c++_static", "static"), ("", "shared"), ("c++_shared", "shared")]
)
def test_cxxstdlib_of_cargos_configuration_counts(
    standard: str, runtime: str, tmp_path: Path
) -> None:
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo/config.toml").write_text(f'[env]\nCXXSTDLIB = "{standard}"\n')
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "a"\n[dependencies]\ncxx = "1"\n')
    look = cpp_dependencies(str(tmp_path), ".")
    assert look
    assert suggest_runtime(look).value == runtime


def test_odd_dependencies_are_passed_over(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    (tmp_path / "Cargo.lock").write_text(
        '[[package]]\nname = "core"\ndependencies = [1, "", "cxx", {}]\n'
        '[[package]]\nname = "cxx"\ndependencies = "log"\n'
    )
    look = cpp_dependencies(root, "core")
    assert look
    assert names(look) == ["cxx"]


def test_a_dependency_that_is_not_locked_yet_counts(tmp_path: Path) -> None:
    root = project(tmp_path, {"core": "log", "log": ""})
    with (tmp_path / "core" / "Cargo.toml").open("a") as manifest:
        manifest.write('[dependencies]\nlog = "0.4"\ncxx = "1"\n')
    look = cpp_dependencies(root, "core")
    assert look
    assert (names(look), look.source) == (["cxx"], "Cargo.toml")


def test_a_path_that_leaves_the_project_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "inside", {"core": "out", "out": "cc", "cc": ""})
    manifest = '[package]\nname = "core"\n[dependencies]\nout = { path = "../../out" }\n'
    (tmp_path / "inside" / "core" / "Cargo.toml").write_text(manifest)
    read: list[str] = []

    def recorded(path: str) -> dict[str, Any] | None:
        read.append(os.path.normpath(path))
        return read_toml(path)

    monkeypatch.setattr("scaffold.probe.cpp.read_toml", recorded)
    assert cpp_dependencies(root, "core")
    assert read
    assert all(path.startswith(os.path.join(root, "")) for path in read)


def test_no_lock_no_word(tmp_path: Path) -> None:
    assert cpp_dependencies(str(tmp_path), ".") is None


def test_every_row_that_says_confirmed_names_a_version() -> None:
    assert load_cpp_crates()
    document = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for row in [*document["cpp_crate"], *document["c_crate"]]:
        if row["mark"] == "C":
            assert row["source"].startswith(f"{row['crate']} "), row
            assert row["source"].split()[1][0].isdigit(), row


def _unknown_runtime(document: dict[str, Any]) -> None:
    document["cpp_crate"][0]["runtime"] = "maybe"


def _missing_key(document: dict[str, Any]) -> None:
    del document["c_crate"][0]["source"]


def _twice(document: dict[str, Any]) -> None:
    document["c_crate"][0]["crate"] = "cxx"


def _no_text(document: dict[str, Any]) -> None:
    document["cpp_crate"][0]["how"] = 1


def _no_mark(document: dict[str, Any]) -> None:
    document["cpp_crate"][0]["mark"] = "X"


def _no_rows(document: dict[str, Any]) -> None:
    document["c_crate"] = []


def _other_schema(document: dict[str, Any]) -> None:
    document["schema"] = 2


@pytest.mark.parametrize(
    "spoil",
    [_unknown_runtime, _missing_key, _twice, _no_text, _no_mark, _no_rows, _other_schema],
)
def test_a_table_with_a_mistake_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    document = copy.deepcopy(tomllib.loads(DATA.read_text(encoding="utf-8")))
    parse_cpp_crates(document)
    spoil(document)
    with pytest.raises(FactsError):
        parse_cpp_crates(document)
