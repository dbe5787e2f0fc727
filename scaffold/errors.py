"""Refusals: what stops a command, as values that `cli` turns into a message and an exit code."""

from typing import NamedTuple

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_CONFLICT = 3
EXIT_DEFECT = 70
EXIT_FILE_SYSTEM = 74
EXIT_INTERRUPTED = 130


class Problem(NamedTuple):
    """One thing that is wrong: a sentence, where (`file:line` or a path), and the next step."""

    message: str
    place: str = ""
    hint: str = ""


class Refusal(Exception):
    """A command stops before anything is written; carries every problem found, never only the first."""

    def __init__(self, *problems: Problem, exit_code: int = EXIT_USAGE) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.exit_code = exit_code
