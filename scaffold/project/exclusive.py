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

from scaffold.errors import EXIT_FILE_SYSTEM, Problem, Refusal
from scaffold.project.trouble import refusal

# At the top, not where they are used: nothing may have to be loaded once the disk is full.
if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

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
    made: list[str] = []
    try:
        handle = _acquire(place, made, time.monotonic() + wait)
    except BaseException as error:
        _drop_empty(made)
        if isinstance(error, OSError):
            raise refusal("use the folder", root, error) from error
        raise
    _held.add(place)
    try:
        yield
    finally:
        _held.discard(place)
        _drop_empty(made)
        with suppress(OSError):
            os.close(handle)


def _acquire(place: str, made: list[str], until: float) -> int:
    while True:
        _make_folders(place, made)
        handle = _try_folder(place)
        if handle is None:
            handle = _try_file(place)
        if handle >= 0:
            return handle
        if time.monotonic() > until:
            raise Refusal(
                Problem(
                    "another scaffold process is running in this project",
                    place,
                    "Nothing was changed. Run it again when the other one has finished.",
                ),
                exit_code=EXIT_FILE_SYSTEM,
            )
        time.sleep(_STEP)


def _make_folders(place: str, made: list[str]) -> None:
    missing: list[str] = []
    while not os.path.isdir(place) and place != os.path.dirname(place):
        missing.append(place)
        place = os.path.dirname(place)
    for folder in reversed(missing):
        try:
            os.mkdir(folder)
        except FileExistsError:
            if not os.path.isdir(folder) and os.path.lexists(folder):
                raise
        else:
            made.append(folder)


def _drop_empty(made: list[str]) -> None:
    with suppress(OSError):
        for folder in reversed(made):
            os.rmdir(folder)


def _try_folder(place: str) -> int | None:
    """A handle that holds the lock, -1 where others have it, None where folders have no locks."""
    if sys.platform == "win32":
        return None
    try:
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return None
    except FileNotFoundError:
        return -1
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
    from hashlib import sha256

    name = sha256(os.path.normcase(place).encode("utf-8", "surrogatepass")).hexdigest()[:32]
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
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
