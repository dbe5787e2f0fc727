"""The subset of TOML in which the lock is written, read in linear time and with a line for every
value.

One `key = value` a line: strings, integers and booleans, in tables and arrays of tables. `tomllib`
costs as much as starting Python, tells no line for a wrong value, and takes quadratic time for a
hostile dotted key. Imports nothing.
"""

Value = str | int | bool

_ESCAPES = {'"': '"', "\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_UNICODE_DIGITS = {"u": 4, "U": 8}
_LONGEST_NUMBER = 19
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class LockSyntaxError(ValueError):
    """The text is not the TOML that a lock is written in; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Table:
    """One table: its header without brackets (empty for the root), its values, and the line of
    each.
    """

    __slots__ = ("lines", "name", "start", "values")

    def __init__(self, name: str, start: int) -> None:
        self.name = name
        self.start = start
        self.values: dict[str, Value] = {}
        self.lines: dict[str, int] = {}


def quote(text: str) -> str:
    """A TOML basic string."""
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    if not text.isprintable():
        text = "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in text)
    return f'"{text}"'


def read_tables(text: str) -> list[Table]:
    """Every table in order, the root first; `LockSyntaxError` at the first line that is not of the
    subset.
    """
    table = Table("", 1)
    tables = [table]
    seen = {""}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(" \t\r")
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            table = Table(_header(line, number), number)
            if line[:2] != "[[":
                if table.name in seen:
                    raise LockSyntaxError(f"the table [{table.name}] is there twice", number)
                seen.add(table.name)
            tables.append(table)
            continue
        key, value = _pair(line, number)
        if key in table.values:
            raise LockSyntaxError(f"the key {key!r} is there twice", number)
        table.values[key] = value
        table.lines[key] = number
    return tables


def _header(line: str, number: int) -> str:
    brackets = 2 if line[:2] == "[[" else 1
    name, closed, rest = line[brackets:].partition("]" * brackets)
    name = name.strip(" \t")
    if not closed or not name or not _BARE.issuperset(name.replace(".", "")) or _has_more(rest):
        raise LockSyntaxError("this is no header of a table", number)
    return name


def _pair(line: str, number: int) -> tuple[str, Value]:
    if line[0] in "\"'":
        key, end = _string(line, 0, number)
        rest = line[end:].lstrip(" \t")
        if rest[:1] != "=":
            raise LockSyntaxError("this is no `key = value`", number)
        rest = rest[1:]
    else:
        key, equals, rest = line.partition("=")
        key = key.rstrip(" \t")
        if not equals or not key or not _BARE.issuperset(key):
            raise LockSyntaxError("this is no `key = value`", number)
    return key, _value(rest.lstrip(" \t"), number)


def _value(text: str, number: int) -> Value:
    if text[:1] in ('"', "'"):
        value, end = _string(text, 0, number)
        if _has_more(text[end:]):
            raise LockSyntaxError("something follows the value", number)
        return value
    word = text.partition("#")[0].rstrip(" \t")
    if word in ("true", "false"):
        return word == "true"
    try:
        if 0 < len(word) <= _LONGEST_NUMBER and word.isascii():
            return int(word[2:], 8) if word.startswith("0o") else int(word)
    except ValueError:
        pass
    raise LockSyntaxError("this value is no string, integer or boolean", number)


def _has_more(rest: str) -> bool:
    rest = rest.strip(" \t")
    return bool(rest) and rest[0] != "#"


def _string(text: str, start: int, number: int) -> tuple[str, int]:
    """The string that starts at `start`, and the place after its closing quote."""
    mark = text[start]
    end = text.find(mark, start + 1)
    raw = text[start + 1 : end]
    if end > 0 and (mark == "'" or "\\" not in raw):
        return raw, end + 1
    return _escaped(text, start + 1, number)


def _escaped(text: str, at: int, number: int) -> tuple[str, int]:
    pieces: list[str] = []
    while at < len(text) and text[at] != '"':
        if text[at] != "\\":
            pieces.append(text[at])
            at += 1
            continue
        letter = text[at + 1 : at + 2]
        digits = _UNICODE_DIGITS.get(letter, 0)
        if letter in _ESCAPES:
            pieces.append(_ESCAPES[letter])
        elif digits:
            pieces.append(_character(text[at + 2 : at + 2 + digits], digits, number))
        else:
            raise LockSyntaxError("this escape is unknown to TOML", number)
        at += 2 + digits
    if at >= len(text):
        raise LockSyntaxError("a string is not closed", number)
    return "".join(pieces), at + 1


def _character(code: str, digits: int, number: int) -> str:
    try:
        point = int(code, 16) if len(code) == digits and code.isalnum() else 0xD800
        if not 0xD800 <= point <= 0xDFFF:
            return chr(point)
    except (ValueError, OverflowError):
        pass
    raise LockSyntaxError("this escape is no character", number)
