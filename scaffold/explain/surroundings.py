"""What stands around a match: an expression that occurs near it, looked for once in each part of the log."""

from collections import deque
from typing import NamedTuple

from scaffold.explain.signatures import LinePattern, around

# How far `near` and `not_near` look beyond the match.
AFTER = 1 << 12
# The longest text that an expression of this kind matches.
_REACH = 120


class _Place(NamedTuple):
    """A stretch of the log around a match, in offsets that count from the log's beginning."""

    begin: int
    end: int


class Surroundings:
    """Whether the log around a place is what a pattern asks for; places are asked for in ascending order."""

    def __init__(self) -> None:
        self._searches: dict[tuple[str, int, int], _Search] = {}

    def fit(self, pattern: LinePattern, buffer: bytes, base: int, at: int) -> bool:
        """For the place `at` of `buffer`, whose first byte is the log's byte `base`."""

        def occurs(expression: str, after: int) -> bool:
            key = (expression, pattern.before_bytes, after)
            search = self._searches.setdefault(key, _Search(expression))
            begin, end = max(0, at - pattern.before_bytes), min(at + after, len(buffer))
            return search.occurs(buffer, base, _Place(base + begin, base + end))

        return not (
            (pattern.before and not occurs(pattern.before, 0))
            or (pattern.not_before and occurs(pattern.not_before, 0))
            or (pattern.near and not occurs(pattern.near, AFTER))
            or (pattern.not_near and occurs(pattern.not_near, AFTER))
        )


class _Search:
    """Where one expression was found, in the part that later places can still ask for."""

    def __init__(self, expression: str) -> None:
        self._expression = around(expression)
        self._found: deque[_Place] = deque()
        self._searched = 0

    def occurs(self, buffer: bytes, base: int, place: _Place) -> bool:
        begin = max(self._searched, place.begin)
        for match in self._expression.finditer(buffer, begin - base, place.end - base):
            self._found.append(_Place(base + match.start(), base + match.end()))
        last = self._found[-1].end if self._found else 0
        # A match that the end cut in two is found next time.
        self._searched = max(self._searched, last, place.end - _REACH)
        while self._found and self._found[0].begin < place.begin:
            self._found.popleft()
        return bool(self._found) and self._found[0].end <= place.end
