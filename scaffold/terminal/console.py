"""What the terminal at hand can do."""

import os
import shutil
import sys


def interactive() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return _tty(sys.stdin) and _tty(sys.stdout)


def coloured() -> bool:
    """Whether standard output takes colour (https://no-color.org)."""
    return _tty(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """Width for text: the terminal's, at most 100; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if _tty(sys.stdout) else 80


def _tty(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
