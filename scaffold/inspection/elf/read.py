"""One ELF library → the facts that the rules judge.

Written out here rather than with pyelftools because of the speed asked for. Measured with CPython 3.11 on the
benchmark's 120 libraries: pyelftools takes 3.1 s when their symbols are walked (0.35 s for the headers alone) and 40 ms
to import; this reader a small part of that, and no import beyond `struct` and `array`. The tests compare both.
"""

import struct
from typing import NamedTuple

from scaffold.inspection.elf.dynamic import read_dynamic
from scaffold.inspection.elf.layout import (
    PT_GNU_RELRO,
    PT_LOAD,
    PT_NOTE,
    SHT_SYMTAB,
    Segment,
    read_header,
    read_sections,
    read_segments,
)
from scaffold.inspection.elf.machine import abi_name
from scaffold.inspection.elf.source import Damaged, Source
from scaffold.inspection.elf.symbols import NO_SYMBOLS, SymbolNames, SymbolTable, read_symbol_names

# The NDK's shared C++ runtimes, past and present; a library that needs one names its own symbols in it.
CPP_RUNTIMES = frozenset({"libc++_shared.so", "libgnustl_shared.so", "libstlport_shared.so"})
_NT_GNU_BUILD_ID = 3
_MAX_NOTES = 4096


class Elf(NamedTuple):
    """What one library says of itself.

    `os_abi` is e_ident[EI_OSABI]; `android_note` says that it was linked with the NDK's crtbegin; `build_id` is
    NT_GNU_BUILD_ID in hexadecimal digits, "" where there is none.
    """

    abi: str
    bits: int
    os_abi: int
    loads: tuple[Segment, ...]
    relros: tuple[Segment, ...]
    needed: tuple[str, ...]
    soname: str
    symbols: SymbolNames
    android_note: bool = False
    build_id: str = ""


def read_elf(source: Source) -> Elf:
    """Reads a shared library. Raises `Damaged`, and nothing else, for anything that cannot be loaded as one."""
    layout, header, os_abi = read_header(source)
    segments = read_segments(source, layout, header)
    loads = tuple(segment for segment in segments if segment.kind == PT_LOAD)
    if not loads:
        raise Damaged("it has no LOAD segment")
    relros = tuple(s for s in segments if s.kind == PT_GNU_RELRO and s.memory_size)
    needed, soname, table = read_dynamic(source, layout, segments, loads)
    symbols = NO_SYMBOLS
    if table:
        symbols = read_symbol_names(source, table, libc="libc.so" not in needed)
    abi = abi_name(header.machine, layout.bits)
    notes = _notes(source, segments, layout.order)
    return Elf(abi, layout.bits, os_abi, loads, relros, needed, soname, symbols, *notes)


def read_local_symbols(source: Source) -> SymbolNames:
    """The names in `.symtab`, which a stripped library does not have."""
    layout = read_header(source)[0]
    sections = read_sections(source)
    for section in sections:
        if section.kind == SHT_SYMTAB and section.link < len(sections):
            strings = sections[section.link]
            count = section.size // (24 if layout.bits == 64 else 16)
            table = SymbolTable(
                section.offset, count, strings.offset, strings.size, layout.bits, layout.order
            )
            return read_symbol_names(source, table, libc=True)
    return NO_SYMBOLS


def _notes(source: Source, segments: list[Segment], order: str) -> tuple[bool, str]:
    """(whether the NDK's crtbegin left its note, the build id)"""
    android, build_id = False, ""
    notes = [s for s in segments if s.kind == PT_NOTE and s.file_size <= source.size - s.offset]
    for segment in notes[:16]:
        data = source.read(segment.offset, min(segment.file_size, _MAX_NOTES))
        at = 0
        while at + 12 <= len(data):
            name_size, size, kind = struct.unpack_from(f"{order}3I", data, at)
            start = at + 12 + (name_size + 3 & ~3)
            name = data[at + 12 : at + 12 + name_size]
            android |= name == b"Android\0"
            if name == b"GNU\0" and kind == _NT_GNU_BUILD_ID and size <= 64:
                build_id = data[start : start + size].hex()
            at = start + (size + 3 & ~3)
    return android, build_id
