"""What can be told of a Groovy `build.gradle` without running it: blocks, calls and assignments of plain words.

No grammar of Groovy is at hand; this reads tokens, so that comments and strings never count as code.
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|(?P<string>'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<word>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)"
    r"|(?P<sign>[{}()\[\]=,:;+\n])",
    re.DOTALL,
)
_QUOTES = re.compile(r"^('''|\"\"\"|'|\")(.*)\1$", re.DOTALL)


class Statement(NamedTuple):
    """The words, signs and strings (with one quote before them) of one line, and the blocks around it."""

    heads: tuple[str, ...]
    tokens: tuple[str, ...]
    line: int

    @property
    def strings(self) -> tuple[str, ...]:
        """The plain strings in it; one with `$` is an expression."""
        return tuple(token[1:] for token in self.tokens if token[0] == "'" and "$" not in token)


class GroovyPlugin(NamedTuple):
    """As `merge.kotlin_plugins.Plugin`."""

    id: str
    version: str | None
    applied: bool
    line: int


def read_groovy(text: str) -> tuple[Statement, ...]:
    """Every statement in order; never fails, whatever the text."""
    found: list[Statement] = []
    heads: list[str] = []
    tokens: list[str] = []
    line = first = 1
    at = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        sign = match["sign"]
        if sign in ("\n", ";", "{", "}"):
            if tokens and not (sign == "\n" and tokens[-1] in (",", "(", "[", "=", "+")):
                if sign == "{":
                    heads.append(tokens[0])
                else:
                    found.append(Statement(tuple(heads), tuple(tokens), first))
                tokens = []
            elif sign == "{":
                heads.append("")
            if sign == "}" and heads:
                heads.pop()
            continue
        token = _token(match)
        if token:
            first = first if tokens else line
            tokens.append(token)
    return (*found, Statement(tuple(heads), tuple(tokens), first)) if tokens else tuple(found)


def plugins_in_groovy(statements: tuple[Statement, ...]) -> tuple[GroovyPlugin, ...]:
    """Those of `plugins {}` and of `apply plugin: '…'`."""
    found = []
    for one in statements:
        if one.heads == ("plugins",) and one.tokens[0] in ("id", "alias"):
            version = one.strings[1] if "version" in one.tokens and len(one.strings) > 1 else None
            words = [token for token in one.tokens[1:] if ".plugins." in token]
            name = words[0] if one.tokens[0] == "alias" and words else (one.strings or ("",))[0]
            off = "apply" in one.tokens and "false" in one.tokens
            found += [GroovyPlugin(name, version, not off, one.line)] if name else []
        elif one.tokens[:3] == ("apply", "plugin", ":") and one.strings:
            found.append(GroovyPlugin(one.strings[0], None, applied=True, line=one.line))
    return tuple(found)


def _token(match: re.Match[str]) -> str:
    if match["string"]:
        quoted = _QUOTES.match(match["string"])
        return "'" + (quoted[2] if quoted else "")
    return match["word"] or match["sign"] or ""
