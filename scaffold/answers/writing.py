"""`Answers` → the text of `scaffold.yml`, whole or changed line by line."""

import re
from collections.abc import Collection

from scaffold.answers.key import Key, Value
from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers
from scaffold.answers.reading import read_given
from scaffold.answers.yaml_text import Entry, read_yaml

# What every YAML takes for text without quotes; the rest is PyYAML's to decide.
_PLAIN = re.compile(r"[a-z][a-z0-9_]+(?:-[a-z0-9_]+)*|\d+\.\d+\.\d+")
_NOT_TEXT = ("yes", "no", "on", "off", "true", "false", "null")

HEADER = """\
# yaml-language-server: $schema=.scaffold/schema.json
# scaffold generates this project's cross-compilation files from these answers.
# After an edit, run: scaffold regenerate
---
"""


def write_answers(answers: Answers, names: Collection[str] | None = None) -> str:
    """The whole file: each key of `names` (those that apply; None for every one) with its comment."""
    return HEADER + "".join(
        _with_comment(key, answers.values[name])
        for name, key in KEYS.items()
        if names is None or name in names
    )


def change_answers(text: str, answers: Answers, add: Collection[str] = ()) -> str:
    """`text` (a readable answers file, LF) with the lines changed whose value differs from `answers`.

    A key that already says what is wanted keeps its spelling. Of the keys that are missing, those in `add` are
    added at the end.
    """
    given = read_given(text, "")
    entries = {entry.key: entry for entry in read_yaml(text, "").entries}
    added = ""
    edits: list[tuple[int, int, str]] = []
    for name, key in KEYS.items():
        wanted = answers.values[name]
        entry = entries.get(name)
        if entry is None:
            added += _with_comment(key, wanted) if name in add else ""
        elif given.values.get(name) != wanted:
            edits.append(_edit(text, entry, wanted))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return _with_end_of_line(text) + added if added else text


def _with_end_of_line(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _with_comment(key: Key, value: Value) -> str:
    # The marker of the document takes the place of the first blank line.
    gap = "" if key.name == "schema" else "\n"
    return f"{gap}# {key.text(key.comment)}\n{key.name}: {_yaml(value)}\n"


def _edit(text: str, entry: Entry, wanted: Value) -> tuple[int, int, str]:
    span = entry.span
    if entry.items and isinstance(wanted, tuple) and not entry.flow:
        return _edit_block_list(text, entry, wanted)
    if span.start == span.end and not text[: span.start].endswith(" "):
        return span.start, span.end, " " + _yaml(wanted)
    return span.start, span.end, _yaml(wanted)


def _edit_block_list(text: str, entry: Entry, wanted: tuple[str, ...]) -> tuple[int, int, str]:
    # Element by element, so that the comments of the lines that stay are kept.
    items = entry.items or ()
    start = text.rfind("\n", 0, items[0].span.start) + 1
    end = text.find("\n", items[-1].span.end)
    end = len(text) if end < 0 else end + 1
    indent = text[start : items[0].span.start]
    if not wanted:
        return entry.span.start, items[-1].span.end, "[]"
    lines = text[start:end].splitlines(keepends=True)
    first = items[0].span.line
    gone = {item.span.line - first for item in items if item.text not in wanted}
    kept = [line for number, line in enumerate(lines) if number not in gone]
    have = [item.text for item in items]
    new = [f"{indent}{_yaml(text_)}\n" for text_ in wanted if text_ not in have]
    if kept:
        kept[-1] = _with_end_of_line(kept[-1])
    result = "".join(kept + new)
    in_order = [text_ for text_ in have if text_ in wanted] + [w for w in wanted if w not in have]
    if tuple(in_order) != wanted:
        result = "".join(f"{indent}{_yaml(text_)}\n" for text_ in wanted)
    return start, end, result


def _yaml(value: Value) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    if value == "1":
        return "1"
    if _PLAIN.fullmatch(value) and value not in _NOT_TEXT:
        return value
    import yaml

    # In a list, so that what only a flow context forbids (`,` `]` `{`) is quoted as well.
    dumped = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=10**9)
    return dumped.strip()[1:-1]
