"""Our blocks in a user's `build.gradle.kts`: imports where Kotlin wants them, the rest at the end."""

import re
from typing import TYPE_CHECKING

from scaffold.gradle.script import KotlinScript, scan_kotlin
from scaffold.merge.blocks_merge import Host, merge_blocks
from scaffold.merge.result import Merged, Prefer
from scaffold.syntax.blocks import Block, append_block, cut_block, find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.syntax import count_errors, parse, walk

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["KotlinScript", "merge_kotlin", "scan_kotlin"]

IMPORTS = "gradle-imports"

_COMMENTS = ("line_comment", "block_comment")
_BEFORE_IMPORTS = ("shebang", "file_annotation", "package_header")
_LICENCE = re.compile(r"copyright|licen[cs]e|spdx|all rights reserved", re.IGNORECASE)
_IMPORT = re.compile(r"\s*import\b")


def merge_kotlin(
    base: str, mine: str, theirs: str, *, prefer: Prefer | None = None, restore: bool = False
) -> Merged:
    """The blocks of the render `theirs` in the user's script `mine`; `base` is the render before.

    A render is a text of the blocks `gradle-imports` and `gradle`, either of them optional; "" wants
    nothing. Blocks are found by id wherever they are, and every other byte stays. A new import block
    goes next to the user's imports, else before the first statement with the comment that belongs to
    it; a new `gradle` block goes to the end. What the user took out stays out, unless `restore`.

    Raises `CannotMerge` for damaged blocks, and where there is no place for an import.
    """
    host = Host(_find, _place, _cut, lambda text: count_errors(parse("kotlin", text)))
    return merge_blocks(base, mine, theirs, host, prefer=prefer, restore=restore)


def _find(text: str) -> dict[str, Block]:
    return find_blocks("kotlin", text)


def _place(text: str, id_: str, block: list[str]) -> str:
    if id_ != IMPORTS:
        return append_block(text, block)
    root = parse("kotlin", text)
    lines = text.split("\n")
    imports = _user_imports(root)
    if imports:
        lines[(row := _row_by_imports(imports, lines, block)) : row] = block
        return "\n".join(lines)
    statement = next((node for node in root.children if _is_statement(node)), None)
    if statement is None:
        return append_block(text, block)
    row, header_end = _row_before(root, statement, lines)
    if row <= header_end:
        raise _no_place(row, block)
    lines[row:row] = [*block, ""]
    return "\n".join(lines)


def _cut(text: str, block: Block) -> str:
    if block.id != IMPORTS:
        return cut_block(text, block, blank="above")
    lines = text.split("\n")
    after_import = block.first > 0 and _IMPORT.match(lines[block.first - 1])
    return cut_block(text, block, blank="none" if after_import else "below")


def _is_statement(node: "Node") -> bool:
    return node.type not in (*_COMMENTS, *_BEFORE_IMPORTS, "import")


def _user_imports(root: "Node") -> "list[Node]":
    """The first run of imports; what the grammar did not understand may stand before it."""
    run: list[Node] = []
    for node in root.children:
        if node.type == "import":
            run.append(node)
        elif node.is_error and not run:
            continue
        elif _is_statement(node):
            break
    return run


def _row_by_imports(imports: "list[Node]", lines: list[str], block: list[str]) -> int:
    """The row below the last import; above the first, where other code shares the last one's row."""
    first, last = imports[0], imports[-1]
    end = last.end_point
    rest = lines[end.row].encode()[end.column :].decode(errors="replace").strip(" \t;")
    if not rest or rest.startswith("//"):
        return end.row + 1
    if lines[first.start_point.row].encode()[: first.start_point.column].strip():
        raise _no_place(end.row, block)
    return first.start_point.row


def _row_before(root: "Node", statement: "Node", lines: list[str]) -> tuple[int, int]:
    """Where the first statement begins, with the comments that stand directly above it.

    Behind it, the last row of what has to come before imports, or -1. A comment at the very top that
    reads like a licence, or is a plain block, is the file's header and stays above the imports.
    Inside a block of ours, the block is the statement.
    """
    header_end = -1
    comments: list[Node] = []
    for node in walk(root):
        if node.start_byte >= statement.start_byte:
            break
        if node.type in _COMMENTS:
            comments.append(node)
        elif not node.children:
            header_end = max(header_end, node.end_point.row)
    row = statement.start_point.row
    for block in _find("\n".join(lines)).values():
        if block.first < row < block.last:
            row = block.first
    for comment in reversed(comments):
        gap = row - comment.end_point.row
        if gap > 1 or comment.start_point.row <= header_end:
            break
        if gap and _is_header(comment, comments, header_end):
            break
        row = comment.start_point.row
    return row, header_end


def _is_header(comment: "Node", comments: "list[Node]", header_end: int) -> bool:
    top = comments[0]
    if header_end >= top.start_point.row:
        return False
    text = (comment.text or b"").decode(errors="replace")
    if comment == top and text.startswith("/*") and not text.startswith("/**"):
        return True
    run = [node for node in comments if node.start_point.row <= comment.start_point.row]
    rows = {row for node in run for row in range(node.start_point.row, node.end_point.row + 1)}
    in_one_run = len(rows) == comment.end_point.row - top.start_point.row + 1
    said = " ".join((node.text or b"").decode(errors="replace") for node in run)
    return in_one_run and bool(_LICENCE.search(said))


def _no_place(row: int, block: list[str]) -> CannotMerge:
    return CannotMerge(
        "there is no line of its own for our imports above the first statement",
        row + 1,
        "\n".join([*block, ""]),
    )
