"""Three-way merge of text by lines, and git's conflict markers for who asks for them."""

import re
from collections.abc import Callable, Hashable
from itertools import islice
from typing import NamedTuple

from scaffold.merge.lines_diff import Change, changes
from scaffold.merge.result import Clash, Merged, Prefer

Lines = list[str]
_MOST_MOVES = 9  # moved stretches that are followed in one merge

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


class _Group(NamedTuple):
    """Changes of one or both sides that overlap, as one stretch of each text."""

    base: Lines
    mine: Lines
    theirs: Lines
    mine_changes: list[Change]
    theirs_changes: list[Change]
    starts: tuple[int, int, int]  # where the stretch begins in base, mine and theirs


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
        lines = _decided(group, dress)
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
    for change in changes(ours, new):
        out += ours[done : change.old_start]
        out += ["<<<<<<< yours", *ours[change.old_start : change.old_end], "======="]
        out += [*new[change.new_start : change.new_end], ">>>>>>> scaffold"]
        done = change.old_end
    return "\n".join([*out, *ours[done:], ""])


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _compared(base: Lines, mine: Lines, theirs: Lines, dress: Dress | None) -> list[_Group]:
    keys, mine_keys, theirs_keys = (_keys(lines, dress) for lines in (base, mine, theirs))
    return _groups(base, mine, theirs, changes(keys, mine_keys), changes(keys, theirs_keys))


def _keys(lines: Lines, dress: Dress | None) -> list[Hashable]:
    return [dress.key(line) for line in lines] if dress else list[Hashable](lines)


def _decided(group: _Group, dress: Dress | None) -> Lines | None:
    lines = _agreed(group, dress)
    if lines is None:
        lines = _line_by_line(group, dress)
    return _around_comments(group, dress) if lines is None and dress else lines


def _moved(base: Lines, mine: Lines, theirs: Lines, group: _Group, dress: Dress | None) -> bool:
    """Whether mine only moved what theirs changed; then that change is made in `base` and `mine`.

    What was moved is what is missing where it was, and is there once elsewhere: the lines that theirs
    changed or, with its neighbours, the place where theirs put something in.
    """
    if any(change.new_start != change.new_end for change in group.mine_changes):
        return False
    old, own = list(base), list(mine)
    for change in reversed(group.theirs_changes):
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
        added = theirs[change.new_start : change.new_end]
        new = [*old[start : change.old_start], *added, *old[change.old_end : end]]
        worn = own[at : at + len(stretch)]
        own[at : at + len(stretch)] = dress.redress(stretch, worn, new) if dress else new
        old[start:end] = new
    base[:], mine[:] = old, own
    return True


def _only(lines: list[Hashable], stretch: list[Hashable]) -> int | None:
    """Where `stretch` occurs, if it says something and occurs once."""
    if not any(re.search(r"\w", str(line)) for line in stretch):
        return None
    size = len(stretch)
    found = [at for at in range(len(lines) - size + 1) if lines[at : at + size] == stretch]
    return found[0] if len(found) == 1 else None


def _groups(
    base: Lines, mine: Lines, theirs: Lines, by_me: list[Change], by_them: list[Change]
) -> list[_Group]:
    """All of the three texts, cut into unchanged stretches and groups of overlapping changes."""
    found: list[_Group] = []
    base_at = mine_at = theirs_at = 0

    def advance(base_end: int, my_changes: list[Change], their_changes: list[Change]) -> None:
        nonlocal base_at, mine_at, theirs_at
        mine_end = mine_at + base_end - base_at + _growth(my_changes)
        theirs_end = theirs_at + base_end - base_at + _growth(their_changes)
        found.append(
            _Group(
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


def _growth(of: list[Change]) -> int:
    return sum((c.new_end - c.new_start) - (c.old_end - c.old_start) for c in of)


def _overlapping(
    by_me: list[Change], by_them: list[Change]
) -> list[tuple[int, int, list[Change], list[Change]]]:
    """(start, end, mine, theirs) in base; changes that only touch each other stay apart."""
    tagged = [(c.old_start, c.old_end, 0, c) for c in by_me]
    tagged += [(c.old_start, c.old_end, 1, c) for c in by_them]
    found: list[tuple[int, int, list[Change], list[Change]]] = []
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


def _agreed(group: _Group, dress: Dress | None) -> Lines | None:
    """What both sides want of this stretch, or None."""
    base, mine, theirs, my_changes, their_changes, _ = group
    if theirs == base or mine == theirs or (my_changes and not their_changes):
        return mine
    if mine == base:
        return theirs
    if my_changes and their_changes:
        return None
    return dress.redress(base, mine, theirs) if dress else mine


def _line_by_line(group: _Group, dress: Dress | None) -> Lines | None:
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
    for part in _groups(group.base, group.mine, group.theirs, by_me, by_them):
        lines = _agreed(part, dress)
        if lines is None:
            return None
        merged += lines
    return merged


def _around_comments(group: _Group, dress: Dress) -> Lines | None:
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
    put_in: list[Change], taken_out: list[Change], lines: Lines, stays: Callable[[str], bool]
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


def _single(change: Change, base_start: int, new_start: int) -> list[Change]:
    """A deletion, or a change of as many lines into as many, as changes of one line each."""
    old, new = change.old_start - base_start, change.new_start - new_start
    old_size, new_size = change.old_end - change.old_start, change.new_end - change.new_start
    if old_size == new_size:
        return [Change(old + i, old + i + 1, new + i, new + i + 1) for i in range(old_size)]
    if not new_size:
        return [Change(old + i, old + i + 1, new, new) for i in range(old_size)]
    return [Change(old, old + old_size, new, new + new_size)]
