"""Dynamic symbols: every name that a library leaves to others, what it exports, and the few that tell of a runtime.

Names are read only where a rule asks for them. What a library exports is kept as it stands in the file, as the hashes
of its GNU hash table or as its names, and turned into a set when another library asks.
"""

import sys
from array import array
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from scaffold.inspection.elf.source import Source

# Larger tables are left unread and the symbol rules silent; the largest real ones (LLVM) have a tenth of it.
MAX_SYMBOLS = 400_000
_MAX_STRINGS = 16 << 20
_MAX_NAME = 4096  # of a C++ name; longer ones are not looked up
_MAX_UNDEFINED = 8 << 20  # bytes of names that one library may ask for
_MAX_NAMES = 400
_MAX_HITS = 20_000
# C++ ABI (Itanium): exported by a library that carries a C++ runtime of its own.
_CPP = (b"__cxa_", b"__gxx_personality_v0\0", b"_ZTVN10__cxxabiv1")
# What only a C library defines. Compilers bring their own memcpy and the like, so those prove nothing, and names that a
# library might give its own functions (open, read, exit) are left out.
LIBC_NAMES = frozenset(
    (
        *("__libc_init", "__libc_shared_globals", "__libc_fatal", "__errno", "__sF", "malloc"),
        *("calloc", "realloc", "free", "posix_memalign", "fopen", "fwrite", "printf", "snprintf"),
        *("vsnprintf", "fprintf", "puts", "getenv", "getpid", "gettid", "mmap", "munmap"),
        *("sigaction", "syscall", "pthread_create", "pthread_mutex_lock", "pthread_key_create"),
        *("clock_gettime", "getaddrinfo", "dl_iterate_phdr", "android_set_abort_message"),
        "__system_property_get",
    )
)
_LIBC = tuple(name.encode() + b"\0" for name in sorted(LIBC_NAMES))


class SymbolTable(NamedTuple):
    """Where a symbol table is: file offsets and sizes in bytes, `entries` counts symbols.

    `first_hashed` is the first symbol that the GNU hash table covers, `hashes` what stands in that table.
    """

    at: int
    entries: int
    strings_at: int
    strings_size: int
    bits: int
    order: str
    first_hashed: int | None = None
    hashes: "array[int] | None" = None


class Exports:
    """The names that a library offers to others. `known` is False where its table is too large to be read."""

    def __init__(self, hashes: "array[int] | None" = None, names: bytes | None = None) -> None:
        self._hashes = hashes
        self._names = names
        self._offered: frozenset[int] | None = None
        self._listed: frozenset[str] | None = None
        self.known = hashes is not None or names is not None

    @property
    def kept(self) -> int:
        """Bytes that it keeps."""
        return 4 * len(self._hashes or ()) + len(self._names or b"")

    def __contains__(self, name: str) -> bool:
        return bool(self.among(by_hash((name,))))

    def among(self, wanted: dict[int, str]) -> set[str]:
        """Those of the names (by their hashes: `by_hash`) that it offers."""
        if self._hashes is not None:
            self._offered = self._offered or frozenset(value | 1 for value in self._hashes)
            return {wanted[value] for value in wanted.keys() & self._offered}
        if self._listed is None:
            text = (self._names or b"").decode("ascii", "backslashreplace")
            self._listed = frozenset(text.split("\0")) - {""}
        return set(wanted.values()) & self._listed


def by_hash(names: Iterable[str]) -> dict[int, str]:
    """The names by their hashes as `Exports` compares them."""
    return {gnu_hash(name) | 1: name for name in names}


@lru_cache(maxsize=65_536)
def gnu_hash(name: str) -> int:
    """As DT_GNU_HASH has it; the table's chains use the lowest bit for themselves."""
    value = 5381
    for byte in name.encode("ascii", "replace"):
        value = (value * 33 + byte) & 0xFFFFFFFF
    return value


class SymbolNames(NamedTuple):
    """`undefined`: every name that has to come from elsewhere (not the weak ones). `defined` here, and of those the
    `exported` ones: only names that tell of a C++ or C runtime. `exports`: all that others can use.
    """

    undefined: frozenset[str]
    defined: frozenset[str]
    exported: frozenset[str]
    exports: Exports = Exports()


NO_SYMBOLS = SymbolNames(frozenset(), frozenset(), frozenset(), Exports(names=b""))
UNREAD_SYMBOLS = SymbolNames(frozenset(), frozenset(), frozenset())


class _Columns(NamedTuple):
    """A symbol table by column, one item a symbol."""

    names: list[int]
    info: bytes
    other: bytes
    sections: list[int]


def read_symbol_names(source: Source, table: SymbolTable, *, libc: bool) -> SymbolNames:
    """Reads the table; `libc` asks for a C library's names, too. Raises `Damaged` where it lies outside the source."""
    if table.entries <= 1:
        return NO_SYMBOLS
    if table.entries > MAX_SYMBOLS or table.strings_size > _MAX_STRINGS:
        return UNREAD_SYMBOLS
    strings = source.read(table.strings_at, table.strings_size)
    columns = _columns(source, table)
    defined, exported = _telling(strings, columns, _CPP + (_LIBC if libc else ()))
    exports = Exports(table.hashes) if table.hashes is not None else _named(strings, columns)
    return SymbolNames(_undefined(strings, columns, table.first_hashed), defined, exported, exports)


def _columns(source: Source, table: SymbolTable) -> _Columns:
    size, info_at, section_at = (24, 4, 6) if table.bits == 64 else (16, 12, 14)
    data = source.read(table.at, table.entries * size)
    names = array("I", data)
    if table.order != ("<" if sys.byteorder == "little" else ">"):
        names.byteswap()
    # Only whether it is zero matters of st_shndx: the byte order does not.
    sections = memoryview(data).cast("H")[section_at // 2 :: size // 2].tolist()
    return _Columns(
        names[:: size // 4].tolist(), data[info_at::size], data[info_at + 1 :: size], sections
    )


def _undefined(strings: bytes, columns: _Columns, first_hashed: int | None) -> frozenset[str]:
    """Linkers put what is undefined before all that the GNU hash table covers."""
    found: set[str] = set()
    budget = _MAX_UNDEFINED
    for index, section in enumerate(islice(columns.sections, first_hashed)):
        if section == 0 and columns.info[index] >> 4 == 1:  # STB_GLOBAL
            at = columns.names[index]
            end = strings.find(b"\0", at, at + _MAX_NAME)
            if end > at:
                budget -= end - at
                if budget < 0:
                    break
                found.add(sys.intern(strings[at:end].decode("ascii", "backslashreplace")))
    return frozenset(found)


def _named(strings: bytes, columns: _Columns) -> Exports:
    """For a library that has only the older hash table, which holds no hashes."""
    names: dict[int, bytes] = {}
    budget = _MAX_UNDEFINED
    for index, section in enumerate(columns.sections):
        if section and _visible(columns, index):
            at = columns.names[index]
            end = strings.find(b"\0", at, at + _MAX_NAME)
            if end > at and at not in names:
                budget -= end - at
                if budget < 0:
                    return Exports()
                names[at] = strings[at:end]
    return Exports(names=b"\0".join(names.values()))


def _visible(columns: _Columns, index: int) -> bool:
    # Not STB_LOCAL; STV_DEFAULT or STV_PROTECTED.
    return columns.info[index] >> 4 != 0 and columns.other[index] & 3 in (0, 3)


def _telling(
    strings: bytes, columns: _Columns, prefixes: tuple[bytes, ...]
) -> tuple[frozenset[str], frozenset[str]]:
    """(defined, exported) among names that begin so. A library that has none costs a few memory searches."""
    wanted = _wanted(strings, prefixes)
    if not wanted or wanted.keys().isdisjoint(columns.names):
        return frozenset(), frozenset()
    defined, exported = set(), set()
    hits = (index for index, at in enumerate(columns.names) if at in wanted)
    for index in islice(hits, _MAX_HITS):
        if columns.sections[index]:
            name = wanted[columns.names[index]]
            defined.add(name)
            if _visible(columns, index):
                exported.add(name)
    return frozenset(defined), frozenset(exported)


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


def unpack_hashes(data: bytes, order: str) -> "array[int]":
    """The chains of a GNU hash table as numbers of this machine."""
    values = array("I", data[: len(data) & ~3])
    if order != ("<" if sys.byteorder == "little" else ">"):
        values.byteswap()
    return values
