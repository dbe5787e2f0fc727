"""Changes a value where the user's own file writes it down: a script's literal, a catalogue, gradle.properties."""

import re
from typing import NamedTuple

from scaffold.files.reading import as_text, parse_toml
from scaffold.gradle.found import Setting, Span
from scaffold.syntax.tokens import tokens

_VALUE = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,60}", re.ASCII
)  # needs no escape in any of these languages


class Edit(NamedTuple):
    """A file as it is to be, or the reason why it is left as it is."""

    path: str
    data: bytes | None
    reason: str = ""


def edited(setting: Setting, value: str, data: bytes | None) -> Edit:
    """The file that `setting` is written down in, `data` being its bytes now, with `value` in its place.

    Every other byte stays: line endings, a byte-order mark, comments. The result is read again before it counts.
    """
    span = setting.literal
    if span is None or setting.value is None:
        return Edit(
            setting.place.rpartition(":")[0],
            None,
            f"{setting.place} is an expression: {setting.text[:60]}",
        )
    if span.path.startswith("../"):
        return Edit(span.path, None, f"{span.path} is outside this folder")
    if not _VALUE.fullmatch(value):
        return Edit(span.path, None, "that value cannot be written without escapes")
    text = as_text(data) if data is not None else None
    if data is None or text is None or text[span.start : span.end] != setting.value:
        return Edit(span.path, None, f"{span.path} changed since it was read")
    raw = data.decode("utf-8")  # with the mark and CRLF, which offsets do not count
    mark = len(raw) - len(raw.removeprefix("\ufeff"))
    start = mark + _with_returns(raw[mark:], span.start)
    new = raw[:start] + value + raw[start + len(setting.value) :]
    result = new.encode("utf-8")
    if not _only_that_changed(span, text, as_text(result) or "", value):
        return Edit(span.path, None, f"{setting.place} would not read back as {value}")
    return Edit(span.path, result)


def _with_returns(raw: str, at: int) -> int:
    """Where the character `at` of the text with LF stands in the one with CRLF."""
    passed = lines = 0
    for line in raw.split("\r\n"):
        if at <= passed + len(line):
            break
        passed += len(line) + 1
        lines += 1
    return at + lines


def _only_that_changed(span: Span, old: str, new: str, value: str) -> bool:
    if span.path.endswith(".toml"):
        before, after = parse_toml(old), parse_toml(new)
        if before is None or after is None:
            return False
        changed = list(_differences(before, after))
        return [pair[1] for pair in changed] in ([value], [])
    if span.path.endswith(".properties"):
        return new.count("\n") == old.count("\n")
    nested = span.path.endswith((".kts", ".kt"))
    both = (tokens(old, nested_comments=nested), tokens(new, nested_comments=nested))
    pairs = list(zip(*both, strict=True))
    return all(
        a.text == b.text or (a.kind, b.kind) == ("string", "string") for a, b in pairs
    ) and any(value in b.text and a.start < span.start < a.end for a, b in pairs)


def _differences(before: object, after: object) -> list[tuple[object, object]]:
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return [d for key in before for d in _differences(before[key], after[key])]
    return [] if before == after else [(before, after)]
