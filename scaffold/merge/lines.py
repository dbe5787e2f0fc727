"""Three-way merge of text by lines, and git's conflict markers for who asks for them."""

import re
from collections.abc import Hashable
from itertools import islice

from scaffold.merge.lines_agree import decided
from scaffold.merge.lines_groups import Dress, Group, Lines, groups_of
from scaffold.merge.result import Clash, Merged, Prefer
from scaffold.merge.sequences import hunks

_MOST_MOVES = 9  # moved stretches that are followed in one merge


def merge_lines(
    base: str, mine: str, theirs: str, *, prefer: Prefer | None = None, where: str = ""
) -> Merged:
    """Both sides' changes to `base`. Only lines that both changed, differently, clash.

    A clash carries `where` and is decided by `prefer` (mine without it), hunk by hunk. The end of
    the last line counts as a line, so that a missing final newline is merged like the rest.
    """
    lines, clashes = merge_sequences(
        base.split("\n"), mine.split("\n"), theirs.split("\n"), prefer=prefer, where=where
    )
    return Merged("\n".join(lines), tuple(clashes))


def merge_sequences(
    base: Lines,
    mine: Lines,
    theirs: Lines,
    *,
    prefer: Prefer | None = None,
    where: str = "",
    dress: Dress | None = None,
) -> tuple[Lines, list[Clash]]:
    """`merge_lines` on lists, and with a language's `dress`, if any."""
    base, mine = list(base), list(mine)
    for _ in range(_MOST_MOVES):
        compared = _compared(base, mine, theirs, dress)
        both = islice((g for g in compared if g.mine_changes and g.theirs_changes), _MOST_MOVES)
        if not any(_moved(base, mine, theirs, group, dress) for group in both):
            break
    merged: Lines = []
    clashes: list[Clash] = []
    for group in _compared(base, mine, theirs, dress):
        lines = decided(group, dress)
        if lines is None:
            parts = ("\n".join(side) for side in (group.base, group.mine, group.theirs))
            clashes.append(Clash(where, *parts))
            lines = group.theirs if prefer == "theirs" else group.mine
        merged += lines
    return merged, clashes


def with_markers(mine: str, theirs: str) -> str:
    """The text with git's conflict markers around every stretch in which the two differ."""
    if mine == theirs:
        return mine
    ours, new = _ended(mine).split("\n")[:-1], _ended(theirs).split("\n")[:-1]
    out: Lines = []
    done = 0
    for change in hunks(ours, new):
        out += ours[done : change.old_start]
        out += ["<<<<<<< yours", *ours[change.old_start : change.old_end], "======="]
        out += [*new[change.new_start : change.new_end], ">>>>>>> scaffold"]
        done = change.old_end
    return "\n".join([*out, *ours[done:], ""])


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _compared(base: Lines, mine: Lines, theirs: Lines, dress: Dress | None) -> list[Group]:
    keys, mine_keys, theirs_keys = (_keys(lines, dress) for lines in (base, mine, theirs))
    return groups_of(base, mine, theirs, hunks(keys, mine_keys), hunks(keys, theirs_keys))


def _keys(lines: Lines, dress: Dress | None) -> list[Hashable]:
    return [dress.key(line) for line in lines] if dress else list[Hashable](lines)


def _moved(base: Lines, mine: Lines, theirs: Lines, group: Group, dress: Dress | None) -> bool:
    """Whether mine only moved what theirs changed; then that change is made in `base` and `mine`.

    What was moved is what is missing where it was, and is there once elsewhere: the lines that theirs
    changed or, with its neighbours, the place where theirs put something in. What both moved is not
    followed, nor what mine has already.
    """
    if any(change.new_start != change.new_end for change in group.mine_changes):
        return False
    old, own = list(base), list(mine)
    for change in reversed(group.theirs_changes):
        added = theirs[change.new_start : change.new_end]
        taken = base[change.old_start : change.old_end]
        if _occurs(theirs, taken, dress) or _occurs(mine, added, dress):
            return False
        for context in range(4):
            start, end = change.old_start - context, change.old_end + context
            if start < 0 or end > len(base):
                return False
            stretch = old[start:end]
            at = _only(_keys(own, dress), _keys(stretch, dress))
            if at is not None and _only(_keys(old, dress), _keys(stretch, dress)) is not None:
                break
        else:
            return False
        new = [*old[start : change.old_start], *added, *old[change.old_end : end]]
        worn = own[at : at + len(stretch)]
        own[at : at + len(stretch)] = dress.redress(stretch, worn, new) if dress else new
        old[start:end] = new
    base[:], mine[:] = old, own
    return True


def _occurs(lines: Lines, stretch: Lines, dress: Dress | None) -> bool:
    keys, wanted = _keys(lines, dress), _keys(stretch, dress)
    places = range(len(keys) - len(wanted) + 1)
    return bool(wanted) and any(keys[at : at + len(wanted)] == wanted for at in places)


def _only(lines: list[Hashable], stretch: list[Hashable]) -> int | None:
    """Where `stretch` occurs, if it says something and occurs once."""
    if not any(re.search(r"\w", str(line)) for line in stretch):
        return None
    size = len(stretch)
    found = [at for at in range(len(lines) - size + 1) if lines[at : at + size] == stretch]
    return found[0] if len(found) == 1 else None
