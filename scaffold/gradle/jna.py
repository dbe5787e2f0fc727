"""Where a module declares JNA, its catalogue aliases and bundles looked up."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scaffold.gradle.build import GradleBuild
from scaffold.gradle.found import Setting
from scaffold.gradle.values import Values

if TYPE_CHECKING:
    from scaffold.syntax.kotlin_tree import Seen

_MODULE = "net.java.dev.jna:jna"
_ACCESSOR = re.compile(r"(\w+)\.((?:bundles\.)?[\w.]+?)(?:\.get\(\))?")
_NO_DEPENDENCY = ("exclude", "because", "get")


def jna_of(build: GradleBuild, values: Values, scripts: Sequence[str]) -> tuple[Setting, ...]:
    """Every declaration in these scripts, in order, with the version where a line of the build says one."""
    found: dict[tuple[str, int], Setting] = {}
    for path in scripts:
        for one in build.sources.script(path).jna:
            setting = _named(build, values, path, one.text, one.version, one.line)
            if setting:
                found.setdefault((path, one.line), setting)
        for line, text in _references(build, path):
            setting = _by_module(build, text, f"{path}:{line}")
            if setting:
                found.setdefault((path, line), setting)
    return tuple(found.values())


def _named(
    build: GradleBuild, values: Values, path: str, text: str, version: str | None, line: int
) -> Setting | None:
    """What the scan took for JNA by its coordinate, or by the name of an alias."""
    place = f"{path}:{line}"
    if version is not None:
        return Setting(version, text, place)
    coordinate = text.partition(f"{_MODULE}:")[2]
    if coordinate:
        known = values.of(f'"{coordinate.partition("@")[0]}"', path, line)
        return Setting(known.value if known else None, text, known.place if known else place)
    accessor = _ACCESSOR.fullmatch(text)
    catalogue = build.catalogue(accessor[1]) if accessor else None
    if accessor and catalogue and not accessor[2].startswith("bundles."):
        module, _ = catalogue.library(accessor[2])
        # An alias that is called after JNA and is something else: a JNA platform, a fork.
        return _by_module(build, text, place) if module else Setting(None, text, place)
    return None if accessor and accessor[2].startswith("bundles.") else Setting(None, text, place)


def _by_module(build: GradleBuild, text: str, place: str) -> Setting | None:
    accessor = _ACCESSOR.fullmatch(text)
    catalogue = build.catalogue(accessor[1]) if accessor else None
    if accessor is None or catalogue is None:
        return None
    kind, _, rest = accessor[2].partition(".")
    aliases = catalogue.bundle(rest) if kind == "bundles" else (accessor[2],)
    for alias in aliases:
        module, version = catalogue.library(alias)
        if module == _MODULE:
            return Setting(
                version.value if version else None, text, version.place if version else place
            )
    return None


def _references(build: GradleBuild, path: str) -> Iterator[tuple[int, str]]:
    """(line, catalogue accessor) of each dependency that is declared by one."""
    from scaffold.syntax.kotlin_tree import arguments, callee, path_of

    for one in build.sources.seen(path):
        if one.node.type != "call_expression" or not _in_dependencies(one):
            continue
        if path_of(callee(one.node)).rpartition(".")[2] in _NO_DEPENDENCY:
            continue
        for _, value in arguments(one.node):
            yield one.line, path_of(value)


def _in_dependencies(one: "Seen") -> bool:
    return bool(one.heads and re.search(r"\b(?:dependencies|constraints)$", one.heads[-1]))
