"""The plugins that a Gradle script applies."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from scaffold.syntax.kotlin_tree import Seen, arguments, callee, literal, path_of, said

if TYPE_CHECKING:
    from tree_sitter import Node


class Plugin(NamedTuple):
    """A plugin's id, or its path in a version catalogue (`libs.plugins.android.library`).

    `version` is None where it is absent or an expression; not `applied`: `apply false`.
    """

    id: str
    version: str | None
    applied: bool
    line: int


def plugins_in(seen: Iterable[Seen]) -> Iterator[Plugin]:
    """Those of `plugins {}`, of `apply(plugin = …)` and of `pluginManager.apply(…)`."""
    for one in seen:
        if one.heads == ("plugins",) and one.parents[1] == "lambda_literal":
            plugin = _declared(one)
        elif one.node.type == "call_expression":
            plugin = _applied(one)
        else:
            continue
        if plugin:
            yield plugin


def _applied(one: Seen) -> Plugin | None:
    path = path_of(callee(one.node))
    for name, value in arguments(one.node):
        id_ = literal(value)
        by_name = path.endswith("apply") and name == "plugin"
        if id_ and (by_name or path.endswith(("pluginManager.apply", "plugins.apply"))):
            return Plugin(id_, None, applied=True, line=one.line)
    return None


def _declared(one: Seen) -> Plugin | None:
    """`id("x") version "1" apply false`, as infix or with dots, read from the outside in."""
    node: Node | None = one.node
    version, applied = None, True
    while node is not None:
        option, value, inner = _option(node)
        if not option:
            break
        if option == "version":
            version = literal(value)
        elif option == "apply":
            applied = "false" not in said(value)
        node = inner
    id_ = _id(node)
    return Plugin(id_, version, applied, one.line) if id_ else None


def _option(node: "Node") -> "tuple[str, Node | None, Node | None]":
    """(name, value, what it is an option of), or an empty name."""
    if node.type == "infix_expression" and len(node.children) >= 3:
        return said(node.children[1]), node.children[-1], node.children[0]
    function = callee(node) if node.type == "call_expression" else None
    if function is not None and function.type == "navigation_expression":
        values = [value for _, value in arguments(node)]
        return said(function.children[-1]), values[0] if values else None, function.children[0]
    return "", None, None


def _id(node: "Node | None") -> str:
    if node is None:
        return ""
    if node.type == "identifier":
        return said(node).strip("`")
    given = arguments(node) if node.type == "call_expression" else []
    if not given:
        return ""
    kind, value = path_of(callee(node)), given[0][1]
    name = literal(value) or path_of(value).split(".get()")[0]
    if kind == "kotlin":
        return f"org.jetbrains.kotlin.{name}"
    return name if kind in ("id", "alias") else ""
