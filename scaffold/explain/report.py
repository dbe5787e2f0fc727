"""What `explain` recognized, as JSON or as text, in colour where the terminal takes it."""

import json
import re
import textwrap
from collections.abc import Sequence

from scaffold.explain.matches import Explanation

NARROWEST, WIDEST = 40, 100
NOTHING = (
    "scaffold does not recognize a failure in this log. If the build failed, look at the first line that says `error`:"
    " an ordinary compile error explains itself. If the log is cut off, save all of it and try again:"
    " `./gradlew build > build.log 2>&1`."
)
_HARD_SPACE = "\ue000"
_TITLE, _TEXT, _COMMAND, _END = "\x1b[1;31m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def as_json(found: Sequence[Explanation]) -> str:
    """The document of the contract, in ASCII."""
    return json.dumps({"schema": 1, "matches": [row._asdict() for row in found]}, indent=2)


def as_text(found: Sequence[Explanation], columns: int = 80, *, colour: bool = False) -> str:
    """Paragraphs of at most `columns`, except for words (paths, commands' arguments) that are longer."""
    width = max(NARROWEST, min(columns, WIDEST)) - 1
    if not found:
        return _wrap(NOTHING, width, "", "")
    return "\n\n".join(_one(row, width, colour=colour) for row in found)


def _one(row: Explanation, width: int, *, colour: bool) -> str:
    title = _wrap(f"line {row.line}: {row.title}", width, "", "  ")
    text = _wrap(row.text, width, "  | ", "  | ")
    fixes = []
    for number, item in enumerate(row.fix, 1):
        begin = f"  {'Fix:' if number == 1 else '':6} {number}. "
        fixes.append(_wrap(item, width, begin, " " * len(begin)))
    if colour:
        title, text = _painted(title, _TITLE), _painted(text, _TEXT)
        fixes = [re.sub(r"`[^`\n]{1,200}`", _command, item) for item in fixes]
    code = _wrap(f"Code:  {row.code}", width, "  ", "  ")
    cause = _wrap(f"Cause: {row.cause}", width, "  ", "         ")
    return "\n".join([title, text, code, cause, *fixes])


def _wrap(text: str, width: int, first: str, following: str) -> str:
    # Spaces inside backticks stay together as long as the command fits into a line.
    room = width - len(following)
    kept = re.sub(r"`[^`]{1,200}`", lambda found: _unbroken(found[0], room), text)
    lines = textwrap.wrap(
        kept,
        width,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=len(max(kept.split(), key=len, default="")) > 200,
        break_on_hyphens=False,
    )
    return "\n".join(lines or [first.rstrip()]).replace(_HARD_SPACE, " ")


def _unbroken(command: str, room: int) -> str:
    return command.replace(" ", _HARD_SPACE) if len(command) <= room else command


def _painted(text: str, colour: str) -> str:
    return "\n".join(f"{colour}{line}{_END}" for line in text.split("\n"))


def _command(found: re.Match[str]) -> str:
    return f"{_COMMAND}{found[0]}{_END}"
