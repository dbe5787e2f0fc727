"""A few lines of a log as clean text, and what a pattern matches in them: line by line, then in wrapped paragraphs."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import accumulate, islice
from typing import NamedTuple

from scaffold.explain.signatures import LinePattern, compiled, unspaced

LONGEST_TEXT = 300
LONGEST_CAPTURE = 160
# How much of a line ahead of a match is looked at, and how many matches of one pattern in one window are.
AHEAD = 400
MOST_MATCHES = 12
MOST_IN_A_LINE = 3

# Ahead of a match in its line: a compiler quotes source code, or says that this is only a warning.
_QUOTED = re.compile(
    r"(?:^|\s)\d{1,6} ?[|│┃](?! ?= )"
    r"|(?:^|[\s;{}+-])//"
    r"|\b[a-z_]\w{0,60}!? ?\( ?[rbfuL]?\\?[\"'`][^\"'`]{0,300}$"
    r"|\b(?:let|val|var|const|throw)\b[^=\n]{0,80}[=(] ?[rbfuL]?[\"'`]"
    r"|\b(?:assert|return|case)\b ?[rbfu]?[\"'`][^\"'`]{0,300}$"
    r"|(?:^|[\s;&|])(?:echo|grep)\b"
    r"|^(?:left|right|expected|actual): "
)
_WARNING = re.compile(r"\bwarn(?:ing)?\b(?!.{0,400}\berror\b)|^w: ", re.IGNORECASE)
# A line that separates paragraphs, with what CI and build tools put ahead of every line.
_BLANK = re.compile(r"(?:\d{4}-\d\d-\d\dT[\d:.]{8,20}Z|\[[^\]\s]{0,30}\]| ){0,6}$")
_COLOUR = re.compile(r"\\u001b\[[0-9;]{0,20}m")
# A line that begins like this is no continuation of the one above.
_FRESH = re.compile(
    r"(?:error|warning|note|help|info|FAILURE|BUILD|Caused by|Compiling|Finished|Running|Process|Execution|Undefined"
    r"|Native library|dlopen failed|collect2|clang|ld|cc)\b|[ewi]: |at [\w.$]+\(|[>*|=$+#]|-->|--- |\d+ \||\["
    r"|\d{4}-\d\d-\d\d|\d\d-\d\d \d\d:|[VDIWEF]/|Missing class"
)


class Occurrence(NamedTuple):
    """One place where a failure shows.

    The line's number in the raw log, its cleaned text, what was captured, and the last line of its paragraph.
    """

    line: int
    code: str
    text: str
    captured: tuple[tuple[str, str], ...]
    until: int


class LogWindow:
    """A few lines of the log as clean text."""

    def __init__(self, data: bytes, first_line: int) -> None:
        self._lines: list[str] = []
        self._numbers: list[int] = []
        for number, line in enumerate(_decode(data).split("\n"), first_line):
            # A progress bar rewrites its line after a carriage return: several texts, one line of the log.
            for part in _unescaped(line.rstrip("\r")).split("\r"):
                self._lines.append(_clean(part))
                self._numbers.append(number)
        self._text = "\n".join(self._lines)
        self.size = len(self._text)
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._joined = ""
        self._joined_starts: list[int] = []

    def occurrences(
        self, code: str, pattern: LinePattern, known: Collection[int]
    ) -> list[Occurrence]:
        """Where `pattern` matches, outside of lines whose numbers are `known` to show `code`.

        In wrapped paragraphs only where it matches no line as it stands.
        """
        if self._numbers[0] == self._numbers[-1] and self._numbers[0] in known:
            return []
        found = []
        matches = compiled(pattern.match).finditer(self._text)
        for at, column, match in self._candidates(matches, self._starts, known):
            ahead = self._lines[at][:column]
            if not self._quoted(at, ahead) and (pattern.warning or not _warned(ahead, match[0])):
                found.append(self._occurrence(code, at, column, match))
        if found or (known and any(number in known for number in self._numbers)):
            return found
        return self._wrapped(code, pattern)

    def _candidates(
        self, matches: Iterator[re.Match[str]], starts: list[int], known: Collection[int]
    ) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Which line each match is in, and where; the first few of a line."""
        met: Counter[int] = Counter()
        for match in islice(matches, MOST_MATCHES):
            at = bisect_right(starts, match.start()) - 1
            met[at] += 1
            if met[at] <= MOST_IN_A_LINE and self._numbers[at] not in known:
                yield at, match.start() - starts[at], match

    def _wrapped(self, code: str, pattern: LinePattern) -> list[Occurrence]:
        """The same in the lines of wrapped paragraphs, where white space tells nothing any more."""
        if not self._joined_starts:
            self._join()
        found = []
        matches = unspaced(pattern.match).finditer(self._joined)
        for at, column, match in self._candidates(matches, self._joined_starts, ()):
            ahead = _begin(self._lines[at], column)
            warned = not pattern.warning and _warned(self._lines[at], "")
            if not warned and not self._quoted(at, ahead):
                found.append(self._occurrence(code, at, len(ahead), match))
        return found

    def _join(self) -> None:
        """The paragraphs of more than one line, without white space."""
        wraps = [self._wraps(at) for at in range(len(self._lines))]
        parts = []
        for at, line in enumerate(self._lines):
            continued = wraps[at] or (at > 0 and wraps[at - 1])
            part = line.replace(" ", "") if continued else ""
            parts.append(part if wraps[at] or not part else part + "\n")
        self._joined = "".join(parts)
        self._joined_starts = list(accumulate((len(part) for part in parts), initial=0))

    def _wraps(self, at: int) -> bool:
        """Whether the line may be continued by the next one."""
        line = self._lines[at]
        following = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        width = len(line) + len(following.partition(" ")[0])
        return width >= 30 and len(line) <= 400 and bool(following) and not _FRESH.match(following)

    def _quoted(self, at: int, ahead: str) -> bool:
        """Whether the line up to the match, or the lines that it continues, quote source code."""
        if _QUOTED.search(ahead[-AHEAD:]):
            return True
        begin = at
        while begin and at - begin < 3 and self._wraps(begin - 1):
            begin -= 1
        return any(_QUOTED.search(line[-AHEAD:]) for line in self._lines[begin:at])

    def _occurrence(self, code: str, at: int, column: int, match: re.Match[str]) -> Occurrence:
        captured = tuple(
            (name, value.strip()[:LONGEST_CAPTURE])
            for name, value in match.groupdict().items()
            if value
        )
        following = range(at + 1, len(self._lines))
        end = next(
            (number for number in following if _BLANK.match(self._lines[number])), len(self._lines)
        )
        text = _excerpt(self._lines[at], column)
        return Occurrence(self._numbers[at], code, text, captured, self._numbers[end - 1])


def _warned(ahead: str, text: str) -> bool:
    return _WARNING.search(ahead[-AHEAD:] + text[:AHEAD]) is not None


def _excerpt(line: str, column: int) -> str:
    if len(line) <= LONGEST_TEXT:
        return line
    begin = max(0, min(column - LONGEST_TEXT // 3, len(line) - LONGEST_TEXT))
    return (
        ("…" if begin else "")
        + line[begin : begin + LONGEST_TEXT]
        + ("…" if begin + LONGEST_TEXT < len(line) else "")
    )


def _begin(line: str, size: int) -> str:
    """The beginning of `line` that holds `size` characters besides spaces."""
    for end, char in enumerate(line):
        if size <= 0:
            return line[:end]
        size -= char != " "
    return line


def _clean(line: str) -> str:
    line = " ".join(line.split())
    return line if line.isprintable() else "".join(filter(str.isprintable, line))


def _unescaped(line: str) -> str:
    """A compiler's message out of a line of JSON (`--message-format=json`), its own lines apart."""
    if not line.lstrip().startswith('{"'):
        return line
    return _COLOUR.sub("", line).replace("\\n", "\r").replace('\\"', '"')


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A window cuts long lines anywhere: what is broken only at its edges is UTF-8 none the less.
        if error.start < 3 or error.start >= len(data) - 3:
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")
