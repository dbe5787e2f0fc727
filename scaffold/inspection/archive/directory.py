"""The central directory of a zip file, entry by entry, in memory that does not grow with it.

Python's `zipfile` keeps about 700 bytes of every entry, which is 700 MB for the million that 50 MB of zip can hold,
and its import takes longer than reading a library. Layout: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.inspection.elf.source import Damaged, Source

STORED, DEFLATED = 0, 8
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 20: "Zstandard", 93: "Zstandard", 95: "xz"}

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_CHUNK = 1 << 20
_MAX_COMMENT = 65_535


class ZipEntry(NamedTuple):
    """One file in an archive; sizes in bytes, `header_at` is where its local header begins."""

    name: str
    method: int
    encrypted: bool
    compressed_size: int
    size: int
    header_at: int
    raw_name: bytes
    checksum: int


class ZipDirectory(NamedTuple):
    """Where the central directory is; `shift` is the length of whatever stands before the zip."""

    at: int
    size: int
    shift: int


def find_directory(source: Source) -> ZipDirectory:
    """Raises `Damaged` where there is none."""
    tail_at = max(0, source.size - _END.size - _MAX_COMMENT)
    tail = source.read(tail_at, source.size - tail_at)
    position = _end_position(tail)
    if position < 0:
        raise Damaged("it is not a zip archive, or its end is missing")
    _, disk, _, _, _, size, at, _ = _END.unpack_from(tail, position)
    end = tail_at + position
    if disk not in (0, 0xFFFF):
        raise Damaged("it is one part of an archive in several files")
    if end >= _END64_LOCATOR.size:
        locator = source.read(end - _END64_LOCATOR.size, _END64_LOCATOR.size)
        if locator.startswith(b"PK\6\7"):
            end, size, at = _end64(source, end, locator)
    if size > end:
        raise Damaged("its directory is larger than the archive")
    shift = end - size - at
    if shift < 0:
        raise Damaged("its directory lies outside the archive")
    # An APK's directory may be followed by padding: what the end record says counts where it is right.
    if shift and size >= 4 and source.read(at, 4) == b"PK\1\2":
        shift = 0
    return ZipDirectory(at + shift, size, shift)


def _end_position(tail: bytes) -> int:
    """The last end record whose comment reaches exactly to the end, else the last one."""
    position = tail.rfind(b"PK\5\6", 0, max(0, len(tail) - _END.size + 4))
    first = position
    for _ in range(64):
        if position < 0:
            break
        comment = _END.unpack_from(tail, position)[7]
        if position + _END.size + comment == len(tail):
            return position
        position = tail.rfind(b"PK\5\6", 0, position)
    return first


def _end64(source: Source, end: int, locator: bytes) -> tuple[int, int, int]:
    at = _END64_LOCATOR.unpack(locator)[2]
    # With bytes before the archive, the record is where it ends and not where it says.
    for candidate in (at, end - _END64_LOCATOR.size - _END64.size):
        if 0 <= candidate <= source.size - _END64.size:
            record = _END64.unpack(source.read(candidate, _END64.size))
            if record[0] == b"PK\6\6":
                return candidate, record[8], record[9]
    raise Damaged("its zip64 end record is missing")


def entries(source: Source, directory: ZipDirectory) -> Iterator[ZipEntry]:
    """Every entry, in the directory's order. Raises `Damaged` where the directory is not one."""
    position, end = directory.at, directory.at + directory.size
    buffer, start = b"", 0
    while position < end:
        needed = _CENTRAL.size
        if len(buffer) - start < needed + 3 * 65_535 and position + len(buffer) - start < end:
            length = min(_CHUNK, end - position)
            buffer, start = source.read(position, length), 0
        if len(buffer) - start < needed:
            raise Damaged("its directory is cut off")
        fields = _CENTRAL.unpack_from(buffer, start)
        if fields[0] != b"PK\1\2":
            if fields[0] == b"PK\5\5":  # a digital signature ends the directory
                return
            raise Damaged("its directory is damaged")
        total = needed + fields[10] + fields[11] + fields[12]
        if len(buffer) - start < total:
            raise Damaged("its directory is cut off")
        yield _entry(fields, buffer[start + needed : start + total], directory.shift)
        position += total
        start += total


def _entry(fields: tuple[int, ...], rest: bytes, shift: int) -> ZipEntry:
    flags, method = fields[3], fields[4]
    compressed_size, size, name_length, extra_length = fields[8:12]
    header_at = fields[16]
    raw_name = rest[:name_length]
    if 0xFFFFFFFF in (compressed_size, size, header_at):
        extra = rest[name_length : name_length + extra_length]
        size, compressed_size, header_at = _zip64(extra, size, compressed_size, header_at)
    return ZipEntry(
        _decode(raw_name),
        method,
        bool(flags & 0x41),
        compressed_size,
        size,
        header_at + shift,
        raw_name,
        fields[7],
    )


def _zip64(extra: bytes, *values: int) -> tuple[int, int, int]:
    """The 64-bit values stand in this order, only those that did not fit."""
    found = list(values)
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            cursor = 0
            for index, value in enumerate(values):
                if value == 0xFFFFFFFF and cursor + 8 <= len(field):
                    found[index] = struct.unpack_from("<Q", field, cursor)[0]
                    cursor += 8
            break
        at += 4 + length
    return found[0], found[1], found[2]


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def data_offset(source: Source, directory: ZipDirectory, entry: ZipEntry) -> int:
    """Where the entry's bytes begin. Raises `Damaged` where its two headers contradict each other."""
    fields = _LOCAL.unpack(source.read(entry.header_at, _LOCAL.size))
    if fields[0] != b"PK\3\4":
        raise Damaged("its place in the archive holds no entry")
    name_at = entry.header_at + _LOCAL.size
    if source.read(name_at, fields[9]) != entry.raw_name:
        raise Damaged("the archive gives it two different names")
    if fields[3] != entry.method:
        raise Damaged("the archive gives it two different compression methods")
    at = int(name_at + fields[9] + fields[10])
    if at + entry.compressed_size > directory.at:
        raise Damaged("its bytes lie outside the archive")
    return at


def method_name(method: int) -> str:
    """The name of a compression method, for a message."""
    return _METHODS.get(method, f"method {method}")
