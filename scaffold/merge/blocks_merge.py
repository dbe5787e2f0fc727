"""Three-way merge of managed blocks: what is in none of them is the user's and stays as it is."""

from collections.abc import Callable
from typing import NamedTuple

from scaffold.merge.code_lines import DRESS, same_code, worn_like
from scaffold.merge.lines import merge_sequences
from scaffold.merge.result import Clash, Merged, Prefer
from scaffold.syntax.blocks import Block, dedented
from scaffold.syntax.cannot_merge import CannotMerge


class Host(NamedTuple):
    """What a language knows: where its blocks are, where a new one goes, how one is taken out.

    `place` gets the text, an id and the block's lines without indentation; `errors` counts what the
    language's parser does not understand.
    """

    find: Callable[[str], dict[str, Block]]
    place: Callable[[str, str, list[str]], str]
    cut: Callable[[str, Block], str]
    errors: Callable[[str], int]


class _Sides(NamedTuple):
    """One block: its lines in the old and in the new render, without indentation; None if absent."""

    id: str
    old: list[str] | None
    new: list[str] | None


def merge_blocks(
    base: str, mine: str, theirs: str, host: Host, *, prefer: Prefer | None, restore: bool
) -> Merged:
    """The blocks of `theirs` in the user's text; `base` is the render that they were last made from.

    A block that the user took out stays out, with a note, unless `restore`. Raises `CannotMerge` for
    damaged blocks, for text with no place for a block, and where the result would not parse.
    """
    old, new = _renders(base, host), _renders(theirs, host)
    text, clashes, notes = mine, list[Clash](), list[str]()
    for id_ in [*new, *(id_ for id_ in old if id_ not in new)]:
        sides = _Sides(id_, old.get(id_), new.get(id_))
        block = host.find(text).get(id_)
        if block:
            text, clash = _merge_present(text, block, sides, host, prefer)
            clashes += clash
        elif sides.new and (restore or not sides.old):
            text = host.place(text, id_, sides.new)
        elif sides.new:
            notes.append(f"you removed block `{id_}` from this file; it stays removed")
    _check(mine, theirs, text, host)
    return Merged(text, tuple(clashes), tuple(notes))


def outside(text: str, host: Host) -> str:
    """The text without its blocks, and without any whitespace."""
    lines = text.split("\n")
    for block in host.find(text).values():
        lines[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
    return "".join("".join(lines).split())


def _renders(render: str, host: Host) -> dict[str, list[str]]:
    lines = render.split("\n")
    return {
        block.id: dedented(lines[block.first : block.last + 1])
        for block in host.find(render).values()
    }


def _merge_present(
    text: str, block: Block, sides: _Sides, host: Host, prefer: Prefer | None
) -> tuple[str, list[Clash]]:
    lines = text.split("\n")
    mine = lines[block.first : block.last + 1]
    if sides.new is None:
        if sides.old is None or same_code(sides.old, mine) or prefer == "theirs":
            cut = host.cut(text, block)
            clean = sides.old is None or same_code(sides.old, mine)
            return cut, [] if clean else [_clash(sides.id, sides.old or [], mine, [])]
        return text, [_clash(sides.id, sides.old, mine, [])]
    if sides.new == sides.old or same_code(sides.new, mine):
        return text, []
    wear = worn_like(sides.old or sides.new, mine)
    old = [wear(line) for line in sides.old or []]
    new = [wear(line) for line in sides.new]
    inner, clashes = merge_sequences(
        old[1:-1], mine[1:-1], new[1:-1], prefer=prefer, where=sides.id, dress=DRESS
    )
    first = new[0] if not old or mine[0].strip() == old[0].strip() else mine[0]
    lines[block.first : block.last + 1] = [first, *inner, mine[-1]]
    merged = "\n".join(lines)
    if clashes and host.errors(merged) > host.errors(text):
        # Taken hunk by hunk, the two no longer make sense together: the block is one clash.
        lines[block.first : block.first + len(inner) + 2] = new if prefer == "theirs" else mine
        return "\n".join(lines), [_clash(sides.id, old, mine, new)]
    return merged, clashes


def _clash(where: str, base: list[str], mine: list[str], theirs: list[str]) -> Clash:
    return Clash(where, "\n".join(base), "\n".join(mine), "\n".join(theirs))


def _check(mine: str, theirs: str, merged: str, host: Host) -> None:
    """The merged text, parsed again, is as sound as before, and the user's part is untouched.

    Where the parser did not understand the user's text, the number of its complaints says nothing.
    """
    if merged == mine:
        return
    paste = "" if host.find(mine) else theirs
    if theirs and not host.errors(mine) and host.errors(merged) > host.errors(theirs):
        raise CannotMerge("with scaffold's block, the file would no longer parse", paste=paste)
    if outside(merged, host) != outside(mine, host):
        raise CannotMerge("scaffold cannot add its block to this file safely", paste=paste)
