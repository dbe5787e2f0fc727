"""One library's bytes → what it says of itself, with the findings that need no neighbours."""

from scaffold.inspection import system
from scaffold.inspection.elf.layout import ForeignFile, read_sections
from scaffold.inspection.elf.read import Elf, read_elf, read_local_symbols
from scaffold.inspection.elf.source import Damaged, Source
from scaffold.inspection.elf.symbols import LIBC_NAMES, NO_SYMBOLS, SymbolNames
from scaffold.inspection.library import Library, unreadable
from scaffold.inspection.pages import page_findings

# Paths that bionic's logging and system properties open; every static libc.a brings the first.
_BIONIC_TEXT = (b"/dev/socket/logdw", b"/dev/__properties__", b"libc.debug.malloc.options")
_MAX_SEARCH = 64 << 20
_CHUNK = 1 << 20
# An allocator without libc is conceivable; what else is on the list is a C library's.
_ALLOCATOR = frozenset({"malloc", "calloc", "realloc", "free"})
# The linker makes these itself.
_LINKERS_OWN = frozenset({"_GLOBAL_OFFSET_TABLE_", "_DYNAMIC", "__dso_handle"})
# Sections' borders are the linker's; sanitizers come with libclang_rt or wrap.sh.
_NOT_ASKED = ("__start_", "__stop_", "__asan_", "__hwasan_", "__tsan_", "__ubsan_", "__sanitizer_")


def read_library(library: Library, source: Source, page_size: int) -> Library:
    """Reads and judges. Whatever is wrong with the bytes becomes `unreadable`, never an exception."""
    library = library._replace(size=source.size)
    try:
        elf = read_elf(source)
        read = library._replace(elf=elf)
        if not read.judged:
            return read._replace(elf=elf._replace(symbols=NO_SYMBOLS))
        if "libc.so" not in elf.needed and (library.place.kind != "jar" or library.folder_abi):
            read = read._replace(own_libc=_own_libc(source, elf))
        sections = read_sections(source) if elf.bits == 64 and elf.relros else ()
        read = read.with_findings(*page_findings(elf, sections, page_size))
        symbols = elf.symbols._replace(undefined=frozenset())
        return read._replace(imports=_imports(elf), elf=elf._replace(symbols=symbols))
    except ForeignFile as foreign:
        return library._replace(foreign=str(foreign))
    except Damaged as damage:
        if library.name.startswith("._"):  # macOS's, whatever is left of it
            return library._replace(foreign="macOS")
        return library.with_findings(unreadable(str(damage)))
    except OSError as error:
        return library.with_findings(unreadable(error.strerror or "the file system refuses"))


def _imports(elf: Elf) -> frozenset[str]:
    """What its neighbours, or a newer Android, have to bring."""
    if not system.is_known_abi(elf.abi):
        return frozenset()
    libraries = [name for name in elf.needed if system.is_system_library(name)]
    return frozenset(
        name
        for name in elf.symbols.undefined
        if name not in _LINKERS_OWN
        and not name.startswith(_NOT_ASKED)
        and not any(
            system.symbol_level(library, name, elf.abi) == system.LOWEST_API
            for library in libraries
        )
    )


def _own_libc(source: Source, elf: Elf) -> str:
    """What shows that a C library is inside; "" where nothing does, as in a library that uses none."""
    telling = _telling(elf.symbols) or _telling(read_local_symbols(source))
    if telling:
        return f"it defines {', '.join(sorted(telling)[:3])}"
    if not elf.android_note:
        # Stripped: its text shows it. Without the NDK's crtbegin it was not linked with libc.a.
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
