"""Where things stand in a TOML text: the spans of its tables, keys, values and comments.

`tomllib` gives values without places (and `tomlkit` items without offsets), but an edit that leaves every other byte
alone needs both. Only text that `tomllib` accepts may be scanned: validity is its business, places are ours.
"""

import re
import tomllib
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

Path = tuple[str, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"[ \t\r\n]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_COMMENT = re.compile(r"#[^\n]*")
_PLAIN = re.compile(r"[^,\]}#\n]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)


class Value(NamedTuple):
    """A value's span; `items` are the elements of an array, `kind` is plain, array or inline."""

    start: int
    end: int
    kind: str
    items: tuple["Value", ...] = ()


class Assignment(NamedTuple):
    """A key with its value; `inside` is where its inline table opens, None for a line of its own."""

    path: Path
    start: int
    value: Value
    section: int
    inside: int | None


class Header(NamedTuple):
    """A header with the lines below it; the first one is the root and has no header.

    `opaque`: at or below an array of tables, where a path names no single place.
    """

    path: Path
    start: int
    body: int
    end: int
    opaque: bool


class Document(NamedTuple):
    """A scanned text. `comments` are spans from `#` to the end of the line."""

    text: str
    sections: tuple[Header, ...]
    entries: tuple[Assignment, ...]
    comments: tuple[tuple[int, int], ...]
    comment_starts: frozenset[int]

    def entry(self, path: Path) -> Assignment | None:
        """The one entry of exactly this path, on a line of its own or within inline tables."""
        for entry in self.entries:
            if entry.path == path and not self.sections[entry.section].opaque:
                return entry
        return None

    def lines_of(self, section: int) -> list[Assignment]:
        """The entries of a section that stand on lines of their own."""
        return [e for e in self.entries if e.section == section and e.inside is None]

    def comment_texts(self, start: int = 0, end: int | None = None) -> list[str]:
        """Comments within a span, without trailing blanks."""
        first = bisect_left(self.comments, (start,))
        stop = len(self.comments) if end is None else bisect_left(self.comments, (end,))
        return [self.text[a:b].rstrip() for a, b in self.comments[first:stop]]

    def lead(self, start: int, floor: int = 0) -> int:
        """Where the comment lines begin that stand directly above the line that begins at `start`."""
        while start > floor:
            above = line_start(self.text, start - 1)
            if above < floor or not self.text[above:start].lstrip().startswith("#"):
                break
            if above + _indent(self.text, above) not in self.comment_starts:
                break
            start = above
        return start


def line_start(text: str, offset: int) -> int:
    """Offset of the first character of the line that holds `offset`."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Offset behind the newline of the line that holds `offset`."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def _indent(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() - offset if match else 0


@lru_cache(maxsize=2)
def scan(text: str) -> Document:
    """The places in `text`, which `tomllib` accepts."""
    return _Scanner(text).document()


def on_one_line(text: str) -> str | None:
    """`text` without newlines, comments and last commas in inline tables, None where it cannot be read at all.

    TOML 1.1 allows them, and Cargo reads it from 1.94 on; `tomllib` before Python 3.15 does not.
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (AssertionError, IndexError, RecursionError, ValueError):
        return None
    out, done = "", 0
    for start, end in scanner.loose:
        out += text[done:start] + " "
        done = end
    return out + text[done:]


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.sections: list[Header] = [Header((), 0, 0, len(text), opaque=False)]
        self.entries: list[Assignment] = []
        self.comments: list[tuple[int, int]] = []
        self.arrays: set[Path] = set()
        self.braces = 0
        self.loose: list[tuple[int, int]] = []

    def document(self) -> Document:
        while self._next() < len(self.text):
            if self.text[self.at] == "[":
                self._header()
            else:
                self._entry(self.sections[-1].path, None)
        self.entries.sort(key=lambda entry: entry.start)
        return Document(
            self.text,
            tuple(self.sections),
            tuple(self.entries),
            tuple(self.comments),
            frozenset(start for start, _ in self.comments),
        )

    def _next(self) -> int:
        """Goes to the next character that is no blank, newline or comment."""
        first = self.at
        while True:
            self._skip(_BLANK)
            if not self.text.startswith("#", self.at):
                break
            begin = self.at
            self._skip(_COMMENT)
            self.comments.append((begin, self.at))
        if self.braces and first < self.at:
            self.loose.append((first, self.at))
        return self.at

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _header(self) -> None:
        start = line_start(self.text, self.at)
        of_tables = self.text.startswith("[[", self.at)
        self.at += 2 if of_tables else 1
        path = self._key()
        if of_tables:
            self.arrays.add(path)
        opaque = any(path[:n] in self.arrays for n in range(1, len(path) + 1))
        self.sections[-1] = self.sections[-1]._replace(end=start)
        body = line_end(self.text, self.at)
        self.at += 2 if of_tables else 1
        self.sections.append(Header(path, start, body, len(self.text), opaque))

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            match = _BARE.match(self.text, self.at) or _STRING.match(self.text, self.at)
            if match is None:
                raise AssertionError(f"no key at offset {self.at}")
            parts.append(_unquoted(match.group()))
            self.at = match.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _entry(self, above: Path, inside: int | None) -> None:
        start = self.at
        path = above + self._key()
        self.at += 1
        self._skip(_SPACE)
        section = len(self.sections) - 1
        value = self._value(path)
        self.entries.append(Assignment(path, start, value, section, inside))

    def _value(self, path: Path | None) -> Value:
        start = self.at
        first = self.text[start]
        if first == "[":
            return self._array()
        if first == "{":
            return self._inline(path)
        match = _STRING.match(self.text, start)
        if match is not None:
            self.at = match.end()
            return Value(start, self.at, "plain")
        match = _PLAIN.match(self.text, start)
        if match is None:
            raise AssertionError(f"no value at offset {start}")
        self.at = start + len(match.group().rstrip())
        return Value(start, self.at, "plain")

    def _array(self) -> Value:
        start = self.at
        self.at += 1
        items: list[Value] = []
        while self.text[self._next()] != "]":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                items.append(self._value(None))
        self.at += 1
        return Value(start, self.at, "array", tuple(items))

    def _inline(self, path: Path | None) -> Value:
        """An inline table; with no path (within an array) its entries are nobody's to address."""
        start = self.at
        self.at += 1
        self.braces += 1
        kept = len(self.entries)
        while self.text[self._next()] != "}":
            if self.text[self.at] != ",":
                self._entry(path or (), start)
                continue
            comma = self.at
            self.at += 1
            if self.text[self._next()] == "}" and len(self.entries) > kept:
                while self.loose and self.loose[-1][0] > comma:
                    self.loose.pop()
                self.loose.append((comma, self.at))
        self.at += 1
        self.braces -= 1
        if path is None:
            del self.entries[kept:]
        return Value(start, self.at, "inline")


def _unquoted(raw: str) -> str:
    if raw[0] not in "\"'":
        return raw
    if raw[0] == "'" or "\\" not in raw:
        return raw[1:-1]
    value: str = tomllib.loads(f"key = {raw}")["key"]
    return value
