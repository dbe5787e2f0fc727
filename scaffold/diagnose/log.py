"""Where a log shows a known failure: a pass over bytes in constant memory, then regular expressions on small windows.

White space, quotes and case are taken out of each block, so that one literal search finds an anchor whether or not a
terminal wrapped the line in its middle, and whatever quotes the program used. Only around an anchor is text decoded,
cleaned and matched: first line by line, then with the lines of a wrapped paragraph joined.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from scaffold.diagnose.plain import plain
from scaffold.diagnose.signatures import Pattern, Signature, around
from scaffold.diagnose.window import Occurrence, Window

BLOCK = 1 << 19
LOOKBACK = 1 << 15
LOOKAHEAD = 1 << 13
WINDOW = 1 << 12
# How far a match may reach beyond a window's cut edge: the next window begins that much earlier.
OVERLAP = 700
# A failure that repeats all over a log is looked for no longer.
ENOUGH = 100

_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_DROPPED = b" \t\r\n\v\f\b\0\"'`\\" + bytes(range(128, 256))
_SLICE = 1 << 11


def occurrences(chunks: Iterable[bytes], signatures: Iterable[Signature]) -> tuple[Occurrence, ...]:
    """Every place in a log (raw bytes in chunks of any size), in order of lines; at most ENOUGH of each code."""
    search = _Search(signatures)
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


class _Search:
    """The part of the log that is in memory, and what was found in it."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self.found: dict[tuple[str, int], Occurrence] = {}
        self._counts: dict[str, int] = {}
        self._by_anchor: dict[bytes, list[tuple[str, Pattern]]] = {}
        for signature in signatures:
            for pattern in signature.patterns:
                for anchor in pattern.anchors:
                    rows = self._by_anchor.setdefault(anchor.encode(), [])
                    rows.append((signature.code, pattern))
        self._buffer = b""
        self._start = 0
        self._lines = _LineNumbers()

    def feed(self, data: bytes) -> None:
        for at in range(0, len(data), BLOCK):
            self._buffer += data[at : at + BLOCK]
            self._advance(len(self._buffer) - LOOKAHEAD)

    def finish(self) -> None:
        self._advance(len(self._buffer))

    def _advance(self, stop: int) -> None:
        """Search from where the last search ended to `stop`, then forget what no later match can look back at."""
        if stop <= self._start:
            return
        region = _Region(self._buffer[self._start : stop + OVERLAP])
        for anchor in list(self._by_anchor):
            self._search(anchor, region, stop)
        keep = max(0, stop - LOOKBACK)
        self._lines.forget(self._buffer, keep)
        self._buffer = self._buffer[keep:]
        self._start = stop - keep

    def _search(self, anchor: bytes, region: "_Region", stop: int) -> None:
        at = region.squeezed.find(anchor)
        while at >= 0:
            raw = self._start + region.raw(at)
            if raw >= stop:
                return
            examined = self._examine(anchor, raw) - self._start
            if anchor not in self._by_anchor:
                return
            at = region.squeezed.find(anchor, max(at + 1, region.squeezed_at(examined)))

    def _examine(self, anchor: bytes, at: int) -> int:
        """Apply the anchor's patterns around `at`; the offset before which they need not be tried again."""
        begin, end = _bounds(self._buffer, at)
        window = Window(self._buffer[begin:end], self._lines.at(self._buffer, begin))
        for code, pattern in self._by_anchor[anchor]:
            if self._counts.get(code, 0) < ENOUGH and self._surrounded(pattern, at):
                for occurrence in window.occurrences(code, pattern):
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
        if key in self.found:
            return
        self.found[key] = occurrence
        count = self._counts.get(occurrence.code, 0) + 1
        self._counts[occurrence.code] = count
        if count >= ENOUGH:
            for anchor, rows in list(self._by_anchor.items()):
                rows[:] = [row for row in rows if row[0] != occurrence.code]
                if not rows:
                    del self._by_anchor[anchor]


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
    """A stretch of the log and the same without case, white space and quotes, with the way between their offsets."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.squeezed = data.translate(_LOWER, _DROPPED)
        self._sums: list[int] = []

    def raw(self, squeezed: int) -> int:
        """The offset of the byte that became `squeezed`."""
        at = bisect_right(self._cumulated(), squeezed) - 1
        low, high = at * _SLICE, min((at + 1) * _SLICE, len(self._data)) - 1
        while low < high:
            middle = (low + high) // 2
            if self.squeezed_at(middle + 1) > squeezed:
                high = middle
            else:
                low = middle + 1
        return low

    def squeezed_at(self, raw: int) -> int:
        """How many bytes before `raw` were kept."""
        raw = max(0, min(raw, len(self._data)))
        at = raw // _SLICE
        rest = self._data[at * _SLICE : raw].translate(None, _DROPPED)
        return self._cumulated()[at] + len(rest)

    def _cumulated(self) -> list[int]:
        if not self._sums:
            slices = range(0, len(self._data), _SLICE)
            sizes = (len(self._data[at : at + _SLICE].translate(None, _DROPPED)) for at in slices)
            self._sums = list(accumulate(sizes, initial=0))
        return self._sums


def _bounds(buffer: bytes, at: int) -> tuple[int, int]:
    """A window around `at`: two lines ahead of its own, about WINDOW bytes after; long lines are cut."""
    floor = max(0, at - WINDOW // 2)
    begin = at
    for _ in range(3):
        newline = buffer.rfind(b"\n", floor, begin)
        if newline < 0:
            break
        begin = newline
    begin = begin + 1 if buffer[begin : begin + 1] == b"\n" and begin < at else floor
    end = min(at + WINDOW, len(buffer))
    newline = buffer.rfind(b"\n", at, end)
    return begin, end if newline < 0 or end == len(buffer) else newline
