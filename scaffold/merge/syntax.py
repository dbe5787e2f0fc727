"""Kotlin and Rust as tree-sitter sees them: nodes in order, line comments, how much is not understood.

Both grammars lag behind their languages, so an ERROR node is no verdict on the user's file; what
matters is that a merge adds none.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from scaffold.merge.result import CannotMerge

if TYPE_CHECKING:
    from tree_sitter import Node

Language = Literal["kotlin", "rust"]

_LONGEST = 2_000_000  # bytes; a build script has some thousands


class Comment(NamedTuple):
    """A `//` comment: its row (from 0), its text, and whether it has the line for itself."""

    row: int
    text: str
    alone: bool


def parse(language: Language, text: str) -> "Node":
    """The root of the syntax tree. Offsets are in UTF-8 bytes, rows count LF only.

    Raises `CannotMerge` for a text too long to be a build script.
    """
    import tree_sitter

    data = text.encode("utf-8", "surrogatepass")
    if len(data) > _LONGEST:
        raise CannotMerge(f"the file is too long to be a build script: {len(data)} bytes")
    if language == "kotlin":
        from tree_sitter_kotlin import language as grammar
    else:
        from tree_sitter_rust import language as grammar
    return tree_sitter.Parser(tree_sitter.Language(grammar())).parse(data).root_node


def walk(root: "Node") -> Iterator["Node"]:
    """Every node below `root`, and it, in order of appearance; however deep, without recursion."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(node.children)


def line_comments(root: "Node", text: str) -> list[Comment]:
    """The line comments of a parsed text, those in strings and block comments not among them."""
    lines = text.split("\n")
    found = []
    for node in walk(root):
        if node.type == "line_comment":
            row = node.start_point.row
            content = (node.text or b"").decode("utf-8", "replace").rstrip()
            found.append(Comment(row, content, lines[row].lstrip().startswith("//")))
    return found


def count_errors(root: "Node") -> int:
    """How many places the grammar did not understand."""
    return sum(node.is_error or node.is_missing for node in walk(root))
