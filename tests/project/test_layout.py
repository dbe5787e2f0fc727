from pathlib import Path

import pytest

from scaffold.errors import Refusal
from scaffold.project.layout import base_path, id_fault, own_path_fault, path_fault
from scaffold.project.paths import safe_path

GOOD = [
    "build.rs",
    ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh",
    'my crate/$HOME%/it\'s "fine"/build.rs',
    "日本語/ä/build.gradle.kts",
    "...",
    "a..b/c",
    ".github/x",
    "👩‍👩‍👧/x",
]
BAD = [
    "",
    "/etc/passwd",
    "..",
    "a/../../b",
    "./a",
    "a//b",
    "a/",
    "C:/x",
    "c:x",
    "a\\b",
    "a\nb",
    "a\0",
    "a\x7f",
    "a\x85",
    "a\ud800",
    ".git/hooks/x",
    "sub/.GIT/config",
    "GIT~1/x",
    "x" * 5000,
]
BAD_ON_WINDOWS = [
    "NUL",
    "a/con.txt",
    "com1 .x",
    "a./b",
    "a /b",
    "a:b",
    "a?",
    'a"b',
    "aux/x",
    ".git./x",
]


@pytest.mark.parametrize("path", GOOD)
def test_a_path_inside_a_project_may_hold_any_letter(path: str) -> None:
    assert path_fault(path, windows=False) == ""


@pytest.mark.parametrize("path", BAD)
@pytest.mark.parametrize("windows", [False, True])
def test_a_path_that_leaves_or_could_not_be_written_down_is_refused(
    path: str, windows: bool
) -> None:
    assert path_fault(path, windows)


@pytest.mark.parametrize("path", BAD_ON_WINDOWS)
def test_a_name_that_bites_on_windows_is_refused_there(path: str) -> None:
    assert path_fault(path, windows=True)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "-x", ".x", "x.", "nul", "Con.txt", "ä", "x" * 101]
)
def test_an_id_is_a_file_name_everywhere(name: str) -> None:
    assert id_fault(name)


def test_of_our_own_folder_only_lock_and_base_copies_are_written() -> None:
    assert own_path_fault(".scaffold/lock.toml") == ""
    assert own_path_fault(base_path("zig-x86_64-cc.sh")) == ""
    for path in (
        ".scaffold",
        ".scaffold/undo.json",
        ".scaffold/base",
        ".scaffold/base/a/b",
        ".SCAFFOLD/base/a",
    ):
        assert own_path_fault(path)


@pytest.mark.parametrize("path", BAD[:8])
def test_the_refusal_names_the_path(tmp_path: Path, path: str) -> None:
    with pytest.raises(Refusal) as caught:
        safe_path(str(tmp_path), path)
    assert caught.value.problems[0].place == path
    assert caught.value.exit_code == 2


def test_a_path_through_a_link_a_file_or_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "inside").symlink_to("folder")
    for path in ("file/x", "folder", "loop", "loop/x", "dangling", "inside/x", "y" * 300):
        with pytest.raises(Refusal) as caught:
            safe_path(str(tmp_path), path)
        assert path.partition("/")[0] in caught.value.problems[0].message
    assert safe_path(str(tmp_path), "folder/new/file") == str(tmp_path / "folder/new/file")
