"""Changes of two sides to the same lines, grouped where they overlap."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from scaffold.merge.sequences import Hunk

Lines = list[str]
# (base, mine, theirs) of one stretch in which mine differs from base by its dress only → the lines.
Redress = Callable[[Lines, Lines, Lines], Lines]


class Dress(NamedTuple):
    """What a language lets the user change in a line without changing what it says.

    Lines with the same `key` say the same; `redress` carries mine's dress over to theirs' lines. A
    line that `is_comment`, or blank, stands for itself, whatever becomes of those around it.
    """

    key: Callable[[str], Hashable]
    redress: Redress
    is_comment: Callable[[str], bool]


class Group(NamedTuple):
    """Changes of one or both sides that overlap, as one stretch of each text."""

    base: Lines
    mine: Lines
    theirs: Lines
    mine_changes: list[Hunk]
    theirs_changes: list[Hunk]
    starts: tuple[int, int, int]  # where the stretch begins in base, mine and theirs


def groups_of(
    base: Lines, mine: Lines, theirs: Lines, by_me: list[Hunk], by_them: list[Hunk]
) -> list[Group]:
    """All of the three texts, cut into unchanged stretches and groups of overlapping changes."""
    found: list[Group] = []
    base_at = mine_at = theirs_at = 0

    def advance(base_end: int, my_changes: list[Hunk], their_changes: list[Hunk]) -> None:
        nonlocal base_at, mine_at, theirs_at
        mine_end = mine_at + base_end - base_at + _growth(my_changes)
        theirs_end = theirs_at + base_end - base_at + _growth(their_changes)
        found.append(
            Group(
                base[base_at:base_end],
                mine[mine_at:mine_end],
                theirs[theirs_at:theirs_end],
                my_changes,
                their_changes,
                (base_at, mine_at, theirs_at),
            )
        )
        base_at, mine_at, theirs_at = base_end, mine_end, theirs_end

    for start, end, my_changes, their_changes in _overlapping(by_me, by_them):
        advance(start, [], [])
        advance(end, my_changes, their_changes)
    advance(len(base), [], [])
    return found


def _growth(of: list[Hunk]) -> int:
    return sum((c.new_end - c.new_start) - (c.old_end - c.old_start) for c in of)


def _overlapping(
    by_me: list[Hunk], by_them: list[Hunk]
) -> list[tuple[int, int, list[Hunk], list[Hunk]]]:
    """(start, end, mine, theirs) in base; changes that only touch each other stay apart."""
    tagged = [(c.old_start, c.old_end, 0, c) for c in by_me]
    tagged += [(c.old_start, c.old_end, 1, c) for c in by_them]
    found: list[tuple[int, int, list[Hunk], list[Hunk]]] = []
    for start, end, side, change in sorted(tagged):
        if found:
            last_start, last_end, mine, theirs = found[-1]
            same_point = last_start == last_end == start == end
            if start < last_end or same_point:
                (theirs if side else mine).append(change)
                found[-1] = (last_start, max(end, last_end), mine, theirs)
                continue
        found.append((start, end, [] if side else [change], [change] if side else []))
    return found
