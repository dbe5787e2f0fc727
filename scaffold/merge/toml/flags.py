"""What a `rustflags` value says, however it is spelled.

rustc takes `-Cx`, `-C x`, `--codegen=x` and `--codegen x` for the same, and `link-args=a b` for two `link-arg`; the
compiler driver takes `-Wl,a,b` apart at the commas; Cargo splits a string at white space.
"""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from scaffold.merge.toml.counterparts import Saying
from scaffold.merge.toml.scan import Path
from scaffold.merge.toml.value import MISSING, meaning

_Z = "-z"


class Unit(NamedTuple):
    """Elements that say one thing together: a flag and its separate value, else a single one."""

    item: Saying
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
    return [[Unit(Saying((repr(meaning(e)),)), [e]) for e in one] for one in lists]


def _flags(elements: list[str]) -> list[Unit]:
    found: list[Unit] = []
    at = 0
    while at < len(elements):
        end = at + _size(elements, at)
        words = _words_of(elements[at:end])
        if words[-1:] == [_Z] and end < len(elements):  # -z and its value, each in a link-arg
            more = _words_of(elements[end : end + _size(elements, end)])
            if more:
                words += more
                end += _size(elements, end)
        values = elements[at:end]
        parts = tuple(_linker_parts(words)) or _other(values)
        found.append(Unit(Saying(parts, _name(parts)), values))
        at = end
    return found


def _size(elements: list[str], at: int) -> int:
    return 2 if elements[at] in ("-C", "--codegen") and at + 1 < len(elements) else 1


def _option(flag: list[str]) -> str | None:
    """What a codegen flag sets, however it is attached; None for any other flag."""
    if len(flag) == 2:
        return flag[1]
    if flag[0].startswith("--codegen="):
        return flag[0].removeprefix("--codegen=")
    return flag[0].removeprefix("-C") if flag[0].startswith("-C") and flag[0] != "-C" else None


def _other(flag: list[str]) -> tuple[str, ...]:
    option = _option(flag)
    return (flag[0] if option is None else "-C" + option,)


def _words_of(flag: list[str]) -> list[str]:
    """The linker's own words in a flag that carries some, `-Wl,` kept where it stood."""
    name, _, value = (_option(flag) or "").partition("=")
    arguments = {"link-arg": [value] if value else [], "link-args": value.split()}.get(name, [])
    words: list[str] = []
    for argument in arguments:
        if argument.startswith("-Wl,"):
            pieces = argument.split(",")[1:]
            words += [piece if piece.startswith("-z") else "-Wl," + piece for piece in pieces]
        else:
            words.append(argument)
    return words


def _linker_parts(words: list[str]) -> list[str]:
    """Each word, `-z` together with what follows it; the driver takes `-z x` and `-Wl,-z,x` alike."""
    parts: list[str] = []
    rest = iter(words)
    for word in rest:
        value = next(rest, "").removeprefix("-Wl,") if word == _Z else ""
        parts.append("-Clink-arg=" + word + value)
    return parts


def _name(parts: tuple[str, ...]) -> Hashable:
    """A flag without the value that may change; None for one that has none."""
    name, equals, _ = parts[-1].rpartition("=")
    return (*parts[:-1], name) if equals and name != "-Clink-arg" else None
