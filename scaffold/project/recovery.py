"""Undoing an interrupted transaction, or clearing up after a complete one; safe to be interrupted
itself.
"""

import errno
import os
from contextlib import suppress
from typing import NamedTuple

from scaffold.errors import EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.project import disk
from scaffold.project.exclusive import project_lock
from scaffold.project.journal import Journal, exists, parents, pending, read_journal
from scaffold.project.layout import DONE, STATE, UNDO
from scaffold.project.paths import safe_path
from scaffold.project.trouble import reason

# Not ours: a link, a folder or a pipe, or a file far too large to be one of ours.
_SOMETHING_ELSE = (errno.ELOOP, errno.EINVAL, errno.EFBIG, errno.EISDIR)


class Undone(NamedTuple):
    """`left`: files that somebody changed since, left alone. `failed`: path and reason, still to be
    undone.
    """

    left: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


class Recovery(NamedTuple):
    """What a recovery did: `undone` is False where the interrupted run had been complete."""

    undone: bool
    left: tuple[str, ...]


def recover(root: str) -> Recovery | None:
    """Bring a project back to a whole state after an interrupted run; None where there was nothing
    to do.

    Every file that the run had replaced is the old one again, unless somebody changed it since.
    `Refusal` (exit 74) names what could not be put back, (exit 2) a journal that is not ours;
    either way it stays.
    """
    root = os.path.abspath(root)
    if not pending(root) and not _is_empty_folder(os.path.join(root, STATE)):
        return None
    with project_lock(root):
        return _recover(root)


def _recover(root: str) -> Recovery | None:
    found: Recovery | None = None
    try:
        if exists(root, DONE):
            complete = read_journal(root, DONE)
            if complete is not None:
                clear(root, complete)
            disk.remove(safe_path(root, DONE))
            found = Recovery(undone=False, left=())
        if exists(root, UNDO):
            journal = read_journal(root, UNDO)
            result = undo(root, journal) if journal else Undone((), ())
            _refuse_failed(result)
            disk.remove(safe_path(root, UNDO))
            found = Recovery(undone=True, left=result.left)
        with suppress(OSError):
            os.rmdir(os.path.join(root, STATE))
    except OSError as error:
        problem = Problem(
            f"cannot undo an interrupted run: {reason(error)}", error.filename or root
        )
        raise Refusal(problem, exit_code=EXIT_FILE_SYSTEM) from error
    return found


def _is_empty_folder(place: str) -> bool:
    try:
        with os.scandir(place) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _refuse_failed(result: Undone) -> None:
    if result.failed:
        hint = (
            "The journal stays in .scaffold/: mend the cause and run it again, it is undone first."
        )
        problems = [
            Problem(f"cannot undo an interrupted run: {path}: {why}", path, hint)
            for path, why in result.failed
        ]
        raise Refusal(*problems, exit_code=EXIT_FILE_SYSTEM)


def undo(root: str, journal: Journal) -> Undone:
    """Put every old file back and take every temporary one away; the journal itself stays."""
    left: list[str] = []
    failed: list[tuple[str, str]] = []
    for number in reversed(range(len(journal.changes))):
        path = journal.changes[number].path
        try:
            if not _put_back(root, journal, number):
                left.append(path)
        except OSError as error:
            failed.append((path, reason(error)))
        except Refusal as refused:
            failed.append((path, str(refused)))
    # Durability is worth a try, but a disk that is full or failing must not keep the undoing from
    # its end.
    with suppress(OSError):
        _sync(root, journal)
    try:
        for folder in reversed(journal.folders):
            _remove_empty(root, folder)
    except OSError as error:
        failed.append((STATE, reason(error)))
    return Undone(tuple(left), tuple(failed))


def _put_back(root: str, journal: Journal, number: int) -> bool:
    """Undo one change; False where the file is neither the old nor the new one, and so somebody
    else's.
    """
    change = journal.changes[number]
    # Their folder is the target's, so these two calls also keep the target from being reached
    # through a link.
    kept, staged = safe_path(root, journal.kept(number)), safe_path(root, journal.staged(number))
    target = os.path.join(root, *change.path.split("/"))
    now = _state(target)
    whole = True
    if now == change.new:
        if change.old is None:
            disk.remove(target)
        elif disk.present(kept) == change.old:
            disk.rename(kept, target)
        else:
            whole = now == change.old
    else:
        whole = now == change.old
    disk.remove(staged)
    disk.remove(kept)
    return whole


def _state(target: str) -> str | None:
    try:
        return disk.present(target)
    except NotADirectoryError:
        return None
    except OSError as error:
        if error.errno in _SOMETHING_ELSE:
            return "something else"
        raise


def clear(root: str, journal: Journal) -> None:
    """Take away what a complete transaction needed on its way, and folders that it emptied."""
    for number, change in enumerate(journal.changes):
        disk.remove(safe_path(root, journal.staged(number)))
        disk.remove(safe_path(root, journal.kept(number)))
        if change.new is None:
            for folder in reversed(parents(change.path)):
                _remove_empty(root, folder)


def _remove_empty(root: str, folder: str) -> None:
    # The journal is in the state folder until the end.
    if folder != STATE:
        disk.remove_empty(os.path.join(root, *folder.split("/")))


def _sync(root: str, journal: Journal) -> None:
    for folder in folders_of(journal):
        with suppress(FileNotFoundError, NotADirectoryError):
            disk.sync_folder(os.path.join(root, *folder.split("/")))


def folders_of(journal: Journal) -> list[str]:
    """The folders that hold the files of a transaction, each once; the project itself is the empty
    one.
    """
    return sorted({change.path.rpartition("/")[0] for change in journal.changes})
