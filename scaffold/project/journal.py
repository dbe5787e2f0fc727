"""The journal of a transaction: what is enough to undo it, written before the first other file is
touched.

`undo.json`: the transaction is under way, so the next run undoes it. `done.json`, the same file
renamed: it is complete, only its own left-overs remain. A journal that ends early was never acted
on.
"""

import json
import os
from typing import NamedTuple

from scaffold.errors import Problem, Refusal
from scaffold.project.content import read_file
from scaffold.project.disk import is_there
from scaffold.project.layout import DONE, STATE, UNDO, own_path_fault
from scaffold.project.paths import safe_path

SCHEMA = 1
_LARGEST_JOURNAL = 8 * 1024 * 1024
_HINT = (
    "It is not one that scaffold left behind here, so it was not followed. Look at `git status`, "
    "remove the file, and run it again."
)


class Change(NamedTuple):
    """One file: its `content.digest` before and after, None where it does not exist."""

    path: str
    old: str | None
    new: str | None


class Journal(NamedTuple):
    """`token` is in every temporary name; `folders` are those that the transaction makes, outer
    ones first.
    """

    token: str
    folders: tuple[str, ...]
    changes: tuple[Change, ...]

    def staged(self, number: int) -> str:
        """Where the new bytes of a change wait, beside its target."""
        return _beside(self.changes[number].path, f".scaffold-{self.token}-{number}.new")

    def kept(self, number: int) -> str:
        """Where the old bytes of a change are kept until the end, beside its target."""
        return _beside(self.changes[number].path, f".scaffold-{self.token}-{number}.old")


def _beside(path: str, name: str) -> str:
    folder, slash, _ = path.rpartition("/")
    return folder + slash + name


def encode(journal: Journal) -> bytes:
    """One line of JSON; the line feed is the proof that it is whole."""
    document = {
        "schema": SCHEMA,
        "token": journal.token,
        "folders": list(journal.folders),
        "changes": [change._asdict() for change in journal.changes],
    }
    return json.dumps(document).encode() + b"\n"


def exists(root: str, name: str) -> bool:
    """Whether there is a journal of this name (`UNDO`, `DONE`), or no telling; touches nothing."""
    try:
        return is_there(os.path.join(root, *name.split("/")))
    except OSError:
        return True


def pending(root: str) -> bool:
    """Whether a run was interrupted here and `recovery.recover` has work to do; touches nothing."""
    return exists(root, UNDO) or exists(root, DONE)


def read_journal(root: str, name: str) -> Journal | None:
    """The journal, checked as what a stranger may have written; None for one that was never
    finished.
    """
    data, _ = read_file(safe_path(root, name), _LARGEST_JOURNAL)
    if not data.endswith(b"}\n"):
        return None
    try:
        return _checked(json.loads(data))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refusal(name, "is not a journal") from error
    except _FaultError as error:
        raise _refusal(name, str(error)) from error


class _FaultError(Exception):
    """Why a journal is not to be followed."""


def _refusal(name: str, reason: str) -> Refusal:
    return Refusal(Problem(f"{name} {reason}", name, _HINT))


def _checked(document: object) -> Journal:
    if not isinstance(document, dict) or document["schema"] != SCHEMA:
        raise _FaultError(
            "is of another version of scaffold: finish the interrupted run with that one"
        )
    token = document["token"]
    if not isinstance(token, str) or len(token) != 16 or not set(token) <= set("0123456789abcdef"):
        raise _FaultError("has no valid token")
    changes = tuple(_change(item) for item in document["changes"])
    if len({change.path for change in changes}) != len(changes):
        raise _FaultError("names a file twice")
    folders = document["folders"]
    above = {parent for change in changes for parent in parents(change.path)} | {STATE}
    if not isinstance(folders, list) or not all(isinstance(folder, str) for folder in folders):
        raise _FaultError("has no valid folders")
    if not above.issuperset(folders):
        raise _FaultError("names a folder that none of its files is in")
    return Journal(token, tuple(folders), changes)


def _change(item: object) -> Change:
    if not isinstance(item, dict):
        raise _FaultError("has a change that is none")
    path, old, new = item["path"], item["old"], item["new"]
    if not isinstance(path, str):
        raise _FaultError("has a path that is no text")
    if reason := own_path_fault(path):
        raise _FaultError(f"names the path {path!r}, which {reason}")
    if not (_is_digest(old) and _is_digest(new)) or old is new is None:
        raise _FaultError("has a hash that is none")
    return Change(path, old, new)


def _is_digest(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def parents(path: str) -> list[str]:
    """The folders above a relative path, outer ones first, without the project itself."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]
