import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.answers.keys import KEYS
from scaffold.answers.reading import read_answers
from scaffold.answers.writing import change_answers, write_answers

ANSWERS = read_answers("hosts: [linux]\nndk: 28.2.13676358\ngobley: 0.3.7\n", "f")


def test_every_key_is_written_with_its_comment() -> None:
    text = write_answers(ANSWERS)
    for name, key in KEYS.items():
        assert f"\n{name}: " in text
        assert f"# {key.text(key.comment).splitlines()[0]}" in text
    assert read_answers(text, "f") == ANSWERS


def test_yamllint_has_no_word_to_say_with_its_own_defaults(tmp_path: Path) -> None:
    (tmp_path / "scaffold.yml").write_bytes(write_answers(ANSWERS).encode())
    command = [sys.executable, "-m", "yamllint", "--strict", "scaffold.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_only_the_line_of_the_changed_key_changes() -> None:
    text = "# mine\njna:   'default'   # keep\nabis: [x86] # few\n"
    changed = change_answers(text, read_answers(text, "f").changed(jna="5.18.1"))
    assert changed == "# mine\njna:   5.18.1   # keep\nabis: [x86] # few\n"


def test_a_hand_edit_that_says_the_same_in_another_way_is_not_rewritten() -> None:
    text = 'jna: "5.18.1"\nabis:\n- x86 # one\n- x86_64\ncrate: ./a/\n'
    assert change_answers(text, read_answers(text, "f")) == text


def test_missing_keys_are_added_only_where_asked() -> None:
    text = "jna: default"
    answers = read_answers(text, "f").changed(glibc="2.17")
    assert change_answers(text, answers) == text
    added = change_answers(text, answers, ["glibc"])
    assert added.startswith("jna: default\n")
    assert read_answers(added, "f").glibc == "2.17"


@pytest.mark.parametrize(
    ("before", "abis", "after"),
    [
        ("abis:\n  - x86 # a\n  - x86_64 # b\n", ("x86_64",), "abis:\n  - x86_64 # b\n"),
        ("abis:\n- x86\n", ("x86", "arm64-v8a"), "abis:\n- x86\n- arm64-v8a\n"),
        ("abis: [ x86 ]\n", ("x86", "arm64-v8a"), "abis: [x86, arm64-v8a]\n"),
        ("abis:\n- x86\n- x86_64", ("x86_64", "x86"), "abis:\n- x86_64\n- x86\n"),
    ],
)
def test_a_list_keeps_its_form(before: str, abis: tuple[str, ...], after: str) -> None:
    assert change_answers(before, read_answers(before, "f").changed(abis=abis)) == after


def test_a_list_without_items_is_filled_and_emptied() -> None:
    text = "linux_targets:\njna: default\n"
    full = change_answers(text, read_answers(text, "f").changed(linux_targets=("x86_64",)))
    assert read_answers(full, "f").linux_targets == ("x86_64",)
    text = "linux_targets:\n  - x86_64 # gone\njna: default\n"
    empty = change_answers(text, read_answers(text, "f").changed(linux_targets=()))
    assert read_answers(empty, "f").linux_targets == ()


FOLDERS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\\/:"),
    min_size=1,
).filter(lambda name: name not in (".", "..", ".git", ".scaffold"))


@given(FOLDERS)
def test_any_folder_name_survives_being_written_and_read(name: str) -> None:
    answers = ANSWERS.changed(crate=name)
    assert read_answers(write_answers(answers), "f") == answers
    assert (
        read_answers(change_answers("crate: x # y\n", answers, ["hosts", "ndk", "gobley"]), "f")
        == answers
    )
