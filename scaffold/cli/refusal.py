"""Why a command stopped."""

from collections.abc import Iterable

from scaffold.errors import Problem
from scaffold.terminal.printable import printable

_LONGEST = 400  # characters of a word: more than any path that somebody meant
_SHOWN = 57


def _quoted(problem: Problem) -> Problem:
    """With very long words cut, which are answers that went wrong."""

    def cut(text: str) -> str:
        return " ".join(
            word if len(word) <= _LONGEST else word[:_SHOWN] + "…" for word in text.split(" ")
        )

    return Problem(cut(problem.message), cut(problem.place), problem.hint)


def problems_text(problems: Iterable[Problem]) -> str:
    """A line for each problem with its place, the next step below it."""
    lines = []
    for problem in map(_quoted, problems):
        place = f"{printable(problem.place)}: " if problem.place else ""
        message = "\n".join(printable(line) for line in problem.message.splitlines())
        lines.append(f"error: {place}{message}")
        if problem.hint:
            lines.append(
                "\n".join(f"       {printable(line)}" for line in problem.hint.splitlines())
            )
    return "\n".join(lines)


def problems_json(problems: Iterable[Problem]) -> str:
    """The document of a refused command."""
    import json

    rows = [
        {"message": p.message, "place": p.place, "hint": p.hint} for p in map(_quoted, problems)
    ]
    return json.dumps({"schema": 1, "problems": rows}, indent=2)
