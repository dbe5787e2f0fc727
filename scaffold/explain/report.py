"""What `explain` recognised, as JSON, as plain text, or in colour on a terminal."""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence

from scaffold.explain.matches import Match

NARROWEST, WIDEST = 40, 100
NOTHING = (
    "Nothing in this log is known to explain. It may be an ordinary compile error: look at the first line that says"
    " `error`. Where the log is cut off, save all of it (`./gradlew build > build.log 2>&1`) and try again."
)


def show(matches: Sequence[Match], *, json: bool) -> None:
    """Print to standard output: one JSON document, else text, in colour on a terminal (unless NO_COLOR is set)."""
    width = shutil.get_terminal_size((80, 24)).columns
    if json:
        print(as_json(matches))
    elif sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        from rich.console import Console
        from rich.text import Text

        Console(highlight=False, soft_wrap=True).print(
            Text.from_ansi(as_text(matches, width, colour=True))
        )
    else:
        encoding = sys.stdout.encoding or "utf-8"
        print(as_text(matches, width).encode(encoding, "replace").decode(encoding))


def as_json(matches: Sequence[Match]) -> str:
    """The document of the contract, in ASCII."""
    import json

    rows = [match._asdict() | {"fix": list(match.fix)} for match in matches]
    order = ("code", "line", "text", "title", "cause", "fix")
    return json.dumps(
        {"schema": 1, "matches": [{key: row[key] for key in order} for row in rows]}, indent=2
    )


def as_text(matches: Sequence[Match], width: int = 80, *, colour: bool = False) -> str:
    """Paragraphs of at most `width` columns, except for words (paths, commands' arguments) that are longer."""
    width = max(NARROWEST, min(width, WIDEST)) - 1
    if not matches:
        return _wrap(NOTHING, width, "", "")
    style = _COLOURED if colour else _PLAIN
    return "\n\n".join(_one(match, width, style) for match in matches)


def _one(match: Match, width: int, style: dict[str, str]) -> str:
    lines = [
        _painted(_wrap(f"line {match.line}: {match.title}", width, "", "  "), "title", style),
        _painted(_wrap(match.text, width, "  | ", "  | "), "text", style),
        _wrap(f"Code:  {match.code}", width, "  ", "  "),
        _wrap(f"Cause: {match.cause}", width, "  ", "         "),
    ]
    for number, item in enumerate(match.fix, 1):
        begin = f"  {'Fix:' if number == 1 else '':6} {number}. "
        lines.append(_commands(_wrap(item, width, begin, " " * len(begin)), style))
    return "\n".join(lines)


def _wrap(text: str, width: int, first: str, following: str) -> str:
    # Spaces inside backticks stay together as long as the command fits into a line.
    room = width - len(following)
    kept = re.sub(r"`[^`]{1,200}`", lambda found: _unbroken(found[0], room), text)
    return "\n".join(
        textwrap.wrap(
            kept,
            width,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=len(max(kept.split(), key=len, default="")) > 200,
            break_on_hyphens=False,
        )
        or [first.rstrip()]
    ).replace(_HARD_SPACE, " ")


def _unbroken(command: str, room: int) -> str:
    return command.replace(" ", _HARD_SPACE) if len(command) <= room else command


_HARD_SPACE = "\ue000"
_PLAIN: dict[str, str] = {}
_COLOURED = {"title": "\x1b[1;31m", "text": "\x1b[2m", "command": "\x1b[36m", "end": "\x1b[0m"}


def _painted(text: str, part: str, style: dict[str, str]) -> str:
    if part not in style:
        return text
    return "\n".join(f"{style[part]}{line}{style['end']}" for line in text.split("\n"))


def _commands(text: str, style: dict[str, str]) -> str:
    if "command" not in style:
        return text
    return re.sub(
        r"`[^`\n]{1,200}`", lambda found: f"{style['command']}{found[0]}{style['end']}", text
    )
