import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from scaffold.cli.main import main
from scaffold.files.links import is_link
from scaffold.files.reading import read_toml

links = pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")


@pytest.mark.parametrize(
    ("tag", "leads_elsewhere"),
    [
        (0xA000000C, True),  # a symbolic link
        (0xA0000003, True),  # a junction
        (0x9000001A, False),  # a file of OneDrive
        (0x80000013, False),  # a file that Windows keeps once for several
        (0, False),
    ],
)
def test_only_reparse_points_that_stand_for_another_place_are_links(
    tag: int, leads_elsewhere: bool
) -> None:
    status = SimpleNamespace(st_mode=stat.S_IFDIR | 0o755, st_reparse_tag=tag)
    assert is_link(cast(os.stat_result, status)) is leads_elsewhere


@links
def test_a_symbolic_link_is_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    assert is_link((tmp_path / "link").lstat())
    assert not is_link(tmp_path.lstat())


def repository(tmp_path: Path, mark: str) -> Path:
    (tmp_path / "outside").write_text('[package]\nname = "secret"\n')
    root = tmp_path / "repository"
    (root / "core").mkdir(parents=True)
    (root / "core/Cargo.toml").write_text('[package]\nname = "core"\n')
    (root / mark).write_text("")
    return root


@links
@pytest.mark.parametrize("mark", [".git", "settings.gradle.kts", "scaffold.yml"])
def test_a_link_is_read_inside_its_repository_only(tmp_path: Path, mark: str) -> None:
    root = repository(tmp_path, mark)
    (root / "in.toml").symlink_to("core/Cargo.toml")
    (root / "out.toml").symlink_to("../outside")
    (root / "folder").symlink_to("..")
    assert read_toml(str(root / "in.toml")) == {"package": {"name": "core"}}
    for path in ("out.toml", "folder/outside"):
        assert read_toml(str(root / path)) is None
    # The repository itself may be reached through a link.
    (tmp_path / "link").symlink_to("repository")
    assert read_toml(str(tmp_path / "link/in.toml")) == {"package": {"name": "core"}}
    assert read_toml(str(tmp_path / "link/out.toml")) is None


@links
def test_a_users_own_file_may_be_a_link_to_anywhere(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/cargo.toml").write_text("[build]\n")
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo/config.toml").symlink_to("../dotfiles/cargo.toml")
    assert read_toml(str(tmp_path / ".cargo/config.toml")) == {"build": {}}


OUTSIDE = """[package]
name = "secret-name"
version = "1"
[lib]
crate-type = ["cdylib"]
[build]
rustflags = ["-C", "secret-flag"]
[env]
IPHONEOS_DEPLOYMENT_TARGET = "98.7"
[versions]
ndk = "21.9.8765432"
"""


@links
@pytest.mark.parametrize("target", ["outside", "/dev/zero"])
@pytest.mark.parametrize(
    "name",
    [
        *("Cargo.toml", "Cargo.lock", "build.gradle.kts", "build.gradle", "settings.gradle.kts"),
        *("gradle.properties", "gradle/libs.versions.toml", ".cargo/config.toml", "build.rs"),
        *("local.properties", "rust-toolchain.toml", "rust-toolchain", "scaffold.yml"),
        *(".scaffold/lock.toml", "src/lib.rs"),
    ],
)
def test_no_command_reads_what_a_link_names_outside_of_the_repository(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    target: str,
) -> None:
    root = tmp_path / "p"
    for path, text in {".git/HEAD": "", "Cargo.toml": "", "build.gradle.kts": ""}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (tmp_path / "outside").write_text(OUTSIDE)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(tmp_path / target if "/" not in target else target)
    monkeypatch.chdir(root)
    for words in (["init", "--defaults", "--dry-run"], ["doctor"], ["regenerate", "--check"]):
        assert main(words) in (0, 1, 2, 3)
        out, err = capsys.readouterr()
        for told in ("secret", "98.7", "8765432"):
            assert told not in out + err
