"""`scaffold explain`: the cause of a failed build or of a crash, and how to fix it."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from scaffold.answers.reading import read_answers
from scaffold.errors import EXIT_FILE_SYSTEM, EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, Problem, Refusal
from scaffold.explain.log import read_log
from scaffold.explain.matches import ProjectContext, explained
from scaffold.explain.report import as_json, as_text
from scaffold.explain.signatures import load
from scaffold.files.reading import read_text
from scaffold.probe.build_outputs import ANSWERS, build_outputs, package_name, project_above
from scaffold.terminal import console
from scaffold.terminal.console import is_terminal

CHUNK = 1 << 19
STOPPED = (
    "scaffold: this log resembles known failures in too many places; it was searched only up to line {}."
    " Later failures are not in this report."
)


def run(args: argparse.Namespace) -> int:
    """Print what is recognized; 0 if anything is, else 1. Raises Refusal where LOG cannot be read."""
    with _opened(args.log) as file:
        reading = read_log(_chunks(file, args.log), load())
    found = explained(reading, load(), _context(args.log))
    if reading.stopped:
        print(STOPPED.format(reading.stopped), file=sys.stderr)
    if args.json:
        print(as_json(found))
    else:
        print(as_text(found, console.columns(), colour=console.coloured()))
    return EXIT_OK if found else EXIT_FINDINGS


@contextmanager
def _opened(log: str) -> Iterator[BinaryIO]:
    if log == "-":
        if sys.stdin is None or is_terminal(sys.stdin):
            hint = "a file: `scaffold explain build.log`, or pipe one in: `./gradlew build 2>&1 | scaffold explain`"
            raise Refusal(Problem("no log given", "standard input", hint))
        yield sys.stdin.buffer
        return
    try:
        file = open(log, "rb")  # noqa: SIM115 - closed below, after the refusals
    except (FileNotFoundError, NotADirectoryError):
        raise Refusal(
            Problem("no such file", log, "give the path of a saved log, or pipe it in")
        ) from None
    except (IsADirectoryError, ValueError):
        raise Refusal(Problem("not a log file", log, "give the path of a file")) from None
    except OSError as error:
        raise _unreadable(error, log) from None
    with file:
        yield file


def _chunks(file: BinaryIO, log: str) -> Iterator[bytes]:
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except OSError as error:
        raise _unreadable(error, log) from None


def _unreadable(error: OSError, log: str) -> Refusal:
    if os.path.isdir(log):
        return Refusal(
            Problem("not a log file but a folder", log, "give the path of a file"),
            exit_code=EXIT_USAGE,
        )
    hint = "check its permissions"
    return Refusal(
        Problem(f"cannot be read: {error.strerror}", log, hint), exit_code=EXIT_FILE_SYSTEM
    )


def _context(log: str) -> ProjectContext | None:
    """The project of the log's folder, else of the working directory."""
    beside = project_above(os.path.dirname(os.path.abspath(log))) if log != "-" else None
    project = beside or project_above(os.getcwd())
    if project is None:
        return None
    answers = _answers(os.path.join(project, ANSWERS))
    crate = answers.get("crate", ".")
    return ProjectContext(
        answers, ANSWERS, package_name(project, crate), build_outputs(project, crate)
    )


def _answers(path: str) -> dict[str, str]:
    """The answers as text; none where the file is not in order, which is for other commands to report."""
    try:
        values = read_answers(read_text(path) or "", path).values
    except Refusal:
        return {}
    return {
        key: value if isinstance(value, str) else ",".join(value) for key, value in values.items()
    }
