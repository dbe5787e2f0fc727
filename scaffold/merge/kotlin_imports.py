"""Imports of a Kotlin script: which there are, where one goes, and whether one can go.

They are kept as ktlint wants them: in ASCII order as far as the user's are, without blank lines between.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scaffold.syntax.blocks import Block, append_block, cut_block, find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.syntax import parse, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENTS = ("line_comment", "block_comment")
_BEFORE_IMPORTS = ("shebang", "file_annotation", "package_header")
_LICENCE = re.compile(r"copyright|licen[cs]e|spdx|all rights reserved", re.IGNORECASE)
_NOT_CODE = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_PLAIN = re.compile(r"\s*import ([\w.]+)\s*")
_EXTENSIONS = "gobley.gradle.cargo.dsl."


class _Import(NamedTuple):
    """`import name as alias`; a star import's name ends in `.*`."""

    name: str
    alias: str
    node: "Node"


class Imports(NamedTuple):
    """The imports of a script in their order; `unread`, lines of those that the grammar lost sight of."""

    all: tuple[_Import, ...]
    unread: frozenset[str] = frozenset()

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Those of `wanted` that no import brings under its own name.

        Kotlin refuses a class that is imported twice; under another name (`as`) it brings no name of ours.
        """
        have = {one.name for one in self.all if not one.alias} | self.unread
        return [w for w in wanted if w not in have and w.rpartition(".")[0] + ".*" not in have]


def imports_of(text: str) -> Imports:
    """The imports of a script."""
    return _imports(parse("kotlin", text), text)


def _imports(root: "Node", text: str) -> Imports:
    found = []
    for node in root.children:
        if node.type == "import" and node.named_children:
            parts = [child for child in node.named_children if child.type not in _COMMENTS]
            names = ["".join(_text(part).replace("`", "").split()) for part in parts]
            star = ".*" if any(child.type == "*" for child in node.children) else ""
            found.append(_Import(names[0] + star, names[1] if len(names) > 1 else "", node))
    lines = text.split("\n") if root.has_error else ()
    plain = (_PLAIN.fullmatch(line) for line in lines)
    return Imports(tuple(found), frozenset(line[1] for line in plain if line))


def with_imports(text: str, names: Sequence[str]) -> str:
    """The script with further imports, each before the first that is greater, else behind the last.

    Where there is none: before the first statement, with the comment that belongs to it. Raises
    `CannotMerge` where no line is free, and where another class of the same name is imported.
    """
    if not names:
        return text
    root = parse("kotlin", text)
    present = _imports(root, text)
    directives = [f"import {name}" for name in sorted(names)]
    if present.all:
        lines = text.split("\n")
        rows = [_row_among(present.all, name, lines) for name in sorted(names)]
        _refuse_same_name(present, names)
        for row, directive in sorted(zip(rows, directives, strict=True), reverse=True):
            lines.insert(row, directive)
        text = "\n".join(lines)
    else:
        text = _with_first(root, text, directives)
    if imports_of(text).missing(names):
        raise _no_place(0, directives)
    return text


def without_imports(text: str, names: Collection[str]) -> str:
    """The script without those of the imports that nothing in it needs; a line with more on it stays."""
    rows = _rows_of(text, names)
    while rows:
        last = first = rows.pop()
        while rows and rows[-1] == first - 1:
            first = rows.pop()
        lines = text.split("\n")
        joins = first > 0 and lines[first - 1].lstrip().startswith("import ")
        text = cut_block(text, Block("", first, last), blank="none" if joins else "below")
    return text


def _rows_of(text: str, names: Collection[str]) -> list[int]:
    if not names:
        return []
    present = imports_of(text)
    known = {one.node.start_point.row for one in present.all}
    found = {}
    lines = text.split("\n")
    for row, line in enumerate(lines):
        plain = _PLAIN.fullmatch(line)
        if plain and plain[1] in names and (row in known or plain[1] in present.unread):
            found[row] = plain[1]
    code = "\n".join(line for row, line in enumerate(lines) if row not in found)
    code = _NOT_CODE.sub(" ", code)
    return [row for row, name in found.items() if not _uses(code, name)]


def _uses(code: str, name: str) -> bool:
    """Whether code names what an import brings; Gobley's extensions only where `builds` is meant."""
    simple = re.escape(name.rpartition(".")[2])
    if not name.startswith(_EXTENSIONS):
        return bool(re.search(rf"\b{simple}\b", code))
    inside = re.search(r"\bbuilds\s*\{", code) and re.search(rf"\b{simple}\b", code)
    return bool(inside or re.search(rf"\bbuilds\s*\.\s*{simple}\b", code))


def _refuse_same_name(present: Imports, names: Iterable[str]) -> None:
    """Two classes of one name cannot be imported; extensions (lower case) of one name can."""
    classes = {simple: name for name in names if (simple := name.rpartition(".")[2])[0].isupper()}
    for one in present.all:
        name = classes.get(one.alias or one.name.rpartition(".")[2])
        if name:
            raise CannotMerge(
                f"`{name.rpartition('.')[2]}` is imported from elsewhere here; import that one under"
                " another name (`as`)",
                one.node.start_point.row + 1,
                f"import {name}\n",
            )


def _row_among(imports: Sequence[_Import], name: str, lines: list[str]) -> int:
    """The row for an import: the free one that is nearest to its place in the order."""
    at = next((n for n, one in enumerate(imports) if one.name > name), len(imports))
    places = sorted(range(len(imports) + 1), key=lambda place: abs(place - at))
    for place in places:
        row = _row_behind(imports[place - 1].node, lines) if place else None
        if row is None and place < len(imports):
            row = _row_above(imports[place].node, lines)
        if row is not None:
            return row
    raise _no_place(imports[-1].node.end_point.row, [f"import {name}"])


def _row_behind(node: "Node", lines: list[str]) -> int | None:
    end = node.end_point
    rest = lines[end.row].encode()[end.column :].decode(errors="replace").strip(" \t;")
    return end.row + 1 if not rest or rest.startswith("//") else None


def _row_above(node: "Node", lines: list[str]) -> int | None:
    start = node.start_point
    return None if lines[start.row].encode()[: start.column].strip() else start.row


def _with_first(root: "Node", text: str, directives: list[str]) -> str:
    statement = next((node for node in root.children if _is_statement(node)), None)
    if statement is None:
        return append_block(text, directives)
    lines = text.split("\n")
    row, header_end = _row_before(root, statement, text)
    if row <= header_end:
        raise _no_place(row, directives)
    lines[row:row] = [*directives, ""]
    return "\n".join(lines)


def _is_statement(node: "Node") -> bool:
    return node.type not in (*_COMMENTS, *_BEFORE_IMPORTS)


def _row_before(root: "Node", statement: "Node", text: str) -> tuple[int, int]:
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
    for block in find_blocks("kotlin", text).values():
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
    text = _text(comment)
    if comment == top and text.startswith("/*") and not text.startswith("/**"):
        return True
    run = [node for node in comments if node.start_point.row <= comment.start_point.row]
    rows = {row for node in run for row in range(node.start_point.row, node.end_point.row + 1)}
    in_one_run = len(rows) == comment.end_point.row - top.start_point.row + 1
    said = " ".join(map(_text, run))
    return in_one_run and bool(_LICENCE.search(said))


def _text(node: "Node") -> str:
    return (node.text or b"").decode(errors="replace")


def _no_place(row: int, directives: list[str]) -> CannotMerge:
    return CannotMerge(
        "scaffold's imports need a line of their own above the first statement",
        row + 1,
        "\n".join([*directives, ""]),
    )
