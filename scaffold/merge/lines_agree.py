"""What both sides want of the lines that both changed, if there is such a thing."""

from collections.abc import Callable

from scaffold.merge.lines_groups import Dress, Group, Lines, groups_of
from scaffold.merge.sequences import Hunk


def decided(group: Group, dress: Dress | None) -> Lines | None:
    """The merged lines of a group, or None for a clash."""
    lines = _agreed(group, dress)
    if lines is None:
        lines = _line_by_line(group, dress)
    return _around_comments(group, dress) if lines is None and dress else lines


def _agreed(group: Group, dress: Dress | None) -> Lines | None:
    """What both sides want of this stretch, or None."""
    base, mine, theirs, my_changes, their_changes, _ = group
    if theirs == base or mine == theirs or (my_changes and not their_changes):
        return mine
    if mine == base:
        return theirs
    if my_changes and their_changes:
        return None
    return dress.redress(base, mine, theirs) if dress else mine


def _line_by_line(group: Group, dress: Dress | None) -> Lines | None:
    """Overlapping changes, cut into single lines where that is safe, may no longer overlap."""
    base_start, mine_start, theirs_start = group.starts
    by_me = [part for c in group.mine_changes for part in _single(c, base_start, mine_start)]
    by_them = [part for c in group.theirs_changes for part in _single(c, base_start, theirs_start)]
    stays = dress.is_comment if dress else bool
    if _is_uprooted(by_them, by_me, group.theirs, lambda _: False):
        return None
    if _is_uprooted(by_me, by_them, group.mine, stays):
        return None
    merged: Lines = []
    for part in groups_of(group.base, group.mine, group.theirs, by_me, by_them):
        lines = _agreed(part, dress)
        if lines is None:
            return None
        merged += lines
    return merged


def _around_comments(group: Group, dress: Dress) -> Lines | None:
    """Theirs, where mine only put comments in: each before what replaces the lines around it."""
    base_start, mine_start, theirs_start = group.starts
    put_in: dict[int, Lines] = {}
    plain, done = Lines(), 0
    for change in group.mine_changes:
        new_start, new_end = change.new_start - mine_start, change.new_end - mine_start
        added = group.mine[new_start:new_end]
        if change.old_start != change.old_end:
            return None
        if not all(dress.is_comment(line) for line in added if line.strip()):
            return None
        put_in[change.old_start - base_start] = added
        plain += group.mine[done:new_start]
        done = new_end
    plain += group.mine[done:]
    out, done = Lines(), 0
    for change in group.theirs_changes:
        old_start, old_end = change.old_start - base_start, change.old_end - base_start
        new = group.theirs[change.new_start - theirs_start : change.new_end - theirs_start]
        for at in range(done, old_start):
            out += [*put_in.pop(at, []), plain[at]]
        for at in range(old_start, old_end):
            out += put_in.pop(at, [])
        out += dress.redress(group.base[old_start:old_end], plain[old_start:old_end], new)
        done = old_end
    for at in range(done, len(plain) + 1):
        out += [*put_in.pop(at, []), *plain[at : at + 1]]
    return out


def _is_uprooted(
    put_in: list[Hunk], taken_out: list[Hunk], lines: Lines, stays: Callable[[str], bool]
) -> bool:
    """Whether something is put between two lines that the other side takes out.

    What the user put there stays in plain text; in code only comments make sense without the rest.
    """
    gone = {c.old_start for c in taken_out if c.new_start == c.new_end and c.old_start < c.old_end}
    for change in put_in:
        at = change.old_start
        if at == change.old_end and at in gone and at - 1 in gone:
            new = lines[change.new_start : change.new_end]
            if not all(stays(line) for line in new if line.strip()):
                return True
    return False


def _single(change: Hunk, base_start: int, new_start: int) -> list[Hunk]:
    """A deletion, or a change of as many lines into as many, as changes of one line each."""
    old, new = change.old_start - base_start, change.new_start - new_start
    old_size, new_size = change.old_end - change.old_start, change.new_end - change.new_start
    if old_size == new_size:
        return [Hunk(old + i, old + i + 1, new + i, new + i + 1) for i in range(old_size)]
    if not new_size:
        return [Hunk(old + i, old + i + 1, new, new) for i in range(old_size)]
    return [Hunk(old, old + old_size, new, new + new_size)]
