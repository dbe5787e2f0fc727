"""Every change of a run, or none of them.

Order on disk: journal, new folders, old bytes kept and new bytes staged beside their targets, all
of it durable; then one rename or removal a file, the lock last; then the journal is renamed from
`undo.json` to `done.json`, which is the moment when the change is made; then the left-overs go.
Until that moment every error and every crash undoes it all.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from scaffold.errors import EXIT_CONFLICT, EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.project import disk
from scaffold.project.exclusive import project_lock
from scaffold.project.journal import Journal, encode, parents
from scaffold.project.layout import DONE, LOCK, STATE, UNDO
from scaffold.project.paths import safe_path
from scaffold.project.recovery import clear, folders_of, undo
from scaffold.project.steps import ANY, Remove, Step, Write, steps_of
from scaffold.project.trouble import reason, refusal

__all__ = ["ANY", "Remove", "Write", "apply_changes"]


def apply_changes(root: str, changes: Sequence[Write | Remove], lock: bytes) -> None:
    """Make all the changes, then write the lock; files that are as wanted already are not touched.

    `Refusal`, with nothing changed: exit 74 where the file system refuses, 3 where a file is no
    longer what the plan saw, 2 for a path outside the project. Should undoing fail too, the refusal
    names every file concerned, the journal stays, and `recovery.recover` finishes the undoing.
    """
    root = os.path.abspath(root)
    with project_lock(root):
        _refuse_interrupted(root)
        steps = steps_of(root, [*changes, Write(LOCK, lock, ANY)])
        if steps:
            _run(root, steps)


def _refuse_interrupted(root: str) -> None:
    try:
        interrupted = any(disk.is_there(_at(root, name)) for name in (UNDO, DONE))
    except OSError as error:
        raise refusal("look at", STATE, error) from error
    if interrupted:
        problem = Problem("an interrupted run must be undone first", STATE, "Run it again.")
        raise Refusal(problem, exit_code=EXIT_FILE_SYSTEM)


class _Trail:
    """Where the transaction is: the file being worked on, and whether the journal is its own."""

    at = UNDO
    journal_is_ours = True


class _StaleError(Exception):
    """Somebody changed a file while the transaction was under way."""


def _run(root: str, steps: list[Step]) -> None:
    changes = tuple(step.change for step in steps)
    above = {folder for change in changes if change.new for folder in parents(change.path)}
    trail = _Trail()
    try:
        missing = sorted(folder for folder in above if not disk.is_there(_at(root, folder)))
    except OSError as error:
        raise refusal("look at", error.filename or root, error) from error
    journal = Journal(os.urandom(8).hex(), tuple(missing), changes)
    try:
        _begin(root, journal, trail)
        _stage(root, journal, steps, trail)
        _install(root, journal, trail)
        disk.rename(_at(root, UNDO), _at(root, DONE))
    except BaseException as error:
        # Where even this cannot be told, undoing is right as well: all that it needs is still
        # there.
        if not os.path.lexists(_at(root, DONE)):
            _roll_back(root, journal, error, trail)
        _finish(root, journal)
        raise
    _finish(root, journal)


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/")) if path else root


def _begin(root: str, journal: Journal, trail: _Trail) -> None:
    state = _at(root, STATE)
    try:
        if STATE in journal.folders:
            os.mkdir(state)
            disk.sync_folder(root)
        disk.write_new(_at(root, UNDO), encode(journal), 0o666)
    except FileExistsError:
        # The second guard against another run, for file systems where the first one did not hold.
        trail.journal_is_ours = False
        raise
    disk.sync_folder(state)


def _stage(root: str, journal: Journal, steps: list[Step], trail: _Trail) -> None:
    for folder in journal.folders:
        trail.at = folder
        if folder != STATE:
            os.mkdir(_at(root, folder))
    for number, step in enumerate(steps):
        trail.at = step.change.path
        if step.change.old is not None:
            disk.keep(_at(root, step.change.path), safe_path(root, journal.kept(number)))
        if step.change.new is not None:
            staged = safe_path(root, journal.staged(number))
            disk.write_new(staged, step.data, step.mode, step.exact)
    _sync(root, journal, trail)


def _install(root: str, journal: Journal, trail: _Trail) -> None:
    for number, change in enumerate(journal.changes):
        trail.at = change.path
        place = safe_path(root, change.path)
        if disk.present(place) != change.old:
            raise _StaleError
        if change.new is None:
            disk.remove(place)
        else:
            disk.rename(_at(root, journal.staged(number)), place)
    _sync(root, journal, trail)


def _sync(root: str, journal: Journal, trail: _Trail) -> None:
    inner = set(folders_of(journal))
    for folder in sorted(inner | {outer.rpartition("/")[0] for outer in journal.folders}):
        trail.at = folder or "."
        disk.sync_folder(_at(root, folder))


def _finish(root: str, journal: Journal) -> None:
    """Clear up; what cannot be cleared now is cleared by the next run, for the change itself is
    made.
    """
    with suppress(OSError, Refusal):
        disk.sync_folder(_at(root, STATE))
    with suppress(OSError, Refusal):
        clear(root, journal)
        disk.remove(_at(root, DONE))


def _roll_back(root: str, journal: Journal, error: BaseException, trail: _Trail) -> NoReturn:
    at = trail.at
    failed = list(undo(root, journal).failed)
    if not failed and trail.journal_is_ours:
        try:
            disk.remove(_at(root, UNDO))
            if STATE in journal.folders:
                disk.remove_empty(_at(root, STATE))
        except OSError as trouble:
            failed.append((UNDO, reason(trouble)))
    if failed:
        raise _half_undone(failed, at, error) from error
    if isinstance(error, _StaleError):
        hint = "Nothing was changed. Run it again to plan with the file as it is now."
        problem = Problem(f"{at} was changed in the meantime", at, hint)
        raise Refusal(problem, exit_code=EXIT_CONFLICT) from None
    if isinstance(error, OSError):
        raise refusal("write", at, error) from error
    raise error


def _half_undone(failed: list[tuple[str, str]], at: str, error: BaseException) -> Refusal:
    first = Problem(f"cannot write {at}: {reason(error)}, and undoing it failed too", at)
    hint = "The journal stays in .scaffold/: mend the cause and run it again, it is undone first."
    rest = [Problem(f"{path} may not be as it was: {why}", path, hint) for path, why in failed]
    return Refusal(first, *rest, exit_code=EXIT_FILE_SYSTEM)
