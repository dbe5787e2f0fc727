"""Every change of a run, or none of them.

Order on disk: journal, new folders, old bytes kept and new bytes staged beside their targets, all
of it durable; then one rename or removal a file, the lock last; then the journal is renamed from
`undo.json` to `done.json`, which is the moment when the change is made; then the left-overs go.
Until that moment every error and every crash undoes it all.
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, NoReturn

from scaffold.apply import disk
from scaffold.apply.content import digest, read_file
from scaffold.apply.exclusive import project_lock
from scaffold.apply.journal import Change, Journal, encode, parents
from scaffold.apply.layout import DONE, LOCK, STATE, UNDO, own_path_fault
from scaffold.apply.paths import safe_path
from scaffold.apply.recovery import clear, folders_of, undo
from scaffold.apply.trouble import reason, refusal
from scaffold.errors import EXIT_CONFLICT, EXIT_FILE_SYSTEM, Problem, Refusal

ANY = "any"
"""As `expected`: whatever is there. For files of ours alone, such as base copies."""


class Write(NamedTuple):
    """A file's new bytes. `expected` is the `content.digest` that the plan saw, None for no file,
    or `ANY`.

    `mode` None keeps that of the existing file; 0o755 or 0o644 sets or clears its executable bits.
    A new file gets the mode (0o644 where None) less the umask.
    """

    path: str
    data: bytes
    expected: str | None
    mode: int | None = None


class Remove(NamedTuple):
    """A file that goes. `expected` as in `Write`."""

    path: str
    expected: str | None


class _Step(NamedTuple):
    change: Change
    data: bytes
    mode: int
    exact: int | None


def apply_changes(root: str, changes: Sequence[Write | Remove], lock: bytes) -> None:
    """Make all the changes, then write the lock; files that are as wanted already are not touched.

    `Refusal`, with nothing changed: exit 74 where the file system refuses, 3 where a file is no
    longer what the plan saw, 2 for a path outside the project. Should undoing fail too, the refusal
    names every file concerned, the journal stays, and `recovery.recover` finishes the undoing.
    """
    root = os.path.abspath(root)
    with project_lock(root):
        _refuse_interrupted(root)
        steps = _steps(root, [*changes, Write(LOCK, lock, ANY)])
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


def _steps(root: str, changes: list[Write | Remove]) -> list[_Step]:
    _refuse_twins(changes)
    written = {change.path.lower(): change.path for change in changes if isinstance(change, Write)}
    steps: list[_Step] = []
    stale: list[Problem] = []
    for change in changes:
        place = safe_path(root, change.path)
        if isinstance(change, Remove) and _is_same_file(
            root, place, written.get(change.path.lower())
        ):
            continue
        old, mode = _before(place, change.path)
        step = _step(change, old, mode)
        if step is None:
            continue
        steps.append(step)
        if change.expected not in (ANY, old):
            hint = "Nothing was changed. Run it again to plan with the file as it is now."
            stale.append(Problem(f"{change.path} was changed in the meantime", change.path, hint))
    if stale:
        raise Refusal(*stale, exit_code=EXIT_CONFLICT)
    return steps


def _refuse_twins(changes: list[Write | Remove]) -> None:
    seen: dict[tuple[type, str], str] = {}
    exact: set[str] = set()
    for change in changes:
        if fault := own_path_fault(change.path):
            raise Refusal(Problem(f"the path {change.path!r} {fault}", change.path))
        other = seen.setdefault((type(change), change.path.lower()), change.path)
        if other != change.path or change.path in exact:
            message = f"{other} and {change.path} are one file on Windows and macOS"
            raise Refusal(Problem(message, change.path, "Give the two folders different names."))
        exact.add(change.path)


def _is_same_file(root: str, place: str, other: str | None) -> bool:
    """Whether a path to remove is, on this file system, just another spelling of one that is
    written.
    """
    if other is None:
        return False
    try:
        return os.path.samefile(place, os.path.join(root, *other.split("/")))
    except OSError:
        return False


def _before(place: str, path: str) -> tuple[str | None, int]:
    try:
        data, status = read_file(place)
    except FileNotFoundError:
        return None, 0
    except OSError as error:
        raise refusal("read", path, error) from error
    # A rename would replace a read-only file on POSIX and fail on Windows: nowhere is it ours to
    # replace.
    if not status.st_mode & stat.S_IWUSR or not os.access(place, os.W_OK):
        hint = "Nothing was changed. Make the file, or the file system it is on, writable."
        problem = Problem(f"{path} is read-only", path, hint)
        raise Refusal(problem, exit_code=EXIT_FILE_SYSTEM)
    return digest(data), status.st_mode & 0o777


def _step(change: Write | Remove, old: str | None, mode: int) -> _Step | None:
    if isinstance(change, Remove):
        return _Step(Change(change.path, old, None), b"", 0, None) if old else None
    new = digest(change.data)
    wanted = mode
    if change.mode is not None:
        # Who may read it may run it, as `chmod +x` does under the umask that the file was made
        # with.
        wanted = mode & ~0o111 | ((mode & 0o444) >> 2 if change.mode & 0o111 else 0)
    if old == new and (wanted == mode or os.name == "nt"):
        return None
    fresh = 0o777 if change.mode is not None and change.mode & 0o111 else 0o666
    return _Step(Change(change.path, old, new), change.data, fresh, wanted if old else None)


class _Trail:
    """The file being worked on, for the message."""

    at = UNDO


class _StaleError(Exception):
    """Somebody changed a file while the transaction was under way."""


def _run(root: str, steps: list[_Step]) -> None:
    changes = tuple(step.change for step in steps)
    above = {folder for change in changes if change.new for folder in parents(change.path)}
    trail = _Trail()
    try:
        missing = sorted(folder for folder in above if not disk.is_there(_at(root, folder)))
    except OSError as error:
        raise refusal("look at", error.filename or root, error) from error
    journal = Journal(os.urandom(8).hex(), tuple(missing), changes)
    try:
        _begin(root, journal)
        _stage(root, journal, steps, trail)
        _install(root, journal, trail)
        disk.rename(_at(root, UNDO), _at(root, DONE))
    except BaseException as error:
        # Where even this cannot be told, undoing is right as well: all that it needs is still there.
        if not os.path.lexists(_at(root, DONE)):
            _roll_back(root, journal, error, trail.at)
        _finish(root, journal)
        raise
    _finish(root, journal)


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/")) if path else root


def _begin(root: str, journal: Journal) -> None:
    state = _at(root, STATE)
    if STATE in journal.folders:
        os.mkdir(state)
        disk.sync_folder(root)
    # It must not exist: the second guard against another run, where the first one did not hold.
    disk.write_new(_at(root, UNDO), encode(journal), 0o666)
    disk.sync_folder(state)


def _stage(root: str, journal: Journal, steps: list[_Step], trail: _Trail) -> None:
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


def _roll_back(root: str, journal: Journal, error: BaseException, at: str) -> NoReturn:
    result = undo(root, journal)
    failed = list(result.failed)
    if not failed:
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
