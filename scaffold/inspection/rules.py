"""Each finding of `inspect` as a rule: a title, what it means, and where to read more."""

from typing import NamedTuple

from scaffold.findings import Code

_PAGES = "https://developer.android.com/guide/practices/page-sizes"
_CPP = "https://developer.android.com/ndk/guides/cpp-support"
_ABIS = "https://developer.android.com/ndk/guides/abis"
_LOADER = (
    "https://android.googlesource.com/platform/bionic/+/main/android-changes-for-ndk-developers.md"
)


class Rule(NamedTuple):
    """`title` for lists, `meaning` for whoever meets it first, `link` for the rest."""

    title: str
    meaning: str
    link: str


RULES = {
    Code.LOAD_ALIGNMENT: Rule(
        "LOAD segments do not support the page size",
        "Devices with 16 KB pages do not load a 64-bit library whose LOAD segments are aligned to less.",
        _PAGES,
    ),
    Code.RELRO_START: Rule(
        "RELRO does not start on a page",
        "RELRO (data that becomes read-only after loading) must start on a 16 KB page boundary or with its LOAD"
        " segment.",
        _PAGES,
    ),
    Code.RELRO_END: Rule(
        "RELRO does not end on a page",
        "RELRO (data that becomes read-only after loading) must end on a 16 KB page boundary or with its LOAD segment;"
        " otherwise data after it becomes read-only, and the first write to it crashes.",
        _PAGES,
    ),
    Code.RELRO_OVERRUN: Rule(
        "RELRO reaches past its LOAD segment",
        "Devices with 4 KB pages refuse the library: can't enable GNU RELRO protection: Out of memory.",
        _PAGES,
    ),
    Code.ZIP_ALIGNMENT: Rule(
        "Library is not aligned in the package",
        "An uncompressed 64-bit library must begin at a multiple of 16 KB in the APK.",
        _PAGES,
    ),
    Code.ZIP_COMPRESSED: Rule(
        "Library is compressed in the APK",
        "Android extracts it at installation: this works, but takes its space twice.",
        _PAGES,
    ),
    Code.CPP_RUNTIME_MISSING: Rule(
        "libc++_shared.so is not packaged",
        "The library needs the shared C++ runtime, which the package does not have for this ABI.",
        _CPP,
    ),
    Code.CPP_SYMBOL_UNRESOLVED: Rule(
        "C++ runtime symbol is undefined",
        "No library that this one needs defines it: dlopen fails with `cannot locate symbol`.",
        _CPP,
    ),
    Code.SYMBOL_UNRESOLVED: Rule(
        "Symbol is undefined",
        "Neither the libraries that this one needs nor Android defines it: dlopen fails with `cannot locate symbol`.",
        _LOADER,
    ),
    Code.API_LEVEL: Rule(
        "Needs a newer Android than minSdk",
        "It needs a symbol or a system library that Android has only from a later API level on.",
        "https://developer.android.com/ndk/guides/sdk-versions",
    ),
    Code.NEEDED_MISSING: Rule(
        "Needed library is not packaged",
        "The library needs another one that neither the app nor Android has for this ABI.",
        _LOADER,
    ),
    Code.CPP_RUNTIME_MIXED: Rule(
        "Two C++ runtimes meet",
        "Exceptions, type information and allocations do not cross between two C++ runtimes.",
        _CPP,
    ),
    Code.STATIC_BIONIC: Rule(
        "Library contains its own C library",
        "A static libc inside a shared library crashes at or after dlopen.",
        _LOADER,
    ),
    Code.ABI_MISMATCH: Rule(
        "Library is in another ABI's folder",
        "No device loads a library that is built for another ABI than its folder's.",
        _ABIS,
    ),
    Code.UNREADABLE: Rule(
        "File cannot be read",
        "It is not a whole ELF file or archive: empty, cut off, a Git LFS pointer, a linker script.",
        _ABIS,
    ),
    Code.NO_LIBRARIES: Rule(
        "No native library was found",
        "A check that checks nothing must not pass.",
        _ABIS,
    ),
}
