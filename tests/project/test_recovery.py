import contextlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.errors import Refusal
from scaffold.project.content import digest
from scaffold.project.journal import Change, Journal, encode, pending, read_journal
from scaffold.project.recovery import Recovery, recover
from tests.project.faults import read_tree

UNDO = ".scaffold/undo.json"
TOKEN = "0123456789abcdef"
OLD, NEW = digest(b"old"), digest(b"new")


def interrupted(root: Path, *changes: Change, folders: tuple[str, ...] = (".scaffold",)) -> Journal:
    """A project with a journal as it is on disk just before the end of a transaction."""
    journal = Journal(TOKEN, folders, changes)
    (root / ".scaffold").mkdir()
    (root / UNDO).write_bytes(encode(journal))
    for number, change in enumerate(changes):
        if change.old:
            (root / journal.kept(number)).write_bytes(b"old")
        if change.new:
            (root / change.path).write_bytes(b"new")
    return journal


def test_nothing_to_recover_touches_nothing(tmp_path: Path) -> None:
    assert recover(str(tmp_path)) is None
    assert recover(str(tmp_path / "absent")) is None
    assert not list(tmp_path.iterdir())


def test_every_kind_of_change_is_undone(tmp_path: Path) -> None:
    interrupted(
        tmp_path, Change("changed", OLD, NEW), Change("made", None, NEW), Change("gone", OLD, None)
    )
    assert pending(str(tmp_path))
    assert recover(str(tmp_path)) == Recovery(undone=True, left=())
    assert read_tree(str(tmp_path)) == {"changed": (b"old", 0o644), "gone": (b"old", 0o644)}
    assert recover(str(tmp_path)) is None


def test_an_edit_made_after_the_crash_is_kept_and_named(tmp_path: Path) -> None:
    interrupted(tmp_path, Change("changed", OLD, NEW), Change("made", None, NEW))
    (tmp_path / "changed").write_bytes(b"edited")
    (tmp_path / "made").write_bytes(b"edited")
    found = recover(str(tmp_path))
    assert found
    assert set(found.left) == {"changed", "made"}
    assert read_tree(str(tmp_path)) == {"changed": (b"edited", 0o644), "made": (b"edited", 0o644)}


def test_a_kept_copy_with_other_bytes_is_never_put_back(tmp_path: Path) -> None:
    journal = interrupted(tmp_path, Change("changed", OLD, NEW))
    (tmp_path / journal.kept(0)).write_bytes(b"other")
    found = recover(str(tmp_path))
    assert found
    assert found.left == ("changed",)
    assert read_tree(str(tmp_path)) == {"changed": (b"new", 0o644)}


@pytest.mark.parametrize("text", [b"", b"{", b'{"schema": 1, "token": "01', b"\0" * 100])
def test_a_journal_that_was_never_finished_is_taken_away(tmp_path: Path, text: bytes) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / UNDO).write_bytes(text)
    assert recover(str(tmp_path)) == Recovery(undone=True, left=())
    assert not list(tmp_path.iterdir())


def test_an_empty_state_folder_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".scaffold").mkdir()
    assert recover(str(tmp_path)) is None
    assert not list(tmp_path.iterdir())


def document(**changed: object) -> dict[str, object]:
    change = {"path": "victim", "old": OLD, "new": NEW}
    return {"schema": 1, "token": TOKEN, "folders": [], "changes": [change], **changed}


HOSTILE = {
    "leaves": document(changes=[{"path": "../victim", "old": OLD, "new": NEW}]),
    "absolute": document(changes=[{"path": "/etc/passwd", "old": OLD, "new": NEW}]),
    "drive": document(changes=[{"path": "C:/x", "old": OLD, "new": NEW}]),
    "git": document(changes=[{"path": ".git/hooks/pre-commit", "old": OLD, "new": NEW}]),
    "own": document(changes=[{"path": ".scaffold/other", "old": OLD, "new": NEW}]),
    "twice": document(changes=[{"path": "a", "old": OLD, "new": NEW}] * 2),
    "token": document(token="../../../../../x"),
    "token in capitals": document(token="0123456789ABCDEF"),
    "hash": document(changes=[{"path": "a", "old": "x", "new": NEW}]),
    "no hash": document(changes=[{"path": "a", "old": None, "new": None}]),
    "no path": document(changes=[{"old": OLD, "new": NEW}]),
    "folders": document(folders=["src"]),
    "folder types": document(folders=[["src"]]),
    "change types": document(changes=[1]),
    "changes": document(changes=None),
    "schema": document(schema=2),
    "list": [document()],
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("journal", [UNDO, ".scaffold/done.json"])
def test_a_journal_that_is_not_ours_is_refused_and_nothing_happens(
    tmp_path: Path, name: str, journal: str
) -> None:
    root = tmp_path / "root"
    (root / ".scaffold").mkdir(parents=True)
    (root / journal).write_bytes(json.dumps(HOSTILE[name]).encode() + b"\n")
    (root / "src").mkdir()
    (tmp_path / "victim").write_bytes(b"new")
    (tmp_path / f".scaffold-{TOKEN}-0.old").write_bytes(b"old")
    before = read_tree(str(tmp_path))
    # A list that ends like a journal is none that anybody would call unfinished, except by its last
    # byte.
    if name == "list":
        (root / journal).write_bytes(json.dumps([document()]).encode() + b"}\n")
        before = read_tree(str(tmp_path))
    with pytest.raises(Refusal) as caught:
        recover(str(root))
    assert caught.value.problems[0].place == journal
    assert read_tree(str(tmp_path)) == before


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_recovery_does_not_follow_a_link_out_of_the_project(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / ".scaffold").mkdir(parents=True)
    outside.mkdir()
    (outside / "victim").write_bytes(b"new")
    (outside / f".scaffold-{TOKEN}-0.old").write_bytes(b"old")
    (root / "crate").symlink_to(outside)
    change = Change("crate/victim", OLD, NEW)
    (root / UNDO).write_bytes(encode(Journal(TOKEN, (), (change,))))
    before = read_tree(str(outside))
    with pytest.raises(Refusal, match="symbolic link"):
        recover(str(root))
    assert read_tree(str(outside)) == before
    assert pending(str(root))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KEYS = ("schema", "token", "folders", "changes")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(key=st.sampled_from(KEYS), value=JSON, tail=st.binary(max_size=4))
def test_any_journal_is_read_refused_or_taken_for_unfinished(
    tmp_path: Path, key: str, value: object, tail: bytes
) -> None:
    (tmp_path / ".scaffold").mkdir(exist_ok=True)
    (tmp_path / UNDO).write_bytes(json.dumps(document(**{key: value})).encode() + tail + b"}\n"[:2])
    with contextlib.suppress(Refusal):
        read_journal(str(tmp_path), UNDO)


def test_a_journal_nested_too_deep_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / UNDO).write_bytes(b"[" * 100_000 + b"}\n")
    with pytest.raises(Refusal):
        recover(str(tmp_path))
    os.truncate(tmp_path / UNDO, 10_000_000_000)
    with pytest.raises(Refusal, match="larger"):
        recover(str(tmp_path))


def test_a_journal_survives_being_written_and_read(tmp_path: Path) -> None:
    journal = interrupted(tmp_path, Change('ä "b"', OLD, NEW), Change("c", None, NEW))
    assert read_journal(str(tmp_path), UNDO) == journal
