"""Bounded reading and hashing of a project's files; on the fast path, so it imports little."""

import errno
import os
import stat

LARGEST_FILE = 16 * 1024 * 1024

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
else:
    # hashlib loads OpenSSL, which takes a quarter of the time of `python -c pass`; CPython's own
    # SHA-256 (`_sha2` from 3.12, before that `_sha256`) is there at once.
    for _module in ("_sha2", "_sha256", "hashlib"):
        try:
            sha256 = __import__(_module).sha256
        except ImportError:
            continue
        break

_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def digest(data: bytes) -> str:
    """SHA-256 of the bytes as they are, in hexadecimal: what `Write.expected` compares."""
    return str(sha256(data).hexdigest())


def text_digest(data: bytes) -> str:
    """SHA-256 with CRLF read as LF, in hexadecimal: what the lock holds, as Git may convert."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    return str(sha256(data).hexdigest())


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
