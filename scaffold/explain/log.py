"""Where a log shows a known failure: a pass over bytes in constant memory, then regular expressions on small windows.

White space, quotes and case are taken out of each block, so that one literal search finds an anchor whether or not a
terminal wrapped the line in its middle, and whatever quotes the program used. Only around an anchor is text decoded,
cleaned and matched: first line by line, then with the lines of a wrapped paragraph joined.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, chain, islice
from typing import NamedTuple

from scaffold.explain.anchors import AnchorIndex
from scaffold.explain.plain import plain
from scaffold.explain.signatures import LinePattern, SignatureTable
from scaffold.explain.surroundings import Surroundings
from scaffold.explain.window import LogWindow, Occurrence

BLOCK = 1 << 19
LOOKBACK = 1 << 15
LOOKAHEAD = 1 << 13
# Around an anchor: where lines are cut that have no end.
BEFORE, AFTER = 1 << 10, 5 << 10
# How far a match may reach beyond a window's cut edge: the next window begins that much earlier.
OVERLAP = 700
# The product of patterns and the characters that they are tried on, and so many for each anchor, for a whole log: a few
# seconds. Ordinary logs need a thousandth of it.
MOST_WORK = 20_000_000
ANCHOR_WORK = 60
LINES_AHEAD = 3
# A failure that repeats all over a log is looked for no longer.
ENOUGH = 30
# How often a pattern that depends on what surrounds it is tried in one window.
MOST_TRIES = 4

_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_DROPPED = b" \t\r\n\v\f\b\"'`\\" + bytes(range(128, 256))
_SLICE = 1 << 11
# A revision of the NDK in a path, a message or a script, in text without white space and quotes.
_NDK = re.compile(rb"ndk(?:version)?[/;:=v-]{0,2}([1-9]\d\.\d\.\d{6,9})")


class LogReading(NamedTuple):
    """What a log shows: places in order of lines, at most ENOUGH of each code; tools; revisions of the NDK.

    `stopped` is the line from which it was not searched any more, since the work had reached its limit; else 0.
    """

    occurrences: tuple[Occurrence, ...]
    tools: frozenset[str]
    ndks: frozenset[str]
    work: int
    stopped: int = 0


def read_log(chunks: Iterable[bytes], table: SignatureTable) -> LogReading:
    """Search a log: raw bytes in chunks of any size."""
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
    occurrences = tuple(sorted(chain(*(places.values() for places in search.found.values()))))
    return LogReading(
        occurrences, frozenset(search.tools), frozenset(search.ndks), search.work, search.stopped
    )


class _Search:
    """The part of the log that is in memory, and what was found in it."""

    def __init__(self, table: SignatureTable) -> None:
        # The places of each code, by the numbers of their lines.
        self.found: dict[str, dict[int, Occurrence]] = {}
        self._anchors = AnchorIndex(table)
        # What is in memory, where it begins in the log, and how much of it was searched.
        self._buffer = b""
        self._base = 0
        self._start = 0
        self._surroundings = Surroundings()
        self._lines = _LineNumbers()
        # Lines around an anchor, which patterns were tried on them how often, and anchors that have none left to try.
        self._window = LogWindow(b"", 1)
        self._tried: dict[int, int] = {}
        self._idle: set[bytes] = set()
        self.work = 0
        self.stopped = 0
        self.tools: set[str] = set()
        self.ndks: set[str] = set()
        self._signs = {tool.name: [sign.encode() for sign in tool.signs] for tool in table.tool}

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
        if not self.stopped:
            begin, end = region.squeezed_at(self._start), region.squeezed_at(stop)
            self._search(region, begin, end)
        self._notice(region.squeezed)
        keep = max(0, stop - LOOKBACK)
        self._lines.forget(self._buffer, keep)
        self._buffer = self._buffer[keep:]
        self._base += keep
        self._start = stop - keep

    def _notice(self, squeezed: bytes) -> None:
        """The tools and NDKs that a stretch of the log shows."""
        for name, signs in self._signs.items():
            if name not in self.tools and any(sign in squeezed for sign in signs):
                self.tools.add(name)
        if len(self.ndks) < 2:
            self.ndks.update(found.decode() for found in islice(_NDK.findall(squeezed), 1000))

    def _search(self, region: "_Region", begin: int, end: int) -> None:
        """Examine each anchor whose root begins between `begin` and `end`: each pattern once on the same lines."""
        served = -1
        for at, anchor in self._anchors.hits(region.squeezed, begin, end):
            self.work += ANCHOR_WORK
            if at > served:
                self._tried = {}
                self._idle = set()
            elif anchor.text in self._idle:
                continue
            wanted = [row for row in anchor.patterns if self._is_wanted(*row)]
            if not wanted:
                self._idle.add(anchor.text)
                continue
            place = region.raw(at)
            if self.work > MOST_WORK:
                self.stopped = self._lines.at(self._buffer, place)
                return
            if at > served:
                served = region.squeezed_at(self._open(place))
            self._examine(wanted, place)

    def _open(self, at: int) -> int:
        """Look at the lines around `at`; the offset up to which they serve further anchors too."""
        begin, end = _bounds(self._buffer, at)
        self._window = LogWindow(self._buffer[begin:end], self._lines.at(self._buffer, begin))
        return end if end == len(self._buffer) else max(at + 1, end - OVERLAP)

    def _is_wanted(self, code: str, pattern: LinePattern) -> bool:
        depends = pattern.before or pattern.not_before or pattern.near or pattern.not_near
        tries = MOST_TRIES if depends else 1
        return self._tried.get(id(pattern), 0) < tries and len(self.found.get(code, ())) < ENOUGH

    def _examine(self, wanted: list[tuple[str, LinePattern]], at: int) -> None:
        for code, pattern in wanted:
            self._tried[id(pattern)] = self._tried.get(id(pattern), 0) + 1
            if self._surroundings.fit(pattern, self._buffer, self._base, at):
                self.work += self._window.size
                # The same lines would give the same again, wherever the next anchor in them is.
                self._tried[id(pattern)] = MOST_TRIES
                known = self.found.setdefault(code, {})
                for place in self._window.occurrences(code, pattern, known):
                    known.setdefault(place.line, place)


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
    """A window around `at`: LINES_AHEAD lines ahead of its own, about AFTER bytes after; long lines are cut."""
    floor = max(0, at - BEFORE)
    begin = at + 1
    for _ in range(LINES_AHEAD + 1):
        begin = buffer.rfind(b"\n", floor, begin - 1) + 1
        if not begin:
            begin = floor
            break
    end = min(at + AFTER, len(buffer))
    newline = buffer.rfind(b"\n", at, end)
    return begin, end if newline < 0 or end == len(buffer) else newline
