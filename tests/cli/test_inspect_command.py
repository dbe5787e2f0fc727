"""`scaffold inspect` as it is run: exit codes, streams, and what a hostile file may cost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.cli.main import main
from tests.inspection.elf.writer import write_elf
from tests.inspection.packing import GOOD, NEEDS_SHARED, SMALL_PAGES, at, pack


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["inspect", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_exit_codes_are_those_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = at(tmp_path / "good/libgood.so", GOOD)
    bad = at(tmp_path / "bad/libbad.so", SMALL_PAGES)
    warned = at(tmp_path / "warned.aar", pack({"jni/arm64-v8a/liba.so": NEEDS_SHARED}))
    (tmp_path / "empty").mkdir()
    expected = {good: 0, bad: 1, warned: 0, str(tmp_path / "empty"): 1, str(tmp_path / "none"): 2}
    assert {path: run(capsys, path)[0] for path in expected} == expected


def test_json_is_the_only_thing_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at(tmp_path / "libbad.so", SMALL_PAGES)
    if os.name != "nt":
        (tmp_path / "link.so").symlink_to(tmp_path / "libbad.so")
    code, out, _ = run(capsys, str(tmp_path), "--json")
    document = json.loads(out)
    assert code == 1
    assert [file["path"] for file in document["files"]] == [f"{tmp_path}/libbad.so"]
    code, out, _ = run(capsys, str(tmp_path / "none"), "--json")
    assert code == 2
    assert json.loads(out)["problems"][0]["place"] == str(tmp_path / "none")


@pytest.mark.parametrize("value", ["0", "-16384", "5000", "many", "2048", "1e4", "4294967296"])
def test_a_page_size_that_no_system_has_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    code, _, err = run(capsys, at(tmp_path / "liba.so", GOOD), f"--page-size={value}")
    assert code == 2
    assert "page-size" in err


@pytest.mark.parametrize(
    ("value", "code"), [("4096", 0), ("0x1000", 0), ("16384", 1), ("65536", 1)]
)
def test_the_page_size_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str, code: int
) -> None:
    assert run(capsys, at(tmp_path / "liba.so", SMALL_PAGES), "--page-size", value)[0] == code


@pytest.mark.parametrize("form", ["sarif", "github", "json", "text"])
def test_every_format_comes_with_the_same_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    code, out, _ = run(capsys, at(tmp_path / "liba.so", SMALL_PAGES), "--format", form)
    assert code == 1
    assert "load-alignment" in out


def test_the_command_imports_nothing_heavy(tmp_path: Path) -> None:
    path = at(tmp_path / "liba.so", write_elf())
    code = (
        "import sys; from scaffold.cli.main import main; main(sys.argv[1:]);"
        "heavy = {'dataclasses', 'pathlib', 'zipfile', 'elftools', 'yaml', 'jinja2'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    for arguments in ([path], [path, "--json"]):
        command = [sys.executable, "-c", code, "inspect", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
        )
        assert (done.returncode, done.stderr) == (0, "")
