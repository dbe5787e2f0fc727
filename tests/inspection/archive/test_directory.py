"""Reading a zip's directory: what Python and others write, and what was made to mislead."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.inspection.archive.directory import (
    ZipDirectory,
    ZipEntry,
    data_offset,
    entries,
    find_directory,
)
from scaffold.inspection.elf.source import Damaged, MemorySource


def zipped(files: dict[str, bytes], *, comment: bytes = b"", method: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def read(data: bytes) -> tuple[MemorySource, ZipDirectory, list[ZipEntry]]:
    source = MemorySource(data)
    directory = find_directory(source)
    return source, directory, list(entries(source, directory))


def contents(data: bytes) -> dict[str, bytes]:
    source, directory, listed = read(data)
    return {
        entry.name: source.read(data_offset(source, directory, entry), entry.compressed_size)
        for entry in listed
    }


FILES = {"lib/x86/liba.so": b"first", "häßlich/datei": b"second", "empty": b""}


def test_entries_are_those_that_were_written() -> None:
    assert contents(zipped(FILES)) == FILES


def test_bytes_before_the_archive_are_skipped() -> None:
    assert contents(b"#!/bin/sh\n" * 30 + zipped(FILES)) == FILES


def test_a_signing_block_before_the_directory_is_skipped() -> None:
    data = zipped(FILES)
    end = data.rindex(b"PK\5\6")
    at = struct.unpack_from("<L", data, end + 16)[0]
    block = b"APK Sig Block 42" * 100
    moved = bytearray(data[:at] + block + data[at:])
    struct.pack_into("<L", moved, end + len(block) + 16, at + len(block))
    assert contents(bytes(moved)) == FILES


def test_a_comment_is_skipped_even_if_it_looks_like_an_end() -> None:
    comment = b"PK\5\6" + bytes(40)
    assert contents(zipped(FILES, comment=comment)) == FILES


def test_zip64_records_are_followed() -> None:
    data = zipped({"a": b"12345"})
    end = data.rindex(b"PK\5\6")
    directory = bytearray(data[data.index(b"PK\1\2") : end])
    struct.pack_into("<2L", directory, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", directory, 30, 20)
    directory += struct.pack("<2H2Q", 1, 16, 5, 5)
    at = data.index(b"PK\1\2")
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(directory), at)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at + len(directory), 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    for before in (b"", b"before" * 10):
        assert contents(before + data[:at] + directory + end64 + locator + last) == {"a": b"12345"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\3\4",
        b"PK\3\4TT\0\xe1arPK\5\6\0\0\0",
        b"not an archive" * 100,
        zipped(FILES)[:-1][:-21],
        b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, 500, 0, 0),
        b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, 0, 500, 0),
        b"PK\5\6" + struct.pack("<4H2LH", 7, 7, 1, 1, 0, 0, 0),
        struct.pack("<4sLQL", b"PK\6\7", 0, 1 << 50, 1)
        + b"PK\5\6"
        + struct.pack("<4H2LH", 0, 0, 1, 1, 0, 0, 0),
    ],
)
def test_what_has_no_sound_end_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        find_directory(MemorySource(data))


def test_a_directory_cut_off_or_overwritten_is_damage() -> None:
    data = zipped({"a" * 100: b"", "b" * 100: b""})
    second = data.rindex(b"PK\1\2")
    with pytest.raises(Damaged, match="damaged"):
        read(data[:second] + b"XX" + data[second + 2 :])
    long_name = bytearray(data)
    struct.pack_into("<H", long_name, second + 28, 65_000)
    with pytest.raises(Damaged, match="cut off"):
        read(bytes(long_name))


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [
        (0, b"XX", "holds no entry"),
        (8, struct.pack("<H", 8), "two different compression methods"),
        (30, b"Z", "two different names"),
        (28, struct.pack("<H", 65_000), "outside the archive"),
    ],
)
def test_headers_that_contradict_each_other_are_damage(at: int, value: bytes, reason: str) -> None:
    data = bytearray(zipped({"lib.so": b"12345"}))
    data[at : at + len(value)] = value
    source, directory, listed = read(bytes(data))
    with pytest.raises(Damaged, match=reason):
        data_offset(source, directory, listed[0])


def test_a_million_entries_are_walked_in_constant_memory() -> None:
    """Counted with fewer, since the walk keeps nothing: the buffer is the same for any number."""
    one = struct.pack("<4s6H3L5H2L", b"PK\1\2", 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0)
    count = 60_000
    directory = (one + b"lib.so") * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(directory), 0, 0)
    source = MemorySource(directory + end)
    tracemalloc.start()
    try:
        walked = sum(1 for _ in entries(source, find_directory(source)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert walked == count
    assert peak < 5 << 20


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=8)), max_size=6))
def test_any_mutation_is_read_or_damage(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(zipped(FILES, comment=b"x" * 20))
    for at, value in changes:
        at %= len(data)
        data[at : at + len(value)] = value
    with suppress(Damaged):
        contents(bytes(data))
