"""Edits of one array in a TOML text: elements come and go, comments and layout stay."""

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from typing import NamedTuple

from scaffold.merge.toml_scan import Document, Value, line_end


class _Element(NamedTuple):
    """`lead` stands before it, `tail` behind its comma on the same line; `inner` are comments within it."""

    lead: str
    text: str
    tail: str = ""
    inner: tuple[str, ...] = ()


def with_elements(doc: Document, array: Value, wanted: Sequence[int | str], ours: Set[str]) -> str:
    """The whole text with the array's elements as `wanted`: an old element's number, or a new one's text."""
    old, rest, trailing = _split(doc, array)
    indent = _indent(old)
    stay = _longest_rising([want for want in wanted if isinstance(want, int)])
    result: list[_Element] = []
    above = ""
    done = 0
    for want in wanted:
        if want in stay and isinstance(want, int):
            above += _left_behind(old[done:want], indent, ours)
            result.append(
                _put_below(above, _moved_up(old, done, want, indent), indent, first=not result)
            )
            above, done = "", want + 1
        else:
            text = old[want].text if isinstance(want, int) else want
            result.append(
                _Element(_lead(old, first=not result, spread=_is_spread(doc, array)), text)
            )
    above += _left_behind(old[done:], indent, ours)
    if above and not rest.lstrip(" \t").startswith("\n"):
        rest = "\n" + rest
    body = _joined(result, above + rest, indent, trailing=trailing)
    return f"{doc.text[: array.start]}[{body}]{doc.text[array.end :]}"


def _split(doc: Document, array: Value) -> tuple[list[_Element], str, bool]:
    """The elements, what stands behind the last one, and whether a comma does."""
    text = doc.text
    elements: list[_Element] = []
    at, comma = array.start + 1, -1
    for number, item in enumerate(array.items):
        last = number + 1 == len(array.items)
        limit = array.end - 1 if last else array.items[number + 1].start
        comma = _comma(text, item.end, limit)
        lead = text[at : item.start]
        behind = comma + 1 if comma >= 0 else item.end
        at = _tail_end(text, behind, limit)
        between = text[item.end : comma] if comma >= 0 else ""
        inner = tuple(doc.comment_texts(item.start, item.end)) if item.items else ()
        elements.append(
            _Element(lead, text[item.start : item.end], between + text[behind:at], inner)
        )
    return elements, text[at : array.end - 1], comma >= 0


def _comma(text: str, start: int, end: int) -> int:
    """The comma between two offsets where else only blanks and comments are, -1 without one."""
    while start < end and text[start] != ",":
        start = line_end(text, start) if text[start] == "#" else start + 1
    return start if start < end else -1


def _tail_end(text: str, start: int, limit: int) -> int:
    """Where the line ends if only a comment follows on it, else `start`."""
    end = min(line_end(text, start) - 1, limit)
    return end if text[start:end].lstrip(" \t").startswith("#") else start


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of a longest rising subsequence: the elements that need not move."""
    tops: list[int] = []
    at: list[int] = []
    links: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(tops, number)
        tops[length:] = [number]
        at[length:] = [index]
        links.append(at[length - 1] if length else -1)
    members: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        members.add(numbers[index])
        index = links[index]
    return members


def _left_behind(dropped: list[_Element], indent: str, ours: Set[str]) -> str:
    """The user's comments around dropped elements, each still on its line."""
    kept = ""
    for element in dropped:
        lines = element.lead.split("\n")[:-1]
        lines = [line for line in lines if line.strip() not in ours]
        if any(line.strip() for line in lines):
            kept += "\n".join(lines) if lines[0] == "" or not kept else "\n" + "\n".join(lines)
        comments = [line.strip() for line in element.tail.split("\n") if line.strip()]
        for comment in (*element.inner, *comments):
            if comment not in ours:
                kept += f"\n{indent}{comment}"
    return kept


def _put_below(above: str, element: _Element, indent: str, *, first: bool) -> _Element:
    lead = element.lead
    if above:
        lead = above + (lead if "\n" in lead else f"\n{indent}")
    elif not first and not lead:
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


def _is_spread(doc: Document, array: Value) -> bool:
    return "\n" in doc.text[array.start : array.end]


def _lead(old: list[_Element], *, first: bool, spread: bool) -> str:
    if any("\n" in element.lead for element in old) or (spread and not old):
        return "\n" + _indent(old)
    if first:
        return old[0].lead if old else ""
    return " "


def _joined(elements: list[_Element], rest: str, indent: str, *, trailing: bool) -> str:
    """The array's inside; whatever follows a comment begins on a new line."""
    out, tail = "", ""
    for number, (lead, text, next_tail, _) in enumerate(elements):
        if "#" in tail and "\n" not in lead.partition("#")[0]:
            lead = f"\n{indent}{lead.lstrip()}"
        comma = "," if trailing or number + 1 < len(elements) else ""
        out, tail = out + tail + lead + text + comma, next_tail
    if "#" in tail and "\n" not in rest.partition("#")[0]:
        rest = "\n" + rest
    if "#" in rest.rpartition("\n")[2]:
        rest += "\n"
    return out + tail + rest


def with_words(body: str, wanted: Sequence[int | str]) -> str:
    """A text of words between white space with the words as `wanted`: an old one's number, or a new one."""
    old = list(re.finditer(r"(\s*)(\S+)", body))
    behind = body[old[-1].end() :] if old else body
    out = ""
    for number, want in enumerate(wanted):
        if isinstance(want, int):
            gap, word = (old[want][1] or " ", old[want][2]) if want < len(old) else ("", "")
        else:
            gap, word = " ", want
        if number == 0:
            gap = old[0][1] if old else ""
        out += gap + word
    return out + behind
