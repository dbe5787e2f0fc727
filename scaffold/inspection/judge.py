"""One library's bytes → what it says of itself, with the findings that need no neighbours."""

from scaffold.findings import Code, Finding
from scaffold.inspection.elf.layout import read_sections
from scaffold.inspection.elf.read import Elf, read_elf, read_local_symbols
from scaffold.inspection.elf.source import Damaged, Source
from scaffold.inspection.elf.symbols import LIBC_NAMES, SymbolNames
from scaffold.inspection.library import Library, unreadable
from scaffold.inspection.pages import page_findings

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
        if read.desktop:
            return read
        if "libc.so" not in elf.needed and (library.place.kind != "jar" or library.folder_abi):
            read = read._replace(own_libc=_own_libc(source, elf))
        return read.with_findings(*_page_findings(source, elf, page_size))
    except Damaged as damage:
        return library.with_findings(unreadable(str(damage)))
    except OSError as error:
        return library.with_findings(unreadable(error.strerror or "the file system refuses"))


def _page_findings(source: Source, elf: Elf, page_size: int) -> list[Finding]:
    found = list(page_findings(elf, (), page_size))
    if any(finding.code in (Code.RELRO_START, Code.RELRO_END) for finding in found):
        return list(page_findings(elf, read_sections(source), page_size))
    return found


def _own_libc(source: Source, elf: Elf) -> str:
    """What shows that a C library is inside; "" where nothing does, as in a library that uses none."""
    telling = _telling(elf.symbols) or _telling(read_local_symbols(source))
    if telling:
        return f"it defines {', '.join(sorted(telling)[:3])}"
    if (
        not elf.android_note
    ):  # stripped: its text shows it; without the NDK's crtbegin it was not linked with libc.a
        return ""
    end = max((load.offset + load.file_size for load in elf.loads), default=0)
    text = _search(source, min(end, source.size, _MAX_SEARCH))
    return f"it contains {text.decode()}" if text else ""


def _telling(symbols: SymbolNames) -> frozenset[str]:
    names = symbols.defined & LIBC_NAMES
    return names if names - _ALLOCATOR or {"malloc", "free"} <= names else frozenset()


def _search(source: Source, end: int) -> bytes:
    overlap = b""
    for at in range(0, end, _CHUNK):
        chunk = overlap + source.read(at, min(_CHUNK, end - at))
        for text in _BIONIC_TEXT:
            if text in chunk:
                return text
        overlap = chunk[-64:]
    return b""
