"""One ELF library → the facts that the rules judge.

Written out here rather than with pyelftools because of the speed asked for. Measured with CPython 3.11 on the
benchmark's 120 libraries: pyelftools takes 4.0 s when their symbols are walked (0.3 s for the headers alone) and 40 ms
to import; this reader 0.03 s with the symbols, and no import beyond `struct`. The tests compare both on real libraries.

Layouts: System V generic ABI, chapters 4 and 5. Numbers that a file gives are limits to check, never sizes to trust.
"""

import struct
from typing import NamedTuple

from scaffold.elf.machine import abi_name
from scaffold.elf.source import Damaged, Source
from scaffold.elf.symbols import NO_SYMBOLS, SymbolNames, SymbolTable, read_symbol_names

PT_LOAD, PT_DYNAMIC, PT_GNU_RELRO = 1, 2, 0x6474E552
_DT_NEEDED, _DT_HASH, _DT_STRTAB, _DT_SYMTAB, _DT_STRSZ, _DT_SONAME = 1, 4, 5, 6, 10, 14
_DT_GNU_HASH = 0x6FFFFEF5
_ET_DYN = 3
_SHT_SYMTAB = 2
_MAGIC = b"\x7fELF"

# The kernel and bionic accept tables up to 64 KiB, which is 1170 entries.
_MAX_SEGMENTS = 2048
_MAX_SECTIONS = 8192
_MAX_DYNAMIC = 1 << 20
_MAX_NEEDED = 1024
_MAX_NAME = 512
# The NDK's shared C++ runtimes, past and present; a library that needs one names its own symbols in it.
CPP_RUNTIMES = frozenset({"libc++_shared.so", "libgnustl_shared.so", "libstlport_shared.so"})


class Segment(NamedTuple):
    """A program header: addresses and sizes in bytes."""

    kind: int
    offset: int
    address: int
    file_size: int
    memory_size: int
    align: int

    @property
    def end(self) -> int:
        return self.address + self.memory_size


class Section(NamedTuple):
    """A section header, as far as the RELRO rule and the symbol search look at it."""

    kind: int
    address: int
    offset: int
    size: int
    link: int


class Elf(NamedTuple):
    """What one library says of itself. `os_abi` is e_ident[EI_OSABI]."""

    abi: str
    bits: int
    os_abi: int
    loads: tuple[Segment, ...]
    relros: tuple[Segment, ...]
    sections: tuple[Section, ...]
    needed: tuple[str, ...]
    soname: str
    symbols: SymbolNames


class _Layout(NamedTuple):
    """Where the fields of a class and byte order are."""

    header: struct.Struct
    segment: struct.Struct
    section: struct.Struct
    dynamic: struct.Struct
    bits: int
    order: str


def _layout(bits: int, order: str) -> _Layout:
    word = "Q" if bits == 64 else "I"
    return _Layout(
        struct.Struct(f"{order}HHI3{word}I6H"),
        struct.Struct(order + ("2I6Q" if bits == 64 else "8I")),
        struct.Struct(f"{order}2I4{word}2I2{word}"),
        struct.Struct(f"{order}2{word}"),
        bits,
        order,
    )


class _Header(NamedTuple):
    """The fields of the ELF header that matter, in the file's order."""

    kind: int
    machine: int
    version: int
    entry: int
    segments_at: int
    sections_at: int
    flags: int
    size: int
    segment_size: int
    segment_count: int
    section_size: int
    section_count: int
    names_index: int


def read_elf(source: Source) -> Elf:
    """Reads a shared library. Raises `Damaged`, and nothing else, for anything that cannot be loaded as one."""
    layout, header, os_abi = _read_header(source)
    segments = _read_segments(source, layout, header)
    loads = tuple(segment for segment in segments if segment.kind == PT_LOAD)
    if not loads:
        raise Damaged("it has no LOAD segment")
    relros = tuple(s for s in segments if s.kind == PT_GNU_RELRO and s.memory_size)
    needed, soname, table = _read_dynamic(source, layout, segments, loads)
    symbols = NO_SYMBOLS
    if table:
        libcpp, libc = CPP_RUNTIMES.isdisjoint(needed), "libc.so" not in needed
        symbols = read_symbol_names(source, table, libcpp=libcpp, libc=libc)
    # Section headers are the last bytes of a file: a compressed one is inflated so far only where they can matter.
    sections: tuple[Section, ...] = ()
    if relros or "libc.so" not in needed:
        sections = _read_sections(source, layout, header)
    abi = abi_name(header.machine, layout.bits)
    return Elf(abi, layout.bits, os_abi, loads, relros, sections, needed, soname, symbols)


def read_local_symbols(source: Source, elf: Elf) -> SymbolNames:
    """The names in `.symtab`, which a stripped library does not have; `elf` must be of that source."""
    for section in elf.sections:
        if section.kind == _SHT_SYMTAB and section.link < len(elf.sections):
            strings = elf.sections[section.link]
            count = section.size // (24 if elf.bits == 64 else 16)
            order = ">" if source.read(5, 1) == b"\2" else "<"
            table = SymbolTable(
                section.offset, count, strings.offset, strings.size, elf.bits, order
            )
            return read_symbol_names(source, table, libcpp=False, libc=True)
    return NO_SYMBOLS


def _read_header(source: Source) -> tuple[_Layout, _Header, int]:
    if source.size == 0:
        raise Damaged("it is empty")
    ident = source.read(0, min(16, source.size))
    if ident[:4] != _MAGIC:
        raise Damaged(_what_it_is(source, ident))
    if len(ident) < 16 or ident[4] not in (1, 2) or ident[5] not in (1, 2):
        raise Damaged("its ELF identification is invalid")
    layout = _layout(64 if ident[4] == 2 else 32, "<" if ident[5] == 1 else ">")
    header = _Header._make(layout.header.unpack(source.read(16, layout.header.size)))
    if header.kind != _ET_DYN:
        kind = {1: "an object file", 2: "an executable", 4: "a core dump"}.get(header.kind)
        raise Damaged(f"it is {kind or f'ELF type {header.kind}'}, not a shared library")
    return layout, header, ident[7]


def _what_it_is(source: Source, start: bytes) -> str:
    if start.startswith(b"version https://"[:16]):
        return "it is a Git LFS pointer, not the library: run `git lfs pull`"
    text = source.read(0, min(source.size, 4096))
    if b"GROUP" in text or b"INPUT" in text or b"GNU ld script" in text:
        return "it is a linker script, not a library"
    if start.startswith((b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")):
        return "it is a Mach-O library of an Apple system, not an ELF file"
    if start.startswith(b"MZ"):
        return "it is a Windows library, not an ELF file"
    return "it is not an ELF file"


def _read_segments(source: Source, layout: _Layout, header: _Header) -> list[Segment]:
    count = header.segment_count
    if count == 0xFFFF and header.sections_at:  # PN_XNUM: the count is in section 0's sh_info
        first = source.read(header.sections_at, layout.section.size)
        count = layout.section.unpack(first)[7]
    if count > _MAX_SEGMENTS:
        raise Damaged(f"it claims {count} program headers")
    if count and header.segment_size != layout.segment.size:
        raise Damaged(f"its program headers are {header.segment_size} bytes each")
    table = source.read(header.segments_at, count * layout.segment.size)
    segments = []
    for fields in layout.segment.iter_unpack(table):
        if layout.bits == 64:
            kind, _, offset, address, _, file_size, memory_size, align = fields
        else:
            kind, offset, address, _, file_size, memory_size, _, align = fields
        segments.append(Segment(kind, offset, address, file_size, memory_size, align))
    return segments


def _read_sections(source: Source, layout: _Layout, header: _Header) -> tuple[Section, ...]:
    """Empty where there are none or they are damaged: no loader needs them to map a library."""
    if not header.sections_at or header.section_size != layout.section.size:
        return ()
    try:
        count = header.section_count
        if count == 0:  # more than fit e_shnum, or none at all
            first = source.read(header.sections_at, layout.section.size)
            count = layout.section.unpack(first)[5]
        if count > _MAX_SECTIONS:
            return ()
        table = source.read(header.sections_at, count * layout.section.size)
    except Damaged:
        return ()
    return tuple(
        Section(fields[1], fields[3], fields[4], fields[5], fields[6])
        for fields in layout.section.iter_unpack(table)
    )


def _read_dynamic(
    source: Source, layout: _Layout, segments: list[Segment], loads: tuple[Segment, ...]
) -> tuple[tuple[str, ...], str, SymbolTable | None]:
    """(needed libraries, soname, where the symbols are); empty for a library without dynamic section."""
    dynamic = next((segment for segment in segments if segment.kind == PT_DYNAMIC), None)
    if dynamic is None or not dynamic.file_size:
        return (), "", None
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
    size = min(values.get(_DT_STRSZ, 0), source.size)
    if strings_at is None or not size:
        if needed_at:
            raise Damaged("its dynamic section names libraries but has no string table")
        return (), "", None
    needed = tuple(_name(source, strings_at, size, at) for at in needed_at)
    soname = _name(source, strings_at, size, values[_DT_SONAME]) if _DT_SONAME in values else ""
    return needed, soname, _symbol_table(source, layout, loads, values, (strings_at, size))


def _symbol_table(
    source: Source,
    layout: _Layout,
    loads: tuple[Segment, ...],
    values: dict[int, int],
    strings: tuple[int, int],
) -> SymbolTable | None:
    symbols_at = _file_offset(loads, values.get(_DT_SYMTAB, 0))
    if symbols_at is None:
        return None
    count = 0
    hash_at = _file_offset(loads, values.get(_DT_HASH, 0))
    gnu_at = _file_offset(loads, values.get(_DT_GNU_HASH, 0))
    if hash_at is not None:
        count = struct.unpack(f"{layout.order}2I", source.read(hash_at, 8))[1]
    elif gnu_at is not None:
        count = _gnu_hash_count(source, layout, gnu_at)
    return SymbolTable(symbols_at, count, *strings, layout.bits, layout.order)


def _gnu_hash_count(source: Source, layout: _Layout, at: int) -> int:
    """The table holds the exported symbols, which stand last: the longest chain ends with the last symbol of all."""
    order = layout.order
    buckets, first, bloom, _ = struct.unpack(f"{order}4I", source.read(at, 16))
    buckets_at = at + 16 + bloom * (layout.bits // 8)
    table = source.read(buckets_at, min(buckets, source.size) * 4)
    last = max((entry[0] for entry in struct.iter_unpack(f"{order}I", table)), default=0)
    if last < first:
        return int(first)
    chains_at = buckets_at + buckets * 4
    while True:  # bounded: each step reads further, and reading past the end is `Damaged`
        position = chains_at + (last - first) * 4
        step = min(4096, source.size - position) & ~3
        if step <= 0:
            raise Damaged("its symbol hash table does not end")
        chain = source.read(position, step)
        for (value,) in struct.iter_unpack(f"{order}I", chain):
            last += 1
            if value & 1:
                return int(last)


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
