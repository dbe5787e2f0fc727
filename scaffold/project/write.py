"""Writes the files of a run, each whole, in an order that a rerun can finish.

New bytes are staged below `.scaffold/tmp/`, made durable and renamed into place one by one, in the
order in which they are given. An error on the way puts back what was replaced. A crash leaves every
file whole, old or new: the next run finds the rest still to do, and clears what was staged.
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from scaffold.errors import EXIT_CONFLICT, EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.project import disk
from scaffold.project.content import read_file
from scaffold.project.exclusive import project_lock
from scaffold.project.layout import STATE, TEMPORARY, own_path_fault
from scaffold.project.paths import safe_path
from scaffold.project.trouble import reason, refusal


class FileWrite(NamedTuple):
    """A file's new bytes, None where it goes. `before` are those that the plan saw, None for no file.

    An existing file keeps its mode, a new one gets what the umask leaves of 0o666; with `executable`
    both can be run by whoever may read them. `like` is a file whose owner and mode a new one gets.
    `ours`: whatever is there is replaced.
    """

    path: str
    data: bytes | None
    before: bytes | None = None
    executable: bool = False
    ours: bool = False
    like: str = ""


class _Step(NamedTuple):
    """What is left to do for one file: `old` and `mode` are those of the file on disk."""

    path: str
    place: str
    old: bytes | None
    new: bytes | None
    mode: int
    executable: bool
    like: str


def write_files(root: str, writes: Sequence[FileWrite]) -> None:
    """Makes all the changes in their order; files that are as wanted already are not touched.

    `Refusal`, with nothing changed: exit 74 where the file system refuses, 3 where a file is no
    longer what the plan saw, 2 for a path outside the project. Should putting back fail too, the
    refusal names every file concerned.
    """
    root = os.path.abspath(root)
    with project_lock(root):
        _clear(root)
        steps = _steps(root, writes)
        if steps:
            _Run(root, steps).run()


def _clear(root: str) -> None:
    """Takes away what a run that was cut off has staged."""
    folder = _at(root, TEMPORARY)
    if not os.path.lexists(folder):
        return
    safe_path(root, f"{TEMPORARY}/0.new")
    with suppress(OSError):
        for name in os.listdir(folder):
            disk.remove(os.path.join(folder, name))
        os.rmdir(folder)
        os.rmdir(_at(root, STATE))


def _steps(root: str, writes: Sequence[FileWrite]) -> list[_Step]:
    """The changes that are not made already; `Refusal` for paths and files that forbid any of them."""
    _refuse_twins(writes)
    written = {write.path.lower(): write.path for write in writes if write.data is not None}
    steps: list[_Step] = []
    stale: list[Problem] = []
    for write in writes:
        place = safe_path(root, write.path)
        other = written.get(write.path.lower())
        if write.data is None and other and _is_same_file(place, _at(root, other)):
            continue
        old, mode = _present(place, write.path)
        wanted = mode | (mode & 0o444) >> 2 if write.executable else mode
        if old == write.data and (wanted == mode or os.name == "nt"):
            continue
        like = place if old is not None else ""
        if not like and write.like:
            like = safe_path(root, write.like)
            source, wanted = _present(like, write.like)
            like = like if source is not None else ""
        steps.append(_Step(write.path, place, old, write.data, wanted, write.executable, like))
        if not write.ours and old != write.before:
            stale.append(_changed_meanwhile(write.path))
    if stale:
        raise Refusal(*stale, exit_code=EXIT_CONFLICT)
    return steps


def _refuse_twins(writes: Sequence[FileWrite]) -> None:
    seen: dict[tuple[bool, str], str] = {}
    for write in writes:
        if fault := own_path_fault(write.path):
            raise Refusal(Problem(f"the path {write.path!r} {fault}", write.path))
        key = (write.data is None, write.path.lower())
        if key in seen:
            message = f"{seen[key]} and {write.path} are one file on Windows and macOS"
            raise Refusal(Problem(message, write.path, "Give the two folders different names."))
        seen[key] = write.path


def _is_same_file(place: str, other: str) -> bool:
    """Whether a path to remove is, on this file system, just another spelling of one that is
    written.
    """
    try:
        return os.path.samefile(place, other)
    except OSError:
        return False


def _present(place: str, path: str) -> tuple[bytes | None, int]:
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
        raise Refusal(Problem(f"{path} is read-only", path, hint), exit_code=EXIT_FILE_SYSTEM)
    return data, stat.S_IMODE(status.st_mode)


def _changed_meanwhile(path: str) -> Problem:
    hint = "Nothing was changed. Run it again to plan with the file as it is now."
    return Problem(f"{path} was changed in the meantime", path, hint)


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/")) if path else root


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


class _StaleError(Exception):
    """Somebody changed a file while the run was under way."""


class _Run:
    """One run's way through its steps: what it made, what it replaced, and where it is."""

    def __init__(self, root: str, steps: list[_Step]) -> None:
        self.root = root
        self.steps = steps
        self.at = STATE
        self.made: list[str] = []
        self.replaced: list[int] = []

    def run(self) -> None:
        try:
            self._stage()
            self._install()
        except BaseException as error:
            at = self.at
            stuck = self._put_back()
            self._clear_up()
            refused = self._refusal(error, at, stuck)
            if refused is None:
                raise
            raise refused from error
        try:
            self._clear_up()
        except BaseException:
            self._clear_up()
            raise

    def _staged(self, number: int) -> str:
        return _at(self.root, f"{TEMPORARY}/{number}.new")

    def _kept(self, number: int) -> str:
        return _at(self.root, f"{TEMPORARY}/{number}.old")

    def _stage(self) -> None:
        needed = {
            folder for step in self.steps if step.new is not None for folder in _parents(step.path)
        }
        for folder in sorted(needed | {STATE, TEMPORARY}):
            self.at = folder
            if not disk.is_there(_at(self.root, folder)):
                self.made.append(folder)
                os.mkdir(_at(self.root, folder))
        for number, step in enumerate(self.steps):
            self.at = step.path
            disk.remove(disk.beside(step.place))
            if step.old is not None:
                disk.keep(step.place, self._kept(number))
            if step.new is not None:
                mode = 0o777 if step.executable else 0o666
                disk.write_new(self._staged(number), step.new, mode, step.like, step.mode)
        self._sync([TEMPORARY, STATE, ""])

    def _install(self) -> None:
        files: list[str] = []
        state: list[str] = []
        for number, step in enumerate(self.steps):
            folders = ["", *_parents(step.path)]
            if step.path.startswith(STATE + "/"):
                # The state may say what is so only once that would survive a power cut.
                self._sync(files)
                files = []
                state += folders
            else:
                files += folders
            self.at = step.path
            if self._now(step.path) != step.old:
                raise _StaleError
            self.replaced.append(number)
            if step.new is None:
                disk.remove(step.place)
            else:
                disk.replace(self._staged(number), step.place)
        self._sync(files + state)

    def _now(self, path: str) -> bytes | None:
        # Looked at anew: a folder may have become a link since.
        try:
            return read_file(safe_path(self.root, path))[0]
        except FileNotFoundError:
            return None

    def _sync(self, folders: list[str]) -> None:
        for folder in sorted(set(folders)):
            self.at = folder or "."
            with suppress(FileNotFoundError):
                disk.sync_folder(_at(self.root, folder))

    def _put_back(self) -> str:
        """The old files again, the last one first; why that stopped, empty where all are back.

        What cannot be put back ends it: the files before it stay new, as after a crash, so that a
        rerun finishes them.
        """
        stuck = ""
        try:
            while self.replaced:
                step = self.steps[self.replaced[-1]]
                if self._now(step.path) == step.new:
                    if step.old is None:
                        disk.remove(step.place)
                    else:
                        disk.replace(self._kept(self.replaced[-1]), step.place)
                self.replaced.pop()
        except OSError as error:
            stuck = f"{step.path}: {reason(error)}"
        except Refusal as refused:
            stuck = str(refused)
        with suppress(OSError):
            self._sync(["", *(folder for step in self.steps for folder in _parents(step.path))])
        for folder in reversed(self.made):
            with suppress(OSError):
                os.rmdir(_at(self.root, folder))
        return stuck

    def _clear_up(self) -> None:
        """Takes away what was staged, and folders that a removal emptied; the next run clears the rest."""
        for number, step in enumerate(self.steps):
            for place in (self._staged(number), self._kept(number)):
                with suppress(OSError):
                    disk.remove(place)
            if step.new is None and not os.path.lexists(step.place):
                for folder in reversed(_parents(step.path)):
                    with suppress(OSError):
                        os.rmdir(_at(self.root, folder))
        with suppress(OSError):
            os.rmdir(_at(self.root, TEMPORARY))
            os.rmdir(_at(self.root, STATE))

    def _refusal(self, error: BaseException, at: str, stuck: str) -> Refusal | None:
        if stuck:
            done = ", ".join(self.steps[number].path for number in self.replaced)
            hint = f"These files are already written: {done}. Run it again to finish the others."
            message = f"cannot write {at}: {reason(error)}, and undoing it failed too ({stuck})"
            return Refusal(Problem(message, at, hint), exit_code=EXIT_FILE_SYSTEM)
        if isinstance(error, _StaleError):
            return Refusal(_changed_meanwhile(at), exit_code=EXIT_CONFLICT)
        return refusal("write", at, error) if isinstance(error, OSError) else None
