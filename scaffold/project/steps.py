"""What a transaction is asked to do, and what of it there is left to do once the disk was looked
at.
"""

import os
import stat
from typing import NamedTuple

from scaffold.errors import EXIT_CONFLICT, EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.project.content import digest, read_file
from scaffold.project.journal import Change
from scaffold.project.layout import own_path_fault
from scaffold.project.paths import safe_path
from scaffold.project.trouble import refusal

ANY = "any"
"""As `expected`: whatever is there. For files of ours alone, such as base copies."""


class Write(NamedTuple):
    """A file's new bytes. `expected` is the `content.digest` that the plan saw, None for no file,
    or `ANY`.

    An existing file keeps its mode, a new one gets what the umask leaves of 0o666; with `mode`
    0o755 both can be executed by whoever may read them.
    """

    path: str
    data: bytes
    expected: str | None
    mode: int | None = None


class Remove(NamedTuple):
    """A file that goes. `expected` as in `Write`."""

    path: str
    expected: str | None


class Step(NamedTuple):
    """One change, with the file's new bytes, the mode to create it with, and the one it must have."""

    change: Change
    data: bytes
    mode: int
    exact: int | None


def steps_of(root: str, changes: list[Write | Remove]) -> list[Step]:
    """The changes that are not made already; `Refusal` for paths and files that forbid any of them."""
    _refuse_twins(changes)
    written = {change.path.lower(): change.path for change in changes if isinstance(change, Write)}
    steps: list[Step] = []
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


def _step(change: Write | Remove, old: str | None, mode: int) -> Step | None:
    if isinstance(change, Remove):
        return Step(Change(change.path, old, None), b"", 0, None) if old else None
    new = digest(change.data)
    runs = change.mode is not None and bool(change.mode & 0o111)
    # Who may read it may run it, as `chmod +x` does under the umask that the file was made with.
    wanted = mode | (mode & 0o444) >> 2 if runs else mode
    if old == new and (wanted == mode or os.name == "nt"):
        return None
    exact = wanted if old else None
    return Step(Change(change.path, old, new), change.data, 0o777 if runs else 0o666, exact)
