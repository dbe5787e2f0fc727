"""Managed blocks: `// >>> scaffold:<id>` … `// <<< scaffold:<id>`, found by id wherever they are."""

import re
from typing import Literal, NamedTuple

from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.comments import Language, line_comments

Blank = Literal["above", "below", "none"]

_MARKER = re.compile(r"//\s*(>>>|<<<)\s*scaffold:([A-Za-z0-9][A-Za-z0-9._-]*)")


class Block(NamedTuple):
    """A block's id and the rows of its two markers, counted from 0."""

    id: str
    first: int
    last: int


def find_blocks(language: Language, text: str) -> dict[str, Block]:
    """The blocks by id, in the order of the file.

    Raises `CannotMerge` where a block occurs twice, has no end or no beginning, or crosses another.
    """
    found: dict[str, Block] = {}
    opened: Block | None = None
    for comment in line_comments(language, text) if "scaffold:" in text else ():
        marker = _MARKER.match(comment.text)
        if not marker:
            continue
        line, id_ = comment.row + 1, marker[2]
        if not comment.alone:
            raise CannotMerge(f"the marker of block `{id_}` needs a line of its own", line)
        if marker[1] == ">>>":
            if opened:
                raise _unended(opened, f"before block `{id_}` begins")
            if id_ in found:
                first = found[id_].first + 1
                raise CannotMerge(
                    f"block `{id_}` occurs twice, also at line {first}; remove one of the two",
                    line,
                )
            opened = Block(id_, comment.row, comment.row)
        elif opened is None:
            raise CannotMerge(
                f"block `{id_}` ends here but has no beginning; put `// >>> scaffold:{id_}`"
                " above it, or remove this line",
                line,
            )
        elif opened.id != id_:
            raise _unended(opened, f"before block `{id_}` ends")
        else:
            found[id_] = opened._replace(last=comment.row)
            opened = None
    if opened:
        raise _unended(opened, "before the file does")
    return found


def _unended(block: Block, before: str) -> CannotMerge:
    return CannotMerge(
        f"block `{block.id}` has no end; put `// <<< scaffold:{block.id}` on a line of its own"
        f" {before}, or remove this line",
        block.first + 1,
    )


def dedented(lines: list[str]) -> list[str]:
    """The lines without the first one's indentation, as far as they have it."""
    indent = indent_of(lines[0])
    return [line.removeprefix(indent) if line.strip() else line.strip() for line in lines]


def indent_of(line: str) -> str:
    """The whitespace that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def append_block(text: str, block: list[str]) -> str:
    """The text with the block after its last line that is not blank, and one blank line between.

    Blank lines at the end stay there, and so does a missing final newline: `cut_block` can then
    give back the same bytes.
    """
    lines = text.split("\n")
    filled = [row for row, line in enumerate(lines) if line.strip()]
    if not filled:
        return "\n".join([*block, *lines])
    end = filled[-1] + 1
    return "\n".join([*lines[:end], "", *block, *lines[end:]])


def cut_block(text: str, block: Block, *, blank: Blank) -> str:
    """The text without the block and without the blank line that came with it.

    `blank` says on which side that line was put; at the end of the text it is always above. A blank
    line that still separates the block's neighbours stays.
    """
    lines = text.split("\n")
    above, below = lines[: block.first], lines[block.last + 1 :]
    at_top = not any(line.strip() for line in above)
    at_end = not any(line.strip() for line in below)
    blank_above = bool(above) and not above[-1].strip()
    blank_below = bool(below) and not below[0].strip()
    if at_end:
        if blank_above and not at_top:
            above.pop()
    elif blank_below and (blank == "below" or (blank == "above" and at_top)):
        del below[0]
    elif blank == "above" and blank_above and blank_below:
        above.pop()
    return "\n".join([*above, *below])
