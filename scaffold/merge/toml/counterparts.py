"""Which elements of two lists belong together: the same, another value of it, or in its place."""

from collections.abc import Hashable, Iterable, Sequence, Set
from typing import NamedTuple

from scaffold.merge.sequences import pairs


class Saying(NamedTuple):
    """An element by what it says: equal `parts` are equal elements.

    `name` is what two values of one thing share (`-z max-page-size`), None where there is no such thing.
    """

    parts: tuple[Hashable, ...]
    name: Hashable = None


class Counterpart(NamedTuple):
    """The counterpart of an item: the same, another value of it (`named`), something in its place, or part of it."""

    at: int
    how: str


Sayings = Sequence[Saying]


def keys_of(items: Sayings) -> list[tuple[Hashable, ...]]:
    """What the items say."""
    return [item.parts for item in items]


def agreed_items(base: Sayings, mine: Sayings, theirs: Sayings) -> dict[int, int]:
    """Numbers of the items of theirs, with those of mine, that both sides added."""
    known = [
        {m.at for m in counterparts(base, side).values() if m.how == "same"}
        for side in (mine, theirs)
    ]
    found: dict[int, Counterpart] = {}
    labels = [
        [None if n in used else item.parts for n, item in enumerate(side)]
        for side, used in zip((mine, theirs), known, strict=True)
    ]
    _pair(found, labels[1], labels[0], "same")
    return {k: match.at for k, match in found.items()}


def counterparts(
    old: Sayings, new: Sayings, agreed: Set[int] = frozenset()
) -> dict[int, Counterpart]:
    """For each old item its counterpart among the new ones, if it has one; `agreed` ones are not to be had."""
    found = {i: Counterpart(j, "same") for i, j in pairs(keys_of(old), keys_of(new))}
    _pair(found, keys_of(old), keys_of(new), "same")
    used = {match.at for match in found.values()} | agreed
    joined = [j for j, item in enumerate(new) if len(item.parts) > 1 and j not in used]
    for i, item in enumerate(old):
        if i in found:
            continue
        at = next((j for j in joined if set(item.parts) < set(new[j].parts)), None)
        if at is not None:
            found[i] = Counterpart(at, "part")
    names = [None if j in agreed else item.name for j, item in enumerate(new)]
    _pair(found, [item.name for item in old], names, "named")
    _pair_placed(found, len(old), len(new), agreed)
    return found


def _pair(
    found: dict[int, Counterpart], old: Sequence[Hashable], new: Sequence[Hashable], how: str
) -> None:
    """Adds pairs of equal labels, each used once, in order; None is no label."""
    used = {match.at for match in found.values()}
    free: dict[Hashable, list[int]] = {}
    for j in reversed(range(len(new))):
        if j not in used and new[j] is not None:
            free.setdefault(new[j], []).append(j)
    for i, label in enumerate(old):
        if i not in found and free.get(label):
            found[i] = Counterpart(free[label].pop(), how)


def _pair_placed(found: dict[int, Counterpart], old: int, new: int, agreed: Set[int]) -> None:
    """Adds pairs in runs of equal length without counterparts, between the same neighbours."""
    used = {match.at for match in found.values()} | agreed
    for run in _runs(i for i in range(old) if i not in found):
        before, behind = found.get(run[0] - 1), found.get(run[-1] + 1)
        start = before.at + 1 if before else 0
        end = behind.at if behind else new
        if end - start == len(run) and used.isdisjoint(range(start, end)):
            for i, j in zip(run, range(start, end), strict=True):
                found[i] = Counterpart(j, "placed")


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
