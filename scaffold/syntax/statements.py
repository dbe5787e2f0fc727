"""The statements of a Gradle script, Kotlin or Groovy, each with the blocks around it.

`a.b = c`, `a.b(c)`, `a.b c`, `a.b.set(c)` and `a.setB(c)` say the same thing, and are read as the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from scaffold.syntax.tokens import Token, tokens

DEEPEST = 100  # blocks and brackets in each other; scripts of people have some ten
_LONGEST_HEAD = 200  # tokens before a block
_MOST_KEPT = 1024 * 1024  # characters of scripts that are kept as read

_OPEN, _CLOSE = {"(": ")", "[": "]"}, (")", "]")
# A line that ends or begins so goes on.
_GOES_ON = ("=", "+=", "+", "-", "*", ".", "?.", "?:", ",", "&&", "||", ":", "::", "<")
_CONTINUES = (".", "?.", "?:", "&&", "||", "::")
_DECLARES = frozenset(["val", "var", "def", "const", "private", "internal", "final", "override"])


class TooDeep(Exception):
    """The text has more blocks in each other than anybody writes."""


class Block:
    """What stands in a pair of braces: `head` is the text before them, `heads` those of all around it too."""

    def __init__(self, head: str, above: "Block | None", line: int) -> None:
        self.head, self.above = head, above
        self.heads: tuple[str, ...] = (*above.heads, head) if above else ()
        self._inside: dict[re.Pattern[str], bool] = {}
        self.line = line
        self.statements: list[Statement] = []

    def inside(self, pattern: re.Pattern[str]) -> bool:
        """Whether its head, or one around it, holds what is looked for."""
        if pattern not in self._inside:
            around = self.above is not None and self.above.inside(pattern)
            self._inside[pattern] = around or bool(pattern.search(self.head))
        return self._inside[pattern]


class Argument:
    """What a call is given or a name is set to: its tokens, and the name that it is given by, or ""."""

    def __init__(self, parts: Sequence[Token]) -> None:
        named = len(parts) > 2 and parts[0].kind == "word" and parts[1].text in ("=", ":")
        self.name = parts[0].text if named else ""
        self.tokens = parts[2:] if named else parts

    @cached_property
    def text(self) -> str:
        return text_of(self.tokens)

    @property
    def literal(self) -> str | None:
        """The value of a lone string without `$`."""
        return self.tokens[0].text if len(self.tokens) == 1 and self.tokens[0].plain else None


class Statement:
    """One statement: `path` is what it sets or calls (`android.ndkVersion`), `arguments` what it gives to it.

    `declares`: the name of a `val` or `def`. `sets` where it is an assignment.
    """

    def __init__(self, parts: list[Token], block: Block) -> None:
        self.tokens = parts
        self.block = block
        self.line = parts[0].line

    @property
    def heads(self) -> tuple[str, ...]:
        return self.block.heads

    @cached_property
    def text(self) -> str:
        return text_of(self.tokens)

    @cached_property
    def declares(self) -> str:
        words = [token for token in self.tokens[:8] if token.kind == "word"]
        if not words or words[0].text not in _DECLARES:
            return ""
        return next((word.text for word in words if word.text not in _DECLARES), "")

    @cached_property
    def sets(self) -> bool:
        return self._assigned is not None

    @cached_property
    def path(self) -> str:
        return self._read[0]

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        return self._read[1]

    @cached_property
    def _assigned(self) -> int | None:
        signs = enumerate(self.tokens)
        return next((at for at, token in _outside(signs) if token.text in ("=", "+=")), None)

    @cached_property
    def _read(self) -> tuple[str, tuple[Argument, ...]]:
        parts = self.tokens
        at = self._assigned
        if at is not None and at:
            return _property(parts[:at]), (Argument(parts[at + 1 :]),)
        end = len(parts)
        while end and parts[end - 1].kind == "block":
            end -= 1
        opened = _last_call(parts[:end])
        if opened:
            return _property(parts[:opened]), _split(parts[opened + 1 : end - 1])
        first = _path_end(parts[:end])
        return _property(parts[:first]), _split(parts[first:end])

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def strings(self) -> tuple[Token, ...]:
        """Every string in it, wherever."""
        return tuple(token for token in self.tokens if token.kind == "string")

    def calls(self) -> Iterator[str]:
        """Every name in it that is called, with parentheses or a block."""
        for one, following in zip(self.tokens, self.tokens[1:], strict=False):
            if one.kind == "word" and following.text in ("(", "{}"):
                yield one.text


class Script:
    """A script's statements in order, and its blocks."""

    def __init__(self, statements: Iterable[Statement] = (), blocks: Iterable[Block] = ()) -> None:
        self.statements = tuple(statements)
        self.blocks = tuple(blocks)


_kept: dict[tuple[str, bool, frozenset[int]], Script] = {}


def read_script(text: str, *, groovy: bool, without: frozenset[int] = frozenset()) -> Script:
    """Reads any text; rows in `without` (from 0) are passed over. Raises `TooDeep`.

    A command looks at the same scripts several times: what was read is kept, up to a limit.
    """
    key = (text, groovy, without)
    if key not in _kept:
        source = tokens(text, nested_comments=not groovy)
        script = _Reader().read(one for one in source if one.line - 1 not in without)
        if sum(len(kept) for kept, _, _ in _kept) + len(text) > _MOST_KEPT:
            _kept.clear()
        _kept[key] = script
    return _kept[key]


def text_of(parts: Sequence[Token]) -> str:
    """The tokens on one line, with a space where something stood between them."""
    said: list[str] = []
    end = parts[0].start if parts else 0
    for token in parts:
        if token.start > end:
            said.append(" ")
        said.append(f'"{token.text}"' if token.kind == "string" else token.text)
        end = token.end
    return "".join(said)


class _Reader:
    def __init__(self) -> None:
        self.found: list[Statement] = []
        self.blocks: list[Block] = []
        # Each open block, its statement so far, and the brackets that are open in that.
        self.stack: list[tuple[Block, list[Token], list[str]]] = [(Block("", None, 1), [], [])]

    def read(self, source: Iterable[Token]) -> Script:
        self.blocks.append(self.stack[0][0])
        for token in source:
            _, parts, brackets = self.stack[-1]
            if token.kind == "newline" or token.text == ";":
                if not brackets and parts and (token.text == ";" or _may_end(parts)):
                    parts.append(token)
                continue
            self._resume(token)
            parts = self.stack[-1][1]
            if token.kind == "sign" and token.text == "{":
                self._open(token)
            elif token.text == "->" and not brackets:
                parts.clear()  # the parameters of a lambda, or a condition of `when`
            elif token.kind == "sign" and token.text == "}":
                self._close(token)
            else:
                if token.kind == "sign" and token.text in _OPEN:
                    brackets.append(_OPEN[token.text])
                    if len(brackets) > DEEPEST:
                        raise TooDeep
                elif token.kind == "sign" and token.text in _CLOSE and brackets:
                    brackets.pop()
                parts.append(token)
        while self.stack:
            self._end()
            self.stack.pop()
        self.found.sort(key=lambda one: one.tokens[0].start)
        return Script(self.found, self.blocks)

    def _resume(self, token: Token) -> None:
        """A line break or semicolon that waits ends the statement, unless the next line goes on with it."""
        parts = self.stack[-1][1]
        if parts and (parts[-1].kind == "newline" or parts[-1].text == ";"):
            ended = parts.pop()
            if ended.text == ";" or token.text not in _CONTINUES:
                self._end()

    def _open(self, token: Token) -> None:
        if len(self.stack) > DEEPEST:
            raise TooDeep
        block, parts, _ = self.stack[-1]
        inner = Block(_head(parts), block, token.line)
        self.blocks.append(inner)
        self.stack.append((inner, [], []))

    def _close(self, token: Token) -> None:
        self._end()
        if len(self.stack) > 1:
            self.stack.pop()
            self.stack[-1][1].append(Token("block", "{}", token.start, token.end, token.line))

    def _end(self) -> None:
        block, parts, brackets = self.stack[-1]
        while parts and (parts[-1].kind == "newline" or parts[-1].text == ";"):
            parts.pop()
        if parts:
            statement = Statement(parts[:], block)
            block.statements.append(statement)
            self.found.append(statement)
        parts.clear()
        brackets.clear()


def _may_end(parts: list[Token]) -> bool:
    return parts[-1].kind == "string" or parts[-1].text not in _GOES_ON or parts[0].text == "import"


def _head(parts: list[Token]) -> str:
    at = 0
    while at + 1 < len(parts) and parts[at].text == "@":
        at += 2
        if at < len(parts) and parts[at].text == "(":
            at = _bracket_end(parts, at)
    parts = parts[at:]
    # A chain of thousands of blocks would be said anew for each of them.
    return text_of(
        parts
        if len(parts) <= _LONGEST_HEAD
        else parts[: _LONGEST_HEAD // 2] + parts[-_LONGEST_HEAD // 2 :]
    )


def _outside(signs: Iterable[tuple[int, Token]]) -> Iterator[tuple[int, Token]]:
    """Those that stand in no bracket."""
    depth = 0
    for at, token in signs:
        if token.kind == "sign" and token.text in _CLOSE:
            depth -= 1
        if depth <= 0 and token.kind == "sign":
            yield at, token
        if token.kind == "sign" and token.text in _OPEN:
            depth += 1


def _last_call(parts: Sequence[Token]) -> int:
    """Where the bracket opens that the statement ends with, if it is a call's; else 0."""
    if not parts or parts[-1].text != ")" or parts[-1].kind != "sign":
        return 0
    opened = [at for at, token in _outside(enumerate(parts)) if token.text == "("]
    at = opened[-1] if opened else 0
    # `implementation platform("x")`: Groovy gives that call to the first word.
    return 0 if _path_end(parts[:at]) < at else at


def _path_end(parts: Sequence[Token]) -> int:
    """Where the leading `a.b<C>("d").e` ends."""
    at = 0
    while at < len(parts):
        token = parts[at]
        if token.text in _OPEN and token.kind == "sign":
            at = _bracket_end(parts, at)
        elif token.text == "<" and token.kind == "sign":
            at = _generic_end(parts, at)
        elif token.text in (".", "?.", "!!"):
            at += 1
        elif token.kind in ("word", "string", "block"):
            before = parts[at - 1].text if at else "."
            if before not in (".", "?.") or (token.kind == "string" and at):
                break
            at += 1
        else:
            break
    return at


def _bracket_end(parts: Sequence[Token], at: int) -> int:
    depth = 0
    for end in range(at, len(parts)):
        if parts[end].kind == "sign":
            depth += (parts[end].text in _OPEN) - (parts[end].text in _CLOSE)
        if not depth:
            return end + 1
    return len(parts)


def _generic_end(parts: Sequence[Token], at: int) -> int:
    depth = 0
    for end in range(at, len(parts)):
        depth += {"<": 1, ">": -1}.get(parts[end].text, 0)
        if not depth:
            return end + 1
    return len(parts)


def _property(parts: Sequence[Token]) -> str:
    """`a.setB` and `a.b.set` are `a.b`; `?`, spaces and a leading `this.` count for nothing."""
    path = text_of(parts).replace(" ", "").replace("?.", ".").replace("!!", "")
    path = path.removeprefix("this.").removesuffix(".set")
    found = re.fullmatch(r"(.*\.)?set([A-Z])(\w*)", path)
    return f"{found[1] or ''}{found[2].lower()}{found[3]}" if found else path


def _split(parts: Sequence[Token]) -> tuple[Argument, ...]:
    commas = [at for at, token in _outside(enumerate(parts)) if token.text == ","]
    edges = zip([-1, *commas], [*commas, len(parts)], strict=True)
    return tuple(Argument(parts[a + 1 : b]) for a, b in edges if b > a + 1)
