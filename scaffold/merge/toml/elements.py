"""Two changed lists and what they came from, made into one: element by element, repeats counted, order kept."""

from typing import NamedTuple

from scaffold.merge.result import Prefer
from scaffold.merge.toml.counterparts import (
    Counterpart,
    Saying,
    Sayings,
    agreed_items,
    counterparts,
    keys_of,
)


class Slot(NamedTuple):
    """A place in the outcome: an item of mine, of theirs, or of theirs in the place of one of mine."""

    mine: int | None
    theirs: int | None = None


class Outcome(NamedTuple):
    """`clashes`: numbers of the base, mine and theirs items; `removed`: base items that the user took out for good."""

    slots: list[Slot]
    clashes: list[tuple[list[int], list[int], list[int]]]
    removed: list[int]


def merge_items(base: Sayings, mine: Sayings, theirs: Sayings, prefer: Prefer | None) -> Outcome:
    """The three-way merge of lists."""
    if keys_of(mine) == keys_of(base):
        back = {
            match.at: i for i, match in counterparts(base, theirs).items() if match.how == "same"
        }
        slots = [Slot(back[k]) if k in back else Slot(None, k) for k in range(len(theirs))]
        return Outcome(_in_place(base, theirs, slots), [], [])
    untouched = [Slot(j) for j in range(len(mine))]
    if keys_of(theirs) == keys_of(mine):
        return Outcome(untouched, [], [])
    if keys_of(theirs) == keys_of(base):
        kept = counterparts(base, mine)
        return Outcome(untouched, [], [i for i in range(len(base)) if i not in kept])
    return _ElementMerge(base, mine, theirs, prefer).outcome()


def _in_place(base: Sayings, theirs: Sayings, slots: list[Slot]) -> list[Slot]:
    """Where one of theirs replaces one of mine, which is as it was in the base, the slot says so."""
    origin = {
        m.at: i for i, m in counterparts(base, theirs).items() if m.how in ("named", "placed")
    }
    return [Slot(origin.get(s.theirs), s.theirs) if s.theirs is not None else s for s in slots]


class _ElementMerge:
    def __init__(
        self, base: Sayings, mine: Sayings, theirs: Sayings, prefer: Prefer | None
    ) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.take_theirs = prefer == "theirs"
        agreed = agreed_items(base, mine, theirs)
        self.to_mine = counterparts(base, mine, set(agreed.values()))
        self.to_theirs = counterparts(base, theirs, set(agreed))
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

    def _decide(self, i: int, mine: Counterpart | None, theirs: Counterpart | None) -> None:
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

    def _drop(self, i: int, mine: Counterpart | None) -> None:
        if mine is None or mine.how == "placed":
            return
        if mine.how == "named":
            self.clashes.append(([i], [mine.at], []))
        if mine.how == "same" or self.take_theirs:
            self.places[mine.at] = []

    def _replace(self, i: int, mine: Counterpart, k: int) -> None:
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

    def _take(self, item: Saying, free: list[int]) -> int | None:
        """One of the user's own additions that says the same already."""
        for j in free:
            if self.mine[j].parts == item.parts:
                free.remove(j)
                return j
        for j in free:
            if len(self.mine[j].parts) > 1 and set(item.parts) <= set(self.mine[j].parts):
                return j
        return None
