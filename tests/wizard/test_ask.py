import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from scaffold.answers.key import Key, Kind
from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers
from scaffold.answers.reading import Given, read_given, read_settings, resolve
from scaffold.answers.writing import write_answers
from scaffold.cli.main import main
from scaffold.errors import Refusal
from scaffold.probe.host import this_host
from scaffold.wizard.ask import Interview, confirm, may_write

ENTER, DOWN, UP, SPACE, CTRL_C = "\r", "\x1b[B", "\x1b[A", " ", "\x03"
CLEAR = "\x15"  # Ctrl-U

SETTINGS = read_settings(["hosts=linux", "ndk=28.2.13676358", "gobley=0.3.7"])
QUESTIONS = 2  # of a new project: its Kotlin plugin, and what builds the Rust library


class Keys:
    """What a person types. Then the input ends: a question too many is an error, not a wait."""

    def __init__(self, pipe: PipeInput) -> None:
        self._pipe = pipe

    def send_text(self, text: str) -> None:
        self._pipe.send_text(text)
        self._pipe.close()


@pytest.fixture
def keys() -> Iterator[Keys]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield Keys(pipe)


@pytest.fixture(autouse=True)
def no_sdk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def asked(keys: Keys, root: Path, *typed: str, settings: str = "") -> Answers | None:
    keys.send_text("".join(typed))
    return interview(root, read_given(settings, "scaffold.yml"), SETTINGS)


def interview(root: Path, *given: Given) -> Answers | None:
    return Interview(str(root), given).answers()


def open_summary(row: int) -> str:
    """The keys that choose an answer to change, counted from the first."""
    return DOWN * (row + 1) + ENTER


def test_enter_all_the_way_takes_the_defaults(keys: Keys, tmp_path: Path) -> None:
    answers = asked(keys, tmp_path, ENTER * (QUESTIONS + 1))
    assert answers
    assert (answers.ndk, answers.cpp_runtime, answers.page_size) == (
        "28.2.13676358",
        "none",
        "auto",
    )
    assert answers.hosts == ("linux",)


@pytest.mark.parametrize("found", [True, False], ids=["found", "new"])
def test_enter_all_the_way_and_defaults_write_the_same(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    folders = [tmp_path / "asked", tmp_path / "unasked"]
    for folder in folders:
        folder.mkdir()
        if found:
            project_r28(folder)
    # The machine's system is found; a new project asks for it, as for two other things.
    keys.send_text(ENTER * ((0 if found else 3) + 2))
    assert main(["init", str(folders[0])]) == 0
    assert main(["init", str(folders[1]), "--defaults", "--yes"]) == 0
    one, other = ((folder / "scaffold.yml").read_text() for folder in folders)
    assert one == other


def project_r28(root: Path) -> None:
    (root / "app").mkdir()
    (root / "app/build.gradle.kts").write_text(
        'plugins {\n    id("com.android.application")\n    id("dev.gobley.cargo") version "0.3.7"\n}\n'
        'android { ndkVersion = "28.2.13676358" }\n'
    )
    (root / "app/Cargo.toml").write_text(
        '[package]\nname = "app"\n[lib]\ncrate-type = ["cdylib"]\n'
    )


def test_where_all_is_found_nothing_is_asked(
    keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project_r28(tmp_path)
    keys.send_text(ENTER)
    answers = interview(tmp_path)
    assert answers
    assert (answers.crate, answers.module, answers.ndk) == ("app", "app", "28.2.13676358")
    assert capsys.readouterr().out.count("?") == 2  # the question and its mark


def test_arrow_keys_and_space_choose(keys: Keys, tmp_path: Path) -> None:
    keys.send_text(DOWN + SPACE + ENTER + DOWN + DOWN + ENTER + ENTER + ENTER)
    answers = interview(tmp_path)
    assert answers
    hosts = [host for host in ("linux", "macos", "windows") if host in ("macos", this_host())]
    assert (answers.hosts, answers.plugin) == (tuple(hosts), "jvm")


def test_progress_counts_the_open_questions(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def note(self: Interview, name: str, progress: str = "") -> None:
        seen.append(f"{name} {progress}".strip())
        self.confirmed.add(name)

    monkeypatch.setattr(Interview, "ask", note)
    keys.send_text(ENTER)
    assert interview(tmp_path)
    assert seen == ["hosts 1 of 3", "plugin 2 of 3", "rust_build 3 of 3"]


def test_glibc_is_an_answer_only_with_linux_targets(keys: Keys, tmp_path: Path) -> None:
    new = ENTER * QUESTIONS
    # The twelfth answer are the targets, the next what they lead to.
    answers = asked(
        keys, tmp_path, new, open_summary(11), SPACE + ENTER, open_summary(12), DOWN + ENTER, ENTER
    )
    assert answers
    assert (answers.linux_targets, answers.glibc) == (("x86_64",), "2.17")


def test_another_version_is_typed_and_checked(keys: Keys, tmp_path: Path) -> None:
    wrong = "r27x" + ENTER
    right = CLEAR + "27.2.12479018" + ENTER
    answers = asked(
        keys, tmp_path, ENTER * QUESTIONS, open_summary(7), UP * 3 + ENTER, wrong, right, ENTER
    )
    assert answers
    assert answers.ndk == "27.2.12479018"


def test_a_known_release_is_taken_for_its_revision(keys: Keys, tmp_path: Path) -> None:
    typed = (open_summary(7), UP * 3 + ENTER, "r29" + ENTER)
    answers = asked(keys, tmp_path, ENTER * QUESTIONS, *typed, ENTER)
    assert answers
    assert answers.ndk == "29.0.14206865"


def test_an_empty_field_keeps_the_value(keys: Keys, tmp_path: Path) -> None:
    answers = asked(
        keys, tmp_path, ENTER * QUESTIONS, open_summary(7), UP * 3 + ENTER, ENTER, ENTER
    )
    assert answers
    assert answers.ndk == "28.2.13676358"


def test_the_summary_leads_back_to_any_answer(keys: Keys, tmp_path: Path) -> None:
    answers = asked(keys, tmp_path, ENTER * QUESTIONS, open_summary(8), UP + ENTER, ENTER)
    assert answers
    assert answers.cpp_runtime == "static"


def test_a_contradiction_leads_back_and_cannot_be_passed(
    keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    static = ENTER  # the way out that keeps most
    keys.send_text(ENTER * QUESTIONS + static + ENTER)
    given = read_settings(
        ["hosts=linux", "ndk=26.3.11579264", "gobley=0.3.7", "cpp_runtime=shared"]
    )
    answers = interview(tmp_path, given)
    assert answers
    assert answers.cpp_runtime == "static"
    assert "4 KB" in capsys.readouterr().out


def test_stopping_at_the_summary_gives_no_answers(keys: Keys, tmp_path: Path) -> None:
    assert asked(keys, tmp_path, ENTER * QUESTIONS, UP + ENTER) is None


@pytest.mark.parametrize("questions", [0, 1, QUESTIONS])
def test_control_c_interrupts_anywhere(keys: Keys, tmp_path: Path, questions: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(keys, tmp_path, ENTER * questions, CTRL_C)


@pytest.mark.parametrize(
    "typed", ["", ENTER * QUESTIONS, ENTER * QUESTIONS + open_summary(7) + UP * 3 + ENTER]
)
def test_a_terminal_that_ends_is_an_interrupt(keys: Keys, tmp_path: Path, typed: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(keys, tmp_path, typed)


def test_what_is_wrong_with_the_start_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        interview(tmp_path, read_given("jna: x\n", "scaffold.yml"))


def test_several_crates_that_fit_equally_are_a_question(keys: Keys, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src/lib.rs").touch()
        (tmp_path / name / "Cargo.toml").write_text(f'[package]\nname = "{name}"\n')
    answers = asked(keys, tmp_path, DOWN + ENTER, ENTER * QUESTIONS, ENTER)
    assert answers
    assert answers.crate == "b"


def test_several_modules_that_build_rust_are_a_question(keys: Keys, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "build.gradle.kts").write_text(
            'plugins { kotlin("multiplatform"); id("dev.gobley.cargo") version "0.3.7" }\n'
        )
    answers = asked(keys, tmp_path, DOWN + ENTER, ENTER)
    assert answers
    assert answers.module == "b"


def test_a_crate_outside_of_the_folder_is_refused(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "core"\n')
    project_r28(tmp_path)
    (tmp_path / "app/Cargo.toml").unlink()
    keys.send_text(CTRL_C)
    with pytest.raises(Refusal, match="outside this folder"):
        interview(tmp_path / "app", SETTINGS)


def test_a_lock_file_without_cpp_suggests_no_runtime(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "core"\n')
    (tmp_path / "Cargo.lock").write_text('[[package]]\nname = "core"\n')
    answers = asked(keys, tmp_path, ENTER * (QUESTIONS + 1))
    assert answers
    assert answers.cpp_runtime == "none"


@pytest.mark.parametrize(("typed", "expected"), [(ENTER, True), ("y", True), ("n", False)])
def test_yes_is_the_default_of_the_last_question(keys: Keys, typed: str, expected: bool) -> None:
    keys.send_text(typed)
    assert confirm("Write?") is expected


@pytest.mark.parametrize(
    ("typed", "expected", "times"),
    [(ENTER, True, 0), (DOWN + ENTER + ENTER, True, 1), (UP + ENTER, False, 0)],
)
def test_the_differences_are_shown_on_request_before_writing(
    keys: Keys, typed: str, expected: bool, times: int
) -> None:
    shown: list[str] = []
    keys.send_text(typed)
    assert may_write(2, lambda: shown.append("diff")) is expected
    assert len(shown) == times


def test_no_at_the_plan_leads_back_to_the_answers(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    project_r28(tmp_path)
    no, static = UP + ENTER, open_summary(8) + UP + ENTER
    keys.send_text(ENTER + no + static + ENTER + ENTER)
    assert main(["init", str(tmp_path)]) == 0
    assert "cpp_runtime: static" in (tmp_path / "scaffold.yml").read_text()


def test_a_plan_that_is_refused_leads_back_to_the_answers(
    keys: Keys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    keys.send_text(ENTER + ENTER + open_summary(4) + ENTER + ENTER + ENTER)
    settings = ("--set", "rust_build=rust-android-gradle", "--set", "hosts=linux")
    assert main(["init", str(tmp_path), *settings]) == 0
    assert "does not start new projects" in capsys.readouterr().out
    assert "rust_build: gobley" in (tmp_path / "scaffold.yml").read_text()


def test_a_new_project_is_offered_only_what_can_start_one(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.send_text(ENTER + DOWN * 2 + ENTER + ENTER)
    answers = interview(tmp_path, SETTINGS)
    assert answers
    assert answers.rust_build == "none"


def test_stopping_after_a_no_writes_nothing(
    keys: Keys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    project_r28(tmp_path)
    keys.send_text(ENTER + UP + ENTER + UP + ENTER)
    assert main(["init", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("Nothing was written.\n")
    assert not (tmp_path / "scaffold.yml").exists()


def test_control_c_writes_nothing_and_exits_with_130(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    keys.send_text(ENTER * (QUESTIONS + 1) + CTRL_C)
    assert main(["init", str(tmp_path / "p"), "--set", "hosts=linux"]) == 130
    assert not (tmp_path / "p").exists()


def test_enter_all_the_way_writes_a_working_set_up(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    keys.send_text(ENTER * (QUESTIONS + 2))
    assert main(["init", str(tmp_path / "p"), "--set", "hosts=linux"]) == 0
    assert main(["regenerate", str(tmp_path / "p"), "--check"]) == 0


def found_r26(root: Path) -> None:
    (root / "app").mkdir()
    (root / "app/build.gradle.kts").write_text(
        'plugins {\n    id("com.android.application")\n    id("dev.gobley.cargo") version "0.3.7"\n}\n'
        'android { ndkVersion = "26.3.11579264" }\n'
    )


def asked_alone(keys: Keys, root: Path, *typed: str) -> Answers | None:
    keys.send_text("".join(typed))
    return interview(root, read_settings(["hosts=linux", "cpp_runtime=shared"]))


@pytest.mark.parametrize(
    ("way", "key", "value"),
    [(0, "cpp_runtime", "static"), (1, "ndk", "30.0.16248370"), (2, "page_size", "off")],
)
def test_a_contradiction_with_a_found_ndk_is_shown_before_the_summary_with_its_ways_out(
    keys: Keys,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    way: int,
    key: str,
    value: str,
) -> None:
    found_r26(tmp_path)
    answers = asked_alone(keys, tmp_path, DOWN * way, ENTER, ENTER)
    assert getattr(answers, key) == value
    assert "26.3.11579264: app/build.gradle.kts:5" in " ".join(capsys.readouterr().out.split())


def test_another_way_out_of_a_contradiction_is_any_answer(keys: Keys, tmp_path: Path) -> None:
    found_r26(tmp_path)
    other = UP + ENTER + ENTER  # another one…, and of these the one that contradicts
    none = DOWN * 2 + ENTER
    answers = asked_alone(keys, tmp_path, other, none, ENTER)
    assert answers
    assert answers.cpp_runtime == "none"


def test_an_answer_that_only_agrees_follows_when_another_module_is_chosen(
    keys: Keys, tmp_path: Path
) -> None:
    for name, plugin in (("a", "jvm"), ("b", "multiplatform")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "build.gradle.kts").write_text(f'plugins {{ kotlin("{plugin}") }}\n')
    module_b = open_summary(2) + DOWN + ENTER
    answers = asked(keys, tmp_path, module_b, ENTER)
    assert answers
    assert (answers.module, answers.plugin) == ("b", "multiplatform")


def test_init_again_starts_at_the_summary_of_its_answers(keys: Keys, tmp_path: Path) -> None:
    first = resolve(SETTINGS)
    keys.send_text(ENTER)
    assert interview(tmp_path, read_given(write_answers(first), "scaffold.yml")) == first


def test_only_what_scaffold_yml_leaves_open_is_asked(keys: Keys, tmp_path: Path) -> None:
    keys.send_text(ENTER + ENTER)  # rust_build, then the answers
    answers = interview(tmp_path, read_given("plugin: jvm\nhosts: [linux]\n", "scaffold.yml"))
    assert answers
    assert answers.plugin == "jvm"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_of_files_cannot_move_the_cursor(
    keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a\x1b[2Jb").mkdir()
    (tmp_path / "a\x1b[2Jb" / "Cargo.toml").write_text('[package]\nname = "x\\u001b[2J"\n')
    keys.send_text(ENTER + CTRL_C)
    with pytest.raises(KeyboardInterrupt):
        interview(tmp_path, SETTINGS)
    assert "\x1b" not in capsys.readouterr().out


def test_defaults_with_a_found_r26_are_refused_with_the_place_of_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found_r26(tmp_path)
    with open(tmp_path / "app/build.gradle.kts", "a") as script:
        script.write('cargo { builds.android { dynamicLibraries.add("c++_shared") } }\n')
    assert main(["init", str(tmp_path), "--defaults", "--json"]) == 2
    out = capsys.readouterr().out
    assert "app/build.gradle.kts:6" in out
    assert "cpp_runtime: static" in out
    assert not (tmp_path / "scaffold.yml").exists()


def test_a_key_that_only_has_a_row_is_asked(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Key(
        "linker",
        Kind.CHOICE,
        "The linker.",
        lambda _facts: "mold",
        "Which linker?",
        "mold is faster.",
        is_open=True,
        words=lambda _facts: {"mold": "", "lld": "another"},
    )
    monkeypatch.setitem(KEYS, row.name, row)
    answers = asked(keys, tmp_path, ENTER * QUESTIONS, DOWN + ENTER, ENTER)
    assert answers
    assert answers.values["linker"] == "lld"
