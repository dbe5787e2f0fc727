from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from scaffold.answers.model import Answers
from scaffold.answers.reading import read_given, read_settings
from scaffold.cli.main import main
from scaffold.errors import Refusal
from scaffold.wizard.ask import ask_answers, confirm, may_write

ENTER, DOWN, UP, SPACE, CTRL_C = "\r", "\x1b[B", "\x1b[A", " ", "\x03"
CLEAR = "\x15"  # Ctrl-U

SETTINGS = read_settings(["hosts=linux", "ndk=28.2.13676358", "gobley=0.3.7"])
QUESTIONS = 12  # for a multiplatform module on a Linux host


@pytest.fixture
def keys() -> Iterator[Any]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture(autouse=True)
def no_sdk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def asked(keys: Any, root: Path, *typed: str, settings: str = "") -> Answers | None:
    keys.send_text("".join(typed))
    return ask_answers(str(root), [read_given(settings, "scaffold.yml"), SETTINGS])


def test_enter_all_the_way_takes_the_defaults(keys: Any, tmp_path: Path) -> None:
    answers = asked(keys, tmp_path, ENTER * (QUESTIONS + 1))
    assert answers
    assert (answers.ndk, answers.cpp_runtime, answers.page_size) == (
        "28.2.13676358",
        "shared",
        "auto",
    )
    assert answers.hosts == ("linux",)


def test_arrow_keys_and_space_choose(keys: Any, tmp_path: Path) -> None:
    hosts = DOWN + SPACE + ENTER  # macos besides linux
    plugin = DOWN + DOWN + ENTER  # jvm: nothing about Android is asked
    answers = asked(keys, tmp_path, hosts, ENTER, ENTER, plugin, ENTER * 5)
    assert answers
    assert (answers.hosts, answers.plugin) == (("linux", "macos"), "jvm")


def test_glibc_is_asked_only_with_linux_targets(keys: Any, tmp_path: Path) -> None:
    # hosts … jna are ten questions, then the targets and what they lead to
    answers = asked(keys, tmp_path, ENTER * 10, SPACE + ENTER, DOWN + ENTER, ENTER, ENTER)
    assert answers
    assert (answers.linux_targets, answers.glibc) == (("x86_64",), "2.17")


def test_another_version_is_typed_and_checked(keys: Any, tmp_path: Path) -> None:
    wrong = CLEAR + "r27" + ENTER
    right = CLEAR + "27.2.12479018" + ENTER
    answers = asked(keys, tmp_path, ENTER * 6, DOWN * 2 + ENTER, wrong, right, ENTER * 6)
    assert answers
    assert answers.ndk == "27.2.12479018"


def test_the_summary_leads_back_to_any_answer(keys: Any, tmp_path: Path) -> None:
    runtime = DOWN * 8 + ENTER  # the eighth answer of the list
    answers = asked(keys, tmp_path, ENTER * QUESTIONS, runtime, DOWN + ENTER, ENTER)
    assert answers
    assert answers.cpp_runtime == "static"


def test_a_contradiction_leads_back_and_cannot_be_passed(
    keys: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    static = ENTER  # the way out that keeps most
    keys.send_text(ENTER * QUESTIONS + static + ENTER)
    given = read_settings(["hosts=linux", "ndk=26.3.11579264", "gobley=0.3.7"])
    answers = ask_answers(str(tmp_path), [given])
    assert answers
    assert answers.cpp_runtime == "static"
    assert "4 KB" in capsys.readouterr().out


def test_stopping_at_the_summary_gives_no_answers(keys: Any, tmp_path: Path) -> None:
    assert asked(keys, tmp_path, ENTER * QUESTIONS, UP + ENTER) is None


@pytest.mark.parametrize("questions", [0, 3, QUESTIONS])
def test_control_c_interrupts_anywhere(keys: Any, tmp_path: Path, questions: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(keys, tmp_path, ENTER * questions, CTRL_C)


def test_what_is_wrong_with_the_start_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        ask_answers(str(tmp_path), [read_given("jna: x\n", "scaffold.yml")])


def test_several_crates_are_a_choice(keys: Any, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src/lib.rs").touch()
        (tmp_path / name / "Cargo.toml").write_text(f'[package]\nname = "{name}"\n')
    answers = asked(keys, tmp_path, ENTER, DOWN + ENTER, ENTER * QUESTIONS)
    assert answers
    assert answers.crate == "b"


def test_a_lock_file_without_cpp_suggests_no_runtime(keys: Any, tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "core"\n')
    (tmp_path / "Cargo.lock").write_text('[[package]]\nname = "core"\n')
    answers = asked(keys, tmp_path, ENTER * (QUESTIONS + 1))
    assert answers
    assert answers.cpp_runtime == "none"


@pytest.mark.parametrize(("typed", "expected"), [(ENTER, True), ("y", True), ("n", False)])
def test_yes_is_the_default_of_the_last_question(keys: Any, typed: str, expected: bool) -> None:
    keys.send_text(typed)
    assert confirm("Write?") is expected


@pytest.mark.parametrize(
    ("typed", "expected", "times"),
    [(ENTER, True, 0), (DOWN + ENTER + ENTER, True, 1), (UP + ENTER, False, 0)],
)
def test_the_differences_are_shown_on_request_before_writing(
    keys: Any, typed: str, expected: bool, times: int
) -> None:
    shown: list[str] = []
    keys.send_text(typed)
    assert may_write(lambda: shown.append("diff")) is expected
    assert len(shown) == times


def test_control_c_writes_nothing_and_exits_with_130(
    keys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaffold.cli.terminal.interactive", lambda: True)
    keys.send_text(ENTER * (QUESTIONS + 1) + CTRL_C)
    assert main(["init", str(tmp_path / "p"), "--set", "hosts=linux"]) == 130
    assert not (tmp_path / "p").exists()


def test_enter_all_the_way_writes_a_working_set_up(
    keys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaffold.cli.terminal.interactive", lambda: True)
    keys.send_text(ENTER * (QUESTIONS + 2))
    assert main(["init", str(tmp_path / "p"), "--set", "hosts=linux"]) == 0
    assert main(["regenerate", str(tmp_path / "p"), "--check"]) == 0
