"""Reading what build scripts printed: both layouts of Cargo, workspaces, hostile folders."""

import os
from pathlib import Path

import pytest

from scaffold.probe.build_outputs import build_outputs, package_name, project_above

LINE = "cargo:rustc-link-lib=c++_shared\n"
HASH = "0123456789abcdef"


def put(path: Path, text: str = LINE) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _no_target_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"):
        monkeypatch.delenv(name, raising=False)


def found(project: Path, crate: str = ".") -> list[tuple[str, str]]:
    return sorted((output.target, output.crate) for output in build_outputs(str(project), crate))


def test_target_and_host_folders_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path / "target/aarch64-linux-android/debug/build" / f"oboe-sys-{HASH}" / "output")
    put(tmp_path / "target/release/build" / f"libc-{HASH}" / "output")
    assert found(tmp_path) == [("", "libc"), ("aarch64-linux-android", "oboe-sys")]


@pytest.mark.parametrize("name", ["output", "run/stdout"])
def test_the_newer_layout_of_build_folders_is_read(tmp_path: Path, name: str) -> None:
    put(tmp_path / "target/aarch64-linux-android/debug/build/oboe-sys" / HASH / name)
    assert found(tmp_path) == [("aarch64-linux-android", "oboe-sys")]


def test_a_crate_below_the_project_and_a_workspace_are_both_looked_at(tmp_path: Path) -> None:
    put(tmp_path / "target/x86_64-linux-android/debug/build" / f"a-{HASH}" / "output")
    put(tmp_path / "rust/core/target/x86_64-linux-android/debug/build" / f"b-{HASH}" / "output")
    assert found(tmp_path, "rust/core") == [
        ("x86_64-linux-android", "a"),
        ("x86_64-linux-android", "b"),
    ]


@pytest.mark.parametrize("key", ["build-dir", "target-dir"])
@pytest.mark.parametrize("named", ["elsewhere", "{workspace-root}/elsewhere"])
def test_the_folder_that_cargo_s_configuration_names_is_followed(
    tmp_path: Path, key: str, named: str
) -> None:
    put(tmp_path / ".cargo/config.toml", f'[build]\n{key} = "{named}"\n')
    put(tmp_path / "elsewhere/i686-linux-android/debug/build/a" / HASH / "run/stdout")
    assert found(tmp_path) == [("i686-linux-android", "a")]


@pytest.mark.parametrize("named", ["../out", "/", "{cargo-cache-home}/x"])
def test_the_configuration_does_not_lead_out_of_the_project(tmp_path: Path, named: str) -> None:
    put(tmp_path / "app/.cargo/config.toml", f'[build]\nbuild-dir = "{named}"\n')
    put(tmp_path / "out/i686-linux-android/debug/build/a" / HASH / "run/stdout")
    assert found(tmp_path / "app") == []


def test_another_build_folder_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "elsewhere/i686-linux-android/debug/build/a" / HASH / "run/stdout")
    monkeypatch.setenv("CARGO_BUILD_BUILD_DIR", "elsewhere")
    assert found(tmp_path) == [("i686-linux-android", "a")]


def test_another_target_folder_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "elsewhere/i686-linux-android/debug/build" / f"a-{HASH}" / "output")
    monkeypatch.setenv("CARGO_TARGET_DIR", "elsewhere")
    assert found(tmp_path) == [("i686-linux-android", "a")]


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    build = tmp_path / "target/aarch64-linux-android/debug/build"
    put(build / f"huge-{HASH}" / "output", "x" * (3 << 20))
    (build / f"odd-{HASH}" / "output").mkdir(parents=True)
    put(build / f"good-{HASH}" / "output")
    (build / f"good-{HASH}" / "output").write_bytes(b"\xff\xfe" + LINE.encode())
    assert found(tmp_path) == [("aarch64-linux-android", "good")]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_a_link_to_above_is_not_followed_for_ever(tmp_path: Path) -> None:
    put(tmp_path / "target/debug/build" / f"a-{HASH}" / "output")
    try:
        (tmp_path / "target/loop").symlink_to(tmp_path / "target", target_is_directory=True)
    except OSError:
        pytest.skip("the file system has no symbolic links")
    assert found(tmp_path) == [("", "a")]


def test_the_nearest_project_above_is_found(tmp_path: Path) -> None:
    (tmp_path / "scaffold.yml").write_text("schema: 1\n", encoding="utf-8")
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    assert project_above(str(inner)) == str(tmp_path)
    (inner / "scaffold.yml").write_text("schema: 1\n", encoding="utf-8")
    assert project_above(str(inner)) == str(inner)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[package]\nname = "app"\n', "app"),
        ("[package]\nname = 1\n", ""),
        ("not toml [", ""),
        ("package = 1\n", ""),
    ],
)
def test_the_package_s_name_is_read_or_empty(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "Cargo.toml").write_text(text, encoding="utf-8")
    assert package_name(str(tmp_path), ".") == name
