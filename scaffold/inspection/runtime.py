"""The rules over libraries that are installed side by side: C++ runtimes, static bionic, the wrong folder, symbols."""

from collections.abc import Iterable, Iterator

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.elf.read import CPP_RUNTIMES, Elf
from scaffold.inspection.library import Library
from scaffold.inspection.resolve import SHARED, Neighbours, needed_missing, symbol_findings

# Exported by a library that carries a C++ runtime. Template instances (_ZNSt6__ndk1…) are in every C++ library.
_STATIC_RUNTIME = frozenset({"__cxa_throw", "__cxa_begin_catch", "__cxa_allocate_exception"})


def judge_together(libraries: Iterable[Library], min_sdk: int | None = None) -> list[Library]:
    """The same libraries in the same order, with what only their neighbourhood tells.

    `min_sdk` is what the user said of it; else each place's manifest counts.
    """
    libraries = list(libraries)
    groups: dict[tuple[str, str], Neighbours] = {}
    for library in libraries:
        if library.judged:
            groups.setdefault((library.place.path, library.abi), Neighbours()).add(library)
    judged = []
    for library in libraries:
        if library.elf is None or not library.judged:
            judged.append(library)
            continue
        group = groups[library.place.path, library.abi]
        found = list(_alone(library))
        found += _runtime_missing(library, library.elf, group)
        found += needed_missing(library, group)
        found += _mixed(library, group)
        level = library.place.min_sdk if min_sdk is None else min_sdk
        found += symbol_findings(library, group, level, asked=min_sdk is not None)
        judged.append(library.with_findings(*found))
    return judged


def _alone(library: Library) -> Iterator[Finding]:
    if library.folder_abi and library.folder_abi != library.abi:
        yield Finding(
            Code.ABI_MISMATCH,
            Severity.ERROR,
            f"It is a library for {library.abi}, in the folder of {library.folder_abi}: no device loads it there.",
            f"Build it for {library.folder_abi}, or move it to {library.abi}/.",
        )
    if library.own_libc:
        yield Finding(
            Code.STATIC_BIONIC,
            Severity.ERROR,
            f"It contains its own C library ({library.own_libc}) and does not need libc.so: it crashes at or after"
            " dlopen.",
            "Remove the link search path …/sysroot/usr/lib/<triple>, or put <triple>/<api> before it: the NDK's clang"
            " needs none.",
        )


def _runtime_missing(library: Library, elf: Elf, group: Neighbours) -> Iterator[Finding]:
    if SHARED not in elf.needed or SHARED in group.by_name or library.place.kind in ("", "flat"):
        return
    whole = library.place.is_app or library.place.kind == "folder"
    yield Finding(
        Code.CPP_RUNTIME_MISSING,
        Severity.ERROR if whole else Severity.WARNING,
        f"It needs {SHARED}, which is not packaged for {library.abi}"
        + ("." if whole else "; the app has to package it."),
        'Set `cpp_runtime: shared`, which packages it (Gobley: dynamicLibraries.addAll("c++_shared")), or'
        " `cpp_runtime: static`.",
    )


def _mixed(library: Library, group: Neighbours) -> Iterator[Finding]:
    """Two runtimes do not share exceptions, type information and allocations; copies that never meet do no harm.

    Told of the library in which they meet, not of those that need it in turn.
    """
    needed = group.needs(library).libraries
    meeting = _runtimes(library, needed)
    if len(meeting) < 2:
        return
    if any(len(_runtimes(other, group.needs(other).libraries)) > 1 for other in needed):
        return
    yield Finding(
        Code.CPP_RUNTIME_MIXED,
        Severity.ERROR,
        f"Two C++ runtimes meet in it: {' and '.join(sorted(meeting)[:3])}.",
        "Use `cpp_runtime: shared` everywhere, or hide the static one: -Wl,--exclude-libs,libc++_static.a:libc++abi.a",
    )


def _runtimes(library: Library, needed: Iterable[Library]) -> set[str]:
    found: set[str] = set()
    for one in (library, *needed):
        if one.elf is None:
            continue
        names = {*one.elf.needed, one.elf.soname, one.name} & CPP_RUNTIMES
        found |= names
        exported = one.elf.symbols.exported & _STATIC_RUNTIME
        if exported and not {one.name, one.elf.soname} & CPP_RUNTIMES:
            found.add(f"the one that {one.name} exports ({min(exported)})")
    return found
