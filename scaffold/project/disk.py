"""Single steps on disk that outlive a power cut, on every system's terms."""

import errno
import os
import stat
import sys
import time

from scaffold.project.content import digest, read_file

# Virus scanners and indexers hold a new file open for a moment on Windows.
_ATTEMPTS = 6
_PAUSE = 0.05
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
_NOT_TO_BE_REMOVED = (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def write_new(place: str, data: bytes, mode: int, exact: int | None = None) -> None:
    """Create a file that is not there yet, whole and durable. `mode` loses the umask's bits,
    `exact` none.
    """
    handle = os.open(place, _NEW, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if exact is not None and sys.platform != "win32":
            os.fchmod(handle, exact)
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(place: str, copy: str) -> None:
    """A second name for a file's present bytes, mode and time; a copy where the file system has no
    links.
    """
    try:
        os.link(place, copy)
    except OSError:
        data, status = read_file(place)
        write_new(copy, data, 0o600, stat.S_IMODE(status.st_mode))
        os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))


def rename(source: str, target: str) -> None:
    """Put `source` in the place of `target`, in one step."""
    for attempt in range(_ATTEMPTS):
        try:
            os.replace(source, target)
        except PermissionError:
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


def remove(place: str) -> None:
    """Remove a file that may be gone already."""
    for attempt in range(_ATTEMPTS):
        try:
            os.unlink(place)
        except FileNotFoundError:
            return
        except PermissionError:
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


def remove_empty(place: str) -> None:
    """Remove a folder if it is there and nothing is in it."""
    try:
        os.rmdir(place)
    except OSError as error:
        if error.errno not in _NOT_TO_BE_REMOVED:
            raise


def is_there(place: str) -> bool:
    """Whether there is anything of this name; an error other than its absence is one."""
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def present(place: str) -> str | None:
    """`content.digest` of a file, None where there is none."""
    try:
        return digest(read_file(place)[0])
    except FileNotFoundError:
        return None


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
