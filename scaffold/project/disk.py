"""Single steps on disk that outlive a power cut, on every system's terms."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from scaffold.project.content import read_file

# Editors, virus scanners and indexers hold a file open for a moment on Windows: about two seconds.
_WINDOWS = sys.platform == "win32"
_ATTEMPTS = 40
_PAUSE = 0.05
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
# Where the system does not let the owner or an attribute be kept, the file is written without.
_NOT_TO_BE_KEPT = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EINVAL, errno.ENODATA)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def write_new(place: str, data: bytes, mode: int, like: str = "", exact: int = 0) -> None:
    """Create a file that is not there yet, whole and durable. `mode` loses the umask's bits.

    `like` is a file whose owner and extended attributes (with them its ACL) the new one gets as far
    as the system allows, and then the mode `exact`.
    """
    handle = os.open(place, _NEW, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if like and sys.platform != "win32":
            _make_like(handle, like)
            os.fchmod(handle, exact)
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_like(handle: int, like: str) -> None:
    if sys.platform == "win32":
        return
    old, new = os.stat(like), os.fstat(handle)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        _as_allowed(os.fchown, handle, old.st_uid, old.st_gid)
        _as_allowed(os.fchown, handle, -1, old.st_gid)
    if sys.platform == "linux":
        names: list[str] = []
        with suppress(OSError):
            names = os.listxattr(like)
        for name in names:
            _as_allowed(lambda name: os.setxattr(handle, name, os.getxattr(like, name)), name)


def _as_allowed(change: Callable[..., None], *arguments: object) -> None:
    try:
        change(*arguments)
    except OSError as error:
        if error.errno not in _NOT_TO_BE_KEPT:
            raise


def keep(place: str, copy: str) -> None:
    """A second name for a file's present bytes, mode and time; a copy where that is no help.

    On Windows another name of a file that some program holds open could not be removed again.
    """
    try:
        if _WINDOWS:
            raise OSError
        os.link(place, copy)
    except OSError:
        data, status = read_file(place)
        write_new(copy, data, 0o600, place, stat.S_IMODE(status.st_mode))
        os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace(source: str, target: str) -> None:
    """Put `source` in the place of `target` in one step, also where that is another file system."""
    try:
        _patiently(os.replace, source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = beside(target)
        data, status = read_file(source)
        remove(near)
        try:
            write_new(near, data, 0o600, source, stat.S_IMODE(status.st_mode))
            _patiently(os.replace, near, target)
        except BaseException:
            with suppress(OSError):
                remove(near)
            raise
        remove(source)


def beside(target: str) -> str:
    """Where a file waits whose target is on another file system than the project's state."""
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name}.scaffold-new")


def remove(place: str) -> None:
    """Remove a file that may be gone already."""
    with suppress(FileNotFoundError):
        _patiently(os.unlink, place)


def _patiently(step: Callable[..., None], *places: str) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            step(*places)
        except PermissionError:
            if not _WINDOWS or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


def is_there(place: str) -> bool:
    """Whether there is anything of this name; an error other than its absence is one."""
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def sync_folder(place: str) -> None:
    """Make the names in a folder durable, where the system has a way to ask for that."""
    if sys.platform == "win32":
        return
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)
