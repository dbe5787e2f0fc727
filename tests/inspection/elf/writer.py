"""Writes small ELF libraries, byte by byte, with exactly the properties that a test is about."""

import struct
from typing import NamedTuple

ARM64, ARM, X86_64, X86 = 183, 40, 62, 3
LOAD, DYNAMIC, NOTE, RELRO = 1, 2, 4, 0x6474E552
GLOBAL, WEAK, LOCAL = 1, 2, 0


class Symbol(NamedTuple):
    name: str
    defined: bool = False
    binding: int = GLOBAL
    visibility: int = 0


class Range(NamedTuple):
    """An address range: of a LOAD, of RELRO, or of a section; in bytes."""

    start: int
    end: int
    align: int = 0x4000


def undefined(*names: str) -> tuple[Symbol, ...]:
    return tuple(Symbol(name) for name in names)


def exported(*names: str) -> tuple[Symbol, ...]:
    return tuple(Symbol(name, defined=True) for name in names)


def build_id(text: bytes) -> bytes:
    """The note that a linker's --build-id makes."""
    return (
        struct.pack("<3I", 4, len(text), 3)
        + b"GNU\0"
        + text.ljust(-len(text) % 4 + len(text), b"\0")
    )


def write_elf(
    *,
    machine: int = ARM64,
    bits: int = 64,
    order: str = "<",
    kind: int = 3,
    os_abi: int = 0,
    align: int = 0x4000,
    loads: tuple[Range, ...] = (),
    relros: tuple[Range, ...] = (),
    sections: tuple[Range, ...] = (),
    needed: tuple[str, ...] = ("libc.so",),
    soname: str = "",
    symbols: tuple[Symbol, ...] = (),
    gnu_hash: bool = True,
    note: bytes = b"",
    text: bytes = b"",
) -> bytes:
    """The first LOAD maps the whole file at address 0; `loads` follow it, each with no bytes in the file."""
    word = "Q" if bits == 64 else "I"
    strings = bytearray(b"\0")

    def name_at(name: str) -> int:
        at = len(strings)
        strings.extend(name.encode() + b"\0")
        return at

    symbols = tuple(sorted(symbols, key=lambda symbol: symbol.defined))
    table = bytearray(24 if bits == 64 else 16)
    for symbol in symbols:
        info, section = symbol.binding << 4, 1 if symbol.defined else 0
        if bits == 64:
            fields = (name_at(symbol.name), info, symbol.visibility, section, 0x1000, 0)
            table += struct.pack(f"{order}IBBHQQ", *fields)
        else:
            fields = (name_at(symbol.name), 0x1000, 0, info, symbol.visibility, section)
            table += struct.pack(f"{order}IIIBBH", *fields)
    entries = [(1, name_at(library)) for library in needed]
    if soname:
        entries.append((14, name_at(soname)))
    head = 64 + 56 * (3 + len(loads) + len(relros) + bool(note))
    symbols_at = head
    hash_at = symbols_at + len(table)
    hashes = _gnu_hash(symbols, order, bits) if gnu_hash else _sysv_hash(symbols, order)
    strings_at = hash_at + len(hashes)
    strings.extend(bytes(-len(strings) % 8))
    entries += [(5, strings_at), (6, symbols_at), (10, len(strings))]
    entries += [(0x6FFFFEF5 if gnu_hash else 4, hash_at), (0, 0)]
    dynamic = b"".join(struct.pack(f"{order}2{word}", *entry) for entry in entries)
    dynamic_at = strings_at + len(strings)
    note_at = dynamic_at + len(dynamic)
    text_at = note_at + len(note)
    end = text_at + len(text)
    segments = [(LOAD, 0, 0, end, end, align)]
    segments += [(LOAD, r.start, r.start, 0, r.end - r.start, r.align) for r in loads]
    segments.append((DYNAMIC, dynamic_at, dynamic_at, len(dynamic), len(dynamic), 8))
    segments += [(RELRO, r.start, r.start, 0, r.end - r.start, 1) for r in relros]
    if note:
        segments.append((NOTE, note_at, note_at, len(note), len(note), 4))
    program = b"".join(_segment(segment, order, bits) for segment in segments)
    listed = b"".join(
        struct.pack(f"{order}2I4{word}2I2{word}", 0, 1, 2, r.start, 0, r.end - r.start, 0, 0, 8, 0)
        for r in sections
    )
    sizes = (64, 56, 64) if bits == 64 else (52, 32, 40)
    header = struct.pack(
        f"{order}HHI3{word}I6H",
        *(kind, machine, 1, 0, sizes[0], end if sections else 0, 0),
        *(sizes[0], sizes[1], len(segments), sizes[2], len(sections), 0),
    )
    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1, os_abi]) + bytes(8)
    start = (ident + header + program).ljust(head, b"\0")
    return start + bytes(table) + hashes + bytes(strings) + dynamic + note + text + listed


def _segment(values: tuple[int, ...], order: str, bits: int) -> bytes:
    kind, offset, address, file_size, memory_size, align = values
    if bits == 64:
        fields = (kind, 4, offset, address, address, file_size, memory_size, align)
        return struct.pack(f"{order}2I6Q", *fields)
    fields = (kind, offset, address, address, file_size, memory_size, 4, align)
    return struct.pack(f"{order}8I", *fields)


def _gnu_hash(symbols: tuple[Symbol, ...], order: str, bits: int) -> bytes:
    """One bucket, one bloom word that rejects nothing."""
    first = 1 + sum(not symbol.defined for symbol in symbols)
    count = len(symbols) + 1 - first
    bloom = b"\xff" * (bits // 8)
    defined = [symbol.name for symbol in symbols if symbol.defined]
    chain = [_hash(name) & ~1 for name in defined]
    if chain:
        chain[-1] |= 1
    values = (1, first, 1, 0)
    return (
        struct.pack(f"{order}4I", *values)
        + bloom
        + struct.pack(f"{order}{1 + count}I", first if count else 0, *chain)
    )


def _hash(name: str) -> int:
    value = 5381
    for byte in name.encode():
        value = value * 33 + byte & 0xFFFFFFFF
    return value


def _sysv_hash(symbols: tuple[Symbol, ...], order: str) -> bytes:
    count = len(symbols) + 1
    return struct.pack(f"{order}{3 + count}I", 1, count, 0, *([0] * count))
