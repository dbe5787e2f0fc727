"""What dlopen would find: each library's neighbours, and where its undefined symbols come from.

bionic looks a symbol up in the library, in the app's libraries that it needs, directly and indirectly, and in the
system libraries that any of these names, not in what those need in turn (linker_namespaces.cpp). All are resolved at
once: a strong one that is found nowhere makes dlopen fail.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection import system
from scaffold.inspection.elf.symbols import by_hash, gnu_hash
from scaffold.inspection.library import Library

SHARED = "libc++_shared.so"
# No real library needs as many; a crafted archive could ask for the square of what it lists.
_MAX_CLOSURE = 100
# On devices, but no library of the NDK: what they export is not known here.
_ON_DEVICE = re.compile(
    r"lib(?:RS|RSCpp|icuuc|icui18n|webviewchromium_plat_support|clang_rt\..*)\.so$"
)
_CPP = re.compile(
    r"__cxa_|__gxx_personality_|__dynamic_cast$|_Z(?:T[ISV])?N?K?(?:St|10__cxxabiv1)|_Z(?:n[wa]|d[la])"
)
# What only newer libc++_shared.so have (NDK r26 and r28).
_NEWER_LIBCXX = re.compile(r"__cxa_init_primary_exception$|_ZNSt6__ndk113__hash_memory")
_BUILTIN = re.compile(r"__emutls_|__atomic_|__aeabi_|__(?:u?div|u?mod|fix|float|mul)\w*[dst]i\d?$")


class Needs(NamedTuple):
    """Everything that a library needs, directly and indirectly: the app's libraries in the order in which they are
    searched, Android's, and the names of those that are nowhere."""

    libraries: tuple[Library, ...]
    system: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything that they export is known."""
        return not self.absent and all(
            library.elf and library.elf.symbols.exports.known for library in self.libraries
        )


class Neighbours:
    """The libraries of one place and ABI, by the names that others need them under."""

    def __init__(self) -> None:
        self.by_name: dict[str, Library] = {}
        self._needs: dict[str, Needs] = {}

    def add(self, library: Library) -> None:
        """The first of a name counts."""
        self.by_name.setdefault(library.name, library)
        if library.elf and library.elf.soname:
            self.by_name.setdefault(library.elf.soname, library)

    def needs(self, library: Library) -> Needs:
        """Known only when all were added."""
        if library.path not in self._needs:
            self._needs[library.path] = self._search(library)
        return self._needs[library.path]

    def _search(self, library: Library) -> Needs:
        seen: dict[str, Library] = {}
        others: dict[str, bool] = {}
        waiting = deque(library.elf.needed if library.elf else ())
        while waiting and len(seen) < _MAX_CLOSURE:
            name = waiting.popleft()
            if name in seen or name in others:
                continue
            found = self.by_name.get(name)
            if found is not None and found.elf is not None:
                seen[name] = found
                waiting.extend(found.elf.needed)
            else:
                others[name] = system.is_system_library(name)
        unique = {found.path: found for found in seen.values() if found.path != library.path}
        absent = tuple(name for name, known in others.items() if not known)
        if waiting:  # more than is sensible: what is left was not looked at
            absent = (*absent, waiting[0])
        return Needs(
            tuple(unique.values()), tuple(name for name, known in others.items() if known), absent
        )


def needed_missing(library: Library, group: Neighbours) -> Iterator[Finding]:
    """Libraries that neither the app nor Android has; the C++ runtime has a rule of its own."""
    if not library.place.is_app or library.elf is None:
        return
    missing = [
        name
        for name in dict.fromkeys(library.elf.needed)
        if name not in group.by_name
        and name != SHARED
        and not system.is_system_library(name)
        and not _ON_DEVICE.match(name)
    ]
    if missing:
        yield Finding(
            Code.NEEDED_MISSING,
            Severity.WARNING,
            f"It needs {', '.join(missing[:3])}{' and more' if len(missing) > 3 else ''}, which neither the app nor"
            " Android has for this ABI: dlopen fails (library not found) where the device does not add it.",
            "Package that library for every ABI, or remove this one.",
        )


def symbol_findings(
    library: Library, group: Neighbours, min_sdk: int | None, *, asked: bool
) -> Iterator[Finding]:
    """What is undefined and found nowhere, and what only a newer Android has than `min_sdk`.

    `asked` says that the user named the level. Silent where something needed is not at hand: it may bring the rest.
    """
    needs = group.needs(library)
    if not needs.complete or not system.is_known_abi(library.abi):
        return
    missing: set[str] = set()
    levels: dict[str, int] = {name: system.library_level(name) for name in needs.system}
    for name in _left(library, needs):
        found = [
            level
            for one in needs.system
            if (level := system.symbol_level(one, name, library.abi)) is not None
        ]
        if found:
            levels[name] = min(found)
        else:
            missing.add(name)
    yield from _unresolved(missing, needs)
    if min_sdk is not None:
        yield from _too_new(levels, min_sdk, certain=asked or library.place.kind != "aar")


def _left(library: Library, needs: Needs) -> list[str]:
    """What the app's own libraries do not define."""
    wanted = by_hash(library.imports)
    for other in needs.libraries if wanted else ():
        if other.elf:
            for name in other.elf.symbols.exports.among(wanted):
                del wanted[gnu_hash(name) | 1]
    return list(wanted.values())


def _unresolved(missing: set[str], needs: Needs) -> Iterator[Finding]:
    cpp = {name for name in missing if _CPP.match(name)}
    has_runtime = any(
        SHARED in (library.name, library.elf and library.elf.soname) for library in needs.libraries
    )
    if cpp and has_runtime:
        newer = any(map(_NEWER_LIBCXX.match, cpp))
        yield _unresolved_finding(
            Code.CPP_SYMBOL_UNRESOLVED,
            cpp,
            f"{SHARED} here is older than the one that it was linked with: package the newest one that any library"
            f" was built with{' (NDK r28 or newer)' if newer else ''}.",
        )
    elif cpp:
        yield _unresolved_finding(
            Code.CPP_SYMBOL_UNRESOLVED,
            cpp,
            "Link a C++ runtime: `cpp_runtime: shared` (rustc-link-lib=c++_shared, and package it), or `static`"
            " (c++_static, then c++abi).",
        )
    if missing - cpp:
        yield _unresolved_finding(Code.SYMBOL_UNRESOLVED, missing - cpp, _hint(missing - cpp))


def _hint(names: set[str]) -> str:
    if any(name.startswith("_Unwind_") for name in names):
        return "Link it with the NDK's clang, which adds the unwinder (libunwind.a)."
    if any(map(_BUILTIN.match, names)):
        return "Link it with the NDK's clang, which adds the compiler's builtins (libclang_rt.builtins)."
    return (
        "Link it with the library that defines this, or use versions of both that belong together."
    )


def _unresolved_finding(code: Code, names: Iterable[str], hint: str) -> Finding:
    names = sorted(names, key=lambda name: (name.startswith("_Z"), name))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return Finding(
        code,
        Severity.ERROR,
        f"{', '.join(name[:60] for name in names[:3])}{more} {verb} undefined, and no library that it needs defines"
        f" {them}: dlopen fails (cannot locate symbol).",
        hint,
    )


def _too_new(levels: dict[str, int], min_sdk: int, *, certain: bool) -> Iterator[Finding]:
    late = {
        name: level for name, level in levels.items() if level > max(min_sdk, system.LOWEST_API)
    }
    if not late:
        return
    highest = max(late.values())
    names = sorted(late, key=lambda name: (-late[name], name))
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    yield Finding(
        Code.API_LEVEL,
        Severity.ERROR if certain else Severity.WARNING,
        f"Needs API {highest} ({', '.join(f'`{name}`' for name in names[:2])}{more}), minSdk is {min_sdk}: dlopen fails"
        " on older devices.",
        f"Set minSdk to {highest}, or link it for API {max(min_sdk, system.LOWEST_API)}.",
    )
