"""A Gradle script's calls and assignments, each with the lambdas that it stands in."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from scaffold.syntax.blocks import find_blocks
from scaffold.syntax.cannot_merge import CannotMerge

if TYPE_CHECKING:
    from tree_sitter import Node

_HOLDS_STATEMENTS = ("source_file", "lambda_literal", "block", "class_body", "ERROR")
_SPACE = re.compile(r"\s+")
_STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_ANNOTATIONS = re.compile(r"(?:@[\w.:]+(?:\([^)]*\))? )+")


class Seen(NamedTuple):
    """A node, what stands before the `{` of each lambda around it, outermost first, and its parents.

    `parents`: how many nodes are above it, and the type of the nearest (a node's own way up is slow).
    """

    node: "Node"
    heads: tuple[str, ...]
    parents: tuple[int, str]

    @property
    def line(self) -> int:
        return self.node.start_point.row + 1


def seen_in(root: "Node", text: str, *, ours: bool) -> Iterator[Seen]:
    """Every node in order of appearance, those in our managed blocks only with `ours`.

    `sourceSets { val a by getting { dependencies {` gives the heads `sourceSets`, `val a by getting`,
    `dependencies`: what configures what is in the text before the lambda, whatever its grammar.
    """
    skipped = set[int]() if ours else _our_rows(text)
    data = text.encode("utf-8", "surrogatepass")
    todo = [(Seen(root, (), (0, "")), 0)]
    while todo:
        (node, heads, parents), start = todo.pop()
        if node.start_point.row in skipped and node is not root:
            continue
        if node.type == "lambda_literal":
            heads = (*heads, _head(data[start : node.start_byte].decode("utf-8", "replace")))
        yield Seen(node, heads, parents)
        begins = node.type in _HOLDS_STATEMENTS
        for child in reversed(node.children):
            below = Seen(child, heads, (parents[0] + 1, node.type))
            todo.append((below, child.start_byte if begins else start))


def said(node: "Node | None") -> str:
    """A node's text on one line."""
    return _SPACE.sub(" ", (node.text or b"").decode("utf-8", "replace")).strip() if node else ""


def path_of(node: "Node | None") -> str:
    """`a.b.c` without spaces, line breaks and `?`."""
    return said(node).replace(" ", "").replace("?", "") if node else ""


def literal(node: "Node | None") -> str | None:
    """The value of a string without interpolation, else None."""
    if node is None or node.type not in ("string_literal", "multiline_string_literal"):
        return None
    raw = said(node)
    quotes = '"""' if raw.startswith('"""') else '"'
    value = raw.removeprefix(quotes).removesuffix(quotes)
    return None if "$" in value else value


def callee(call: "Node") -> "Node | None":
    """What a call expression calls: an identifier, a path, a string, or another call."""
    return call.children[0] if call.children else None


def arguments(call: "Node") -> "list[tuple[str, Node]]":
    """(name or "", value) of each argument in a call's parentheses."""
    found: list[tuple[str, Node]] = []
    for part in call.children:
        if part.type != "value_arguments":
            continue
        for argument in part.named_children:
            values = [n for n in argument.named_children if not n.type.endswith("comment")]
            if argument.type == "value_argument" and values:
                named = any(child.type == "=" for child in argument.children)
                found.append((said(values[0]) if named else "", values[-1]))
    return found


def _head(text: str) -> str:
    """What stands before a lambda, on one line, without comments and annotations."""
    code = _STRING_OR_COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)
    return _ANNOTATIONS.sub("", _SPACE.sub(" ", code).strip(), count=1)


def _our_rows(text: str) -> set[int]:
    try:
        blocks = find_blocks("kotlin", text)
    except CannotMerge:
        return set()
    return {row for block in blocks.values() for row in range(block.first, block.last + 1)}
