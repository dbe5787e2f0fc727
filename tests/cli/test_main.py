"""The command line before and after any command: near misses, an interruption, `python -m`."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.cli import main as cli

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("version", "scaffold --version"),
        ("check", "scaffold regenerate --check"),
        ("inspekt", "scaffold inspect"),
        ("regen", "scaffold regenerate"),
    ],
)
def test_a_near_miss_is_answered_with_what_was_meant(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([typed]) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err


def test_a_command_like_no_other_is_answered_with_all_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["\x1b[31mqqq"]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "the commands are init, regenerate" in said


def test_an_option_that_is_nearly_right_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", "--default"]) == 2
    assert "did you mean --defaults?" in capsys.readouterr().err


def test_an_answer_given_as_an_option_is_led_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", "--cpp-runtime", "static"]) == 2
    assert "did you mean --set cpp_runtime=VALUE?" in capsys.readouterr().err


def test_help_on_a_command_is_that_commands_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", "doctor"]) == 0
    asked = capsys.readouterr().out
    assert cli.main(["doctor", "--help"]) == 0
    assert capsys.readouterr().out == asked


@pytest.mark.parametrize("arguments", [["schema"], ["schema", "--json"]])
def test_an_interruption_is_130_and_no_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    assert cli.main(arguments) == 130
    out, err = capsys.readouterr()
    assert "error" not in err
    if "--json" in arguments:
        assert "Interrupted" in json.loads(out)["problems"][0]["message"]


def test_python_dash_m_runs_no_module_of_the_folder_that_it_is_started_in(tmp_path: Path) -> None:
    for name in ("argparse.py", "yaml.py", "jinja2.py", "json.py"):
        (tmp_path / name).write_text("open('ran', 'w')\n")
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", "init", "app", "--defaults", "--dry-run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "ran").exists()


def test_what_a_program_reads_is_utf_8_whatever_the_code_page(tmp_path: Path) -> None:
    (tmp_path / "größe.log").write_text("nothing", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", "inspect", "größe", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "größe" in json.loads(done.stdout.decode("utf-8"))["problems"][0]["place"]


@pytest.mark.parametrize("missing", [{"stdin", "stderr"}, {"stdin", "stdout", "stderr"}])
def test_without_streams_a_command_runs_if_it_can_say_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: set[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in missing:
        monkeypatch.setattr(sys, name, None)
    code = cli.main(["init", "--defaults", "--json"])
    sys.stdin.close()
    sys.stderr.close()
    assert code == (74 if "stdout" in missing else 0)
    assert (tmp_path / "scaffold.yml").exists() is (code == 0)


def test_a_reader_that_went_away_is_no_failure_of_the_disk_on_windows_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_arguments: list[str]) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(cli, "_run", fail)
    monkeypatch.setattr(cli, "_give_up_output", lambda: None)
    monkeypatch.setattr(os, "name", "posix")
    assert cli.main(["--version"]) == 74
    monkeypatch.setattr(os, "name", "nt")
    assert cli.main(["--version"]) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_standard_error_does_not_change_the_exit_code(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scaffold", "init", "--bogus"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=full,
            check=False,
        )
    assert done.returncode == 2
