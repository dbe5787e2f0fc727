"""Kotlin and Rust as tree-sitter sees them: nodes in order, and how much is not understood.

Both grammars lag behind their languages, so an ERROR node is no verdict on the user's file; what
matters is that a merge adds none.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.comments import Language, line_comments

if TYPE_CHECKING:
    from tree_sitter import Node

# Bytes; a script has some thousands. The Rust grammar is the slower one in what it does not understand.
_LONGEST = {"kotlin": 500_000, "rust": 200_000}


@lru_cache(maxsize=2)
def parse(language: Language, text: str) -> "Node":
    """The root of the syntax tree. Offsets are in UTF-8 bytes, rows count LF only.

    Raises `CannotMerge` for a text too long to be a build script, and for a comment without an end,
    in which tree-sitter-kotlin looks for it again from every `/*`.
    """
    import tree_sitter

    # tree-sitter-kotlin 1.1.0 never returns from some texts that end without a newline
    # (`val s = ""` and below it `@file:A`); one more at the end moves nothing.
    data = text.encode("utf-8", "surrogatepass") + b"\n"
    if len(data) > _LONGEST[language]:
        raise CannotMerge(f"the file is too long to be a build script: {len(data)} bytes")
    line_comments(language, text)
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


def count_errors(root: "Node") -> int:
    """How many places the grammar did not understand."""
    found, todo = 0, [root]
    while todo:
        node = todo.pop()
        if node.has_error:
            found += node.is_error or node.is_missing
            todo += node.children
    return found
