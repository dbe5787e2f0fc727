"""One run at a time in one project, without a lock file in it.

The project's folder itself is locked (`flock`): nothing to leave behind, and a killed holder lets
go. Where a folder cannot be locked (Windows, some network file systems), a file in the temporary
folder stands for it.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from scaffold.apply.trouble import refusal
from scaffold.errors import EXIT_FILE_SYSTEM, Problem, Refusal

_STEP = 0.05
_held: set[str] = set()


@contextmanager
def project_lock(root: str, wait: float = 10.0) -> Iterator[None]:
    """Keep other runs out of the project; `Refusal` after `wait` seconds. Entering it again is
    fine.

    Makes the project's folder where it is missing, and takes it away again where it stayed empty.
    """
    place = os.path.realpath(root)
    if place in _held:
        yield
        return
    try:
        made = _make_folders(place)
        handle = _acquire(place, time.monotonic() + wait)
    except OSError as error:
        raise refusal("use the folder", root, error) from error
    _held.add(place)
    try:
        yield
    finally:
        _held.discard(place)
        with suppress(OSError):
            for folder in reversed(made):
                os.rmdir(folder)
        with suppress(OSError):
            os.close(handle)


def _make_folders(place: str) -> list[str]:
    missing: list[str] = []
    while not os.path.isdir(place):
        missing.append(place)
        place = os.path.dirname(place)
    made: list[str] = []
    for folder in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(folder)
            made.append(folder)
    return made


def _acquire(place: str, until: float) -> int:
    while True:
        handle = _try_folder(place)
        if handle is None:
            handle = _try_file(place)
        if handle >= 0:
            return handle
        if time.monotonic() > until:
            raise Refusal(
                Problem(
                    "another scaffold is at work in this project",
                    place,
                    "Nothing was changed. Run it again when the other one has finished.",
                ),
                exit_code=EXIT_FILE_SYSTEM,
            )
        time.sleep(_STEP)


def _try_folder(place: str) -> int | None:
    """A handle that holds the lock, -1 where somebody else has it, None where a folder cannot be
    locked.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The last holder may have removed this folder, and somebody else made it anew.
        if os.path.samestat(os.fstat(handle), os.stat(place)):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        os.close(handle)
        return None
    os.close(handle)
    return -1


def _try_file(place: str) -> int:
    import tempfile

    from scaffold.apply.content import digest

    name = digest(os.path.normcase(place).encode("utf-8", "surrogatepass"))[:32]
    path = os.path.join(tempfile.gettempdir(), f"scaffold-{name}.lock")
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        _lock_handle(handle)
    except OSError:
        os.close(handle)
        return -1
    return handle


def _lock_handle(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
