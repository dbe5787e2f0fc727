"""The plugins that a Gradle script declares and applies, Kotlin or Groovy."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold.syntax.statements import Statement
from scaffold.syntax.tokens import Token

_NAMED = re.compile(r"(?:project\.)?\w+\.plugins\.[\w.]+")
_APPLY = re.compile(r"(?:^|\.)(?:pluginManager|plugins)\.apply$")
_APPLYING = re.compile(r"(?:^|[.(])(?:pluginManager|plugins)\b")


class Declared(NamedTuple):
    """A plugin's id, or its path in a version catalogue (`libs.plugins.android.library`).

    `version` is its literal in the script; not `applied`: `apply false`.
    """

    id: str
    version: Token | None
    applied: bool
    line: int


def plugins_in(statements: Iterable[Statement]) -> Iterator[Declared]:
    """Those of `plugins {}`, of `apply(plugin = …)`, `apply plugin: '…'` and of `pluginManager.apply(…)`."""
    for one in statements:
        plugin = _declared(one) if one.heads[-1:] == ("plugins",) else _applied(one)
        if plugin:
            yield plugin


def _declared(one: Statement) -> Declared | None:
    """`id("x") version "1" apply false`, `id 'x'`, `alias(libs.x)`, `kotlin("jvm")`, `java`."""
    kind = re.match(r"\w+(?=\(|$)", one.path) or re.match(r"[\w-]+", one.path)
    if kind is None:
        return None
    id_ = _id(kind[0], one)
    words = [token.text for token in one.tokens]
    versions = [
        second
        for first, second in zip(words_of(one), words_of(one)[1:], strict=False)
        if first.text == "version" and second.plain
    ]
    applied = not ("apply" in words and "false" in words[words.index("apply") :])
    return Declared(id_, versions[0] if versions else None, applied, one.line) if id_ else None


def words_of(one: Statement) -> list[Token]:
    """Its words and strings, without signs."""
    return [token for token in one.tokens if token.kind in ("word", "string")]


def _id(kind: str, one: Statement) -> str:
    if kind in ("id", "kotlin"):
        found = next((token for token in one.tokens if token.kind == "string"), None)
        named = _NAMED.search(one.text)
        if found and found.plain and not (named and named.start() < one.text.find('"')):
            return f"org.jetbrains.kotlin.{found.text}" if kind == "kotlin" else found.text
        return _accessor(named[0]) if named else ""
    if kind == "alias":
        named = _NAMED.search(one.text)
        return _accessor(named[0]) if named else ""
    return kind if len(one.tokens) == 1 else ""


def _accessor(path: str) -> str:
    return path.partition(".get")[0].removeprefix("project.")


def _applied(one: Statement) -> Declared | None:
    if one.name != "apply" and not one.path.startswith("apply<"):
        return None
    for argument in one.arguments:
        by_name = argument.name == "plugin"
        inside = bool(one.heads and _APPLYING.search(one.heads[-1])) and one.path == "apply"
        if by_name or (not argument.name and (inside or _APPLY.search(one.path))):
            named = _NAMED.match(argument.text)
            id_ = argument.literal or (_accessor(named[0]) if named else "")
            if id_:
                return Declared(id_, None, applied=True, line=one.line)
    return None
