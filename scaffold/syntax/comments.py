"""The line comments of Kotlin and Rust, told from what looks like one in a string.

Not read from a syntax tree: where a grammar does not understand the text, its tree loses comments
here or there, and with them the ends of our blocks.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from scaffold.syntax.cannot_merge import CannotMerge

Language = Literal["kotlin", "rust"]

_COMMENT = r"(?P<line>//[^\n]*)|(?P<block>/\*)"
_KOTLIN = re.compile(
    _COMMENT + r"|(?P<raw>\"\"\")|(?P<string>\")|'(?:\\.|[^'\\\n])*'|`[^`\n]*`|(?P<brace>[{}])"
)
_RUST = re.compile(
    _COMMENT + r"|\b[bc]?r(?P<hashes>#*)\"|(?P<string>\")|'(?:\\u\{[^}\n]*\}|\\x..|\\.|[^'\\\n])'",
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_KOTLIN_STRING = re.compile(r"\\.|(?P<open>\$\{)|(?P<end>[\"\n])")
_KOTLIN_RAW = re.compile(r"(?P<open>\$\{)|(?P<end>\"{3,})")
_RUST_STRING = re.compile(r"\\.|(?P<end>\")", re.DOTALL)


class Comment(NamedTuple):
    """A `//` comment: its row (from 0), its text, and whether it has the line for itself."""

    row: int
    text: str
    alone: bool


@lru_cache(maxsize=4)  # a merge asks for the same text's many times
def line_comments(language: Language, text: str) -> tuple[Comment, ...]:
    """In the order of the text. A string that is not closed reaches to the end.

    Raises `CannotMerge` for a block comment that is not closed (they nest): there is no such script.
    """
    found: list[Comment] = []
    row = done = 0
    for start, end in _kotlin(text) if language == "kotlin" else _rust(text):
        row += text.count("\n", done, start)
        done = start
        before = text[text.rfind("\n", 0, start) + 1 : start]
        found.append(Comment(row, text[start:end].rstrip(), not before.strip()))
    return tuple(found)


def _rust(text: str) -> Iterator[tuple[int, int]]:
    at = _first_line(text)
    while token := _RUST.search(text, at):
        at = token.end()
        if token["line"]:
            yield token.span()
        elif token["block"]:
            at = _block_end(text, at)
        elif token["hashes"] is not None:
            closed = text.find('"' + token["hashes"], at)
            at = len(text) if closed < 0 else closed + 1
        elif token["string"]:
            at = next((m.end() for m in _RUST_STRING.finditer(text, at) if m["end"]), len(text))


def _kotlin(text: str) -> Iterator[tuple[int, int]]:
    """Templates hold code, which holds strings: a stack of open braces or of the string's end."""
    at = _first_line(text)
    stack: list[int | re.Pattern[str]] = [0]
    while True:
        top = stack[-1]
        token = (_KOTLIN if isinstance(top, int) else top).search(text, at)
        if not token:
            return
        at = token.end()
        if not isinstance(top, int):
            if token["open"]:
                stack.append(0)
            elif token["end"]:
                stack.pop()
        elif token["line"]:
            yield token.span()
        elif token["block"]:
            at = _block_end(text, at)
        elif token["raw"] or token["string"]:
            stack.append(_KOTLIN_RAW if token["raw"] else _KOTLIN_STRING)
        elif token["brace"]:
            _count(stack, token["brace"])


def _count(stack: "list[int | re.Pattern[str]]", brace: str) -> None:
    """A brace in code: the one that no other opened ends the template, and its string goes on."""
    depth = stack[-1]
    if isinstance(depth, int) and (brace == "{" or depth):
        stack[-1] = depth + (1 if brace == "{" else -1)
    elif len(stack) > 1:
        stack.pop()


def _first_line(text: str) -> int:
    """Behind a shebang, which may hold what looks like a comment."""
    return text.find("\n") % (len(text) + 1) if re.match(r"#!(?!\s*\[)", text) else 0


def _block_end(text: str, at: int) -> int:
    depth = 1
    for edge in _BLOCK_EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    raise CannotMerge("the comment that begins here is never closed", text.count("\n", 0, at) + 1)
