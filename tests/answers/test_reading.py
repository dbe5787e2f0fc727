import pytest

from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers, Detected, Found
from scaffold.answers.reading import (
    decode_answers,
    read_answers,
    read_given,
    read_settings,
    resolve,
)
from scaffold.answers.writing import write_answers
from scaffold.errors import Problem, Refusal


def problems(text: str) -> list[Problem]:
    with pytest.raises(Refusal) as caught:
        read_answers(text, "scaffold.yml")
    assert caught.value.exit_code == 2
    return list(caught.value.problems)


def test_an_empty_file_gives_every_default() -> None:
    answers = read_answers("", "scaffold.yml")
    assert answers.abis == ("arm64-v8a", "armeabi-v7a", "x86_64", "x86")
    assert (answers.cpp_runtime, answers.page_size, answers.jna) == ("none", "auto", "default")
    assert answers.linux_targets == ()


@pytest.mark.parametrize("text", ["5.10", "'5.10'", '"5.10"', ">-\n  5.10"])
def test_every_scalar_is_read_as_the_text_that_was_typed(text: str) -> None:
    assert read_answers(f"jna: {text}\n", "f").jna == "5.10"


def test_yes_and_no_are_words_like_any_other() -> None:
    found = problems("cpp_runtime: no\nwindows_arm64: 0x10\n")
    assert ['"no"' in found[0].message, '"0x10"' in found[1].message] == [True, True]


def test_all_problems_are_reported_at_once_with_file_line_and_nearest_name() -> None:
    found = problems(
        "hosts: [linux,\n  mac]\nabi: [x86]\nndk: r28c\ncpp_runtime: shred\ncrate: ../x\nglibc: 3\n"
    )
    assert [problem.place for problem in found] == [
        f"scaffold.yml:{line}" for line in (2, 3, 4, 5, 6, 7)
    ]
    hints = [problem.hint for problem in found]
    assert hints[:4] == [
        "did you mean macos?",
        "did you mean abis?",
        "r28c is 28.2.13676358",
        "did you mean shared?",
    ]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("jna: default\njna: default\n", "listed twice", 2),
        ("a: &x 1\n", "anchors", 1),
        ("jna: !!str default\n", "tags", 1),
        ("<<: {a: b}\n", "merge keys", 1),
        ("jna: default\n---\njna: default\n", "second document", 3),
        ("- a\n", "is a list", 1),
        ("just text\n", "not a mapping", 1),
        ("? [a, b]\n: c\n", "not plain text", 1),
        ("jna: {a: b}\n", "nested", 1),
        ("abis: [[x86]]\n", "nested", 1),
        ("abis: x86\n", "takes a list", 1),
        ("jna: [default]\n", "takes one value", 1),
        ("\n\njna: 'x\n", "not valid YAML", 4),
        ("jna: \tx: y: z\n", "not valid YAML", 1),
        ("abis: [x86, x86]\n", "listed twice", 1),
        ("jna:\n", "is not a valid value", 1),
        ("jna: \x07\n", "does not allow", 1),
    ],
)
def test_what_an_answers_file_cannot_hold_is_refused_with_its_line(
    text: str, message: str, line: int
) -> None:
    found = problems(text)
    assert any(message in problem.message for problem in found), found
    assert found[0].place == f"scaffold.yml:{line}"


def test_a_deeply_nested_or_huge_file_is_refused_and_not_a_crash() -> None:
    assert problems("a: " + "[" * 30000)
    assert problems("#" * 300_000)


@pytest.mark.parametrize(
    "folder",
    ["../x", "/x", "a/../../x", "C:/x", "c:x", "a\\b", "''", '"a\\tb"', ".git/x", "a/.scaffold"],
)
def test_a_folder_outside_the_project_or_with_control_characters_is_refused(folder: str) -> None:
    assert "crate" in problems(f"crate: {folder}\n")[0].message


@pytest.mark.parametrize("folder", ["a b", "a$b", "100%", "it's", 'say "hi"', "ünïcode", "a;b&c|d"])
def test_a_folder_may_hold_anything_else_and_survives_being_written(folder: str) -> None:
    answers = resolve(read_settings([f"crate={folder}"]))
    assert answers.crate == folder
    assert read_answers(write_answers(answers), "f") == answers


def test_a_folder_is_written_in_its_shortest_form() -> None:
    assert read_answers("crate: ./a//b/../c/\n", "f").crate == "a/c"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("jna: default\npage_size: ndk\nndk: 27.0.12077973\n", 2),
        ("cpp_runtime: shared\nndk: 26.3.11579264\n", 1),
        ("ndk: 26.3.11579264\ncpp_runtime: shared\nabis: [x86_64]\n", 2),
    ],
)
def test_answers_that_contradict_each_other_are_refused(text: str, line: int) -> None:
    assert [problem.place for problem in problems(text)] == [f"scaffold.yml:{line}"]


@pytest.mark.parametrize(
    "text",
    [
        "ndk: 26.3.11579264\ncpp_runtime: static\n",
        "ndk: 26.3.11579264\npage_size: 'off'\n",
        "ndk: 26.3.11579264\nabis: [x86, armeabi-v7a]\n",
        "ndk: 28.0.13004108\npage_size: ndk\n",
    ],
)
def test_the_ways_out_of_a_contradiction_are_accepted(text: str) -> None:
    assert isinstance(read_answers(text, "f"), Answers)


def test_a_contradiction_with_what_was_found_names_where_it_was_found() -> None:
    with pytest.raises(Refusal) as caught:
        resolve(
            detected=Detected(
                {
                    "ndk": Found("26.3.11579264", "app/build.gradle.kts:3"),
                    "cpp_runtime": Found("shared", "app/build.gradle.kts:7"),
                }
            ),
        )
    assert caught.value.problems[0].place == "app/build.gradle.kts:7"


def test_settings_override_a_file_and_lists_are_separated_by_commas() -> None:
    answers = resolve(
        read_given("abis: [x86]\n", "f"),
        read_settings(["abis=x86_64, arm64-v8a", "linux_targets="]),
    )
    assert (answers.abis, answers.linux_targets) == (("x86_64", "arm64-v8a"), ())


def test_a_setting_without_a_value_or_with_an_unknown_key_is_refused() -> None:
    given = read_settings(["jna", "jnaa=1"])
    assert [problem.place for problem in given.problems] == ["--set jna", "--set jnaa=1"]


def test_bytes_that_are_no_utf_8_are_refused_with_their_line() -> None:
    with pytest.raises(Refusal) as caught:
        decode_answers(b"jna: default\n# \xff\n", "scaffold.yml")
    assert caught.value.problems[0].place == "scaffold.yml:2"


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    text = decode_answers(b"\xef\xbb\xbfjna: 5.18.1\r\nabis: [x86]\r\n", "f")
    assert read_answers(text, "f").jna == "5.18.1"


def test_every_key_has_a_comment_and_a_question() -> None:
    assert all(key.comment and key.text(key.comment) for key in KEYS.values())
    assert [name for name, key in KEYS.items() if not key.title] == ["schema"]


@pytest.mark.parametrize("typed", ["NDK", "Ndk"])
def test_a_key_in_capitals_is_told_its_name(typed: str) -> None:
    assert problems(f"{typed}: 28.2.13676358\n")[0].hint == "did you mean ndk?"


def test_a_folder_with_backslashes_is_offered_with_slashes() -> None:
    (problem,) = read_settings([r"crate=rust\core"]).problems
    assert "contains a backslash" in problem.message
    assert problem.hint == "use rust/core"
