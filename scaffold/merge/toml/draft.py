"""The user's text on its way to the merged one, beside the values that it must have at each step.

An edit proposes texts; the first that parses to the intended values and keeps the user's comments is taken.
"""

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from scaffold.merge.toml.array import Put, with_elements, with_words
from scaffold.merge.toml.comments import with_comments
from scaffold.merge.toml.edit import (
    Piece,
    replaced,
    with_block,
    with_entry,
    without,
    without_comments,
)
from scaffold.merge.toml.scan import Path, line_end, line_start, scan
from scaffold.merge.toml.value import MISSING, meaning, parse, spell, spell_path
from scaffold.syntax.cannot_merge import CannotMerge


class New(NamedTuple):
    """An element to be added: its value, how the render spells it, and the number of the one it replaces."""

    value: Any
    text: str
    at: int | None = None


class Draft:
    """`text` always means `values`; the render lends its spelling and comments to what is added.

    `ours` are the comments that the last render had, and this one has not or less often.
    """

    def __init__(self, text: str, values: dict[str, Any], base: str, render: str) -> None:
        self.text = text
        self.values = copy.deepcopy(values)
        self.render = scan(render)
        self.base = scan(base)
        self.touched: list[Path] = []
        fewer = Counter(self.base.comment_texts()) - Counter(self.render.comment_texts())
        self.ours = frozenset(fewer)

    def get(self, path: Path) -> Any:
        """The value at `path` now, or MISSING."""
        at: Any = self.values
        for key in path:
            if not isinstance(at, dict) or key not in at:
                return MISSING
            at = at[key]
        return at

    def remove(self, path: Path) -> None:
        """Takes out a key or table, with the comments of ours above it."""
        del self.get(path[:-1])[path[-1]]
        self._settle(path, self._removals(path), "")

    def settle_comments(self, *, gone: bool) -> None:
        """Brings our comments up to date where something changed; takes them out if all of ours is gone."""
        self._try([with_comments(self.text, self.base, self.render, self.touched, self.ours)])
        if gone:
            self._try([without_comments(self.text, self.ours, len(self.base.comments))])

    def replace(self, path: Path, value: Any) -> None:
        """Gives an existing key another value."""
        self._set(path, value)
        self._settle(path, self._replacements(path, value), f"{spell_path(path)} = {spell(value)}")

    def insert(self, path: Path, value: Any) -> None:
        """Adds a key or table that is not there."""
        if isinstance(value, dict) and self.render.entry(path) is None:
            self._insert_table(path, value)
            return
        self._set(path, value)
        piece = self._piece(path, value)
        self._settle(path, with_entry(self.text, piece), _paste(piece))

    def set_elements(self, path: Path, wanted: Sequence[int | New]) -> None:
        """Gives an array, or a string of words, the elements `wanted`: old ones by number, and new ones."""
        old = self.get(path)
        if isinstance(old, str):
            puts = [w if isinstance(w, int) else Put(str(w.value), w.at) for w in wanted]
            self._set(path, with_words(old, puts))
        else:
            puts = [w if isinstance(w, int) else Put(w.text, w.at) for w in wanted]
            self._set(path, [old[w] if isinstance(w, int) else w.value for w in wanted])
        value = self.get(path)
        candidates = self._element_edits(path, puts, value)
        self._settle(path, candidates, f"{spell_path(path)} = {spell(value)}")

    def spelling(self, path: Path, value: Any) -> str:
        """How the render spells an element of an array."""
        entry = self.render.entry(path)
        for item in entry.value.items if entry else ():
            raw = self.render.text[item.start : item.end]
            if "\n" not in raw and meaning(parse(f"x = {raw}\n")["x"]) == meaning(value):
                return raw
        return spell(value)

    def _set(self, path: Path, value: Any) -> None:
        at = self.values
        for key in path[:-1]:
            at = at.setdefault(key, {})
        at[path[-1]] = copy.deepcopy(value)

    def _settle(self, path: Path, candidates: Iterable[str], paste: str) -> None:
        if not self._try(candidates):
            message = f"{spell_path(path)} cannot be changed here without changing your own text"
            raise CannotMerge(message, None, paste)
        self.touched.append(path)

    def _try(self, candidates: Iterable[str]) -> bool:
        want = meaning(self.values)
        before = Counter(scan(self.text).comment_texts())
        for text in candidates:
            try:
                means = meaning(parse(text))
            except CannotMerge:
                continue
            if means == want:
                lost = before - Counter(scan(text).comment_texts())
                if self.ours.issuperset(lost):
                    self.text = text
                    return True
        return False

    def _removals(self, path: Path) -> Iterator[str]:
        text = without(self.text, path, self.ours)
        yield text
        for size in range(len(path) - 1, 0, -1):
            if self.get(path[:size]) == {}:
                yield with_block(text, f"[{spell_path(path[:size])}]\n")
                yield from with_entry(text, Piece(path[:size], "{}", "{}"))

    def _replacements(self, path: Path, value: Any) -> Iterator[str]:
        piece = self._piece(path, value)
        yield from replaced(self.text, path, piece.value, piece.flat, self.ours)
        yield from with_entry(without(self.text, path, self.ours), piece)

    def _element_edits(self, path: Path, wanted: Sequence[int | Put], value: Any) -> Iterator[str]:
        doc = scan(self.text)
        entry = doc.entry(path)
        if entry is None:
            return
        if entry.value.kind == "array":
            yield with_elements(doc, entry.value, wanted, self.ours)
        else:
            start, end = entry.value.start, entry.value.end
            raw = self.text[start:end]
            quotes = 3 if raw[:3] in ('"""', "'''") else 1
            body = with_words(raw[quotes:-quotes], wanted)
            yield self.text[:start] + raw[:quotes] + body + raw[-quotes:] + self.text[end:]
        flat = spell(value)
        yield from replaced(self.text, path, flat, flat, self.ours)

    def _insert_table(self, path: Path, value: dict[str, Any]) -> None:
        before = copy.deepcopy(self.values)
        self._set(path, value)
        block = self._block(path)
        if block and self._try([with_block(self.text, block)]):
            return
        if not value:
            piece = Piece(path, "{}", "{}")
            header = with_block(self.text, f"[{spell_path(path)}]\n")
            self._settle(path, [header, *with_entry(self.text, piece)], _paste(piece))
            return
        self.values = before
        for key, item in value.items():
            self.insert((*path, key), item)

    def _block(self, path: Path) -> str:
        """The lines of the render that make up a table, where they hold nothing else."""
        doc = self.render
        inside = {
            n for n, section in enumerate(doc.sections) if n and section.path[: len(path)] == path
        }
        if any(e.path[: len(path)] == path and e.section not in inside for e in doc.entries):
            return ""
        blocks: list[str] = []
        for number in sorted(inside):
            last = number + 1 == len(doc.sections)
            start = doc.lead(doc.sections[number].start)
            end = len(doc.text) if last else doc.lead(doc.sections[number + 1].start)
            blocks.append(doc.text[start:end].strip("\n") + "\n")
        return "\n".join(blocks)

    def _piece(self, path: Path, value: Any) -> Piece:
        """How the render spells a key; on one line where it has it in another form."""
        flat = spell(value)
        doc = self.render
        entry = doc.entry(path)
        if entry is None:
            return Piece(path, flat, flat)
        raw = doc.text[entry.value.start : entry.value.end]
        if meaning(parse(f"x = {raw}\n")["x"]) != meaning(value):
            return Piece(path, flat, flat)
        flat = flat if "\n" in raw else raw
        if entry.inside is not None:
            return Piece(path, raw, flat)
        section = doc.sections[entry.section]
        begin = line_start(doc.text, entry.start)
        lead = doc.text[doc.lead(begin) : begin]
        tail = doc.text[entry.value.end : line_end(doc.text, entry.value.end)].strip()
        header = ""
        if entry.section and section.path == path[:-1]:
            header = doc.text[doc.lead(section.start) : section.body]
            header = header if header.endswith("\n") else header + "\n"
        return Piece(path, raw, flat, lead, tail, header, at_root=entry.section == 0)


def _paste(piece: Piece) -> str:
    header = f"[{spell_path(piece.path[:-1])}]\n" if len(piece.path) > 1 else ""
    return f"{header}{spell_path(piece.path[-1:])} = {piece.value}\n"
