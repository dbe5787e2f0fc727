"""Our blocks in a user's `build.rs`: one call first in `fn main`, its function at the end."""

from scaffold.merge.blocks_merge import Host, merge_blocks
from scaffold.merge.result import Merged, Prefer
from scaffold.merge.rust_main import Spot, defined_names, function_names, scan_rust_main
from scaffold.syntax.blocks import Block, append_block, cut_block, find_blocks, indent_of
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.syntax import count_errors, parse

__all__ = ["merge_rust", "scan_rust_main"]

CALL = "build-rs-call"


def merge_rust(
    base: str, mine: str, theirs: str, *, prefer: Prefer | None = None, restore: bool = False
) -> Merged:
    """The blocks of the render `theirs` in the user's `build.rs`; `base` is the render before.

    Blocks are found by id wherever they are; what is in none of them is the user's. A new call goes
    before the first statement of the only top-level `fn main`, whatever it returns, `async` or not; a
    new function goes to the end. What the user took out stays out, unless `restore`.

    Raises `CannotMerge` for damaged blocks; and with what to paste where there is no such `fn main`,
    or more than one (under different `cfg`s), or where a function of ours has the name of theirs.
    """
    if not base and not mine.strip():
        return Merged(theirs)
    wanted = find_rust_blocks(theirs)

    def place(text: str, id_: str, block: list[str]) -> str:
        paste = _paste(theirs, wanted)
        if id_ == CALL:
            return _place_call(text, block, scan_rust_main(text, paste))
        _refuse_same_name(mine, "\n".join(block), paste)
        return append_block(text, block)

    host = Host(find_rust_blocks, place, _cut, lambda text: count_errors(parse("rust", text)))
    return merge_blocks(base, mine, theirs, host, prefer=prefer, restore=restore)


def find_rust_blocks(text: str) -> dict[str, Block]:
    """The managed blocks of a Rust text; raises `CannotMerge` where they are damaged."""
    return find_blocks("rust", text)


def _paste(theirs: str, wanted: dict[str, Block]) -> str:
    """The blocks of a render, each under a line that says where it belongs."""
    lines = theirs.split("\n")
    parts: list[str] = []
    for id_, block in wanted.items():
        where = "first in `fn main`" if id_ == CALL else "at the end of build.rs"
        parts += [f"// {where}:", *lines[block.first : block.last + 1], ""]
    return "\n".join(parts)


def _refuse_same_name(text: str, block: str, paste: str) -> None:
    theirs = defined_names(text)
    for name in function_names(block):
        if name in theirs:
            raise CannotMerge(
                f"build.rs defines or imports `{name}` already, the name of the function that goes"
                " into it; rename yours",
                theirs[name],
                paste,
            )


def _place_call(text: str, block: list[str], spot: Spot) -> str:
    indented = [spot.indent + line if line else "" for line in block]
    if spot.splits:
        return text[: spot.at] + "\n" + "\n".join([*indented, ""]) + text[spot.at :]
    if spot.bare:
        indented.append("")
    return text[: spot.at] + "\n".join([*indented, ""]) + text[spot.at :]


def _cut(text: str, block: Block) -> str:
    if block.id != CALL:
        return cut_block(text, block, blank="above")
    lines = text.split("\n")
    above, below = lines[: block.first], lines[block.last + 1 :]
    if above and below:
        if below[0].strip() and _was_split(above[-1], lines[block.first], below[0]):
            below[0] = above.pop() + below[0]
        elif above[-1].rstrip().endswith("{") and _is_bare(below):
            del below[0]
    return "\n".join([*above, *below])


def _was_split(above: str, marker: str, below: str) -> bool:
    """Whether a line was cut in two for the block: the rest of it keeps its own beginning."""
    opens = "{" in above and above.endswith(("{", "]", "*/"))
    return opens and indent_of(below) != indent_of(marker)


def _is_bare(below: list[str]) -> bool:
    """Blank lines up to the end of a body without statements; one of them came with the block."""
    filled = next((line for line in below if line.strip()), "")
    return not below[0].strip() and filled.lstrip().startswith("}")
