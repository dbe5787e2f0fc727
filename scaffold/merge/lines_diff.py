"""What changed between two sequences: unique common items as anchors, Myers' search between them.

Patience anchors keep moved and repeated lines (braces, blanks) from being paired by accident;
E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), does the rest. The search is
bounded, so that two long and unrelated texts cost little: what it cannot align is one change.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from typing import NamedTuple

_MOST_EDITS = 600  # in one stretch between anchors; the search is quadratic in it


class Change(NamedTuple):
    """`old[old_start:old_end]` became `new[new_start:new_end]`; one of the two may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Change]:
    """The changes from `old` to `new`, in order; between two of them lies an equal item."""
    found: list[Change] = []
    old_done = new_done = 0
    for old_at, new_at in [*_pairs(old, new), (len(old), len(new))]:
        if old_at > old_done or new_at > new_done:
            found.append(Change(old_done, old_at, new_done, new_at))
        old_done, new_done = old_at + 1, new_at + 1
    return found


def _pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        old_start, old_end, new_start, new_end = todo.pop()
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            pairs.append((old_start, new_start))
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            pairs.append((old_end, new_end))
        if old_start == old_end or new_start == new_end:
            continue
        anchors = _anchors(old, new, old_start, old_end, new_start, new_end)
        if not anchors:
            gap = _myers(old[old_start:old_end], new[new_start:new_end])
            pairs += [(old_start + i, new_start + j) for i, j in gap]
            continue
        for old_at, new_at in anchors:
            pairs.append((old_at, new_at))
            todo.append((old_start, old_at, new_start, new_at))
            old_start, new_start = old_at + 1, new_at + 1
        todo.append((old_start, old_end, new_start, new_end))
    return sorted(pairs)


def _anchors(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    old_start: int,
    old_end: int,
    new_start: int,
    new_end: int,
) -> list[tuple[int, int]]:
    """Items that occur once on each side, the longest run of them that is in order on both."""
    old_at = _unique(old, old_start, old_end)
    new_at = _unique(new, new_start, new_end)
    common = [(at, new_at[item]) for item, at in old_at.items() if item in new_at]
    tails: list[int] = []
    best: list[int] = []
    before: list[int] = []
    for index, (_, at) in enumerate(common):
        length = bisect_left(tails, at)
        tails[length : length + 1] = [at]
        best[length : length + 1] = [index]
        before.append(best[length - 1] if length else -1)
    chain: list[tuple[int, int]] = []
    index = best[-1] if best else -1
    while index >= 0:
        chain.append(common[index])
        index = before[index]
    return chain[::-1]


def _unique(items: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    places: dict[Hashable, int] = {}
    repeated: set[Hashable] = set()
    for at in range(start, end):
        if items[at] in places:
            repeated.add(items[at])
        places[items[at]] = at
    return {item: at for item, at in places.items() if item not in repeated}


def _myers(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A shortest edit script's equal pairs; none if it needs more than `_MOST_EDITS` edits."""
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), _MOST_EDITS) + 1):
        history.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]
            )
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _backtrack(history, len(old), len(new))
    return []


def _backtrack(history: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for edits in range(len(history) - 1, -1, -1):
        reach, diagonal = history[edits], x - y
        down = diagonal == -edits or (
            diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]
        )
        previous = diagonal + 1 if down else diagonal - 1
        start = reach[previous] if edits else 0
        while x > start + (0 if down or not edits else 1) and y > 0 and x > 0:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = start, start - previous
    return pairs[::-1]
