"""The dynamic section: which libraries are needed, and where the symbols are."""

import struct
from array import array
from typing import NamedTuple

from scaffold.inspection.elf.layout import PT_DYNAMIC, SHT_DYNSYM, Layout, Segment, read_sections
from scaffold.inspection.elf.source import Damaged, Source
from scaffold.inspection.elf.symbols import MAX_SYMBOLS, SymbolTable, unpack_hashes

_DT_NEEDED, _DT_HASH, _DT_STRTAB, _DT_SYMTAB, _DT_STRSZ, _DT_SONAME = 1, 4, 5, 6, 10, 14
_DT_GNU_HASH = 0x6FFFFEF5
_MAX_DYNAMIC = 1 << 20
_MAX_NEEDED = 1024
_MAX_NAME = 512


class Dynamic(NamedTuple):
    """All empty for a library without a dynamic section."""

    needed: tuple[str, ...] = ()
    soname: str = ""
    symbols: SymbolTable | None = None


def read_dynamic(
    source: Source, layout: Layout, segments: list[Segment], loads: tuple[Segment, ...]
) -> Dynamic:
    """Raises `Damaged` where names or tables lie outside the file."""
    dynamic = next((segment for segment in segments if segment.kind == PT_DYNAMIC), None)
    if dynamic is None or not dynamic.file_size:
        return Dynamic()
    if dynamic.file_size > _MAX_DYNAMIC:
        raise Damaged(f"its dynamic section claims {dynamic.file_size} bytes")
    length = dynamic.file_size - dynamic.file_size % layout.dynamic.size
    values: dict[int, int] = {}
    needed_at = []
    for tag, value in layout.dynamic.iter_unpack(source.read(dynamic.offset, length)):
        if tag == 0:
            break
        if tag == _DT_NEEDED:
            needed_at.append(value)
        values.setdefault(tag, value)
    if len(needed_at) > _MAX_NEEDED:
        raise Damaged(f"it claims to need {len(needed_at)} libraries")
    strings_at = _file_offset(loads, values.get(_DT_STRTAB, 0))
    if strings_at is None:
        if needed_at:
            raise Damaged("its dynamic section names libraries but has no string table")
        return Dynamic()
    size = min(values.get(_DT_STRSZ, source.size), source.size - strings_at)
    needed = tuple(_name(source, strings_at, size, at) for at in needed_at)
    soname = _name(source, strings_at, size, values[_DT_SONAME]) if _DT_SONAME in values else ""
    symbols = _symbol_table(source, layout, loads, values, (strings_at, size))
    return Dynamic(needed, soname, symbols)


def _symbol_table(
    source: Source,
    layout: Layout,
    loads: tuple[Segment, ...],
    values: dict[int, int],
    strings: tuple[int, int],
) -> SymbolTable | None:
    symbols_at = _file_offset(loads, values.get(_DT_SYMTAB, 0))
    if symbols_at is None:
        return None
    count, first, hashes = 0, None, None
    hash_at = _file_offset(loads, values.get(_DT_HASH, 0))
    gnu_at = _file_offset(loads, values.get(_DT_GNU_HASH, 0))
    if hash_at is not None:
        count = struct.unpack(f"{layout.order}2I", source.read(hash_at, 8))[1]
    if gnu_at is not None:
        first, hashes = _gnu_hashes(source, layout, gnu_at)
        if hashes:
            count = count or first + len(hashes)
        else:  # linkers do not agree on what the table says where nothing is exported
            first = None
    if not count:
        count = _listed_count(source, layout, symbols_at, strings[0])
    return SymbolTable(symbols_at, count, *strings, layout.bits, layout.order, first, hashes)


def _gnu_hashes(source: Source, layout: Layout, at: int) -> tuple[int, "array[int]"]:
    """(first symbol in the table, the hashes from it on).

    The table holds the exported symbols, which stand last: the longest chain ends with the last symbol of all.
    """
    order = layout.order
    buckets, first, bloom, _ = struct.unpack(f"{order}4I", source.read(at, 16))
    if buckets > MAX_SYMBOLS:
        raise Damaged(f"its symbol hash table claims {buckets} buckets")
    buckets_at = at + 16 + bloom * (layout.bits // 8)
    last = max(unpack_hashes(source.read(buckets_at, buckets * 4), order), default=0)
    hashes = unpack_hashes(b"", order)
    if last < first:
        return first, hashes
    chains_at = buckets_at + buckets * 4
    hashes = unpack_hashes(_chain(source, chains_at, (last - first) * 4), order)
    while len(hashes) <= MAX_SYMBOLS:
        chain = unpack_hashes(_chain(source, chains_at + 4 * len(hashes), 16_384), order)
        if not chain:
            break
        for value in chain:
            hashes.append(value)
            if value & 1:
                return first, hashes
    raise Damaged("its symbol hash table does not end")


def _chain(source: Source, at: int, length: int) -> bytes:
    return source.read(at, max(0, min(length, 4 * MAX_SYMBOLS, source.size - at)) & ~3)


def _listed_count(source: Source, layout: Layout, symbols_at: int, strings_at: int) -> int:
    """From the section headers; without them up to the names, which mostly follow."""
    size = 24 if layout.bits == 64 else 16
    for section in read_sections(source):
        if section.kind == SHT_DYNSYM and section.offset == symbols_at:
            return section.size // size
    return max(0, strings_at - symbols_at) // size


def _file_offset(loads: tuple[Segment, ...], address: int) -> int | None:
    if address:
        for load in loads:
            if load.address <= address < load.address + load.file_size:
                return address - load.address + load.offset
    return None


def _name(source: Source, strings_at: int, size: int, at: int) -> str:
    if at >= size:
        raise Damaged("a name lies outside its string table")
    raw = source.read(strings_at + at, min(_MAX_NAME, size - at))
    end = raw.find(b"\0")
    if end < 0:
        raise Damaged("a name in its string table does not end")
    return raw[:end].decode("utf-8", "backslashreplace")
