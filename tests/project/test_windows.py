"""What only Windows does: files that other programs hold open, names without case, NUL."""

import os
import threading
import time
from pathlib import Path

import pytest

from scaffold.errors import Refusal
from scaffold.project.write import FileWrite, write_files
from scaffold.terminal.console import coloured, interactive, is_terminal
from tests.cli.conftest import Run, project, run, set_up

__all__ = ["project", "run", "set_up"]
pytestmark = pytest.mark.windows
LOCK = FileWrite(".scaffold/lock.toml", b"schema = 2\n", ours=True)


def writes(place: Path) -> list[FileWrite]:
    (place / "a").write_bytes(b"old")
    (place / "b").write_bytes(b"old")
    return [FileWrite("a", b"new", b"old"), FileWrite("b", b"new", b"old"), LOCK]


def test_a_file_that_stays_open_is_refused_after_two_seconds_and_all_is_as_before(
    tmp_path: Path,
) -> None:
    changes = writes(tmp_path)
    before = time.monotonic()
    with open(tmp_path / "b", "rb"), pytest.raises(Refusal) as refused:
        write_files(str(tmp_path), changes)
    assert 1 < time.monotonic() - before < 10
    assert refused.value.exit_code == 74
    assert refused.value.problems[0].place == "b"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a": b"old",
        "b": b"old",
    }
    write_files(str(tmp_path), changes)
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_file_that_is_open_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    changes = writes(tmp_path)
    held = open(tmp_path / "b", "rb")  # noqa: SIM115 - closed while the run waits
    threading.Timer(0.5, held.close).start()
    write_files(str(tmp_path), changes)
    assert (tmp_path / "b").read_bytes() == b"new"


def test_nul_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("NUL", "w") as nul, open("NUL") as empty:
        assert not is_terminal(nul)
        monkeypatch.setattr("sys.stdout", nul)
        monkeypatch.setattr("sys.stdin", empty)
        assert not interactive()
        assert not coloured()


def test_another_case_of_a_folders_name_is_refused_with_the_one_on_disk(
    project: Path, run: Run
) -> None:
    (project / "Core").mkdir()
    os.replace(project / "Cargo.toml", project / "Core" / "Cargo.toml")
    result = run("init", "--defaults", "--set", "crate=core", "--json")
    assert result.code == 2
    assert result.document["problems"][0]["hint"] == "--set crate=Core"
    assert run("init", "--defaults", "--set", "crate=Core").code in (0, 1)


def test_a_script_that_windows_makes_is_told_to_be_committed_with_its_execute_bit(
    project: Path, run: Run
) -> None:
    words = ("--defaults", "--set", "hosts=macos", "--set", "linux_targets=x86_64")
    said = " ".join(run("init", *words).out.split())
    command = "git update-index --chmod=+x .cargo/zig/x86_64-unknown-linux-gnu-cc.sh"
    assert command in said
    assert command not in run("regenerate", "--yes").out
