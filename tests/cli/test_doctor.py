import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.doctor.check import Check
from scaffold.doctor.checks import CODES
from scaffold.doctor.report import as_annotations, as_json, as_text
from scaffold.terminal.progress import StatusLine
from tests.cli.conftest import R27, R28, Run

posix = pytest.mark.skipif(os.name == "nt", reason="the programs of these tests are scripts")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a Rust that has every Android target, an SDK with both NDKs, and no home."""
    programs = tmp_path / "programs"
    programs.mkdir()
    targets = (
        "aarch64-linux-android armv7-linux-androideabi x86_64-linux-android i686-linux-android"
    )
    for name, said in {
        "rustc": "rustc 1.95.0 (59807616e 2026-04-14)",
        "cargo": "cargo 1.95.0 (f2d3ce0bd 2026-03-21)",
        "rustup": targets.replace(" ", "\\n"),
    }.items():
        path = programs / name
        path.write_text(f"#!/bin/sh\nprintf '{said}\\n'\n")
        path.chmod(0o755)
    for revision in (R27, R28):
        ndk = tmp_path / "sdk" / "ndk" / revision
        ndk.mkdir(parents=True)
        (ndk / "source.properties").write_text(f"Pkg.Revision = {revision}\n")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CARGO_HOME", raising=False)
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    return programs


def statuses(document: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {check["code"]: check["status"] for check in document["checks"]}


@posix
def test_json_is_the_document_of_the_contract(
    set_up: Callable[..., Path], run: Run, machine: Path
) -> None:
    set_up(cpp_runtime="static")
    result = run("doctor", "--json")
    document = result.document
    assert list(document) == ["schema", "checks"]
    assert document["schema"] == 1
    assert all(list(one) == ["code", "status", "message", "hint"] for one in document["checks"])
    assert [one["code"] for one in document["checks"]] == list(CODES)
    assert (result.code, result.err) == (0, "")
    assert {"error"} & set(statuses(document).values()) == set()


@posix
def test_an_error_is_exit_code_1_and_a_warning_is_not(
    set_up: Callable[..., Path], run: Run, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(cpp_runtime="static")
    monkeypatch.setenv("RUSTFLAGS", "")
    (Path(".cargo")).mkdir()
    Path(".cargo/config.toml").write_text('[build]\nrustflags = ["-g"]\n')
    warned = run("doctor", "--json")
    assert statuses(warned.document)["rustflags-sources"] == "warning"
    assert warned.code == 0
    monkeypatch.delenv("ANDROID_HOME")
    failed = run("doctor", "--json")
    assert statuses(failed.document)["ndk-installed"] == "error"
    assert failed.code == 1


@posix
def test_text_has_problems_first_fits_the_terminal_and_ends_in_a_count(
    set_up: Callable[..., Path], run: Run, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(cpp_runtime="static")
    (machine / "rustup").write_text("#!/bin/sh\nprintf 'aarch64-linux-android\\n'\n")
    result = run("doctor")
    lines = result.out.splitlines()
    assert lines[0].startswith("error    rust-targets: ")
    assert "→ rustup target add armv7-linux-androideabi" in result.out
    # A path is longer than a line where the file system says so; everything else is folded.
    assert all(len(line) < 80 or len(line.split()) == 1 for line in lines)
    assert lines[-1].startswith(f"{len(CODES)} checks: 1 error")
    assert "\x1b" not in result.out
    assert result.code == 1


@posix
def test_without_answers_defaults_stand_in_and_it_says_so(
    project: Path, run: Run, machine: Path
) -> None:
    before = sorted(project.rglob("*"))
    result = run("doctor", "--json")
    found = {one["code"]: one for one in result.document["checks"]}
    assert found["answers"]["status"] == "warning"
    assert f"NDK {R28}" in found["answers"]["message"]
    assert found["drift"]["status"] == "skipped"
    assert sorted(project.rglob("*")) == before


@posix
def test_drift_is_seen_and_left_alone(set_up: Callable[..., Path], run: Run, machine: Path) -> None:
    project = set_up()
    assert statuses(run("doctor", "--json").document)["drift"] == "ok"
    answers = (project / "scaffold.yml").read_text()
    (project / "scaffold.yml").write_text(answers.replace(R27, R28))
    drifted = run("doctor", "--json").document
    assert statuses(drifted)["drift"] == "warning"
    assert "build.gradle.kts" in next(
        c["message"] for c in drifted["checks"] if c["code"] == "drift"
    )
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert run("doctor", "--json").code in (0, 1)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


@posix
def test_a_damaged_lock_is_an_error_of_its_own_not_of_the_command(
    set_up: Callable[..., Path], run: Run, machine: Path
) -> None:
    project = set_up()
    (project / ".scaffold" / "lock.toml").write_text("schema = 99\n")
    result = run("doctor", "--json")
    assert result.code == 1
    assert statuses(result.document)["drift"] == "error"


def test_a_folder_that_is_none_and_bad_answers_are_exit_code_2(project: Path, run: Run) -> None:
    assert run("doctor", "nowhere").code == 2
    assert run("doctor", "Cargo.toml", "--json").code == 2
    (project / "scaffold.yml").write_text("ndk: [1\nfoo: 2\n")
    result = run("doctor", "--json")
    assert result.code == 2
    assert result.document["problems"]


@posix
def test_programs_of_the_project_are_never_run(
    project: Path, run: Run, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rustc", "cargo", "rustup", "zig"):
        (machine / name).unlink(missing_ok=True)
        evil = project / name
        evil.write_text(f"#!/bin/sh\ntouch {project}/ran\n")
        evil.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", str(project), str(machine))))
    monkeypatch.setenv("ZIG", "./zig")
    (project / "scaffold.yml").write_text("linux_targets: [aarch64]\n")
    result = run("doctor", "--json")
    assert result.code == 1
    assert not (project / "ran").exists()
    assert statuses(result.document)["zig"] == "error"
    assert os.stat(project / "zig").st_mode & stat.S_IXUSR


@posix
def test_what_programs_and_files_say_is_only_text(
    project: Path, run: Run, machine: Path, tmp_path: Path
) -> None:
    (machine / "rustc").write_text("#!/bin/sh\nprintf '\\033[31mevil\\033]0;x\\a' >&2; exit 1\n")
    (project / "local.properties").write_text(f"sdk.dir={tmp_path}/sdk\x1b[2J\n")
    (tmp_path / "sdk\x1b[2J" / "ndk").mkdir(parents=True)
    result = run("doctor")
    assert "evil" in result.out
    assert not set("\x1b\x07") & set(result.out)
    assert not set("\x1b\x07") & set(run("doctor", "--json").out)


def test_colour_and_progress_are_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    found = (Check("zig", "error", "not found", "brew install zig"), Check("drift", "ok", "none"))
    assert "\x1b" not in as_text(found, 80, colour=False)
    assert as_text(found, 80, colour=True).count("\x1b[0m") == 2
    progress = StatusLine(sys.stderr)
    progress("Rust")
    progress.clear()
    assert capsys.readouterr().err == ""


def test_a_long_message_is_cut() -> None:
    found = (Check("zig", "error", "x" * 1_000_000, "\x1b" * 1_000_000),)
    assert len(as_json(found)) < 20_000
    assert len(json.loads(as_json(found))["checks"]) == 1
    assert len(as_text(found, 80, colour=False)) < 20_000


@posix
def test_init_ends_with_what_this_machine_still_needs_and_never_in_json(
    project: Path, run: Run, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "rustup").write_text("#!/bin/sh\nprintf 'aarch64-linux-android\\n'\n")
    monkeypatch.setenv("ANDROID_HOME", str(project))
    text = run("init", "--defaults", "--set", f"ndk={R28}", "--set", "abis=x86_64").out
    after = text.partition("\nDone: ")[2]
    assert "\n  rustup target add x86_64-linux-android\n" in after
    assert f'\n  sdkmanager "ndk;{R28}"' in after
    assert "Next:" not in run("init", "--defaults").out
    again = run("init", "--defaults", "--set", "abis=x86", "--json")
    assert "rustup" not in again.out
    assert again.document["schema"] == 1


@posix
def test_github_gets_an_annotation_for_each_problem(
    set_up: Callable[..., Path], run: Run, machine: Path
) -> None:
    set_up(cpp_runtime="static")
    (machine / "rustup").write_text("#!/bin/sh\nprintf 'aarch64-linux-android\\n'\n")
    result = run("doctor", "--format", "github")
    assert result.code == 1
    assert "::error title=scaffold doctor%3A rust-targets::" in result.out
    assert "%0Arustup target add" in result.out
    assert result.out.splitlines()[-1].startswith(f"{len(CODES)} checks: ")
    hostile = (Check("zig", "error", "a\n::error::b\x1b[2J", "100%"),)
    commands = [line for line in as_annotations(hostile).splitlines() if line.startswith("::")]
    assert commands == ["::error title=scaffold doctor%3A zig::a%0A::error::b\\x1b[2J%0A100%25"]
