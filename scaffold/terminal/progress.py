"""What a long run shows on a terminal's standard error, and clears again: a bar, or what is being done."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from scaffold.terminal.console import is_terminal


class ProgressBar:
    """Shows how much of a long run is done; nothing before half a second has passed."""

    def __init__(self, out: TextIO, columns: int) -> None:
        self._out = out
        self._columns = columns
        self._next = monotonic() + 0.5
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = monotonic()
        if now < self._next or total < 1:
            return
        self._next = now + 0.1
        width = max(10, min(40, self._columns - 20))
        filled = width * min(done, total) // total
        bar = "#" * filled + "." * (width - filled)
        self._out.write(f"\r[{bar}] {100 * min(done, total) // total:3} %")
        self._out.flush()
        self._shown = True

    def clear(self) -> None:
        """Leaves the line empty."""
        if self._shown:
            self._out.write("\r" + " " * (self._columns - 1) + "\r")
            self._out.flush()
            self._shown = False


@contextmanager
def status(what: str) -> Iterator[None]:
    """Names on a terminal's standard error what is being done, as long as it lasts."""
    line = StatusLine(sys.stderr)
    line(what)
    try:
        yield
    finally:
        line.clear()


class StatusLine:
    """Names in one line what is being done; silent where `out` is no terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = is_terminal(out)
        self._shown = False

    def __call__(self, what: str) -> None:
        if self._terminal:
            self._out.write(f"\r\x1b[K{what} …")
            self._out.flush()
            self._shown = True

    def clear(self) -> None:
        """Leaves the line empty."""
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._shown = False
