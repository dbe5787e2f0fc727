"""The failures that `explain` knows: rows of `data/signatures.toml`, validated when they are loaded.

Regular expressions are compiled at their first use: most logs touch three of hundreds.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

MARKS = ("C", "M", "R")
# Straight, typographic and JSON-escaped quotes; U+FFFD stands for one that was lost to an encoding.
QUOTE = "(?:\\\\{0,3}[\"'`´‘’“”«»\ufffd]|&quot;|&#39;)"
# Placeholders that every text may use, and what stands for them where nothing is known.
EVERYWHERE = {"apply": "scaffold init", "ndk_seen": ""}


class SignatureError(Exception):
    """The data file is not what it should be; the message names the row and the key."""


class LinePattern(NamedTuple):
    """One way in which a failure shows; `before` and its like are expressions for the bytes around the match."""

    anchors: tuple[str, ...]
    match: str
    before: str = ""
    not_before: str = ""
    near: str = ""
    not_near: str = ""
    before_bytes: int = 16384
    warning: bool = False


class Fix(NamedTuple):
    """A sentence: always, or if the log shows one of the tools `tool`, or none of `unless`."""

    say: str
    tool: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def fits(self, tools: frozenset[str]) -> bool:
        """Whether it is right for a log that shows `tools`."""
        return not (self.tool and tools.isdisjoint(self.tool)) and tools.isdisjoint(self.unless)


class Advice(NamedTuple):
    """A sentence for a project whose answer is `among` some values, `outside` of some, or a version `below` one."""

    answer: str
    say: str
    among: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    below: int = 0

    def applies(self, answer: str | None) -> bool:
        """Whether it is for a project with this answer; None where it has no answers."""
        if answer is None:
            return False
        if self.below:
            major = answer.partition(".")[0]
            return major.isascii() and major.isdigit() and int(major) < self.below
        return answer in self.among if self.among else answer not in self.outside


class Signature(NamedTuple):
    """A failure: texts hold `{placeholders}`, filled from named groups or `defaults`."""

    code: str
    title: str
    cause: str
    fix: tuple[Fix, ...]
    mark: str
    source: str
    patterns: tuple[LinePattern, ...]
    defaults: Mapping[str, str] = MappingProxyType({})
    follows: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    linkage: bool = False


class RuntimeSwitch(NamedTuple):
    """How a crate's choice of the C++ runtime is changed; `crate` is `*` for all that have no row."""

    crate: str
    shared: str
    static: str
    source: str


class LogTool(NamedTuple):
    """A tool that a log shows by one of its `signs`, written like an anchor."""

    name: str
    signs: tuple[str, ...]


class SignatureTable(NamedTuple):
    """Everything in the data file; each anchor contains one of the `roots`, which a log is searched for."""

    schema: int
    roots: tuple[str, ...]
    signature: tuple[Signature, ...]
    knob: tuple[RuntimeSwitch, ...] = ()
    tool: tuple[LogTool, ...] = ()


@cache
def load() -> SignatureTable:
    """The table that is shipped."""
    text = files("scaffold").joinpath("data", "signatures.toml").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> SignatureTable:
    """The table in `text`; raises SignatureError, never another error."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SignatureError(str(error)) from error
    table: SignatureTable = _row(SignatureTable, document, "signatures")
    if table.schema != 1:
        raise SignatureError("schema is not 1")
    codes = [signature.code for signature in table.signature]
    if len(set(codes)) != len(codes):
        raise SignatureError("a code occurs twice")
    tools = {tool.name for tool in table.tool}
    for signature in table.signature:
        _check(signature, table.roots, codes, tools)
    return table


def _check(signature: Signature, roots: tuple[str, ...], codes: list[str], tools: set[str]) -> None:
    place = signature.code
    if signature.mark not in MARKS or not signature.fix or not signature.patterns:
        raise SignatureError(f"{place}: needs a mark of {MARKS}, a fix and a pattern")
    if not set(codes).issuperset(signature.follows):
        raise SignatureError(f"{place}: follows names unknown codes")
    if not all(tools.issuperset((*fix.tool, *fix.unless)) for fix in signature.fix):
        raise SignatureError(f"{place}: a fix names unknown tools")
    for pattern in signature.patterns:
        if not pattern.anchors:
            raise SignatureError(f"{place}: {pattern.match} has no anchor")
        for anchor in pattern.anchors:
            if not any(root in anchor for root in roots):
                raise SignatureError(f"{place}: the anchor {anchor!r} contains none of the roots")


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


_hints = cache(get_type_hints)


def _row(kind: Any, values: Any, place: str) -> Any:
    """A named tuple from a TOML table: each key known and of its type, none missing that has no default."""
    if not isinstance(values, dict):
        raise SignatureError(f"{place}: not a table: {values!r}")
    hints = _hints(kind)
    place = str(values.get("code") or values.get("crate") or values.get("match") or place)
    if unknown := sorted(values.keys() - hints.keys()):
        raise SignatureError(f"{place}: unknown keys {unknown}")
    if missing := sorted(hints.keys() - values.keys() - kind._field_defaults.keys()):
        raise SignatureError(f"{place}: missing keys {missing}")
    return kind(
        **{key: _value(hints[key], value, f"{place}: {key}") for key, value in values.items()}
    )


def _value(kind: Any, value: Any, place: str) -> Any:
    if kind is Fix and isinstance(value, str):
        return Fix(value)
    if hasattr(kind, "_fields"):
        return _row(kind, value, place)
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, place) for item in value)
    if origin is Mapping and isinstance(value, dict):
        return {key: _value(arguments[1], item, place) for key, item in value.items()}
    if type(value) is not origin:
        raise SignatureError(f"{place} is not of type {kind}")
    return value
