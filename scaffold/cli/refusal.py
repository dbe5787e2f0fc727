"""Why a command stopped."""

from collections.abc import Iterable

from scaffold.errors import Problem
from scaffold.terminal.printable import printable


def problems_text(problems: Iterable[Problem]) -> str:
    """A line for each problem with its place, the next step below it."""
    lines = []
    for problem in problems:
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

    rows = [{"message": p.message, "place": p.place, "hint": p.hint} for p in problems]
    return json.dumps({"schema": 1, "problems": rows}, indent=2)
