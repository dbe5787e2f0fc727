"""Logs that are as slow to search as our own patterns allow: texts that match, nearly match, and begin to match."""

import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any, NamedTuple

from scaffold.explain.signatures import QUOTE, SignatureTable

LONGEST_REPEAT = 250
# Numbers as words: the search takes lines that differ in digits alone for repeated ones.
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")


class HardLog(NamedTuple):
    """Its name (code, number of the pattern, kind) and a text to repeat, NUL in it another word each time."""

    name: str
    unit: bytes

    def texts(self, size: int) -> Iterator[bytes]:
        """About `size` bytes."""
        for number in range(max(1, size // len(self.unit))):
            yield self.unit.replace(b"\0", f"{number:08x}".translate(_LETTERS).encode())


def hard_logs(table: SignatureTable) -> Iterator[HardLog]:
    """Every kind of hard text for every pattern."""
    for signature in table.signature:
        for number, pattern in enumerate(signature.patterns):
            tree = parser.parse(pattern.match.replace("<q>", QUOTE))
            for kind, text in _kinds(tree, pattern.anchors):
                name = f"{signature.code} {number} {kind}"
                yield HardLog(name, text.encode())


def _kinds(tree: Any, anchors: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    short, long = _example(tree, longest=False), _example(tree, longest=True)
    yield "in one line", short + " "
    yield "in lines", short + "\n"
    yield "numbered in one line", short + " \0 "
    yield "numbered in lines", "\0 " + short + "\n"
    yield "as a warning", "warning: \0 " + short + "\n"
    yield "as source", '\0 | let x = "' + short + '"\n'
    yield "calls", 'f("' + short + " "
    yield "at its longest", long + " \0\n"
    yield "longest in one line", long + " "
    yield "cut at its end", long[:-1] + " \0 "
    yield "cut in the middle", short[: len(short) // 2] + " \0 "
    yield "anchors in one line", " ".join(anchors) + " \0 "
    yield "anchors in lines", "\n".join(anchors) + " \0\n"


def _example(tree: Any, *, longest: bool) -> str:
    return "".join(_part(kind, value, longest) for kind, value in tree)


def _part(kind: Any, value: Any, longest: bool) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.NOT_LITERAL or kind is op.ANY:
        return "a"
    if kind is op.IN:
        return _member(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = value
        count = min(most, LONGEST_REPEAT) if longest else least
        return "".join([_example(inner, longest=longest)] * count)
    if kind is op.SUBPATTERN:
        return _example(value[3], longest=longest)
    if kind is op.ATOMIC_GROUP:
        return _example(value, longest=longest)
    if kind is op.BRANCH:
        return _example(value[1][-1 if longest else 0], longest=longest)
    return ""


def _member(items: list[tuple[Any, Any]]) -> str:
    """A character of the set, a letter where there is one."""
    pattern = "".join(_item(kind, value) for kind, value in items)
    expression = re.compile(f"[{pattern}]")
    return next(char for char in "aA0 .-/+'\"`´" + _ASCII if expression.match(char))


def _item(kind: Any, value: Any) -> str:
    if kind is op.NEGATE:
        return "^"
    if kind is op.LITERAL:
        return re.escape(chr(value))
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES[value]


_ASCII = "".join(map(chr, range(33, 127))) + "´‘«"
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
