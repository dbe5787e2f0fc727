"""The tokens of a Gradle script, Kotlin or Groovy: words, strings and signs; comments are left out.

One reader for both languages, in time that grows with the text: a grammar of Groovy is not at hand, and
Kotlin's syntax tree costs a hundred times as much.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<newline>\n)"
    r"|(?P<comment>//[^\n]*|/\*)"
    r"|(?P<string>\"\"\"|'''|\"|')"
    r"|(?P<word>`[^`\n]*`|[^\W\d][\w$]*|\$\w+)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<sign>\?\.|\?:|::|!!|\+=|==|!=|<=|>=|->|&&|\|\||[^\s])"
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_IN_STRING = {
    '"': re.compile(r"\\.|\$\{|\"|\n"),
    "'": re.compile(r"\\.|'|\n"),
    '"""': re.compile(r"\$\{|\"{3,}"),
    "'''": re.compile(r"'''"),
}
_IN_TEMPLATE = re.compile(r"\"\"\"|'''|\"|'|[{}]")
_SLASHY = re.compile(r"/(?:\\.|[^/\\\n])+/")
# Where Groovy takes a `/` for the beginning of a string; elsewhere it divides.
_BEFORE_SLASHY = ("=", "(", ",", "[", "~")


class Token(NamedTuple):
    """`kind` is newline, string, word, number, sign or block (what stands in braces, `text` being "{}").

    `text` of a string is what is between its quotes. Offsets are in characters and hold the quotes.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int

    @property
    def plain(self) -> bool:
        """Whether it is a string without `$`."""
        return self.kind == "string" and "$" not in self.text


def tokens(text: str, *, nested_comments: bool) -> Iterator[Token]:
    """In order, whatever the text; a string or comment without an end reaches to the text's end.

    Kotlin's block comments nest, Groovy's do not.
    """
    at, line, last = _after_shebang(text), 1, ""
    while found := _TOKEN.search(text, at):
        kind, start, end = str(found.lastgroup), found.start(), found.end()
        if kind == "comment":
            at = end if found[0] != "/*" else _comment_end(text, end, nested_comments)
            line += text.count("\n", start, at)
            continue
        inner = found[0]
        if kind == "string":
            end = _string_end(text, end, found[0])
            size = len(found[0])
            closed = end - size if text.startswith(found[0], end - size) else end
            inner = text[start + size : max(closed, start + size)]
        elif kind == "word":
            inner = inner.strip("`")
        elif inner == "/" and not nested_comments and last in _BEFORE_SLASHY:
            slashy = _SLASHY.match(text, start)
            if slashy:
                kind, end, inner = "string", slashy.end(), slashy[0][1:-1]
        yield Token(kind, inner, start, end, line)
        line += text.count("\n", start, end)
        at, last = end, inner


def _after_shebang(text: str) -> int:
    return text.find("\n") % (len(text) + 1) if text.startswith("#!") else 0


def _comment_end(text: str, at: int, nested: bool) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, at):
        if edge[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if not depth:
            return edge.end()
    return len(text)


def _string_end(text: str, at: int, quotes: str) -> int:
    """Templates hold code, which holds strings: a stack of quotes, or of the braces open in a template."""
    stack: list[str | int] = [quotes]
    while stack:
        top = stack[-1]
        found = (_IN_STRING[top] if isinstance(top, str) else _IN_TEMPLATE).search(text, at)
        if found is None:
            return len(text)
        at, mark = found.end(), found[0]
        if isinstance(top, int):
            if mark in "{}":
                stack[-1] = top + (1 if mark == "{" else -1)
                if stack[-1] == 0:
                    stack.pop()
            else:
                stack.append(mark)
        elif mark == "${":
            stack.append(1)
        elif mark == "\n":
            return at - 1
        elif mark[0] != "\\":
            stack.pop()
    return at
