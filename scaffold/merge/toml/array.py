"""Edits of one array in a TOML text: elements come and go, comments and layout stay."""

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from scaffold.merge.sequences import longest_rising
from scaffold.merge.toml.scan import Document, Value, line_end


class Put(NamedTuple):
    """A new element, in the place of an old one if it has a number."""

    text: str
    at: int | None = None


class _Element(NamedTuple):
    """`lead` stands before it, `gap` before its comma (None without one), `tail` behind that on the same line.

    `inner` are comments within it; `old` elements come from the user's text.
    """

    lead: str
    text: str
    gap: str | None = None
    tail: str = ""
    inner: tuple[str, ...] = ()
    old: bool = False


def with_elements(doc: Document, array: Value, wanted: Sequence[int | Put], ours: Set[str]) -> str:
    """The whole text with the array's elements as `wanted`: old ones by number, and new ones."""
    old, rest = _split(doc, array)
    indent = _indent(old)
    spread = "\n" in doc.text[array.start : array.end]
    numbers = [want.at if isinstance(want, Put) else want for want in wanted]
    known = [number for number in numbers if number is not None]
    stay = {known[place] for place in longest_rising(known)}  # these need not move
    result: list[_Element] = []
    above, done = "", 0
    for want, number in zip(wanted, numbers, strict=True):
        text = want.text if isinstance(want, Put) else old[want].text
        if number is None or number not in stay:
            lead = _new_lead(old, first=not result, spread=spread)
            result.append(_Element(lead, text))
            continue
        above += _left_behind(old[done:number], indent, ours)
        element = _moved_up(old, done, number, indent)._replace(text=text)
        result.append(_put_below(above, element, indent, result))
        above, done = "", number + 1
    above += _left_behind(old[done:], indent, ours)
    if above and not rest.lstrip(" \t").startswith("\n"):
        rest = "\n" + rest
    trailing = bool(old) and old[-1].gap is not None
    body = _joined(result, above + rest, indent, trailing=trailing)
    return f"{doc.text[: array.start]}[{body}]{doc.text[array.end :]}"


def _split(doc: Document, array: Value) -> tuple[list[_Element], str]:
    """The elements, and what stands behind the last one."""
    text = doc.text
    elements: list[_Element] = []
    at = array.start + 1
    for number, item in enumerate(array.items):
        last = number + 1 == len(array.items)
        limit = array.end - 1 if last else array.items[number + 1].start
        comma = _comma(text, item.end, limit)
        lead = text[at : item.start]
        behind = comma + 1 if comma >= 0 else item.end
        at = _tail_end(text, behind, limit)
        gap = text[item.end : comma] if comma >= 0 else None
        inner = tuple(doc.comment_texts(item.start, item.end))
        raw = text[item.start : item.end]
        elements.append(_Element(lead, raw, gap, text[behind:at], inner, old=True))
    return elements, text[at : array.end - 1]


def _comma(text: str, start: int, end: int) -> int:
    """The comma between two offsets where else only blanks and comments are, -1 without one."""
    while start < end and text[start] != ",":
        start = line_end(text, start) if text[start] == "#" else start + 1
    return start if start < end else -1


def _tail_end(text: str, start: int, limit: int) -> int:
    """Where the line ends if only a comment follows on it, else `start`."""
    end = min(line_end(text, start) - 1, limit)
    return end if text[start:end].lstrip(" \t").startswith("#") else start


def _left_behind(dropped: list[_Element], indent: str, ours: Set[str]) -> str:
    """The user's comments around dropped elements, each still on its line."""
    kept = ""
    for element in dropped:
        lines = element.lead.split("\n")[:-1]
        lines = [line for line in lines if line.strip() not in ours]
        if any(line.strip() for line in lines):
            kept += "\n".join(lines) if lines[0] == "" or not kept else "\n" + "\n".join(lines)
        around = f"{element.gap or ''}\n{element.tail}".split("\n")
        for comment in (*element.inner, *filter(None, map(str.strip, around))):
            if comment not in ours:
                kept += f"\n{indent}{comment}"
    return kept


def _put_below(above: str, element: _Element, indent: str, result: list[_Element]) -> _Element:
    """The element with kept comments above it, and apart from a new one before it."""
    lead = element.lead
    if above:
        lead = above + (lead if "\n" in lead else f"\n{indent}")
    elif result and not result[-1].old and not lead:
        lead = " "
    return element._replace(lead=lead)


def _moved_up(old: list[_Element], dropped: int, kept: int, indent: str) -> _Element:
    """The kept element, on the line of the first one dropped before it if it has none of its own."""
    element, lead = old[kept], old[dropped].lead
    if dropped == kept or "\n" in element.lead:
        return element
    if "#" in lead:
        lead = "\n" + indent
    return element._replace(lead=lead if "\n" in lead or dropped == 0 else element.lead)


def _indent(elements: list[_Element]) -> str:
    for element in reversed(elements):
        if "\n" in element.lead:
            return element.lead.rpartition("\n")[2]
    return "  "


def _new_lead(old: list[_Element], *, first: bool, spread: bool) -> str:
    if any("\n" in element.lead for element in old) or (spread and not old):
        return "\n" + _indent(old)
    if first:
        return old[0].lead if old else ""
    return old[-1].lead if len(old) > 1 else " "


def _joined(elements: list[_Element], rest: str, indent: str, *, trailing: bool) -> str:
    """The array's inside; whatever follows a comment begins on a new line."""
    out, tail = "", ""
    for number, element in enumerate(elements):
        lead = element.lead
        if "#" in tail and "\n" not in lead.partition("#")[0]:
            lead = f"\n{indent}{lead.lstrip()}"
        comma = "," if trailing or number + 1 < len(elements) else ""
        out += tail + lead + element.text + (element.gap or "") + comma
        tail = element.tail
    if "#" in tail and "\n" not in rest.partition("#")[0]:
        rest = "\n" + rest
    if "#" in rest.rpartition("\n")[2]:
        rest += "\n"
    return out + tail + rest


def with_words(body: str, wanted: Sequence[int | Put]) -> str:
    """A text of words between white space with the words as `wanted`: old ones by number, and new ones."""
    old = re.findall(r"(\s*)(\S+)", body)
    out = ""
    for number, want in enumerate(wanted):
        at = want.at if isinstance(want, Put) else want
        gap, word = old[at] if at is not None and at < len(old) else (" ", "")
        if number == 0:
            gap = old[0][0] if old else ""
        out += (gap or " " if number else gap) + (want.text if isinstance(want, Put) else word)
    return out + body[len(body.rstrip()) :]
