"""What changed between two sequences: items that occur once as anchors, `difflib` between them.

The anchors keep moved and repeated lines (braces, blanks) from being paired by accident, and long
texts from costing quadratic time: what is long and has no anchor in it is one change.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_CELLS = 250_000  # of old × new items between two anchors


class Hunk(NamedTuple):
    """`old[old_start:old_end]` became `new[new_start:new_end]`; one of the two may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """The changes from `old` to `new`, in order; between two of them lies an equal item."""
    found: list[Hunk] = []
    old_done = new_done = 0
    for old_at, new_at in [*pairs(old, new), (len(old), len(new))]:
        if old_at > old_done or new_at > new_done:
            found.append(Hunk(old_done, old_at, new_done, new_at))
        old_done, new_done = old_at + 1, new_at + 1
    return found


def pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of items that are in both, in the same order."""
    found: list[tuple[int, int]] = []
    todo = [(0, len(old), 0, len(new))]
    while todo:
        old_start, old_end, new_start, new_end = todo.pop()
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            found.append((old_start, new_start))
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            found.append((old_end, new_end))
        if old_start == old_end or new_start == new_end:
            continue
        anchors = _anchors(old[old_start:old_end], new[new_start:new_end])
        if not anchors:
            gap = _by_difflib(old[old_start:old_end], new[new_start:new_end])
            found += [(old_start + i, new_start + j) for i, j in gap]
            continue
        done_old, done_new = old_start, new_start
        for i, j in anchors:
            old_at, new_at = old_start + i, new_start + j
            found.append((old_at, new_at))
            todo.append((done_old, old_at, done_new, new_at))
            done_old, done_new = old_at + 1, new_at + 1
        todo.append((done_old, old_end, done_new, new_end))
    return sorted(found)


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """The places of a longest rising subsequence."""
    tops: list[int] = []
    best: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tops, number)
        tops[length : length + 1] = [number]
        best[length : length + 1] = [place]
        before.append(best[length - 1] if length else -1)
    chain: list[int] = []
    place = best[-1] if best else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Items that occur once on each side, as many of them as are in the same order on both."""
    once = {item for item, count in Counter(new).items() if count == 1}
    once &= {item for item, count in Counter(old).items() if count == 1}
    new_at = {item: at for at, item in enumerate(new) if item in once}
    common = [(at, new_at[item]) for at, item in enumerate(old) if item in once]
    return [common[place] for place in longest_rising([at for _, at in common])]


def _by_difflib(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    if len(old) * len(new) > _CELLS:
        return []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(i + n, j + n) for i, j, size in blocks for n in range(size)]
