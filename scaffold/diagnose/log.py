"""Where a log shows a known failure: a pass over bytes in constant memory, then regular expressions on small windows.

White space, quotes and case are taken out of each block, so that one literal search finds an anchor whether or not a
terminal wrapped the line in its middle, and whatever quotes the program used. Only around an anchor is text decoded,
cleaned and matched: first line by line, then with the lines of a wrapped paragraph joined.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from scaffold.diagnose.plain import plain
from scaffold.diagnose.signatures import Pattern, Table, around
from scaffold.diagnose.window import Occurrence, Window

BLOCK = 1 << 19
LOOKBACK = 1 << 15
LOOKAHEAD = 1 << 13
WINDOW = 1 << 12
# How far a match may reach beyond a window's cut edge: the next window begins that much earlier.
OVERLAP = 700
LINES_AHEAD = 3
# A failure that repeats all over a log is looked for no longer.
ENOUGH = 30
SAME_WORDS = 4
MOST_REMEMBERED = 2000
# How much is searched for roots before their anchors are: small enough for most stretches to hold none.
STRETCH = 1 << 16
REACH = 64

_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_DROPPED = b" \t\r\n\v\f\b\0\"'`\\" + bytes(range(128, 256))
_SLICE = 1 << 11


def occurrences(chunks: Iterable[bytes], table: Table) -> tuple[Occurrence, ...]:
    """Every place in a log (raw bytes in chunks of any size), in order of lines; at most ENOUGH of each code."""
    search = _Search(table)
    held: list[bytes] = []
    size = 0
    for chunk in plain(chunks):
        held.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            search.feed(b"".join(held))
            held, size = [], 0
    search.feed(b"".join(held))
    search.finish()
    return tuple(sorted(search.found.values()))


class _Anchor:
    """A literal that announces a match, the patterns to try there, and how often its surroundings were met."""

    def __init__(self, text: str) -> None:
        self.text = text.encode()
        self.patterns: list[tuple[str, Pattern]] = []
        self._met: dict[bytes, int] = {}

    def is_news(self, surroundings: bytes) -> bool:
        """False when the same words were examined several times: logs repeat themselves."""
        if len(self._met) >= MOST_REMEMBERED:
            self._met.clear()
        times = self._met[surroundings] = self._met.get(surroundings, 0) + 1
        return times <= SAME_WORDS


def _anchors(table: Table) -> dict[bytes, list[_Anchor]]:
    """All anchors of the table, by their roots."""
    anchors: dict[str, _Anchor] = {}
    for signature in table.signatures:
        for pattern in signature.patterns:
            for text in pattern.anchors:
                anchors.setdefault(text, _Anchor(text)).patterns.append((signature.code, pattern))
    by_root: dict[bytes, list[_Anchor]] = {}
    for text, anchor in anchors.items():
        root = next(root for root in table.roots if root in text)
        by_root.setdefault(root.encode(), []).append(anchor)
    return by_root


class _Search:
    """The part of the log that is in memory, and what was found in it."""

    def __init__(self, table: Table) -> None:
        self.found: dict[tuple[str, int], Occurrence] = {}
        self._counts: dict[str, int] = {}
        self._by_root = _anchors(table)
        self._buffer = b""
        self._start = 0
        self._lines = _LineNumbers()
        self._window: tuple[tuple[int, int], Window] | None = None

    def feed(self, data: bytes) -> None:
        """Take the next part of the log."""
        for at in range(0, len(data), BLOCK):
            self._buffer += data[at : at + BLOCK]
            self._advance(len(self._buffer) - LOOKAHEAD)

    def finish(self) -> None:
        """The log has ended: search what is left."""
        self._advance(len(self._buffer))

    def _advance(self, stop: int) -> None:
        """Search from where the last search ended to `stop`, then forget what no later match can look back at."""
        if stop <= self._start:
            return
        region = _Region(self._buffer, max(0, self._start - OVERLAP), stop + OVERLAP)
        begin, end = region.squeezed_at(self._start), region.squeezed_at(stop)
        for at in range(begin, end, STRETCH):
            self._search(region, at, min(at + STRETCH, end))
        keep = max(0, stop - LOOKBACK)
        self._lines.forget(self._buffer, keep)
        self._buffer = self._buffer[keep:]
        self._start = stop - keep
        self._window = None

    def _search(self, region: "_Region", begin: int, end: int) -> None:
        """Examine each anchor that begins between `begin` and `end`; only those are searched whose root is there."""
        squeezed = region.squeezed
        for root, anchors in self._by_root.items():
            if squeezed.find(root, begin, end + REACH) < 0:
                continue
            for anchor in anchors:
                size = len(anchor.text)
                at = squeezed.find(anchor.text, begin, end + size - 1)
                while at >= 0:
                    following = at + 1
                    if anchor.is_news(squeezed[max(0, at - REACH) : at + size + REACH]):
                        following = max(
                            following, region.squeezed_at(self._examine(anchor, region.raw(at)))
                        )
                    at = squeezed.find(anchor.text, following, end + size - 1)

    def _examine(self, anchor: _Anchor, at: int) -> int:
        """Apply the anchor's patterns around `at`; the offset before which they need not be tried again."""
        begin, end = bounds = _bounds(self._buffer, at)
        if self._window is None or self._window[0] != bounds:
            lines = Window(self._buffer[begin:end], self._lines.at(self._buffer, begin))
            self._window = (bounds, lines)
        for code, pattern in anchor.patterns:
            if self._counts.get(code, 0) < ENOUGH and self._surrounded(pattern, at):
                for occurrence in self._window[1].occurrences(code, pattern):
                    self._record(occurrence)
        return end if end == len(self._buffer) else max(at + 1, end - OVERLAP)

    def _surrounded(self, pattern: Pattern, at: int) -> bool:
        if not (pattern.before or pattern.not_before or pattern.after):
            return True
        before = self._buffer[max(0, at - pattern.before_bytes) : at].replace(b"\0", b"")
        after = self._buffer[at : at + WINDOW].replace(b"\0", b"")
        return not (
            (pattern.before and not around(pattern.before).search(before))
            or (pattern.not_before and around(pattern.not_before).search(before))
            or (pattern.after and not around(pattern.after).search(after))
        )

    def _record(self, occurrence: Occurrence) -> None:
        key = (occurrence.code, occurrence.line)
        if key not in self.found:
            self.found[key] = occurrence
            self._counts[occurrence.code] = self._counts.get(occurrence.code, 0) + 1


class _LineNumbers:
    """Numbers of the lines in a buffer whose beginning is dropped now and then; asked mostly in ascending order."""

    def __init__(self) -> None:
        self._number = 1
        self._offset = 0
        self._first = 1

    def at(self, buffer: bytes, offset: int) -> int:
        if offset < self._offset:
            self._number, self._offset = self._first, 0
        self._number += buffer.count(b"\n", self._offset, offset)
        self._offset = offset
        return self._number

    def forget(self, buffer: bytes, size: int) -> None:
        self._first += buffer.count(b"\n", 0, size)
        self._number, self._offset = self._first, 0


class _Region:
    """A stretch of the log, and the same without case, white space and quotes, with the way between their offsets."""

    def __init__(self, buffer: bytes, begin: int, end: int) -> None:
        self._begin = begin
        self._data = buffer[begin:end]
        self.squeezed = self._data.translate(_LOWER, _DROPPED)
        self._sums: list[int] = []

    def raw(self, squeezed: int) -> int:
        """The offset in the buffer of the byte that became `squeezed`."""
        at = bisect_right(self._cumulated(), squeezed) - 1
        low, high = at * _SLICE, min((at + 1) * _SLICE, len(self._data)) - 1
        while low < high:
            middle = (low + high) // 2
            if self._kept(middle + 1) > squeezed:
                high = middle
            else:
                low = middle + 1
        return self._begin + low

    def squeezed_at(self, raw: int) -> int:
        """How many bytes of the region before the buffer's offset `raw` were kept."""
        return self._kept(max(0, min(raw - self._begin, len(self._data))))

    def _kept(self, size: int) -> int:
        at = size // _SLICE
        rest = self._data[at * _SLICE : size].translate(None, _DROPPED)
        return self._cumulated()[at] + len(rest)

    def _cumulated(self) -> list[int]:
        if not self._sums:
            slices = range(0, len(self._data), _SLICE)
            sizes = (len(self._data[at : at + _SLICE].translate(None, _DROPPED)) for at in slices)
            self._sums = list(accumulate(sizes, initial=0))
        return self._sums


def _bounds(buffer: bytes, at: int) -> tuple[int, int]:
    """A window around `at`: LINES_AHEAD lines ahead of its own, about WINDOW bytes after; long lines are cut."""
    floor = max(0, at - WINDOW // 2)
    begin = at + 1
    for _ in range(LINES_AHEAD + 1):
        begin = buffer.rfind(b"\n", floor, begin - 1) + 1
        if not begin:
            begin = floor
            break
    end = min(at + WINDOW, len(buffer))
    newline = buffer.rfind(b"\n", at, end)
    return begin, end if newline < 0 or end == len(buffer) else newline
