"""`from scaffold import …` gives build scripts what the commands have, and costs nothing until it is used."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import scaffold
from scaffold import (
    Answers,
    Refusal,
    Severity,
    inspect,
    make_plan,
    read_answers,
    render_files,
)
from scaffold.cli.main import main
from tests.inspection.elf.writer import write_elf

ROOT = Path(__file__).parent.parent
CASE = ROOT / "golden" / "page-size" / "r27-build-script"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(CASE / "before", tmp_path, dirs_exist_ok=True)
    shutil.copy(CASE / "answers.yml", tmp_path / "scaffold.yml")
    return tmp_path


@pytest.fixture
def answers(project: Path) -> Answers:
    return read_answers(project / "scaffold.yml")


def test_a_bare_import_loads_nothing_else() -> None:
    code = "import sys, scaffold; print(*[n for n in sys.modules if n.startswith('scaffold')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.split() == [b"scaffold"]


def test_every_name_is_there_and_none_hides_a_module() -> None:
    modules = {path.name.removesuffix(".py") for path in (ROOT / "scaffold").iterdir()}
    assert not modules & set(scaffold.__all__)
    for name in scaffold.__all__:
        assert getattr(scaffold, name).__doc__
    assert set(scaffold.__all__) <= set(dir(scaffold))


def test_another_name_is_an_attribute_error() -> None:
    name = "renderfiles"
    with pytest.raises(AttributeError, match="renderfiles"):
        getattr(scaffold, name)


def test_answers_take_settings_like_the_command_line(project: Path, answers: Answers) -> None:
    changed = read_answers(project / "scaffold.yml", ndk="28.2.13676358", abis="arm64-v8a,x86_64")
    assert answers.ndk == "27.2.12479018"
    assert (changed.ndk, changed.abis) == ("28.2.13676358", ("arm64-v8a", "x86_64"))


def test_every_problem_comes_in_one_refusal() -> None:
    with pytest.raises(Refusal) as refused:
        read_answers(CASE / "answers.yml", cpp_runtime="dynamic", jnaa="5.18.1")
    hints = [problem.hint for problem in refused.value.problems]
    assert len(hints) == 2
    assert "did you mean jna?" in hints


def test_a_missing_file_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no such file"):
        read_answers(tmp_path / "scaffold.yml")


def test_the_rendered_files_are_those_of_the_golden_case(project: Path, answers: Answers) -> None:
    files = {file.id: file for file in render_files(make_plan(answers, project))}
    build = (CASE / "expected" / "build.rs").read_text(encoding="utf-8")
    assert files["build-rs"].text == build
    assert files["build-rs"].path == "build.rs"
    assert "ndkVersion" in files["gradle"].text


def test_a_plan_says_why(project: Path, answers: Answers) -> None:
    plan = make_plan(answers, project)
    pages = next(decision for decision in plan.decisions if decision.about == "page_size")
    assert (pages.value, "r27" in pages.why) == ("build-script", True)


def test_inspect_says_what_its_json_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "libgood.so").write_bytes(write_elf())
    (tmp_path / "libold.so").write_bytes(write_elf(align=0x1000))
    (tmp_path / "libnone.so").write_bytes(b"")
    libraries = inspect(tmp_path)
    main(["inspect", str(tmp_path), "--json"])
    said = [
        {
            **library._asdict(),
            "abi": library.abi or None,
            "owner": library.owner or None,
            "build_id": library.build_id or None,
            "needed": list(library.needed),
            "findings": [
                {**f._asdict(), "code": f.code.value, "severity": f.severity.value}
                for f in library.findings
            ],
        }
        for library in libraries
    ]
    assert said == json.loads(capsys.readouterr().out)["files"]
    assert [f.severity for library in libraries for f in library.findings] == [Severity.ERROR] * 2


@pytest.mark.parametrize("size", [0, 4095, 16383])
def test_a_page_size_that_no_system_has_is_refused(size: int, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is not a valid page size"):
        inspect(tmp_path, page_size=size)


def test_a_path_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        inspect("no-such.apk")
    assert refused.value.problems[0].place == "no-such.apk"
