"""Every folder `golden/<group>/<case>` is a case: what a project looks like before and after.

`answers.yml` and `before/` are what the user has. After `init`, `edits/` (if there is one) is copied over the project
and `regenerate` runs with the words of `regenerate.txt`. `expected/` is the project's tree afterwards, without
`.scaffold/`; `expected.json` what the last command printed, with its exit code.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from maintenance.comparisons import PAGE, filled
from scaffold.cli.main import main

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/answers.yml"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "my-app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".scaffold" not in path.parts
    }


def overlay(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    for removed in source.rglob("*.removed"):
        copy = target / removed.relative_to(source)
        copy.unlink()
        copy.with_suffix("").unlink()


def scaffold(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code = main([*arguments, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return {"exit": code, **document}


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_project_becomes_what_the_case_expects(
    case: Path,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    overlay(case / "before", project)
    result = scaffold(capsys, "init", "--answers", str(case / "answers.yml"))
    for problem in result.get("problems", []):
        problem["place"] = problem["place"].replace(str(case / "answers.yml"), "answers.yml")
    if (case / "regenerate.txt").exists():
        assert result["exit"] in (0, 1, 3), result
        overlay(case / "edits", project)
        words = (case / "regenerate.txt").read_text(encoding="utf-8").split()
        result = scaffold(capsys, "regenerate", *words)
    if request.config.getoption("--regenerate-golden"):
        rewrite(case, project, result)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert result == expected
    assert tree(project) == tree(case / "expected")
    if os.name != "nt":
        for script in project.rglob("*.sh"):
            theirs = (case / "before" / script.relative_to(project)).exists()
            assert theirs or os.access(script, os.X_OK), script


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_second_run_finds_everything_identical(
    case: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay(case / "before", project)
    first = scaffold(capsys, "init", "--answers", str(case / "answers.yml"))
    if first["exit"] == 2:
        assert tree(project) == tree(case / "before")
        return
    after = tree(project)
    state = {p: p.read_bytes() for p in (project / ".scaffold").rglob("*") if p.is_file()}
    second = scaffold(capsys, "init", "--answers", str(case / "answers.yml"))
    actions = {change["action"] for change in second["changes"]}
    assert actions <= ({"identical"} if first["exit"] in (0, 1) else {"identical", "conflict"})
    assert tree(project) == after
    assert main(["regenerate", "--check"]) == first["exit"]
    assert {p: p.read_bytes() for p in (project / ".scaffold").rglob("*") if p.is_file()} == state


def test_the_page_of_comparisons_counts_the_lines_of_these_cases(
    request: pytest.FixtureRequest,
) -> None:
    """Beside the cases, since a change of theirs is what changes it; its other figures are measured elsewhere."""
    page = PAGE.read_text(encoding="utf-8")
    now = filled(page, ["lines"])
    if request.config.getoption("--regenerate-golden"):
        PAGE.write_text(now, encoding="utf-8")
    assert now == PAGE.read_text(encoding="utf-8")


def rewrite(case: Path, project: Path, result: dict[str, Any]) -> None:
    shutil.rmtree(case / "expected", ignore_errors=True)
    (case / "expected").mkdir()
    for path, data in tree(project).items():
        target = case / "expected" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    (case / "expected.json").write_text(text, encoding="utf-8")
