import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.merge.lines import merge_lines, with_markers
from scaffold.merge.result import Clash
from scaffold.merge.sequences import hunks

lines = st.lists(st.sampled_from(["a", "b", "c", "", "}"]), max_size=9)
texts = lines.map("\n".join)


def applied(old: str, new: str) -> str:
    out, done = "", 0
    for change in hunks(old, new):
        out += old[done : change.old_start] + new[change.new_start : change.new_end]
        done = change.old_end
    return out + old[done:]


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_changes_lead_from_the_old_to_the_new(old: str, new: str) -> None:
    assert applied(old, new) == new


@given(texts, texts)
def test_no_change_of_mine_gives_theirs(base: str, theirs: str) -> None:
    assert merge_lines(base, base, theirs) == (theirs, (), ())


@given(texts, texts)
def test_no_change_of_theirs_gives_mine(base: str, mine: str) -> None:
    assert merge_lines(base, mine, base) == (mine, (), ())


@given(texts, texts)
def test_the_same_change_on_both_sides_is_taken_once(base: str, both: str) -> None:
    assert merge_lines(base, both, both) == (both, (), ())


@given(texts, texts, texts)
def test_merging_again_changes_nothing(base: str, mine: str, theirs: str) -> None:
    merged = merge_lines(base, mine, theirs).text
    assert merge_lines(theirs, merged, theirs) == (merged, (), ())


@given(texts, texts, texts)
def test_who_wins_decides_only_what_clashes(base: str, mine: str, theirs: str) -> None:
    plain = merge_lines(base, mine, theirs)
    for_me = merge_lines(base, mine, theirs, prefer="mine")
    for_them = merge_lines(base, mine, theirs, prefer="theirs")
    assert plain == for_me
    assert for_them.clashes == for_me.clashes
    assert (for_me.text == for_them.text) or for_me.clashes


@given(lines, lines, lines)
def test_no_line_that_the_user_wrote_is_lost(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    own = [f"mine {line}" if i % 2 else line for i, line in enumerate(mine)]
    merged = merge_lines("\n".join(base), "\n".join(own), "\n".join(theirs)).text.split("\n")
    assert [line for line in merged if line.startswith("mine ")] == own[1::2]


BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("ONE\ntwo\nthree\nfour\n", "one\nTWO\nthree\nfour\n", "ONE\nTWO\nthree\nfour\n"),
        (
            "one\n# mine\ntwo\nthree\nfour\n",
            "one\n2\nthree\nfour\n",
            "one\n# mine\n2\nthree\nfour\n",
        ),
        (
            "one\ntwo\n# mine\nthree\nfour\n",
            "one\n2\nthree\nfour\n",
            "one\n2\n# mine\nthree\nfour\n",
        ),
        ("one\ntwo\n# mine\nthree\nfour\n", "one\nfour\n", "one\n# mine\nfour\n"),
        ("one\ntwo\n# mine\nthree\nfour\n", "one\n2\n3\nfour\n", "one\n2\n# mine\n3\nfour\n"),
        ("one\ntwo\nthree\nfour", "one\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nfive"),
        ("one\nfour\n", "one\ntwo\nfour\n", "one\nfour\n"),
    ],
    ids=[
        "neighbours",
        "above a changed line",
        "below a changed line",
        "between deleted lines",
        "between changed lines",
        "final newline",
        "both deleted",
    ],
)
def test_changes_of_different_lines_merge(mine: str, theirs: str, merged: str) -> None:
    assert merge_lines(BASE, mine, theirs) == (merged, (), ())


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        ("one\n2\nthree\nfour\n", "one\nII\nthree\nfour\n", ("two", "2", "II")),
        ("one\n2\nthree\nfour\n", "one\nthree\nfour\n", ("two", "2", "")),
        ("one\nthree\nfour\n", "one\nII\nthree\nfour\n", ("two", "", "II")),
        (BASE + "five\n", BASE + "six\n", ("", "five", "six")),
        ("one\nfour\n", "one\ntwo\nnew\nthree\nfour\n", ("two\nthree", "", "two\nnew\nthree")),
    ],
    ids=[
        "changed twice",
        "changed and deleted",
        "deleted and changed",
        "two insertions",
        "put between deleted lines",
    ],
)
def test_changes_of_the_same_lines_clash(
    mine: str, theirs: str, clash: tuple[str, str, str]
) -> None:
    merged = merge_lines(BASE, mine, theirs, where="here")
    assert merged == (mine, (Clash("here", *clash),), ())
    assert merge_lines(BASE, mine, theirs, prefer="theirs").text == theirs


@pytest.mark.parametrize(
    ("theirs", "merged"),
    [
        ("a\nB\nc\nd\ne\nf\n", "d\ne\nf\na\nB\nc\n"),
        ("a\nc\nd\ne\nf\n", "d\ne\nf\na\nc\n"),
        ("a\nb\nnew\nc\nd\ne\nf\n", "d\ne\nf\na\nb\nnew\nc\n"),
        ("a\nB\nC\nd\ne\nF\n", "d\ne\nF\na\nB\nC\n"),
    ],
    ids=["changed", "deleted", "put in", "more"],
)
def test_a_change_follows_the_lines_that_the_user_moved(theirs: str, merged: str) -> None:
    assert merge_lines("a\nb\nc\nd\ne\nf\n", "d\ne\nf\na\nb\nc\n", theirs) == (merged, (), ())


def test_each_clash_is_decided_and_the_rest_merged() -> None:
    merged = merge_lines("a\nb\nc\nd", "A\nb\nc\nD", "1\nb\nC\n4", prefer="theirs")
    assert merged.text == "1\nb\nC\n4"
    assert [clash.base for clash in merged.clashes] == ["a", "c\nd"]


@pytest.mark.parametrize(
    ("mine", "theirs", "marked"),
    [
        ("a\n", "a\n", "a\n"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\n<<<<<<< yours\nb\n=======\nB\n>>>>>>> scaffold\nc\n"),
        ("a", "b\n", "<<<<<<< yours\na\n=======\nb\n>>>>>>> scaffold\n"),
        ("", "b", "<<<<<<< yours\n=======\nb\n>>>>>>> scaffold\n"),
    ],
)
def test_markers_stand_only_around_what_differs(mine: str, theirs: str, marked: str) -> None:
    assert with_markers(mine, theirs) == marked


@pytest.mark.parametrize("kind", ["numbered", "repeated", "blank", "reversed"])
def test_ten_thousand_lines_take_no_time(kind: str) -> None:
    base = {
        "numbered": [str(i) for i in range(10_000)],
        "repeated": ["x"] * 10_000,
        "blank": ["" if i % 3 else str(i % 50) for i in range(10_000)],
        "reversed": [str(i) for i in range(10_000)],
    }[kind]
    mine = base[::-1] if kind == "reversed" else [*base[:100], "mine", *base[100:]]
    theirs = [*base[:9000], "theirs", *base[9500:]]
    started = time.process_time()
    merged = merge_lines("\n".join(base), "\n".join(mine), "\n".join(theirs))
    assert time.process_time() - started < 5
    assert bool(merged.clashes) == (kind == "reversed")
