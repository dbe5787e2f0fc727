"""Bytes by range: where a library or an archive is read from, without ever loading it whole."""

import os
import stat
import sys
from collections.abc import Iterable
from typing import Protocol


class Damaged(Exception):
    """The bytes are not what they claim to be; the text says what is wrong, for `unreadable`."""


class Source(Protocol):
    """Random access to `size` bytes."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes; `Damaged` where the source ends before that."""
        ...


def check_range(source: Source, offset: int, length: int) -> None:
    """`Damaged` where the source does not have these bytes."""
    if offset < 0 or length < 0 or offset + length > source.size:
        raise Damaged(f"it ends at byte {source.size}, and byte {offset + length} is asked for")


class MemorySource:
    """Bytes that are in memory already."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, offset: int, length: int) -> bytes:
        check_range(self, offset, length)
        return self._data[offset : offset + length]


class FileSource:
    """A regular file, opened for the life of the value; safe to read from several threads."""

    def __init__(self, path: str) -> None:
        """Raises OSError; `Damaged` for what is no regular file (a FIFO would block for ever)."""
        # Windows translates line ends without O_BINARY; it knows neither O_NONBLOCK nor pread.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        self._descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise Damaged("it is not a regular file")
        self.size = status.st_size

    def read(self, offset: int, length: int) -> bytes:
        check_range(self, offset, length)
        data = self._read_at(offset, length)
        if len(data) != length:
            raise Damaged("it became shorter while it was read")
        return data

    if sys.platform == "win32":

        def _read_at(self, offset: int, length: int) -> bytes:
            import threading

            lock = self.__dict__.setdefault("_lock", threading.Lock())
            with lock:
                os.lseek(self._descriptor, offset, os.SEEK_SET)
                return os.read(self._descriptor, length)

    else:

        def _read_at(self, offset: int, length: int) -> bytes:
            return os.pread(self._descriptor, length, offset)

    def close(self) -> None:
        os.close(self._descriptor)

    def __enter__(self) -> "FileSource":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class UnnamedFile(FileSource):
    """Chunks kept on disk for the life of the value, in a file that no other program sees by name."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        from tempfile import TemporaryFile

        self._file = TemporaryFile()  # noqa: SIM115 - closed with the value
        self.size = sum(map(self._file.write, chunks))
        self._file.flush()
        self._descriptor = self._file.fileno()

    def __del__(self) -> None:
        # Its libraries are read after whoever opened it has gone on.
        self._file.close()


class PartSource:
    """A range of another source, such as a stored entry of an archive."""

    def __init__(self, whole: Source, start: int, size: int) -> None:
        self._whole = whole
        self._start = start
        self.size = size

    def read(self, offset: int, length: int) -> bytes:
        check_range(self, offset, length)
        return self._whole.read(self._start + offset, length)
