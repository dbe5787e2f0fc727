"""Our block in a user's `build.gradle.kts`, at its end, and the imports that it needs among the user's."""

import re
from typing import NamedTuple

from scaffold.merge.blocks_merge import Host, merge_blocks
from scaffold.merge.kotlin_imports import imports_of, with_imports, without_imports
from scaffold.merge.result import Merged, Prefer
from scaffold.syntax.blocks import append_block, cut_block, find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.syntax import count_errors, parse

_OLD_IMPORTS = "gradle-imports"  # scaffold 0.1.0 kept imports between markers of their own
_IMPORT = re.compile(r"import (\S+)")


class _Render(NamedTuple):
    imports: tuple[str, ...]
    block: str


def merge_kotlin(
    base: str, mine: str, theirs: str, *, prefer: Prefer | None = None, restore: bool = False
) -> Merged:
    """The render `theirs` in the user's script `mine`; `base` is the render before.

    A render is the imports that its block needs, and the block; "" wants nothing. The block is found
    by id wherever it is, and every other byte stays. An import that the script has is not added; one
    that scaffold added goes when neither the block nor the rest of the script needs it any longer.
    What the user took out stays out, unless `restore`.

    Raises `CannotMerge` for a damaged block, and where there is no place for an import.
    """
    old, new = _read(_known(base, mine, theirs)), _read(theirs)
    host = Host(
        lambda text: find_blocks("kotlin", text),
        lambda text, _id, block: append_block(text, block),
        lambda text, block: cut_block(text, block, blank="above"),
        lambda text: count_errors(parse("kotlin", text)),
    )
    merged = merge_blocks(
        _read(base).block, _migrated(mine), new.block, host, prefer=prefer, restore=restore
    )
    text = without_imports(merged.text, set(old.imports) - set(new.imports))
    notes = list(merged.notes)
    if new.imports and find_blocks("kotlin", text):
        missing = imports_of(text).missing(new.imports)
        gone = [name for name in missing if name in old.imports and not restore]
        notes += [f"you removed `import {name}`; it stays removed" for name in gone]
        text = with_imports(text, [name for name in missing if name not in gone])
    if text != merged.text and host.errors(text) > host.errors(merged.text):
        raise CannotMerge("with scaffold's imports, the file would no longer parse", 1, theirs)
    return Merged(text, merged.clashes, tuple(notes))


def _known(base: str, mine: str, theirs: str) -> str:
    """The base; for a clone that lost it, where our block says that we were there, the render."""
    return theirs if not base and find_blocks("kotlin", mine) else base


def _read(render: str) -> _Render:
    lines = render.split("\n")
    names = tuple(found[1] for line in lines if (found := _IMPORT.fullmatch(line)))
    blocks = find_blocks("kotlin", render)
    first = min((b.first for b in blocks.values() if b.id != _OLD_IMPORTS), default=len(lines))
    return _Render(names, "\n".join(lines[first:]))


def _migrated(text: str) -> str:
    """A script of 0.1.0 with the imports that stand between markers among the others."""
    block = find_blocks("kotlin", text).get(_OLD_IMPORTS)
    if block is None:
        return text
    lines = text.split("\n")
    inside = [_IMPORT.fullmatch(line.strip()) for line in lines[block.first + 1 : block.last]]
    if not all(inside):
        return "\n".join(line for n, line in enumerate(lines) if n not in (block.first, block.last))
    joins = block.first > 0 and lines[block.first - 1].lstrip().startswith("import ")
    rest = cut_block(text, block, blank="none" if joins else "below")
    return with_imports(rest, imports_of(rest).missing([found[1] for found in inside if found]))
