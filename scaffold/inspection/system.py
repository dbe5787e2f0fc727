"""What Android itself exports to apps, by library, ABI and API level: `data/android_symbols.txt`."""

import os
from functools import cache

_FILE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "android_symbols.txt")
_ABIS = {"armeabi-v7a": "arm", "arm64-v8a": "arm64", "x86": "x86", "x86_64": "x86_64"}
# Older NDKs could build for less, and what they had is not known for every library.
LOWEST_API = 21


def is_known_abi(abi: str) -> bool:
    """Whether the data says anything of that ABI."""
    return abi in _ABIS


def is_system_library(name: str) -> bool:
    """Whether an app may need it without packaging it."""
    return name in _sections()


def library_level(name: str) -> int:
    """The first API level that has the library, at least 21."""
    return max(LOWEST_API, int(_sections()[name][0]))


def symbol_level(library: str, symbol: str, abi: str) -> int | None:
    """The first API level at which it exports the symbol, at least 21; None where it never does."""
    return _symbols(library, _ABIS[abi]).get(symbol)


@cache
def _sections() -> dict[str, tuple[str, str]]:
    """Library → (level, the lines of its section)."""
    with open(_FILE, encoding="ascii") as file:
        parts = file.read().split("\n= ")[1:]
    found = {}
    for part in parts:
        head, _, lines = part.partition("\n")
        name, level = head.split()
        found[name] = (level, lines)
    return found


@cache
def _symbols(library: str, abi: str) -> dict[str, int]:
    levels: dict[str, int] = {}
    for line in _sections()[library][1].splitlines():
        level, *names = line.split()
        first = _first_level(level, abi)
        if first is not None:
            for name in names:
                levels[name] = min(first, levels.get(name, first))
    return levels


def _first_level(level: str, abi: str) -> int | None:
    if level.startswith("private"):
        abis = level.partition(":")[2].split(",")
        return LOWEST_API if abis == [""] or abi in abis else None
    if level.isdigit():
        return max(LOWEST_API, int(level))
    by_abi = dict(part.split("=") for part in level.split(","))
    return max(LOWEST_API, int(by_abi[abi])) if abi in by_abi else None
