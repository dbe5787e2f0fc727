"""A compressed entry as a source: inflated as far as it is asked for, kept only in part, with limits on the work."""

import zlib
from functools import cache
from typing import Any

from scaffold.inspection.elf.source import Damaged, MemorySource, Source, UnnamedFile, check_range

_INPUT = 128 << 10
_OUTPUT = 512 << 10
# Program headers, dynamic symbols and their names stand at the start of a library: they are read after the dynamic
# section, which stands near the end. What is kept saves inflating twice.
_KEPT = 6 << 20
_MAX_RESTARTS = 4
MAX_ENTRY = 1 << 30
_MAX_IN_MEMORY = 48 << 20
_COPIED = 4 << 20


@cache
def _zlib() -> Any:
    """isal's own zlib, twice as fast, where the extra `fast` is installed."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib


class Budget:
    """What one run may cost, whatever it reads: a thousand small bombs are no larger than one.

    Libraries inflate to four times their size; `inflated` grows by more than that with every archive that is opened.
    """

    def __init__(self) -> None:
        self.inflated = 96 << 20
        self.libraries = 10_000
        self.archives = 500
        # Archives that lie too deep to be opened.
        self.unopened = 0

    def open_archive(self, size: int) -> None:
        """Counts an archive of `size` bytes that is not inside another."""
        self.inflated += 20 * size

    def spend(self, count: int) -> None:
        """Counts inflated bytes; `Damaged` beyond the limit."""
        self.inflated -= count
        if self.inflated < 0:
            raise Damaged("the archive inflates to more than scaffold reads; the rest was skipped")


class InflatedSource:
    """Random access to a deflated range; cheap forwards, and for the first megabytes."""

    def __init__(self, packed: Source, size: int, budget: Budget) -> None:
        self.size = size
        self._packed = packed
        self._budget = budget
        self._kept = bytearray()
        self._restarts = -1
        self._position = 0
        self._ahead = b""
        # Made when first read: each costs 40 KB, and an archive can list many thousands of entries.
        self._inflater: Any = None

    def _start(self) -> None:
        self._inflater = _zlib().decompressobj(-15)
        self._read = 0
        self._position = 0
        self._ahead = b""

    def read(self, offset: int, length: int) -> bytes:
        check_range(self, offset, length)
        if offset + length > MAX_ENTRY:
            raise Damaged("it is larger than a gigabyte, compressed")
        if offset + length <= len(self._kept):
            return bytes(self._kept[offset : offset + length])
        if self._inflater is None or offset < self._position - len(self._ahead):
            self._restarts += 1
            if self._restarts > _MAX_RESTARTS:
                raise Damaged("its tables are scattered in a way that no linker writes")
            self._start()
        return self._collect(offset, length)

    def _collect(self, offset: int, length: int) -> bytes:
        """Inflates up to the range and takes it; the chunk that ends it stays at hand."""
        parts = []
        missing = length
        chunk = self._ahead
        start = self._position - len(chunk)
        while True:
            if start + len(chunk) > offset:
                part = chunk[max(0, offset - start) :][:missing]
                parts.append(part)
                missing -= len(part)
            if not missing:
                return parts[0] if len(parts) == 1 else b"".join(parts)
            chunk = self._next()
            start = self._position - len(chunk)

    def _next(self) -> bytes:
        inflater = self._inflater
        while True:
            packed = inflater.unconsumed_tail
            if not packed and not inflater.eof:
                count = min(_INPUT, self._packed.size - self._read)
                packed = self._packed.read(self._read, count)
                self._read += count
            try:
                chunk: bytes = inflater.decompress(packed, _OUTPUT)
            except _zlib().error:
                raise Damaged("its compressed data is damaged") from None
            if chunk:
                break
            if inflater.eof or (not packed and self._read >= self._packed.size):
                raise Damaged("it is shorter than the archive says")
        self._budget.spend(len(chunk))
        if len(self._kept) == self._position < _KEPT:
            self._kept += chunk
        self._position += len(chunk)
        self._ahead = chunk
        return chunk


def whole(source: Source, size: int) -> Source:
    """An inflated archive inside an archive, which has to be read from its end: in memory, or in a file that has no
    name. Raises `Damaged` above a gigabyte; OSError where the disk is full."""
    if size <= _MAX_IN_MEMORY:
        return MemorySource(source.read(0, size))
    if size > MAX_ENTRY:
        raise Damaged(
            "it is larger than a gigabyte, inside another archive: unpack it and inspect it"
        )
    return UnnamedFile(source.read(at, min(_COPIED, size - at)) for at in range(0, size, _COPIED))
