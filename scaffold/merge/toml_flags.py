"""What a `rustflags` value says, however it is spelled.

rustc takes `-Cx`, `-C x`, `--codegen=x` and `--codegen x` for the same, and `link-args=a b` for two `link-arg`; the
compiler driver takes `-Wl,a,b` apart at the commas; Cargo splits a string at white space.
"""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from scaffold.merge.toml_elements import Item
from scaffold.merge.toml_scan import Path
from scaffold.merge.toml_value import MISSING, meaning


class Unit(NamedTuple):
    """Elements that say one thing together: a flag and its separate value, else a single one."""

    item: Item
    values: list[Any]


def holds_flags(path: Path) -> bool:
    """Whether Cargo reads flags at this path, from a list or from a string."""
    return path[-1:] in (("rustflags",), ("rustdocflags",))


def words(value: Any) -> list[Any]:
    """The elements of a list, or of a string as Cargo splits it."""
    if value is MISSING:
        return []
    return value.split() if isinstance(value, str) else list(value)


def units(lists: Sequence[list[Any]], *, as_flags: bool) -> list[list[Unit]]:
    """Each list by what its elements say; as flags only if all are text."""
    if as_flags and all(isinstance(element, str) for one in lists for element in one):
        return [_flags(one) for one in lists]
    return [[Unit(Item((repr(meaning(e)),)), [e]) for e in one] for one in lists]


def _flags(elements: list[str]) -> list[Unit]:
    found: list[Unit] = []
    at = 0
    while at < len(elements):
        pair = elements[at] in ("-C", "--codegen") and at + 1 < len(elements)
        values = elements[at : at + 1 + pair]
        parts = _parts(values)
        found.append(Unit(Item(parts, _name(parts)), list(values)))
        at += len(values)
    return found


def _parts(flag: list[str]) -> tuple[str, ...]:
    """The parts of a flag that carries linker arguments, else its one meaning."""
    if len(flag) == 2:
        option = flag[1]
    elif flag[0].startswith("--codegen="):
        option = flag[0].removeprefix("--codegen=")
    elif flag[0].startswith("-C") and flag[0] != "-C":
        option = flag[0].removeprefix("-C")
    else:
        return (flag[0],)
    name, _, value = option.partition("=")
    if name == "link-arg" and value:
        return tuple(_linker_parts(value))
    if name == "link-args" and value.strip():
        return tuple(part for word in value.split() for part in _linker_parts(word))
    return ("-C" + option,)


def _linker_parts(argument: str) -> list[str]:
    if not argument.startswith("-Wl,"):
        return ["-Clink-arg=" + argument]
    pieces = argument.removeprefix("-Wl,").split(",")
    parts: list[str] = []
    while pieces:
        piece = pieces.pop(0)
        if piece == "-z" and pieces:
            piece += pieces.pop(0)
        parts.append("-Clink-arg=-Wl," + piece)
    return parts


def _name(parts: tuple[str, ...]) -> Hashable:
    """A flag without the value that may change; None for one that has none."""
    name, equals, _ = parts[-1].rpartition("=")
    return (*parts[:-1], name) if equals and name != "-Clink-arg" else None
