"""`scaffold upgrade`: what is newer, what it would change, and the change."""

from pathlib import Path

import pytest

from scaffold.cli.main import main
from scaffold.facts import load_facts

NEWEST = load_facts().ndk[-1].revision


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project at NDK r27 whose Gradle file holds nothing that scaffold did not write."""
    monkeypatch.chdir(tmp_path)
    settings = ["ndk=27.2.12479018", "rust_toolchain=1.90.0", "hosts=linux"]
    options = [word for setting in settings for word in ("--set", setting)]
    assert main(["init", "app", "--defaults", *options]) == 0
    return tmp_path / "app"


def state(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_without_a_terminal_it_reports_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    capsys.readouterr()
    assert main(["upgrade", "app"]) == 0
    said = capsys.readouterr().out
    assert f"NDK 27.2.12479018 → {NEWEST}" in said
    assert "why: " in said
    assert "build.rs" in said
    assert said.endswith("\nTo change all of them: scaffold upgrade app --yes\n")
    assert max(map(len, said.splitlines())) <= 80
    assert state(project) == before


def test_yes_takes_every_newer_version_and_then_nothing_is_newer(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["upgrade", "app", "--yes"])
    answers = (project / "scaffold.yml").read_text(encoding="utf-8")
    assert f"ndk: {NEWEST}" in answers
    assert f"rust_toolchain: {load_facts().rust[-1].version}" in answers
    capsys.readouterr()
    assert main(["upgrade", "app"]) == 0
    assert "27.2.12479018 →" not in capsys.readouterr().out


def test_markdown_is_a_table_and_a_list_of_files(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["upgrade", "app", "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("| | now | new |")
    assert "- `scaffold.yml`: ndk: 27.2.12479018" in said


def test_a_folder_without_answers_is_refused_with_the_way_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["upgrade", str(tmp_path)]) == 2
    assert "scaffold init" in capsys.readouterr().err


def test_a_file_name_cannot_leave_its_cell() -> None:
    from scaffold.cli.upgrade import _cell

    assert _cell("a|b`c<d\x1b") == "a\\|b'c&lt;d\\x1b"
