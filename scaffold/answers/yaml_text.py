"""The small part of YAML that `scaffold.yml` may use, read with the place of every value.

One mapping of plain keys to scalars or lists of scalars. Every scalar is read as text, so that `5.10` and `no` stay
what was typed. Anchors, tags, merge keys and a second document are refused: an answers file has no use for them, and
some of them run code or explode in other readers.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scaffold.errors import Problem

if TYPE_CHECKING:
    from yaml import Node

LARGEST = 64 * 1024

# PyYAML's time grows with the square of the depth.
DEEPEST = 60

_PLAIN = "write one `key: value` a line"


class Span(NamedTuple):
    """Where a value is in the text: offsets in characters, `line` from 1."""

    start: int
    end: int
    line: int


class Item(NamedTuple):
    """One scalar as it was typed."""

    text: str
    span: Span


class Entry(NamedTuple):
    """One key and its value: `scalar` or `items` (for a list; `flow` for the form with brackets)."""

    key: str
    key_span: Span
    scalar: Item | None
    items: tuple[Item, ...] | None
    span: Span
    flow: bool


class YamlText(NamedTuple):
    """What was read; with problems, `entries` holds what could be understood besides."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=16)  # one run asks for the same text several times, and parsing is slow
def read_yaml(text: str, file: str) -> YamlText:
    """Reads `text`; `file` is the name that places carry. Never raises for what the text holds."""
    if len(text) > LARGEST:
        wrong = f"larger than {LARGEST // 1024} KiB, which is too large for an answers file"
        return YamlText((), (Problem(wrong, file),))
    if _depth(text) > DEEPEST:
        return YamlText((), (Problem("nested too deeply", file, _PLAIN),))
    found = list(_read(text))
    problems = tuple(
        Problem(one.message, f"{file}:{one.line}", one.hint)
        for one in found
        if isinstance(one, _Wrong)
    )
    return YamlText(tuple(one for one in found if isinstance(one, Entry)), problems)


class _Wrong(NamedTuple):
    message: str
    line: int
    hint: str


def _depth(text: str) -> int:
    """How deep brackets, and markers of nested blocks in one line, can go at most."""
    opened = deepest = 0
    for char in text:
        if char in "[{":
            opened += 1
            deepest = max(deepest, opened)
        elif char in "]}":
            opened = max(opened - 1, 0)
    inline = max((line.count("- ") + line.count("? ") for line in text.splitlines()), default=0)
    return max(deepest, inline)


def _read(text: str) -> Iterator[Entry | _Wrong]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for number, document in enumerate(yaml.compose_all(text, Loader=loader)):
            if number:
                yield _Wrong("a second document in the file", _span(document).line, "delete it")
                return
            yield from _extras(document, text, set())
            yield from _document(document, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = (error.problem or "cannot be read").split("\n")[0]
        yield _Wrong(f"not valid YAML: {reason}", mark.line + 1 if mark else 1, _PLAIN)
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        yield _Wrong("a character that YAML does not allow", line, "delete it")
    except RecursionError:
        yield _Wrong("nested too deeply", 1, _PLAIN)


def _extras(node: "Node", text: str, seen: set[int]) -> Iterator[_Wrong]:
    """Anchors and tags, each once: a node that has one starts with it, and an alias is its anchor's node."""
    if id(node) in seen:
        return
    seen.add(id(node))
    span = _span(node)
    sign = text[span.start : span.start + 1]
    if sign == "&":
        yield _Wrong("anchors and aliases are not supported", span.line, "write the value")
    elif sign == "!":
        yield _Wrong("tags are not supported", span.line, "write the plain value")
    if isinstance(node.value, list):
        for one in node.value:
            for inner in one if isinstance(one, tuple) else (one,):
                yield from _extras(inner, text, seen)


def _document(node: "Node", text: str) -> Iterator[Entry | _Wrong]:
    import yaml

    line = _span(node).line
    if isinstance(node, yaml.SequenceNode):
        yield _Wrong("the file is a list, not a mapping", line, "write `key: value`")
    elif isinstance(node, yaml.MappingNode):
        yield from _mapping(node, text)
    elif node.value:
        yield _Wrong("the file is not a mapping of keys to values", line, "write `key: value`")


def _mapping(node: "Node", text: str) -> Iterator[Entry | _Wrong]:
    import yaml

    first: dict[str, int] = {}
    for key, value in node.value:
        place = _span(key)
        if not isinstance(key, yaml.ScalarNode):
            yield _Wrong("a key that is not plain text", place.line, "write `key: value`")
        elif key.value == "<<":
            yield _Wrong("merge keys are not supported", place.line, "write the keys out")
        elif key.value in first:
            message = f"{key.value}: is listed twice (first in line {first[key.value]})"
            yield _Wrong(message, place.line, "keep one of them")
        else:
            first[key.value] = place.line
            yield _entry(key, value, text)


def _entry(key: "Node", value: "Node", text: str) -> Entry | _Wrong:
    import yaml

    name, place, span = str(key.value), _span(key), _span(value)
    if isinstance(value, yaml.ScalarNode):
        return Entry(name, place, Item(value.value, span), None, span, flow=False)
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    nested = next((one for one in items if not isinstance(one, yaml.ScalarNode)), None)
    if nested is not None:
        hint = "write a plain value or a list of them"
        return _Wrong(f"{name}: holds a nested value", _span(nested).line, hint)
    found = tuple(Item(one.value, _span(one)) for one in items)
    flow = text[span.start : span.start + 1] == "["
    # A block list ends where the next thing begins: what lies between is not its own.
    end = span.end if flow or not found else found[-1].span.end
    return Entry(name, place, None, found, span._replace(end=end), flow)


def _span(node: "Node") -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(start.index, end.index, start.line + 1)
