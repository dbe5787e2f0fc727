"""`scaffold explain` as a program: files, standard input, exit codes, the project around a log."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.cli.main import main

ROOT = Path(__file__).parents[2]
ERROR = b"error: linker `cc` not found\n"
CXA = b'dlopen failed: cannot locate symbol "__cxa_pure_virtual" referenced by "libapp.so"...\n'


def explain(
    *arguments: str, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "CARGO_TARGET_DIR"}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "scaffold", "explain", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, cwd=cwd, env=environment, check=False
    )


def test_a_file_is_explained_and_the_exit_code_says_that_something_was_recognised(
    tmp_path: Path,
) -> None:
    (tmp_path / "build.log").write_bytes(b"x\n" + ERROR)
    result = explain("build.log", cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith(b"line 2: This machine has no linker called `cc`")
    assert result.stderr == b""


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read_without_a_file_and_for_a_dash(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = explain(*arguments, "--json", stdin=ERROR, cwd=tmp_path)
    assert [match["code"] for match in json.loads(result.stdout)["matches"]] == [
        "linker-cc-not-found"
    ]


@pytest.mark.parametrize("stdin", [b"", b"   Compiling serde v1.0.200\n", bytes(range(256)) * 50])
def test_nothing_recognised_is_exit_code_one(tmp_path: Path, stdin: bytes) -> None:
    result = explain("--json", stdin=stdin, cwd=tmp_path)
    assert result.returncode == 1
    assert json.loads(result.stdout) == {"schema": 1, "matches": []}


def test_a_file_that_is_not_there_and_a_folder_are_usage_errors(tmp_path: Path) -> None:
    for name in ("missing.log", "."):
        result = explain(name, "--json", cwd=tmp_path)
        assert result.returncode == 2
        assert json.loads(result.stdout)["problems"][0]["hint"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user whom permissions bind"
)
def test_a_file_that_may_not_be_read_is_the_file_system_s_refusal(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_bytes(ERROR)
    (tmp_path / "build.log").chmod(0)
    assert explain("build.log", cwd=tmp_path).returncode == 74


def project(folder: Path, answers: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "scaffold.yml").write_text(answers, encoding="utf-8")


def test_the_project_of_the_log_s_folder_speaks(tmp_path: Path) -> None:
    project(tmp_path / "app", "schema: 1\ncpp_runtime: none\n")
    (tmp_path / "app/build.log").write_bytes(CXA)
    result = explain("app/build.log", "--json", cwd=tmp_path)
    assert json.loads(result.stdout)["matches"][0]["fix"][0].startswith(
        "`cpp_runtime` is none in scaffold.yml"
    )


def test_the_project_of_the_working_directory_speaks_for_standard_input(tmp_path: Path) -> None:
    project(tmp_path, "schema: 1\ncpp_runtime: shared\n")
    folder = tmp_path / "target/aarch64-linux-android/debug/build/oboe-sys-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "output").write_text("cargo:rustc-link-lib=c++_static\n", encoding="utf-8")
    (match,) = json.loads(explain("--json", stdin=CXA, cwd=tmp_path).stdout)["matches"]
    assert "`oboe-sys` → `c++_static`" in match["cause"]
    assert match["fix"][0].startswith(
        "`cpp_runtime` is shared in scaffold.yml, `oboe-sys` links static: "
    )


@pytest.mark.parametrize(
    "answers", ["[not answers", "cpp_runtime: nonsense\n", "\x00", "schema: 99\n"]
)
def test_answers_that_are_not_in_order_do_not_stop_it(tmp_path: Path, answers: str) -> None:
    project(tmp_path, answers)
    result = explain("--json", stdin=CXA, cwd=tmp_path)
    assert result.returncode == 0
    assert json.loads(result.stdout)["matches"][0]["code"] == "cxa-dlopen"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_without_a_log_is_refused_with_a_hint(tmp_path: Path) -> None:
    import pty

    outer, inner = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "scaffold", "explain"],
        stdin=inner,
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        check=False,
        timeout=60,
    )
    os.close(outer)
    os.close(inner)
    assert result.returncode == 2
    assert b"| scaffold explain" in result.stderr


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_search_that_ends_early_is_told_beside_an_unchanged_report(
    tmp_path: Path,
    flags: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = tmp_path / "build.log"
    half = "".join(f"undefined reference to {'x' * number}\n" for number in range(200))
    log.write_text("error: linker `cc` not found\n" + half)
    assert main(["explain", str(log), *flags]) == 0
    whole = capsys.readouterr()
    monkeypatch.setattr("scaffold.explain.log.MOST_WORK", 20_000)
    assert main(["explain", str(log), *flags]) == 0
    cut = capsys.readouterr()
    assert (whole.err, cut.out) == ("", whole.out)
    assert "searched only up to line" in cut.err


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_closed_output_is_the_file_system_s_refusal(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    log.write_text("error: linker `cc` not found\n")
    command = f"'{sys.executable}' -m scaffold explain '{log}'"
    closed = subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, text=True)
    assert (closed.returncode, "Traceback" in closed.stderr) == (74, False), closed.stderr
    if os.path.exists("/dev/full"):
        full = subprocess.run(["sh", "-c", f"{command} >/dev/full"], capture_output=True, text=True)
        assert (full.returncode, "Traceback" in full.stderr) == (74, False), full.stderr
