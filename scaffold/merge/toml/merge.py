"""TOML three ways, key by key: what we wrote last, what the user has now, what we would write today.

What the outcome is, is decided on plain values; the user's text is then edited where it must change, and every edit is
parsed and compared with what was decided before it counts. Edits are splices of text: tomlkit 0.15.2 can put an
appended element inside a trailing comment, and a new table among root dotted keys.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from scaffold.merge.result import Clash, Merged, Prefer
from scaffold.merge.toml.draft import Draft, New
from scaffold.merge.toml.elements import Outcome, merge_items
from scaffold.merge.toml.env import as_table, is_variable, merge_variable
from scaffold.merge.toml.flags import Unit, holds_flags, units, words
from scaffold.merge.toml.scan import Path
from scaffold.merge.toml.value import MISSING, meaning, parse, shown, spell, spell_path
from scaffold.syntax.cannot_merge import CannotMerge

_LONGEST = 500_000  # characters; a Cargo configuration has some thousands


def merge_toml(base: str, mine: str, theirs: str, *, prefer: Prefer | None = None) -> Merged:
    """Merges `theirs` into `mine`, `base` being what both came from ("" for a first merge).

    Raises `CannotMerge` where `mine` is no valid TOML, or where a change of ours has no place in it.
    """
    base, mine, theirs = (text.replace("\r\n", "\n") for text in (base, mine, theirs))
    if len(mine) > _LONGEST:
        raise CannotMerge(f"the file is too long to be edited safely: {len(mine)} characters")
    try:
        return _merged(base, mine, theirs, prefer)
    except RecursionError:
        raise CannotMerge("not readable: values are nested too deeply") from None


def _merged(base: str, mine: str, theirs: str, prefer: Prefer | None) -> Merged:
    now, new = parse(mine), parse(theirs)
    try:
        old = parse(base)
    except CannotMerge:
        base, old = "", {}
    if theirs in (base, mine):
        return Merged(mine)
    if mine == base or (new and not mine.strip() and not old):
        return Merged(theirs)
    merge = _KeyMerge(Draft(mine, now, base, theirs), prefer)
    merge.table((), old, now, new)
    merge.draft.settle_comments(gone=not new and not merge.clashes)
    return Merged(merge.draft.text, tuple(merge.clashes), tuple(merge.notes))


class _KeyMerge:
    """Walks the keys of ours. A method that returns true leaves it to its caller to take the key out."""

    def __init__(self, draft: Draft, prefer: Prefer | None) -> None:
        self.draft = draft
        self.prefer: Prefer | None = prefer
        self.clashes: list[Clash] = []
        self.notes: list[str] = []

    def table(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        """Merges a table of the user's with ours, of which one may be missing."""
        gone = []
        for key in dict.fromkeys([*(theirs or ()), *(base or ())]):
            sides = [side.get(key, MISSING) if side else MISSING for side in (base, mine, theirs)]
            if self._node((*path, key), *sides):
                gone.append(key)
        was_ours = base is not MISSING and theirs is MISSING and (mine or not base)
        if path and was_ours and len(gone) == len(self.draft.get(path)):
            return True
        for key in gone:
            self.draft.remove((*path, key))
        return False

    def _node(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        if mine is MISSING:
            return self._absent(path, base, theirs)
        if is_variable(path):
            return self._variable(path, base, mine, theirs)
        if _all(dict, base, mine, theirs):
            return self.table(path, base, mine, theirs)
        kinds = (list, str) if holds_flags(path) else list
        if _all(kinds, base, mine, theirs) and not _hold_tables(base, mine, theirs):
            return self._elements(path, base, mine, theirs)
        return self._plain(path, base, mine, theirs)

    def _absent(self, path: Path, base: Any, theirs: Any) -> bool:
        """The user has no such key."""
        if theirs is MISSING:
            return False
        if base is MISSING:
            self.draft.insert(path, theirs)
        elif _same(path, base, theirs) or _only_less(path, base, theirs):
            self.notes.append(f"you removed {spell_path(path)}; it stays removed")
        elif _all(dict, base, theirs) and not is_variable(path):
            for key in dict.fromkeys([*theirs, *base]):
                self._absent((*path, key), base.get(key, MISSING), theirs.get(key, MISSING))
        elif self._clash(path, base, MISSING, theirs):
            self.draft.insert(path, theirs)
        return False

    def _plain(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        """A value that is kept or replaced whole."""
        if _same(path, base, theirs) or _same(path, mine, theirs):
            return False
        if not _same(path, mine, base) and not self._clash(path, base, mine, theirs):
            return False
        if theirs is not MISSING:
            self.draft.replace(path, theirs)
        return theirs is MISSING

    def _clash(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        """Notes a clash; true where theirs is to win."""
        self.clashes.append(Clash(spell_path(path), shown(base), shown(mine), shown(theirs)))
        return self.prefer == "theirs"

    def _variable(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        """An entry of [env], in whichever form the user has it."""
        old, now, new = as_table(base), as_table(mine), as_table(theirs)
        if old is None or now is None or new is None or theirs is MISSING:
            return self._plain(path, base, mine, theirs)
        table, clash = merge_variable(old, now, new, take_theirs=self.prefer == "theirs")
        if clash:
            self._clash(path, base, mine, theirs)
        if isinstance(mine, str):
            wanted = table if table.keys() != {"value"} else table["value"]
            if meaning(wanted) != meaning(mine):
                self.draft.replace(path, wanted)
            return False
        for key in [key for key in mine if key not in table]:
            self.draft.remove((*path, key))
        for key, item in table.items():
            if key not in mine:
                self.draft.insert((*path, key), item)
            elif meaning(mine[key]) != meaning(item):
                self.draft.replace((*path, key), item)
        return False

    def _elements(self, path: Path, base: Any, mine: Any, theirs: Any) -> bool:
        """An array, or a string of flags, merged element by element."""
        lists = [words(side) for side in (base, mine, theirs)]
        old, now, new = units(lists, as_flags=holds_flags(path))
        items = [[unit.item for unit in side] for side in (old, now, new)]
        outcome = merge_items(items[0], items[1], items[2], self.prefer)
        for numbers in outcome.clashes:
            sides = zip((old, now, new), numbers, strict=True)
            texts = [_listed(side, chosen) for side, chosen in sides]
            self.clashes.append(Clash(spell_path(path), *texts))
        for number in outcome.removed:
            what = _listed(old, [number])
            self.notes.append(f"you removed {what} from {spell_path(path)}; it stays removed")
        wanted = self._wanted(path, outcome, now, new)
        if not wanted and theirs is MISSING and (mine or not base):
            return True
        if wanted != list(range(len(lists[1]))):
            self.draft.set_elements(path, wanted)
        return False

    def _wanted(
        self, path: Path, outcome: Outcome, now: list[Unit], new: list[Unit]
    ) -> list[int | New]:
        """The elements of the outcome: the user's by number, and ours."""
        starts = [0, *accumulate(len(unit.values) for unit in now)]
        wanted: list[int | New] = []
        for mine, theirs in outcome.slots:
            if theirs is None:
                wanted += range(starts[mine or 0], starts[(mine or 0) + 1])
                continue
            values = new[theirs].values
            at = None if mine is None else starts[mine]
            if mine is not None and now[mine].values[:-1] == ["-C"] and values[0][:2] == "-C":
                wanted.append(starts[mine])  # the user writes -C and its value apart
                values = [values[0][2:], *values[1:]] if values[0] != "-C" else values[1:]
                at = starts[mine] + 1
            for value in values:
                wanted.append(New(value, self.draft.spelling(path, value), at))
                at = None
        return wanted


def _listed(side: Sequence[Unit], numbers: Sequence[int]) -> str:
    return ", ".join(spell(value) for number in numbers for value in side[number].values)


def _all(kinds: Any, *sides: Any) -> bool:
    return all(side is MISSING or isinstance(side, kinds) for side in sides)


def _only_less(path: Path, base: Any, theirs: Any) -> bool:
    """Whether an array of ours has lost elements and gained none."""
    if not isinstance(base, list) or not isinstance(theirs, list):
        return False
    old, new = units([base, theirs], as_flags=holds_flags(path))
    return not Counter(unit.item for unit in new) - Counter(unit.item for unit in old)


def _hold_tables(*sides: Any) -> bool:
    """Arrays of tables, which may be written as headers, are kept or replaced whole."""
    return any(isinstance(element, dict) for side in sides for element in side or ())


def _same(path: Path, one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    if is_variable(path):
        one, other = as_table(one) or one, as_table(other) or other
    return bool(meaning(one) == meaning(other))
