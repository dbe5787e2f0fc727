"""Where a log may show a failure: literal anchors, found in text without case, white space and quotes."""

from operator import itemgetter
from typing import NamedTuple

from scaffold.explain.signatures import LinePattern, SignatureTable

SAME_WORDS = 8
MOST_REMEMBERED = 2000
# How many bytes on each side of a root make its words the same, whatever numbers (times, lines, addresses) they hold.
REACH = 64
_NUMBERS = bytes.maketrans(b"123456789", b"000000000")
# Anchors are told apart by so many bytes ahead of their root, else after it.
_KEY = 3


class Anchor(NamedTuple):
    """A literal that announces a match, where its root stands in it, and the patterns to try there."""

    text: bytes
    root_at: int
    patterns: list[tuple[str, LinePattern]]


class AnchorIndex:
    """The anchors of all patterns, found by the roots that they contain."""

    def __init__(self, table: SignatureTable) -> None:
        self._roots = [_Root(root) for root in table.roots]
        for signature in table.signature:
            for pattern in signature.patterns:
                for anchor in pattern.anchors:
                    root = next(root for root in self._roots if root.text in anchor)
                    root.add(anchor, signature.code, pattern)

    def hits(self, squeezed: bytes, begin: int, end: int) -> list[tuple[int, Anchor]]:
        """The anchors whose root begins between `begin` and `end`, in order, without those whose words repeat."""
        found = [hit for root in self._roots for hit in root.hits(squeezed, begin, end)]
        return sorted(found, key=itemgetter(0))


class _Root:
    """What is searched for, the anchors that contain it, and which words around it were met how often."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._literal = text.encode()
        self._anchors: dict[str, Anchor] = {}
        self._ahead: dict[bytes, list[Anchor]] = {}
        self._after: dict[bytes, list[Anchor]] = {}
        self._short: list[Anchor] = []
        self._met: dict[tuple[bytes, bytes], int] = {}

    def add(self, anchor: str, code: str, pattern: LinePattern) -> None:
        """Try `pattern` where `anchor` occurs."""
        if anchor not in self._anchors:
            at = anchor.index(self.text)
            row = self._anchors[anchor] = Anchor(anchor.encode(), at, [])
            after = row.text[at + len(self._literal) :]
            if at >= _KEY:
                self._ahead.setdefault(row.text[at - _KEY : at], []).append(row)
            elif len(after) >= _KEY:
                self._after.setdefault(after[:_KEY], []).append(row)
            else:
                self._short.append(row)
        self._anchors[anchor].patterns.append((code, pattern))

    def hits(self, squeezed: bytes, begin: int, end: int) -> list[tuple[int, Anchor]]:
        """The places of this root's anchors."""
        found = []
        size = len(self._literal)
        at = squeezed.find(self._literal, begin, end + size - 1)
        while at >= 0:
            ahead = self._ahead.get(squeezed[at - _KEY : at], ()) if at >= _KEY else ()
            after = self._after.get(squeezed[at + size : at + size + _KEY], ())
            for anchor in (*ahead, *after, *self._short):
                first = at - anchor.root_at
                if first >= 0 and squeezed.startswith(anchor.text, first):
                    words = squeezed[max(0, at - REACH) : at + REACH].translate(_NUMBERS)
                    if self._news(anchor, words):
                        found.append((at, anchor))
            at = squeezed.find(self._literal, at + 1, end + size - 1)
        return found

    def _news(self, anchor: Anchor, words: bytes) -> bool:
        """False when the same words were met several times: logs repeat themselves."""
        key = (anchor.text, words)
        times = self._met.get(key, 0)
        if times >= SAME_WORDS:
            return False
        if len(self._met) >= MOST_REMEMBERED:
            self._met.clear()
        self._met[key] = times + 1
        return True
