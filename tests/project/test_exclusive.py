import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from scaffold.errors import Refusal
from scaffold.project import exclusive
from scaffold.project.exclusive import project_lock

HOLD = """
import sys
from scaffold.project import exclusive
if sys.argv[2] == "file":
    exclusive._try_folder = lambda place: None
with exclusive.project_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(root: Path, kind: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture(params=["folder", "file"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Both ways to keep others out: the project's folder, and the file that stands for it."""
    if request.param == "file":
        monkeypatch.setattr(exclusive, "_try_folder", lambda place: None)
        # Not the system's own temporary folder, where the lock file would stay.
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", None)
    return str(request.param)


def test_a_second_run_waits_and_then_is_refused(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with holder(root, kind) as other:
        with (
            pytest.raises(Refusal, match="another scaffold") as caught,
            project_lock(str(root), 0.2),
        ):
            pytest.fail("both are in")
        assert caught.value.exit_code == 74
        other.kill()
    # A killed holder lets go at once.
    with project_lock(str(root), 2):
        assert not list(root.iterdir())


def test_a_second_run_goes_on_when_the_first_has_finished(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with holder(root, kind) as other:
        assert other.stdin
        threading.Timer(0.3, other.stdin.close).start()
        start = time.monotonic()
        with project_lock(str(root), 10):
            assert time.monotonic() - start > 0.2


def test_entering_again_and_through_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "root")
    with project_lock(str(tmp_path / "root"), 0.1), project_lock(str(tmp_path / "link"), 0.1):
        pass
    with holder(tmp_path / "root", "folder") as other:
        with pytest.raises(Refusal), project_lock(str(tmp_path / "link"), 0.1):
            pass
        other.kill()


def test_the_folder_it_makes_goes_again_unless_something_is_in_it(tmp_path: Path) -> None:
    with project_lock(str(tmp_path / "a/b")):
        assert (tmp_path / "a/b").is_dir()
    assert not (tmp_path / "a").exists()
    with project_lock(str(tmp_path / "a/b")):
        (tmp_path / "a/b/x").touch()
    assert (tmp_path / "a/b/x").exists()


def test_a_run_that_waits_in_a_folder_that_then_goes_makes_it_anew(tmp_path: Path) -> None:
    root = tmp_path / "new/project"
    with holder(root, "folder") as other:
        assert other.stdin
        threading.Timer(0.2, other.stdin.close).start()
        with project_lock(str(root), 10):
            assert root.is_dir()
    assert not list(tmp_path.iterdir())


def test_folders_made_on_the_way_to_one_that_cannot_be_made_go_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = os.mkdir

    def fail(path: str) -> None:
        if path.endswith("c"):
            raise PermissionError(13, "Permission denied")
        mkdir(path)

    monkeypatch.setattr(os, "mkdir", fail)
    with pytest.raises(Refusal) as caught, project_lock(str(tmp_path / "a/b/c")):
        pass
    assert caught.value.exit_code == 74
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for root in ("file", "file/below"):
        with pytest.raises(Refusal) as caught, project_lock(str(tmp_path / root), 0.1):
            pass
        assert caught.value.exit_code == 74


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs flock")
def test_two_runs_at_once_end_as_one_after_the_other(tmp_path: Path) -> None:
    program = """
import sys
from scaffold.project.write import FileWrite, write_files
name = sys.argv[2]
for turn in range(15):
    text = f"{name}{turn}".encode()
    write_files(sys.argv[1], [FileWrite(f"f{n}", text, ours=True) for n in range(4)])
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    here = Path(__file__).parents[2]
    runs = [subprocess.Popen([*command, name], cwd=here) for name in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    found = {path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert len(found) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"f0", "f1", "f2", "f3"}
