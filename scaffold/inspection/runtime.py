"""The runtime rules over libraries that are installed side by side: C++ runtimes, static bionic, the wrong folder.

bionic resolves a library's symbols in itself and in what it needs, directly and indirectly; `dlopen` fails when a
strong one is found nowhere. What counts as a runtime is told by names (`libc++_shared.so`) and by exported symbols.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.elf.read import CPP_RUNTIMES, Elf
from scaffold.inspection.elf.symbols import LIBC_NAMES
from scaffold.inspection.library import Library

SHARED = "libc++_shared.so"
# What brings the symbols by its name alone; libc++.so is the platform's, for libraries that are built with it.
_RUNTIMES = CPP_RUNTIMES | {"libc++.so"}
# bionic's own: the libc of every Android exports them.
_LIBC_CXA = {"__cxa_atexit", "__cxa_finalize", "__cxa_thread_atexit_impl"}
# Android's /system libstdc++.so brings these and no more.
_SYSTEM_STDCXX = {
    "__cxa_guard_acquire",
    "__cxa_guard_release",
    "__cxa_guard_abort",
    "__cxa_pure_virtual",
}
# Exported by a library that carries a C++ runtime. Template instances (_ZNSt6__ndk1…) are in every C++ library.
_STATIC_RUNTIME = {"__cxa_throw", "__cxa_begin_catch", "__cxa_allocate_exception"}
# NDK "Native APIs": what an app may need without packaging it.
_SYSTEM = frozenset(
    f"lib{name}.so"
    for name in {
        "c",
        "m",
        "dl",
        "log",
        "z",
        "android",
        "jnigraphics",
        "stdc++",
        "EGL",
        "GLESv1_CM",
        "GLESv2",
    }
    | {
        "GLESv3",
        "OpenSLES",
        "OpenMAXAL",
        "mediandk",
        "camera2ndk",
        "aaudio",
        "vulkan",
        "amidi",
        "ft2",
    }
    | {"neuralnetworks", "nativewindow", "sync", "binder_ndk", "icu", "nativehelper"}
)


# No real library needs as many; a crafted archive could ask for the square of what it lists.
_MAX_CLOSURE = 100


class Neighbours(NamedTuple):
    """The libraries of one place and ABI, by the names that others need them under."""

    by_name: dict[str, Library]

    def closure(self, library: Library) -> tuple[list[Library], set[str]]:
        """(needed libraries that are at hand, directly and indirectly; names needed that are not)."""
        seen: dict[str, Library] = {}
        absent: set[str] = set()
        waiting = list(library.elf.needed) if library.elf else []
        while waiting and len(seen) < _MAX_CLOSURE:
            name = waiting.pop()
            if name in seen or name in absent:
                continue
            found = self.by_name.get(name)
            if found is None or found.elf is None:
                absent.add(name)
            else:
                seen[name] = found
                waiting.extend(found.elf.needed)
        return list(seen.values()), absent


def judge_together(libraries: Iterable[Library]) -> list[Library]:
    """The same libraries in the same order, with what only their neighbourhood tells."""
    libraries = list(libraries)
    groups: dict[tuple[str, str], Neighbours] = {}
    for library in libraries:
        if library.elf is not None:
            names = groups.setdefault((library.place.path, library.abi), Neighbours({})).by_name
            names.setdefault(library.name, library)
            if library.elf.soname:
                names.setdefault(library.elf.soname, library)
    mixed = {key: _mixed(group) for key, group in groups.items()}
    judged = []
    for library in libraries:
        if library.elf is None or library.desktop:
            judged.append(library)
            continue
        key = (library.place.path, library.abi)
        found = list(_alone(library))
        found += _runtime_missing(library, library.elf, groups[key])
        found += _unresolved(library, library.elf, groups[key])
        found += mixed[key].get(library.path, [])
        judged.append(library.with_findings(*found))
    return judged


def _alone(library: Library) -> Iterator[Finding]:
    if library.folder_abi and library.folder_abi != library.abi:
        yield Finding(
            Code.ABI_MISMATCH,
            Severity.ERROR,
            f"It is a library for {library.abi}, in the folder of {library.folder_abi}: no device will load it there.",
            f"Build it for {library.folder_abi}, or move it to {library.abi}/.",
        )
    if library.own_libc:
        yield Finding(
            Code.STATIC_BIONIC,
            Severity.ERROR,
            f"It carries its own C library ({library.own_libc}) and does not need libc.so: it crashes at or after"
            " dlopen.",
            "Remove the link search path …/sysroot/usr/lib/<triple>, or put <triple>/<api> before it: the NDK's clang"
            " needs none.",
        )


def _runtime_missing(library: Library, elf: Elf, group: Neighbours) -> Iterator[Finding]:
    if SHARED not in elf.needed or SHARED in group.by_name or library.place.kind in ("", "flat"):
        return
    whole = library.place.kind in ("apk", "aab", "folder")
    yield Finding(
        Code.CPP_RUNTIME_MISSING,
        Severity.ERROR if whole else Severity.WARNING,
        f"It needs {SHARED}, which is not packaged for {library.abi}"
        + ("." if whole else "; the app has to bring it."),
        'Set `cpp_runtime: shared`, which packages it (Gobley: dynamicLibraries.addAll("c++_shared")), or'
        " `cpp_runtime: static`.",
    )


def _unresolved(library: Library, elf: Elf, group: Neighbours) -> Iterator[Finding]:
    missing = elf.symbols.undefined - _LIBC_CXA - LIBC_NAMES
    if not missing or not _RUNTIMES.isdisjoint(elf.needed):
        return
    needed, absent = group.closure(library)
    if not _RUNTIMES.isdisjoint(absent):
        return
    if "libstdc++.so" in absent:
        missing -= _SYSTEM_STDCXX
    for other in needed:
        if other.elf and (other.name in CPP_RUNTIMES or other.elf.soname in CPP_RUNTIMES):
            return
        exported = other.elf.symbols.exported if other.elf else frozenset()
        missing -= exported
        if any(_is_template(name) for name in exported):
            missing = frozenset(name for name in missing if not _is_template(name))
    if not missing:
        return
    unknown = sorted(absent - _SYSTEM)
    sure = library.place.kind in ("apk", "aab") or not unknown
    yield Finding(
        Code.CPP_SYMBOL_UNRESOLVED,
        Severity.ERROR if sure else Severity.WARNING,
        f"{_some(missing)} undefined, and no library that it needs brings {'it' if len(missing) == 1 else 'them'}:"
        " dlopen fails (cannot locate symbol)"
        + ("." if sure else f", unless one does that is not seen here ({', '.join(unknown[:3])})."),
        "Link a C++ runtime: `cpp_runtime: shared` (rustc-link-lib=c++_shared, and package it), or `static`"
        " (c++_static, then c++abi).",
    )


def _mixed(group: Neighbours) -> dict[str, list[Finding]]:
    """Path → findings. Two runtimes do not share exceptions, type information and allocations."""
    libraries = {lib.path: lib for lib in group.by_name.values() if lib.elf and not lib.desktop}
    shared = {name for lib in libraries.values() for name in _shared_runtimes(lib)}
    static = {path: lib for path, lib in libraries.items() if _carries_runtime(lib)}
    found: dict[str, list[Finding]] = {}
    if len(shared) > 1:
        for path, library in libraries.items():
            if _shared_runtimes(library) - {SHARED}:
                others = sorted(shared - _shared_runtimes(library))
                found[path] = [
                    _mixed_finding(f"It uses {_one(library)} beside {others[0]}", certain=True)
                ]
    linked = _linked(group, static)
    for path, library in static.items():
        text = f"It exports a C++ runtime of its own ({_one(library)})"
        if shared:
            text += f" beside {min(shared)}"
        elif len(static) > 1:
            rival = next(other for other_path, other in static.items() if other_path != path)
            text += f", and so does {rival.name}"
        else:
            continue
        certain = bool(shared) or path in linked
        found.setdefault(path, []).append(_mixed_finding(text, certain=certain))
    return found


def _shared_runtimes(library: Library) -> set[str]:
    names = set(library.elf.needed) | {library.elf.soname, library.name} if library.elf else set()
    return names & CPP_RUNTIMES


def _carries_runtime(library: Library) -> bool:
    if library.elf is None or {library.name, library.elf.soname} & CPP_RUNTIMES:
        return False
    return bool(library.elf.symbols.exported & _STATIC_RUNTIME)


def _one(library: Library) -> str:
    if library.elf and _carries_runtime(library):
        return sorted(library.elf.symbols.exported & _STATIC_RUNTIME)[0]
    return min(_shared_runtimes(library) - {SHARED})


def _linked(group: Neighbours, static: dict[str, Library]) -> set[str]:
    """Those that are resolved against each other, because one needs the other."""
    linked: set[str] = set()
    for path, library in static.items() if len(static) > 1 else ():
        rivals = {other.path for other in group.closure(library)[0]} & static.keys() - {path}
        linked |= rivals | {path} if rivals else set()
    return linked


def _mixed_finding(text: str, *, certain: bool) -> Finding:
    return Finding(
        Code.CPP_RUNTIME_MIXED,
        Severity.ERROR if certain else Severity.WARNING,
        f"{text}: two C++ runtimes in one process.",
        "Use `cpp_runtime: shared` everywhere, or hide the static one: -Wl,--exclude-libs,libc++_static.a:libc++abi.a",
    )


def _is_template(name: str) -> bool:
    return name.startswith(("_ZNSt6__ndk1", "_ZNKSt6__ndk1"))


def _some(names: frozenset[str] | set[str]) -> str:
    """The plain ones first: they are what a dlopen message names."""
    ordered = sorted(names, key=lambda name: (_is_template(name), name))
    shown = ", ".join(name[:60] for name in ordered[:3])
    more = len(ordered) - 3
    return (
        f"{shown}{f' and {more} more' if more > 0 else ''} {'is' if len(ordered) == 1 else 'are'}"
    )
