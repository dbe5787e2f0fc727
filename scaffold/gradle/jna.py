"""Where a module declares JNA: as a coordinate, in parts, or from a version catalogue."""

import re
from collections.abc import Iterator, Sequence

from scaffold.gradle.android import statements_in
from scaffold.gradle.build import GradleBuild, literal
from scaffold.gradle.conventions import Part
from scaffold.gradle.found import Setting
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Argument, Statement

_GROUP, _NAME = "net.java.dev.jna", "jna"
_MODULE = f"{_GROUP}:{_NAME}"
_COORDINATE = re.compile(rf"{re.escape(_MODULE)}(?::([^@:]*))?(?:[@:].*)?")
_ALIAS = re.compile(r"(?:^|[._])jna(?![._]?[pP]latform)(?:$|[._A-Z])")
_ACCESSOR = re.compile(r"\b(\w+)\.((?:bundles\.)?[A-Za-z_][\w.]*?)(?=\.get\(|\.get$|[^\w.]|$)")
_NO_DEPENDENCY = ("exclude", "because", "platform", "alias", "id", "kotlin", "get", "classpath")


def jna_of(parts: Sequence[Part], values: Values) -> tuple[Setting, ...]:
    """JNA itself in dependencies, constraints and forced versions, in order; `jna-platform` is not it."""
    found: list[Setting] = []
    for one, path in statements_in(parts):
        if _declares(one):
            setting = next(_jna(one, path, values), None)
            found += [setting] if setting else []
    return tuple(found)


def _declares(one: Statement) -> bool:
    if one.name in _NO_DEPENDENCY or not one.arguments or "buildscript" in one.heads:
        return False
    inside = bool(one.heads and re.search(r"\b(?:dependencies|constraints)$", one.heads[-1]))
    return inside or one.name == "force"


def _jna(one: Statement, path: str, values: Values) -> Iterator[Setting]:
    yield from _in_parts(one.arguments, one, path, values)
    for token in one.strings:
        coordinate = _COORDINATE.fullmatch(token.text)
        if coordinate:
            version, place = coordinate[1] or "", f"{path}:{one.line}"
            if version and "$" not in version:
                found = literal(version, path, token.line, token.start + coordinate.start(1))
                yield Setting(version, token.text, place, found.literal)
            else:
                known = values.of(f'"{version}"', path, one.line) if version else None
                yield known or Setting(None, token.text, place)
    for argument in one.arguments:
        for accessor in _ACCESSOR.finditer(_without_strings(argument.text)):
            yield from _by_alias(values.build, accessor, f"{path}:{one.line}")


def _in_parts(
    arguments: Sequence[Argument], one: Statement, path: str, values: Values
) -> Iterator[Setting]:
    """`("net.java.dev.jna", "jna", "5.18.1")`, with names or without."""
    names = ("group", "name", "version")
    given = {a.name or names[min(at, 2)]: a for at, a in enumerate(arguments)}
    group, name, version = (given.get(key) for key in names)
    if group and name and group.literal == _GROUP and name.literal == _NAME:
        yield (
            values.setting(version, path, one.line)
            if version
            else Setting(None, _MODULE, f"{path}:{one.line}")
        )


def _without_strings(text: str) -> str:
    return re.sub(r'"[^"]*"', '""', text)


def _by_alias(build: GradleBuild, accessor: re.Match[str], place: str) -> Iterator[Setting]:
    catalogue, text = build.catalogue(accessor[1]), accessor[0]
    kind, _, rest = accessor[2].partition(".")
    aliases = catalogue.bundle(rest) if catalogue and kind == "bundles" else (accessor[2],)
    for alias in aliases:
        module, version = catalogue.library(alias) if catalogue else ("", None)
        if module == _MODULE:
            known = version or Setting(None, text, place)
            yield Setting(known.value, text, known.place, known.literal)
        elif not module and kind != "bundles" and _ALIAS.search(alias):
            yield Setting(None, text, place)  # a catalogue that cannot be read here
