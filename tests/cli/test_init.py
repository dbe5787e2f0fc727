import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.answers.reading import read_answers
from tests.cli.conftest import R27, Run


def test_defaults_set_up_an_empty_folder_that_does_not_exist_yet(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("init", "new/app", "--defaults", "--json")
    assert result.code == 0
    assert {change["action"] for change in result.document["changes"]} == {"create"}
    assert 'crate-type = ["cdylib"]' in (tmp_path / "new/app/Cargo.toml").read_text()
    again = run("init", "new/app", "--defaults", "--json")
    assert {change["action"] for change in again.document["changes"]} == {"identical"}


def test_json_has_exactly_the_documented_keys(project: Path, run: Run) -> None:
    document = run("init", "--defaults", "--json", "--set", "ndk=99.0.1").document
    assert list(document) == ["schema", "changes", "decisions", "findings"]
    assert document["schema"] == 1
    assert all(list(change) == ["id", "path", "action", "reason"] for change in document["changes"])
    assert all(list(one) == ["about", "value", "why"] for one in document["decisions"])
    assert all(
        list(finding) == ["code", "severity", "message", "hint"] for finding in document["findings"]
    )
    assert document["findings"][0]["severity"] == "warning"


def test_bad_answers_are_told_before_a_missing_terminal(project: Path, run: Run) -> None:
    result = run("init", "--set", "ndk=r29x", "--set", "plugin=ios", "--json")
    assert result.code == 2
    messages = [problem["message"] for problem in result.document["problems"]]
    assert [message.partition(":")[0] for message in messages[:2]] == ["ndk", "plugin"]
    assert messages[2] == "there is no terminal to ask questions on"


def test_without_a_terminal_or_answers_it_is_refused_and_names_the_flags(
    project: Path, run: Run
) -> None:
    result = run("init")
    assert result.code == 2
    assert "--answers" in result.err
    assert "--defaults" in result.err
    assert not (project / "scaffold.yml").exists()


def test_bad_answers_write_nothing_and_are_all_named(project: Path, run: Run) -> None:
    (project / "a.yml").write_text("jna: x\nabi: []\n")
    result = run("init", "--answers", "a.yml", "--json")
    assert result.code == 2
    assert [problem["place"] for problem in result.document["problems"]] == ["a.yml:1", "a.yml:2"]
    assert [list(problem) for problem in result.document["problems"]] == [
        ["message", "place", "hint"]
    ] * 2
    assert not (project / ".scaffold").exists()
    assert not (project / "scaffold.yml").exists()


def test_an_existing_answers_file_is_enough(project: Path, run: Run) -> None:
    (project / "scaffold.yml").write_text(f"# short\nndk: {R27} # ours\nhosts: [macos]\n")
    assert run("init").code == 0
    text = (project / "scaffold.yml").read_text()
    assert text.startswith(f"# short\nndk: {R27} # ours\nhosts: [macos]\n")
    assert "\njna: default\n" in text


def test_a_dry_run_leaves_no_trace(project: Path, run: Run) -> None:
    before = sorted(project.rglob("*"))
    assert run("init", "--defaults", "--dry-run").code == 0
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("name", ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"])
@pytest.mark.parametrize("value", ["-Cdebuginfo=1", ""])
def test_rustflags_in_the_environment_are_warned_about(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    words = ("--set", f"ndk={R27}", "--set", "page_size=gradle")
    result = run("init", "--defaults", "--json", *words)
    assert (result.code, result.codes) == (0, ["rustflags-hidden"])
    assert name in result.document["findings"][0]["message"]


def test_a_path_with_spaces_is_warned_about_where_a_bat_linker_is_used(
    tmp_path: Path, run: Run
) -> None:
    folder = str(tmp_path / "my app")
    words = ("--set", "hosts=windows", "--set", "linux_targets=x86_64")
    assert run("init", folder, "--defaults", "--json", *words).codes == ["path-with-spaces"]


def test_adopt_takes_over_a_file_that_cannot_be_merged(project: Path, run: Run) -> None:
    wrapper = project / ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh"
    wrapper.parent.mkdir(parents=True)
    wrapper.write_text("#!/bin/sh\nmine\n")
    words = ("--defaults", "--set", "hosts=macos", "--set", "linux_targets=x86_64")
    result = run("init", *words)
    assert result.code == 3
    assert "-mine" in result.out
    assert wrapper.read_text() == "#!/bin/sh\nmine\n"
    assert run("init", *words, "--adopt").code == 0
    assert "Written by scaffold" in wrapper.read_text()
    assert os.name == "nt" or os.access(wrapper, os.X_OK)
    assert run("regenerate", "--check").code == 0


def test_an_answers_file_with_bad_bytes_is_refused_with_its_line(project: Path, run: Run) -> None:
    (project / "a.yml").write_bytes(b"jna: default\n\xff\n")
    result = run("init", "--answers", "a.yml")
    assert (result.code, "a.yml:2" in result.err) == (2, True)


@pytest.mark.parametrize("name", ["missing.yml", "."])
def test_an_answers_file_that_cannot_be_read_is_refused(project: Path, run: Run, name: str) -> None:
    assert run("init", "--answers", name).code == 2


@pytest.mark.parametrize(
    "arguments",
    [["init", "--bogus"], ["nonsense"], [], ["regenerate", "--conflict=maybe"], ["init", "a", "b"]],
)
def test_usage_errors_exit_with_2(arguments: list[str], run: Run) -> None:
    assert run(*arguments).code == 2


def test_usage_errors_are_a_document_with_json(run: Run) -> None:
    assert run("init", "--bogus", "--json").document["problems"][0]["message"]


@pytest.mark.parametrize("key", ["crate", "ndk", "jna", "nonsense"])
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_an_answer_of_50_000_characters_is_quoted_short(
    key: str, words: list[str], project: Path, run: Run
) -> None:
    result = run("init", "--defaults", "--set", f"{key}={'1.' * 25_000}1", *words)
    assert result.code == 2
    assert len(result.out + result.err) < 2_000


def test_hostile_names_arrive_intact_in_the_answers(tmp_path: Path, run: Run) -> None:
    double = "" if os.name == "nt" else ' "d"'  # no file of Windows has such a name
    name = f"a $b 100% 'q'{double} ü"
    folder = str(tmp_path / "p")
    assert (
        run(
            "init",
            folder,
            "--defaults",
            "--set",
            f"crate={name}",
            "--set",
            "page_size=build-script",
        ).code
        == 0
    )
    answers = read_answers((tmp_path / "p/scaffold.yml").read_text(encoding="utf-8"), "f")
    assert answers.crate == name
    assert (tmp_path / "p" / name / "build.rs").exists()
    kotlin = (tmp_path / "p/build.gradle.kts").read_text(encoding="utf-8")
    escaped = double.replace('"', '\\"')
    assert f".dir(\"a \\$b 100% 'q'{escaped} ü\")" in kotlin


def test_a_file_system_that_refuses_changes_nothing_and_exits_with_74(
    project: Path, run: Run
) -> None:
    # A folder in the place of a file refuses root as well.
    (project / "build.rs").mkdir()
    before = sorted(project.rglob("*"))
    result = run("init", "--defaults", "--json", "--set", "cpp_runtime=static")
    assert result.code in (2, 74)
    assert (
        "build.rs"
        in result.document["problems"][0]["message"] + result.document["problems"][0]["place"]
    )
    assert sorted(project.rglob("*")) == before


def test_the_command_runs_as_a_module_outside_the_source_tree(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", "init", "x", "--defaults"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\n\nDone: \d+ files created\.\n\nNext:\n", done.stdout)
