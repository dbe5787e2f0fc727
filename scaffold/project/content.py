"""Bounded reading of a project's files, with what the system says of each."""

import errno
import os
import stat

LARGEST_FILE = 16 * 1024 * 1024

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def read_file(path: str, limit: int = LARGEST_FILE) -> tuple[bytes, os.stat_result]:
    """Bytes and status of a regular file; `OSError` for a link, a pipe, a folder, or above `limit`
    bytes.
    """
    handle = os.open(path, _READ_FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        data = os.read(handle, min(status.st_size, limit) + 1)
        while len(data) <= limit and (piece := os.read(handle, 65536)):
            data += piece
    finally:
        os.close(handle)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit} bytes", path)
    return data, status


def as_lf(data: bytes) -> bytes:
    """The bytes with LF line endings: Git may have changed those of a file that it checked out."""
    return data.replace(b"\r\n", b"\n")
