"""Where a Gradle script declares JNA: as a coordinate, in parts, or from a version catalogue."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from scaffold.syntax.kotlin_tree import Seen, arguments, callee, literal, path_of, said
from scaffold.syntax.syntax import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_GROUP, _NAME = "net.java.dev.jna", "jna"
_COORDINATE = re.compile(rf"\"+{re.escape(_GROUP)}:{_NAME}(?::([^@:\"]*))?[@:\"]")
_ALIAS = re.compile(r"(?:^|[._])jna(?![._]?[pP]latform)(?:$|[._A-Z])")
_NO_DEPENDENCY = {"variantOf", "exclude", "because", "platform", "alias", "id", "kotlin", "get"}
_SOURCE_SET = re.compile(r"\b(\w+(?:Main|Test))\b")


class Jna(NamedTuple):
    """A declared JNA: coordinate or catalogue alias, literal version, and what it is declared for.

    `source_set` is "" outside of `sourceSets {}` (the module's own `dependencies {}`).
    """

    text: str
    version: str | None
    configuration: str
    source_set: str
    line: int


def jna_in(calls: Iterable[Seen]) -> Iterator[Jna]:
    """JNA itself in dependencies, constraints and forced versions; `jna-platform` is not it."""
    for one in calls:
        name = path_of(callee(one.node)).strip('"')
        given = arguments(one.node)
        if not given or not _declares(one, name):
            continue
        if name == "add" and len(given) > 1:
            name = literal(given[0][1]) or said(given[0][1])
            given = given[1:]
        found = _in_parts(given) or _in_one(given)
        if found:
            yield Jna(*found, name, _source_set(one.heads), one.line)


def _declares(one: Seen, name: str) -> bool:
    last = name.rpartition(".")[2]
    if last in _NO_DEPENDENCY or last.endswith("Of"):
        return False
    inside = one.heads[-1] if one.heads else ""
    return bool(re.search(r"\b(?:dependencies|constraints)$", inside)) or last == "force"


def _in_parts(given: "list[tuple[str, Node]]") -> tuple[str, str | None] | None:
    """`("net.java.dev.jna", "jna", "5.18.1")`, with names or without."""
    names = ("group", "name", "version")
    by_name = {name or names[min(at, 2)]: value for at, (name, value) in enumerate(given)}
    if literal(by_name.get("group")) != _GROUP or literal(by_name.get("name")) != _NAME:
        return None
    return f"{_GROUP}:{_NAME}", literal(by_name.get("version"))


def _in_one(given: "list[tuple[str, Node]]") -> tuple[str, str | None] | None:
    for node in (part for _, value in given for part in walk(value)):
        if node.type.endswith("string_literal"):
            coordinate = _COORDINATE.match(said(node))
            if coordinate:
                version = coordinate[1] or ""
                plain = version if version and "$" not in version else None
                return said(node).strip('"'), plain
        elif node.type in ("navigation_expression", "identifier"):
            path = path_of(node).removesuffix(".get")
            whole = node.parent is None or node.parent.type != "navigation_expression"
            if whole and _ALIAS.search(path):
                return path, None
    return None


def _source_set(heads: tuple[str, ...]) -> str:
    for head in reversed(heads):
        named = _SOURCE_SET.search(head)
        if named:
            return named[1]
    return ""
