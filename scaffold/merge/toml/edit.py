"""Edits of TOML text that leave every byte around them alone.

Each function gives a text, or several to choose from, best first; whether one means what was intended is checked by
the caller, which knows the intended values.
"""

from collections.abc import Iterator, Set
from typing import NamedTuple

from scaffold.merge.toml.scan import Assignment, Document, Header, Path, line_end, line_start, scan
from scaffold.merge.toml.value import spell_path


class Piece(NamedTuple):
    """What is to be inserted: comment lines above, the value, and a comment behind it.

    `flat` is the value on one line; `header` is the header line with its comments, for a table that has to be opened;
    `at_root`: the new text has it among the root keys.
    """

    path: Path
    value: str
    flat: str
    lead: str = ""
    tail: str = ""
    header: str = ""
    at_root: bool = False


def replaced(text: str, path: Path, value: str, flat: str, ours: Set[str]) -> Iterator[str]:
    """`text` with another value at `path`; comments within the old value move above its line."""
    entry = scan(text).entry(path)
    if entry is None:
        return
    start, end = entry.value.start, entry.value.end
    doc = scan(text)
    kept = [c for c in doc.comment_texts(start, end) if c not in ours]
    for new in (value, flat) if entry.inside is None else (flat, value):
        yield _lifted(doc, start, kept, text[:start] + new + text[end:])


def _lifted(doc: Document, start: int, comments: list[str], changed: str) -> str:
    """`changed` with comments put above the statement that held `start`."""
    holders = [e.start for e in doc.entries if e.inside is None and e.start <= start]
    begin = line_start(doc.text, max(holders, default=start))
    return changed[:begin] + "".join(f"{c}\n" for c in comments) + changed[begin:]


def without(text: str, path: Path, ours: Set[str]) -> str:
    """`text` with nothing left at or below `path`, and without `ours` comments that stood there."""
    while True:
        doc = scan(text)
        spots = [(s.start, s) for s in doc.sections[1:] if s.path[: len(path)] == path]
        inner = {e.value.start for e in doc.entries if e.path[: len(path)] == path}
        last: tuple[int, Header | Assignment] | None = max(spots, key=lambda s: s[0], default=None)
        for entry in doc.entries:
            if entry.path[: len(path)] == path and entry.inside not in inner:
                last = max(last or (-1, entry), (entry.start, entry), key=lambda s: s[0])
        if last is None:
            return text
        spot = last[1]
        if isinstance(spot, Header):
            text = _without_lines(doc, spot.start, _comments_end(doc, spot, ours), ours)
        elif spot.inside is None:
            begin, end = line_start(text, spot.start), line_end(text, spot.value.end)
            text = _without_lines(doc, begin, end, ours)
        else:
            text = _without_inline(doc, spot, ours)


def without_comments(text: str, ours: Set[str], most: int) -> str:
    """`text` without lines that hold nothing but a comment of `ours`, `most` of them at most."""
    starts = [line_start(text, at) for at, _ in scan(text).comments]
    alone = [start for start in starts if text[start : line_end(text, start)].strip() in ours]
    for start in reversed(alone[:most]):
        end = line_end(text, start)
        if text[start:end].strip() in ours:  # it may have gone with the one below it
            text = _without_lines(scan(text), start, end, ours)
    return text


def _comments_end(doc: Document, section: Header, ours: Set[str]) -> int:
    """Where the comments of `ours` end that stand directly below a header, if they are not the next one's."""
    end, limit = section.body, doc.lead(section.end)
    while end < limit and doc.text[end : line_end(doc.text, end)].strip() in ours:
        end = line_end(doc.text, end)
    return end


def _without_lines(doc: Document, start: int, end: int, ours: Set[str]) -> str:
    text = doc.text
    kept = [c for c in doc.comment_texts(start, end) if c not in ours]
    while start > 0:
        above = line_start(text, start - 1)
        if text[above:start].strip() not in ours or doc.lead(start) == start:
            break
        start = above
    before, after = text[:start], text[end:]
    if kept:
        lines = "".join(f"{comment}\n" for comment in kept)
        after = (lines if after or text.endswith("\n") else lines[:-1]) + after
    elif not before:
        after = after[line_end(after, 0) :] if _blank(after) else after
    elif _blank(before[line_start(before, len(before) - 1) :]) and _blank(after):
        if before.endswith("\n\n") or before == "\n" or not after:
            before = before[: line_start(before, len(before) - 1)]
        else:
            after = after[line_end(after, 0) :]
    if not after and not text.endswith("\n"):
        before = before.removesuffix("\n")
    return before + after


def _blank(text: str) -> bool:
    """Whether the first line is blank."""
    return not text[: line_end(text, 0)].strip()


def _without_inline(doc: Document, entry: Assignment, ours: Set[str]) -> str:
    text = doc.text
    siblings = [e for e in doc.entries if e.inside == entry.inside]
    at = siblings.index(entry)
    start, end = entry.start, entry.value.end
    if at > 0:
        start = siblings[at - 1].value.end
    elif len(siblings) > 1:
        end = siblings[1].start
    else:
        start, end = (entry.inside or 0) + 1, text.index("}", end)
    kept = [c for c in doc.comment_texts(start, end) if c not in ours]
    return _lifted(doc, start, kept, text[:start] + text[end:])


def with_entry(text: str, piece: Piece) -> Iterator[str]:
    """`text` with a key added, in the places where it could go."""
    doc = scan(text)
    root = list(_into_root(doc, piece)) if len(piece.path) == 1 or piece.at_root else []
    yield from _into_section(doc, piece)
    yield from _into_inline(doc, piece)
    yield from _among_dotted(doc, piece)
    yield from root
    if len(piece.path) > 1:
        header = piece.header or f"[{spell_path(piece.path[:-1])}]\n"
        yield with_block(text, header + _lines(piece, piece.path[-1:], ""))
    yield from _below_section(doc, piece)
    yield from _into_root(doc, piece)


def with_block(text: str, block: str) -> str:
    """`text` with whole lines added at its end, behind one blank line."""
    if not text.strip():
        return text + block
    bare = not text.endswith("\n")
    if bare:
        text += "\n"
    if text[line_start(text, len(text) - 1) :].strip():
        text += "\n"
    text += block
    return text[:-1] if bare else text


def _lines(piece: Piece, key: Path, indent: str) -> str:
    lead = "".join(f"{indent}{line.lstrip()}" for line in piece.lead.splitlines(keepends=True))
    tail = f" {piece.tail}" if piece.tail else ""
    return f"{lead}{indent}{spell_path(key)} = {piece.value}{tail}\n"


def _at_line(text: str, offset: int, lines: str) -> str:
    if offset > 0 and text[offset - 1] != "\n":
        return text[:offset] + "\n" + lines[:-1] + text[offset:]
    return text[:offset] + lines + text[offset:]


def _behind(doc: Document, anchor: Assignment, piece: Piece, key: Path) -> str:
    text = doc.text
    begin = line_start(text, anchor.start)
    indent = text[begin : anchor.start]
    return _at_line(text, line_end(text, anchor.value.end), _lines(piece, key, indent))


def _into_section(doc: Document, piece: Piece) -> Iterator[str]:
    parent = piece.path[:-1]
    for number, section in enumerate(doc.sections):
        if number and section.path == parent and not section.opaque:
            entries = doc.lines_of(number)
            if entries:
                yield _behind(doc, entries[-1], piece, piece.path[-1:])
            else:
                yield _at_line(doc.text, section.body, _lines(piece, piece.path[-1:], ""))


def _into_inline(doc: Document, piece: Piece) -> Iterator[str]:
    for size in range(len(piece.path) - 1, 0, -1):
        holder = doc.entry(piece.path[:size])
        if holder is None or holder.value.kind != "inline":
            continue
        key = spell_path(piece.path[size:])
        siblings = [e for e in doc.entries if e.inside == holder.value.start]
        for value in (piece.flat, piece.value):
            if siblings:
                end = siblings[-1].value.end
                yield f"{doc.text[:end]}, {key} = {value}{doc.text[end:]}"
            else:
                start, end = holder.value.start, holder.value.end
                yield f"{doc.text[:start]}{{ {key} = {value} }}{doc.text[end:]}"


def _among_dotted(doc: Document, piece: Piece) -> Iterator[str]:
    """Behind the last key that shares the longest dotted way, in the same section."""
    found: list[tuple[int, int, Assignment]] = []
    for entry in doc.entries:
        section = doc.sections[entry.section]
        if entry.inside is None and not section.opaque:
            shared = _shared(entry.path[:-1], piece.path[:-1])
            if shared > len(section.path):
                found.append((shared, entry.start, entry))
    if found:
        entry = max(found, key=lambda one: one[:2])[2]
        yield _behind(doc, entry, piece, piece.path[len(doc.sections[entry.section].path) :])


def _shared(one: Path, other: Path) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _below_section(doc: Document, piece: Piece) -> Iterator[str]:
    """As a dotted key below the nearest header above it."""
    for size in range(len(piece.path) - 2, 0, -1):
        for number, section in enumerate(doc.sections):
            if number and section.path == piece.path[:size] and not section.opaque:
                lines = _lines(piece, piece.path[size:], "")
                entries = doc.lines_of(number)
                end = line_end(doc.text, entries[-1].value.end) if entries else section.body
                yield _at_line(doc.text, end, lines)


def _into_root(doc: Document, piece: Piece) -> Iterator[str]:
    entries = doc.lines_of(0)
    if entries:
        yield _behind(doc, entries[-1], piece, piece.path)
    elif len(doc.sections) > 1:
        offset = doc.lead(doc.sections[1].start)
        yield _at_line(doc.text, offset, _lines(piece, piece.path, "") + "\n")
    else:
        yield with_block(doc.text, _lines(piece, piece.path, ""))
