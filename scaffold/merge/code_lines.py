"""Lines of Kotlin and Rust: what they say, apart from spacing and trailing comments."""

import re
from collections import Counter
from collections.abc import Callable

from scaffold.merge.lines import merge_sequences
from scaffold.merge.lines_groups import Dress
from scaffold.merge.sequences import hunks
from scaffold.syntax.blocks import indent_of

_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|//.*|\w+|\s+|.""", re.DOTALL)
_LEVEL = 4  # spaces a level, in everything that we render


def same_code(one: list[str], other: list[str]) -> bool:
    """The same but for spacing and blank lines; comments count."""
    return _said(one) == _said(other)


def worn_like(render: list[str], mine: list[str]) -> Callable[[str], str]:
    """How to indent a line of `render`, a block without indentation, as the user indents it."""
    prefix = indent_of(mine[0])
    units: Counter[str] = Counter()
    stripped = [line.strip() for line in render], [line.strip() for line in mine]
    done_old = done_new = 0
    for change in [*hunks(*stripped), None]:
        end = change.old_start if change else len(render)
        for line, worn in zip(render[done_old:end], mine[done_new:], strict=False):
            level = len(indent_of(line)) // _LEVEL
            rest = indent_of(worn).removeprefix(prefix)
            if level and rest and len(rest) % level == 0:
                units[rest[: len(rest) // level]] += 1
        if change:
            done_old, done_new = change.old_end, change.new_end
    unit = units.most_common(1)[0][0] if units else " " * _LEVEL

    def wear(line: str) -> str:
        if not line.strip():
            return ""
        level, odd = divmod(len(indent_of(line)), _LEVEL)
        return prefix + unit * level + " " * odd + line.lstrip()

    return wear


def _said(lines: list[str]) -> list[list[str]]:
    return [tokens for line in lines if (tokens := [t for t in _tokens(line) if not t.isspace()])]


def _tokens(line: str) -> list[str]:
    return [token.rstrip() if token.startswith("//") else token for token in _TOKEN.findall(line)]


def _split(line: str) -> tuple[str, str]:
    """The code, and the comment with the space before it; a comment alone is code."""
    tokens = _TOKEN.findall(line)
    if tokens and tokens[-1].startswith("//") and "".join(tokens[:-1]).strip():
        code = "".join(tokens[:-1])
        return code.rstrip(), line[len(code.rstrip()) :]
    return line, ""


def _key(line: str) -> tuple[str, ...]:
    return tuple(token for token in _tokens(_split(line)[0]) if not token.isspace())


def _redress(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Theirs, in mine's spacing and with mine's comments; those of lines that go stand alone."""
    out: list[str] = []
    done = 0
    for change in hunks(base, theirs):
        out += mine[done : change.old_start]
        done = change.old_end
        olds = range(change.old_start, change.old_end)
        news = theirs[change.new_start : change.new_end]
        if len(olds) == len(news):
            out += [_carry(base[at], mine[at], new) for at, new in zip(olds, news, strict=True)]
            continue
        out += [orphan for at in olds if (orphan := _orphan(base[at], mine[at]))]
        out += news
    return out + mine[done:]


def _carry(base: str, mine: str, theirs: str) -> str:
    if mine == base:
        return theirs
    (old, old_tail), (own, own_tail), (new, new_tail) = map(_split, (base, mine, theirs))
    spaced, clashes = merge_sequences(*(_TOKEN.findall(code) for code in (old, own, new)))
    code = new if clashes else "".join(spaced)
    return code + (new_tail if own_tail == old_tail else own_tail)


def _orphan(base: str, mine: str) -> str:
    code, tail = _split(mine)
    if not tail or tail.strip() == _split(base)[1].strip():
        return ""
    return indent_of(code) + tail.strip()


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


DRESS = Dress(_key, _redress, _is_comment)
