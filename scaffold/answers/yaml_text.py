"""The small part of YAML that `scaffold.yml` may use, read with the place of every value.

One mapping of plain keys to scalars or lists of scalars. Every scalar is read as text, so that `5.10` and `no` stay
what was typed. Anchors, tags, merge keys and a second document are refused: an answers file has no use for them, and
some of them run code or explode in other readers.
"""

from functools import lru_cache
from typing import NamedTuple

from scaffold.errors import Problem

LARGEST = 64 * 1024

# PyYAML's time grows with the square of the depth.
DEEPEST = 60


class Span(NamedTuple):
    """Where a value stands in the text: offsets in characters, `line` from 1."""

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
    import yaml

    if len(text) > LARGEST:
        return YamlText(
            (), (Problem(f"larger than {LARGEST // 1024} KiB: not an answers file", file),)
        )
    if _depth(text) > DEEPEST:
        nested = Problem("nested too deeply", file, "write one `key: value` a line")
        return YamlText((), (nested,))
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        reason = (error.problem or "cannot be read").split("\n")[0]
        reader.problems.append(
            Problem(f"not valid YAML: {reason}", f"{file}:{line}", "write one `key: value` a line")
        )
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        reader.problems.append(
            Problem("a character that YAML does not allow", f"{file}:{line}", "delete it")
        )
    except RecursionError:
        reader.problems.append(
            Problem("nested too deeply", f"{file}:1", "write one `key: value` a line")
        )
    return YamlText(tuple(reader.entries), tuple(reader.problems))


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


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.depth = 0
        self.documents = 0
        self.key: Item | None = None
        self.items: list[Item] | None = None
        self.list_start: Span | None = None
        self.flow = False
        self.skipping = False

    def take(self, event: object) -> None:
        import yaml

        self.refuse_extras(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self.problem("a second document in the file", _span(event), "delete it")
        elif self.documents > 1:
            return
        elif isinstance(event, yaml.ScalarEvent):
            self.scalar(Item(str(event.value), _span(event)))
        elif isinstance(event, yaml.AliasEvent):
            self.value_missing(_span(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.close(event)

    def refuse_extras(self, event: object) -> None:
        import yaml

        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.problem("anchors and aliases are not read here", _span(event), "write the value")
        elif getattr(event, "tag", None):
            self.problem("tags are not read here", _span(event), "write the plain value")

    def scalar(self, item: Item) -> None:
        if self.depth == 0:
            if item.text or item.span.end > item.span.start:
                self.problem(
                    "the file is not a mapping of keys to values", item.span, "write `key: value`"
                )
        elif self.skipping:
            return
        elif self.items is not None:
            self.items.append(item)
        elif self.key is None:
            self.key = item
        else:
            self.add(item, None, item.span, flow=False)

    def value_missing(self, span: Span) -> None:
        if self.depth == 1 and self.key is not None:
            self.key = None
        elif self.depth == 1:
            self.key = Item("", span)

    def open(self, event: object) -> None:
        import yaml

        self.depth += 1
        is_list = isinstance(event, yaml.SequenceStartEvent)
        if self.depth == 1:
            if is_list:
                self.problem(
                    "the file is a list, not a mapping", _span(event), "write `key: value`"
                )
                self.skipping = True
        elif self.depth == 2 and not self.skipping:
            if self.key is None:
                self.problem("a key that is not plain text", _span(event), "write `key: value`")
                self.key = Item("", _span(event))
                self.skipping = True
            elif is_list:
                self.items, self.list_start = [], _span(event)
                self.flow = bool(getattr(event, "flow_style", False))
            else:
                self.nested(_span(event))
        elif not self.skipping:
            self.nested(_span(event))

    def nested(self, span: Span) -> None:
        name = self.key.text if self.key else ""
        if name == "<<":
            self.problem("merge keys are not read here", span, "write the keys out")
            self.skipping, self.items = True, None
            return
        self.problem(f"{name}: holds a nested value", span, "write a plain value or a list of them")
        self.skipping, self.items = True, None

    def close(self, event: object) -> None:
        self.depth -= 1
        if self.depth == 1:
            if self.items is not None and self.key is not None and self.list_start is not None:
                last = self.items[-1].span.end if self.items else _span(event).end
                end = _span(event).end if self.flow else last
                span = Span(self.list_start.start, end, self.list_start.line)
                self.add(None, tuple(self.items), span, flow=self.flow)
            self.items, self.key, self.skipping = None, None, False

    def add(
        self, scalar: Item | None, items: tuple[Item, ...] | None, span: Span, *, flow: bool
    ) -> None:
        key, self.key = self.key or Item("", span), None
        if key.text == "<<":
            self.problem("merge keys are not read here", key.span, "write the keys out")
        elif any(entry.key == key.text for entry in self.entries):
            first = next(entry for entry in self.entries if entry.key == key.text)
            self.problem(
                f"{key.text}: stands here a second time (first in line {first.key_span.line})",
                key.span,
                "keep one of them",
            )
        else:
            self.entries.append(Entry(key.text, key.span, scalar, items, span, flow))

    def problem(self, message: str, span: Span, hint: str) -> None:
        self.problems.append(Problem(message, f"{self.file}:{span.line}", hint))


def _span(event: object) -> Span:
    start, end = event.start_mark, event.end_mark  # type: ignore[attr-defined]
    return Span(start.index, end.index, start.line + 1)
