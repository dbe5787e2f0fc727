"""ELF headers: the file's own, its program headers and its section headers.

Layouts: System V generic ABI, chapters 4 and 5. Numbers that a file gives are limits to check, never sizes to trust.
"""

import struct
from typing import NamedTuple

from scaffold.inspection.elf.source import Damaged, Source

PT_LOAD, PT_DYNAMIC, PT_NOTE, PT_GNU_RELRO = 1, 2, 4, 0x6474E552
SHT_SYMTAB, SHT_DYNSYM = 2, 11
_ET_DYN = 3
_MAGIC = b"\x7fELF"
# PE; Mach-O of either width and byte order, or for several machines, and AppleDouble (the `._` files that macOS adds to
# archives); XCOFF of either width.
_FOREIGN = {b"MZ": "Windows", b"\x01\xdf": "AIX", b"\x01\xf7": "AIX"} | dict.fromkeys(
    (
        *(b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce"),
        *(b"\xca\xfe\xba\xbe", b"\x00\x05\x16\x07"),
    ),
    "macOS",
)
# The kernel and bionic accept tables up to 64 KiB, which is 1170 entries.
_MAX_SEGMENTS = 2048
_MAX_SECTIONS = 8192


class ForeignFile(Damaged):
    """A file of a system that has no ELF libraries; the text is the system's name."""


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


class ElfSection(NamedTuple):
    """A section header, as far as the RELRO rule and the symbol search look at it."""

    kind: int
    address: int
    offset: int
    size: int
    link: int


class Layout(NamedTuple):
    """Where the fields of a class and byte order are."""

    header: struct.Struct
    segment: struct.Struct
    section: struct.Struct
    dynamic: struct.Struct
    bits: int
    order: str


def _layout(bits: int, order: str) -> Layout:
    word = "Q" if bits == 64 else "I"
    return Layout(
        struct.Struct(f"{order}HHI3{word}I6H"),
        struct.Struct(order + ("2I6Q" if bits == 64 else "8I")),
        struct.Struct(f"{order}2I4{word}2I2{word}"),
        struct.Struct(f"{order}2{word}"),
        bits,
        order,
    )


class ElfHeader(NamedTuple):
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


def read_header(source: Source) -> tuple[Layout, ElfHeader, int]:
    if source.size == 0:
        raise Damaged("it is empty")
    ident = source.read(0, min(16, source.size))
    if ident[:4] != _MAGIC:
        system = _other_system(ident)
        raise ForeignFile(system) if system else Damaged(_what_it_is(source, ident))
    if len(ident) < 16 or ident[4] not in (1, 2) or ident[5] not in (1, 2):
        raise Damaged("its ELF identification is invalid")
    layout = _layout(64 if ident[4] == 2 else 32, "<" if ident[5] == 1 else ">")
    header = ElfHeader._make(layout.header.unpack(source.read(16, layout.header.size)))
    if header.kind != _ET_DYN:
        kind = {1: "an object file", 2: "an executable", 4: "a core dump"}.get(header.kind)
        raise Damaged(f"it is {kind or f'ELF type {header.kind}'}, not a shared library")
    return layout, header, ident[7]


def _other_system(start: bytes) -> str:
    """Whose format it is; "" for none that libraries of a jar are known to have."""
    return next((name for magic, name in _FOREIGN.items() if start.startswith(magic)), "")


def _what_it_is(source: Source, start: bytes) -> str:
    if start.startswith(b"version https://"[:16]):
        return "it is a Git LFS pointer, not the library: run `git lfs pull`"
    text = source.read(0, min(source.size, 4096))
    if b"GROUP" in text or b"INPUT" in text or b"GNU ld script" in text:
        return "it is a linker script, not a library"
    return "it is not an ELF file"


def read_segments(source: Source, layout: Layout, header: ElfHeader) -> list[Segment]:
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
        if kind == PT_LOAD and file_size and offset + file_size > source.size:
            raise Damaged(f"it ends at byte {source.size}, inside a LOAD segment: it was cut off")
        segments.append(Segment(kind, offset, address, file_size, memory_size, align))
    return segments


def read_sections(source: Source) -> tuple[ElfSection, ...]:
    """The section headers; empty where there are none or they are damaged, as no loader needs them to map a library.

    They are the last bytes of a file: ask last, since a compressed one is inflated up to them.
    """
    try:
        layout, header, _ = read_header(source)
        return _read_sections(source, layout, header)
    except Damaged:
        return ()


def _read_sections(source: Source, layout: Layout, header: ElfHeader) -> tuple[ElfSection, ...]:
    if not header.sections_at or header.section_size != layout.section.size:
        return ()
    count = header.section_count
    if count == 0:  # more than fit e_shnum, or none at all
        first = source.read(header.sections_at, layout.section.size)
        count = layout.section.unpack(first)[5]
    if count > _MAX_SECTIONS:
        return ()
    table = source.read(header.sections_at, count * layout.section.size)
    return tuple(
        ElfSection(fields[1], fields[3], fields[4], fields[5], fields[6])
        for fields in layout.section.iter_unpack(table)
    )
