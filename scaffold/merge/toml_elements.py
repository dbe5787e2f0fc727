"""Two changed lists and what they came from, made into one: element by element, repeats counted, order kept."""

from collections.abc import Hashable, Iterable, Sequence, Set
from typing import NamedTuple

from scaffold.merge.result import Prefer


class Item(NamedTuple):
    """An element by what it says: equal `parts` are equal elements.

    `name` is what two values of one thing share (`-z max-page-size`), None where there is no such thing.
    """

    parts: tuple[Hashable, ...]
    name: Hashable = None


class Slot(NamedTuple):
    """A place in the outcome: an item of mine, of theirs, or of theirs in the place of one of mine."""

    mine: int | None
    theirs: int | None = None


class Outcome(NamedTuple):
    """`clashes`: numbers of the base, mine and theirs items; `removed`: base items that the user took out for good."""

    slots: list[Slot]
    clashes: list[tuple[list[int], list[int], list[int]]]
    removed: list[int]


class _Match(NamedTuple):
    """The counterpart of an item: the same, another value of it (`named`), something in its place, or part of it."""

    at: int
    how: str


Items = Sequence[Item]


def merge_items(base: Items, mine: Items, theirs: Items, prefer: Prefer | None) -> Outcome:
    """The three-way merge of lists."""
    if _keys(mine) == _keys(base):
        back = {match.at: i for i, match in _matches(base, theirs).items() if match.how == "same"}
        slots = [Slot(back[k]) if k in back else Slot(None, k) for k in range(len(theirs))]
        return Outcome(_in_place(base, theirs, slots), [], [])
    if _keys(theirs) in (_keys(base), _keys(mine)):
        untouched = [Slot(j) for j in range(len(mine))]
        kept = _matches(base, mine)
        gone = (
            [i for i in range(len(base)) if i not in kept] if _keys(theirs) != _keys(mine) else []
        )
        return Outcome(untouched, [], gone)
    return _Merge(base, mine, theirs, prefer).outcome()


def _keys(items: Items) -> list[tuple[Hashable, ...]]:
    return [item.parts for item in items]


def _in_place(base: Items, theirs: Items, slots: list[Slot]) -> list[Slot]:
    """Where one of theirs replaces one of mine, which is as it was in the base, the slot says so."""
    origin = {m.at: i for i, m in _matches(base, theirs).items() if m.how in ("named", "placed")}
    return [Slot(origin.get(s.theirs), s.theirs) if s.theirs is not None else s for s in slots]


class _Merge:
    def __init__(self, base: Items, mine: Items, theirs: Items, prefer: Prefer | None) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.take_theirs = prefer == "theirs"
        agreed = _agreed(base, mine, theirs)
        self.to_mine = _matches(base, mine, set(agreed.values()))
        self.to_theirs = _matches(base, theirs, set(agreed))
        self.places: list[list[Slot]] = [[Slot(j)] for j in range(len(mine))]
        self.located: dict[int, int] = agreed
        self.refused: set[int] = set()
        self.clashes: list[tuple[list[int], list[int], list[int]]] = []
        self.removed: list[int] = []

    def outcome(self) -> Outcome:
        grouped: dict[int, list[int]] = {}
        for i in range(len(self.base)):
            mine = self.to_mine.get(i)
            if mine is not None and mine.how == "part":
                grouped.setdefault(mine.at, []).append(i)
            else:
                self._decide(i, mine, self.to_theirs.get(i))
        for j, members in grouped.items():
            self._decide_joined(j, members)
        return Outcome(self._with_added(), self.clashes, self.removed)

    def _decide(self, i: int, mine: _Match | None, theirs: _Match | None) -> None:
        if theirs is not None and theirs.how == "same":
            if mine is None:
                self.removed.append(i)
                self.refused.add(theirs.at)
            else:
                self.located[theirs.at] = mine.at
        elif theirs is None:
            self._drop(i, mine)
        elif mine is not None:
            self._replace(i, mine, theirs.at)
        elif theirs.how == "named":
            self.clashes.append(([i], [], [theirs.at]))
            if not self.take_theirs:
                self.refused.add(theirs.at)

    def _drop(self, i: int, mine: _Match | None) -> None:
        if mine is None or mine.how == "placed":
            return
        if mine.how == "named":
            self.clashes.append(([i], [mine.at], []))
        if mine.how == "same" or self.take_theirs:
            self.places[mine.at] = []

    def _replace(self, i: int, mine: _Match, k: int) -> None:
        self.located[k] = mine.at
        agreed = self.mine[mine.at].parts == self.theirs[k].parts
        if mine.how != "same" and not agreed:
            self.clashes.append(([i], [mine.at], [k]))
        if not agreed and (mine.how == "same" or self.take_theirs):
            self.places[mine.at] = [Slot(mine.at, k)]

    def _decide_joined(self, j: int, members: list[int]) -> None:
        """One element of the user's says what several of ours said."""
        fates = [self.to_theirs.get(i) for i in members]
        for fate in fates:
            if fate is not None:
                self.located[fate.at] = j
        if all(fate is not None and fate.how == "same" for fate in fates):
            return
        left = [fate.at for fate in fates if fate is not None]
        parts = {part for i in members for part in self.base[i].parts}
        if parts >= set(self.mine[j].parts):
            self.places[j] = [Slot(None, k) for k in left]
            return
        self.clashes.append((members, [j], left))
        if self.take_theirs:
            self.places[j] = [Slot(None, k) for k in left]

    def _with_added(self) -> list[Slot]:
        taken = {match.at for match in self.to_mine.values()} | set(self.located.values())
        free = [j for j in range(len(self.mine)) if j not in taken]
        before: dict[int, list[Slot]] = {}
        behind: dict[int, list[Slot]] = {}
        leading: list[Slot] = []
        anchor: int | None = None
        for k, item in enumerate(self.theirs):
            at = self.located.get(k)
            if at is None and k not in self.refused:
                at = self._take(item, free)
                if at is None:
                    (leading if anchor is None else behind.setdefault(anchor, [])).append(
                        Slot(None, k)
                    )
            if at is not None:
                if anchor is None:
                    before[at] = leading
                anchor = at
        slots: list[Slot] = []
        for j, place in enumerate(self.places):
            slots += [*before.get(j, []), *place, *behind.get(j, [])]
        return slots + (leading if anchor is None else [])

    def _take(self, item: Item, free: list[int]) -> int | None:
        """One of the user's own additions that says the same already."""
        for j in free:
            if self.mine[j].parts == item.parts:
                free.remove(j)
                return j
        for j in free:
            if len(self.mine[j].parts) > 1 and set(item.parts) <= set(self.mine[j].parts):
                return j
        return None


def _agreed(base: Items, mine: Items, theirs: Items) -> dict[int, int]:
    """Numbers of the items of theirs, with those of mine, that both sides added."""
    known = [
        {m.at for m in _matches(base, side).values() if m.how == "same"} for side in (mine, theirs)
    ]
    found: dict[int, _Match] = {}
    labels = [
        [None if n in used else item.parts for n, item in enumerate(side)]
        for side, used in zip((mine, theirs), known, strict=True)
    ]
    _pair(found, labels[1], labels[0], "same")
    return {k: match.at for k, match in found.items()}


def _matches(old: Items, new: Items, agreed: Set[int] = frozenset()) -> dict[int, _Match]:
    """For each old item its counterpart among the new ones, if it has one; `agreed` ones are not to be had."""
    found = {i: _Match(j, "same") for i, j in _common(_keys(old), _keys(new))}
    _pair(found, _keys(old), _keys(new), "same")
    used = {match.at for match in found.values()} | agreed
    joined = [j for j, item in enumerate(new) if len(item.parts) > 1 and j not in used]
    for i, item in enumerate(old):
        at = next((j for j in joined if set(item.parts) < set(new[j].parts)), None)
        if i not in found and at is not None:
            found[i] = _Match(at, "part")
    names = [None if j in agreed else item.name for j, item in enumerate(new)]
    _pair(found, [item.name for item in old], names, "named")
    _pair_placed(found, len(old), len(new), agreed)
    return found


def _pair(
    found: dict[int, _Match], old: Sequence[Hashable], new: Sequence[Hashable], how: str
) -> None:
    """Adds pairs of equal labels, each used once, in order; None is no label."""
    used = {match.at for match in found.values()}
    free: dict[Hashable, list[int]] = {}
    for j in reversed(range(len(new))):
        if j not in used and new[j] is not None:
            free.setdefault(new[j], []).append(j)
    for i, label in enumerate(old):
        if i not in found and free.get(label):
            found[i] = _Match(free[label].pop(), how)


def _pair_placed(found: dict[int, _Match], old: int, new: int, agreed: Set[int]) -> None:
    """Adds pairs in runs of equal length without counterparts, between the same neighbours."""
    used = {match.at for match in found.values()} | agreed
    for run in _runs(i for i in range(old) if i not in found):
        before, behind = found.get(run[0] - 1), found.get(run[-1] + 1)
        start = before.at + 1 if before else 0
        end = behind.at if behind else new
        if end - start == len(run) and used.isdisjoint(range(start, end)):
            for i, j in zip(run, range(start, end), strict=True):
                found[i] = _Match(j, "placed")


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of indices."""
    rows = [[0] * (len(new) + 1)]
    for i in reversed(range(len(old))):
        below, row = rows[-1], [0] * (len(new) + 1)
        for j in reversed(range(len(new))):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
        rows.append(row)
    rows.reverse()
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
