"""Programs of the machine: found on PATH, bounded in time and output, never the project's own."""

import os
import sys
import time
from pathlib import Path

import pytest

from scaffold.probe import programs
from scaffold.probe.programs import LARGEST, Programs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs of these tests are scripts")


def script(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def at(project: Path, *folders: Path | str) -> Programs:
    path = os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])
    return Programs(str(project), {"PATH": path}, windows=False)


def test_a_program_in_the_project_is_never_found(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(project, "no-rustc", "echo evil")
    script(project / "bin", "no-rustc", "echo evil")
    (tmp_path / "link").symlink_to(project / "bin")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "no-rustc").symlink_to(project / "no-rustc")
    good = script(tmp_path / "good", "no-rustc", "echo good")
    monkeypatch.chdir(project)
    hostile = (".", "", "bin", project, project / "bin", tmp_path / "link", tmp_path / "linked")
    assert at(project, *hostile).find("no-rustc") == ""
    assert at(project, *hostile, tmp_path / "good").find("no-rustc") == str(good)
    refused = at(project).run(str(project / "no-rustc"), folder=str(project))
    assert (refused.text, bool(refused.failure)) == ("", True)


def test_a_name_with_a_folder_in_it_is_no_program_of_path(project: Path, tmp_path: Path) -> None:
    script(tmp_path / "a" / "b", "zig", "echo 1")
    assert at(project, tmp_path / "a").find("b/zig") == ""
    assert at(project, tmp_path / "a").find("../a/b/zig") == ""


@pytest.mark.parametrize("ending", [".exe", ".bat", ".cmd"])
def test_on_windows_a_program_may_be_a_script(project: Path, tmp_path: Path, ending: str) -> None:
    path = script(tmp_path / "bin", f"zig{ending}", "echo 1")
    windows = Programs(str(project), {"PATH": str(tmp_path / "bin")}, windows=True)
    assert windows.find("zig") == str(path)


def test_what_a_program_prints_is_kept_up_to_a_limit(project: Path, tmp_path: Path) -> None:
    path = script(tmp_path / "bin", "noisy", "yes 0123456789 | head -c 3000000")
    told = at(project).run(str(path), folder=str(project))
    assert told.failure == ""
    assert len(told.text) == LARGEST


def test_a_program_that_hangs_is_ended_with_its_children(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "LONGEST", 0.3)
    mark = tmp_path / "alive"
    path = script(tmp_path / "bin", "slow", f"(sleep 2; touch {mark}) & sleep 60")
    start = time.monotonic()
    told = at(project).run(str(path), folder=str(project))
    assert "did not answer" in told.failure
    assert time.monotonic() - start < 2
    time.sleep(2.2)
    assert not mark.exists()


def test_all_programs_together_have_a_limit(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "ALTOGETHER", 0.0)
    told = at(project).run(sys.executable, "--version", folder=str(project))
    assert "skipped" in told.failure


def test_a_failure_says_what_the_program_said_first(project: Path, tmp_path: Path) -> None:
    path = script(tmp_path / "bin", "bad", "echo 'error: no such toolchain' >&2; exit 3")
    assert at(project).run(str(path), folder=str(project)).failure == "error: no such toolchain"
    quiet = script(tmp_path / "bin", "quiet", "exit 4")
    assert "exited with code 4" in at(project).run(str(quiet), folder=str(project)).failure
    text = script(tmp_path / "bin", "text", "")
    text.write_bytes(b"\x00\x01 no program")
    assert "cannot be run" in at(project).run(str(text), folder=str(project)).failure


def test_arguments_reach_the_program_as_they_are_and_rustup_may_not_install(
    project: Path, tmp_path: Path
) -> None:
    path = script(tmp_path / "bin", "show", 'printf "%s|" "$@" "$RUSTUP_AUTO_INSTALL"')
    told = at(project).run(str(path), "a b; $(touch x)", "*", folder=str(project))
    assert told.text == "a b; $(touch x)|*|0|"


def test_bytes_that_are_no_text_are_shown_as_such(project: Path, tmp_path: Path) -> None:
    path = script(tmp_path / "bin", "bytes", r"printf '\377\376ok'")
    assert at(project).run(str(path), folder=str(project)).text == "\ufffd\ufffdok"
