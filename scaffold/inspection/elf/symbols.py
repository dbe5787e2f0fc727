"""The few dynamic symbols that the C++ and C runtime rules ask for, found without walking all the others.

Their names are searched in the string table first (a memory search); only the offsets found there are looked up in the
column of name offsets. A library that has none costs a few searches, however many symbols it has.
"""

import struct
import sys
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from scaffold.inspection.elf.source import Source

# Larger tables are left unread and the runtime rules silent; the largest real ones (LLVM) have a tenth of it.
MAX_SYMBOLS = 400_000
_MAX_STRINGS = 16 << 20
_MAX_NAMES = 400
_MAX_HITS = 20_000
_CHUNK = 32_768
# C++ ABI (Itanium); libc++ of the NDK lives in the inline namespace __ndk1.
_CPP = (b"__cxa_", b"__gxx_personality_v0\0", b"_ZTVN10__cxxabiv1")
_LIBCPP = (b"_ZNSt6__ndk1", b"_ZNKSt6__ndk1")
# What only a C library defines. Compilers bring their own memcpy and the like, so those prove nothing, and names that a
# library might give its own functions (open, read, exit) are left out.
LIBC_NAMES = frozenset(
    {
        "__libc_init",
        "__libc_shared_globals",
        "__libc_fatal",
        "__errno",
        "__sF",
        "__system_property_get",
    }
    | {
        "malloc",
        "calloc",
        "realloc",
        "free",
        "posix_memalign",
        "fopen",
        "fwrite",
        "printf",
        "snprintf",
    }
    | {
        "vsnprintf",
        "fprintf",
        "puts",
        "getenv",
        "getpid",
        "gettid",
        "mmap",
        "munmap",
        "sigaction",
        "syscall",
    }
    | {"pthread_create", "pthread_mutex_lock", "pthread_key_create", "clock_gettime", "getaddrinfo"}
    | {"dl_iterate_phdr", "android_set_abort_message"}
)
_LIBC = tuple(name.encode() + b"\0" for name in sorted(LIBC_NAMES))


class SymbolTable(NamedTuple):
    """Where a symbol table is: file offsets and sizes in bytes, `entries` counts symbols."""

    at: int
    entries: int
    strings_at: int
    strings_size: int
    bits: int
    order: str


class SymbolNames(NamedTuple):
    """Names of interest: `undefined` (not the weak ones), `defined` here, and of those the `exported` ones."""

    undefined: frozenset[str]
    defined: frozenset[str]
    exported: frozenset[str]


NO_SYMBOLS = SymbolNames(frozenset(), frozenset(), frozenset())


def read_symbol_names(
    source: Source, table: SymbolTable, *, libcpp: bool, libc: bool
) -> SymbolNames:
    """Looks the names up: the C++ ABI's, and where asked for libc++'s or a C library's.

    Raises `Damaged` for a table that does not lie inside the source.
    """
    if not 1 < table.entries <= MAX_SYMBOLS or table.strings_size > _MAX_STRINGS:
        return NO_SYMBOLS
    strings = source.read(table.strings_at, table.strings_size)
    prefixes = _CPP + (_LIBCPP if libcpp else ()) + (_LIBC if libc else ())
    wanted = _wanted(strings, prefixes)
    if not wanted:
        return NO_SYMBOLS
    undefined, defined, exported = set(), set(), set()
    for at, info, other, section in islice(_entries(source, table, wanted), _MAX_HITS):
        binding, visibility = info >> 4, other & 3
        if section:
            defined.add(wanted[at])
            if binding != 0 and visibility in (0, 3):  # STB_LOCAL; STV_DEFAULT, STV_PROTECTED
                exported.add(wanted[at])
        elif binding == 1:  # STB_GLOBAL; the loader leaves a weak one null
            undefined.add(wanted[at])
    return SymbolNames(frozenset(undefined), frozenset(defined), frozenset(exported))


def _wanted(strings: bytes, prefixes: tuple[bytes, ...]) -> dict[int, str]:
    """Offset → name. Linkers merge names that end alike, so a hit inside a longer name may be one too."""
    found: dict[int, str] = {}
    for prefix in prefixes:
        at = strings.find(prefix)
        limit = len(found) + _MAX_NAMES
        while at >= 0 and len(found) < limit:
            end = strings.find(b"\0", at, at + 600)
            if end > 0:
                found[at] = strings[at:end].decode("ascii", "backslashreplace")
            at = strings.find(prefix, at + 1)
    return found


def _entries(
    source: Source, table: SymbolTable, wanted: dict[int, str]
) -> Iterator[tuple[int, int, int, int]]:
    """(st_name, st_info, st_other, st_shndx) of the symbols whose name is wanted."""
    size = 24 if table.bits == 64 else 16
    info_at = 4 if table.bits == 64 else 12
    native = table.order == ("<" if sys.byteorder == "little" else ">")
    for first in range(0, table.entries, _CHUNK):
        count = min(_CHUNK, table.entries - first)
        data = source.read(table.at + first * size, count * size)
        if native:
            column = memoryview(data).cast("I")[:: size // 4].tolist()
        else:
            column = [
                fields[0] for fields in struct.iter_unpack(f"{table.order}I{size - 4}x", data)
            ]
        if wanted.keys().isdisjoint(column):
            continue
        for index, at in enumerate(column):
            if at in wanted:
                base = index * size + info_at
                yield at, data[base], data[base + 1], data[base + 2] | data[base + 3]
