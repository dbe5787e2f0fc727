"""The failures that `explain` knows: rows of `data/signatures.toml`, validated when they are loaded.

Regular expressions are compiled at their first use: most logs touch three of a hundred.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

MARKS = ("C", "M", "R")
# Straight, typographic and JSON-escaped quotes; U+FFFD stands for one that was lost to an encoding.
QUOTE = "(?:\\\\{0,3}[\"'`´‘’“”«»\ufffd]|&quot;|&#39;)"


class SignatureError(Exception):
    """The data file is not what it should be; the message names the signature and the key."""


class Pattern(NamedTuple):
    """One way in which a failure shows; `before` and its like are expressions for the bytes around the match."""

    anchors: tuple[str, ...]
    match: str
    before: str
    not_before: str
    near: str
    not_near: str
    before_bytes: int


class Advice(NamedTuple):
    """A sentence for a project whose answer is one of `is_`, is none of `isnt`, or is a version below `below`."""

    answer: str
    is_: tuple[str, ...]
    isnt: tuple[str, ...]
    below: int
    say: str


class Signature(NamedTuple):
    """A failure: texts hold `{placeholders}`, filled from named groups or `defaults`."""

    code: str
    title: str
    cause: str
    fix: tuple[str, ...]
    defaults: tuple[tuple[str, str], ...]
    follows: tuple[str, ...]
    advice: tuple[Advice, ...]
    linkage: bool
    mark: str
    source: str
    patterns: tuple[Pattern, ...]


class Knob(NamedTuple):
    """How a crate's choice of the C++ runtime is changed; `crate` is `*` for all that have no row."""

    crate: str
    shared: str
    static: str
    source: str


class Table(NamedTuple):
    """Everything in the data file; each anchor contains one of the `roots`, which a log is searched for."""

    roots: tuple[str, ...]
    signatures: tuple[Signature, ...]
    knobs: tuple[Knob, ...]


@cache
def load() -> Table:
    """The table that is shipped."""
    text = files("scaffold").joinpath("data", "signatures.toml").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Table:
    """The table in `text`; raises SignatureError, never another error."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SignatureError(str(error)) from error
    if document.pop("schema", None) != 1:
        raise SignatureError("schema is not 1")
    roots = _Row({"roots": document.pop("roots", None)}).texts("roots")
    rows, knobs = document.pop("signature", None), document.pop("knob", [])
    if document or not isinstance(rows, list) or not isinstance(knobs, list):
        raise SignatureError("expected schema, roots, [[signature]] and [[knob]], nothing else")
    signatures = tuple(_signature(_Row(row)) for row in rows)
    codes = [signature.code for signature in signatures]
    if len(set(codes)) != len(codes):
        raise SignatureError("a code occurs twice")
    unknown = {code for signature in signatures for code in signature.follows} - set(codes)
    if unknown:
        raise SignatureError(f"follows names unknown codes: {sorted(unknown)}")
    for pattern in (pattern for signature in signatures for pattern in signature.patterns):
        for anchor in pattern.anchors:
            if not any(root in anchor for root in roots):
                raise SignatureError(f"the anchor {anchor!r} contains none of the roots")
    return Table(roots, signatures, tuple(_knob(_Row(row)) for row in knobs))


@cache
def compiled(match: str) -> re.Pattern[str]:
    """`match` as it is applied to a log with its lines intact."""
    return re.compile(match.replace("<q>", QUOTE), re.MULTILINE)


@cache
def unspaced(match: str) -> re.Pattern[str]:
    """`match` for a text without white space, whose lines a terminal or a mail program had wrapped."""
    return re.compile(match.replace("<q>", QUOTE).replace(" ?", "").replace(" ", ""), re.MULTILINE)


@cache
def around(match: str) -> re.Pattern[bytes]:
    """`match` for the raw bytes around a match."""
    return re.compile(match.encode())


class _Row:
    """A TOML table whose values are taken out one by one; what is left over at the end is a mistake."""

    def __init__(self, row: Any) -> None:
        if not isinstance(row, dict):
            raise SignatureError(f"not a table: {row!r}")
        self._rest = dict(row)
        self._name = str(
            row.get("code") or row.get("crate") or row.get("match") or row.get("answer")
        )

    def text(self, key: str, default: str | None = None) -> str:
        value = self._rest.pop(key, default)
        if not isinstance(value, str):
            raise SignatureError(f"{self._name}: {key} is not a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._rest.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SignatureError(f"{self._name}: {key} is not a list of texts")
        return tuple(value)

    def number(self, key: str, default: int) -> int:
        value = self._rest.pop(key, default)
        if type(value) is not int:
            raise SignatureError(f"{self._name}: {key} is not a number")
        return value

    def flag(self, key: str) -> bool:
        value = self._rest.pop(key, False)
        if not isinstance(value, bool):
            raise SignatureError(f"{self._name}: {key} is not true or false")
        return value

    def rows(self, key: str) -> "list[_Row]":
        value = self._rest.pop(key, [])
        if not isinstance(value, list):
            raise SignatureError(f"{self._name}: {key} is not a list")
        return [_Row(item) for item in value]

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        value = self._rest.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise SignatureError(f"{self._name}: {key} is not a table of texts")
        return tuple(value.items())

    def end(self) -> None:
        if self._rest:
            raise SignatureError(f"{self._name}: unknown keys {sorted(self._rest)}")


def _signature(row: _Row) -> Signature:
    signature = Signature(
        code=row.text("code"),
        title=row.text("title"),
        cause=row.text("cause"),
        fix=row.texts("fix"),
        defaults=row.pairs("defaults"),
        follows=row.texts("follows"),
        advice=tuple(_advice(item) for item in row.rows("advice")),
        linkage=row.flag("linkage"),
        mark=row.text("mark"),
        source=row.text("source"),
        patterns=tuple(_pattern(item) for item in row.rows("patterns")),
    )
    row.end()
    if signature.mark not in MARKS or not signature.fix or not signature.patterns:
        raise SignatureError(f"{signature.code}: needs a mark of {MARKS}, a fix and a pattern")
    return signature


def _pattern(row: _Row) -> Pattern:
    pattern = Pattern(
        anchors=row.texts("anchors"),
        match=row.text("match"),
        before=row.text("before", ""),
        not_before=row.text("not_before", ""),
        near=row.text("near", ""),
        not_near=row.text("not_near", ""),
        before_bytes=row.number("before_bytes", 16384),
    )
    row.end()
    if not pattern.anchors:
        raise SignatureError(f"{pattern.match}: no anchor")
    return pattern


def _advice(row: _Row) -> Advice:
    advice = Advice(
        answer=row.text("answer"),
        is_=row.texts("is"),
        isnt=row.texts("isnt"),
        below=row.number("below", 0),
        say=row.text("say"),
    )
    row.end()
    return advice


def _knob(row: _Row) -> Knob:
    knob = Knob(row.text("crate"), row.text("shared"), row.text("static"), row.text("source"))
    row.end()
    return knob
