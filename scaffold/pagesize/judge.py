"""One library's bytes → what it says of itself, with the findings that need no neighbours."""

from scaffold.elf.read import Elf, read_elf, read_local_symbols
from scaffold.elf.source import Damaged, Source
from scaffold.elf.symbols import LIBC_NAMES
from scaffold.pagesize.library import Library, unreadable
from scaffold.pagesize.pages import page_findings

# Paths that bionic's logging and system properties open; every static libc.a brings the first.
_BIONIC_TEXT = (b"/dev/socket/logdw", b"/dev/__properties__", b"libc.debug.malloc.options")
_MAX_SEARCH = 64 << 20
_CHUNK = 1 << 20
# An allocator without libc is conceivable; what else is on the list is a C library's.
_ALLOCATOR = frozenset({"malloc", "calloc", "realloc", "free"})


def read_library(library: Library, source: Source, page_size: int) -> Library:
    """Reads and judges. Whatever is wrong with the bytes becomes `unreadable`, never an exception."""
    try:
        elf = read_elf(source)
        read = library._replace(elf=elf)
        if not read.desktop:
            if "libc.so" not in elf.needed and (library.place.kind != "jar" or library.folder_abi):
                read = read._replace(own_libc=_own_libc(source, elf))
            read = read.with_findings(*page_findings(elf, page_size))
        # Crafted tables are large, and thousands of libraries are kept: their sections are not asked for again.
        return read._replace(elf=elf._replace(sections=()))
    except Damaged as damage:
        return library.with_findings(unreadable(str(damage)))
    except OSError as error:
        return library.with_findings(unreadable(error.strerror or "the file system refuses"))


def _own_libc(source: Source, elf: Elf) -> str:
    """What shows that a C library is inside; "" where nothing does, as in a library that uses none."""
    for names in (elf.symbols.defined, read_local_symbols(source, elf).defined):
        telling = names & LIBC_NAMES
        if telling - _ALLOCATOR or {"malloc", "free"} <= telling:
            return f"it defines {', '.join(sorted(telling)[:3])}"
    end = max((load.offset + load.file_size for load in elf.loads), default=0)
    text = _search(source, min(end, source.size, _MAX_SEARCH))
    return f"it contains {text.decode()}" if text else ""


def _search(source: Source, end: int) -> bytes:
    overlap = b""
    for at in range(0, end, _CHUNK):
        chunk = overlap + source.read(at, min(_CHUNK, end - at))
        for text in _BIONIC_TEXT:
            if text in chunk:
                return text
        overlap = chunk[-64:]
    return b""
