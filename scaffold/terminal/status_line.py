"""One line on a terminal that names what is being done, and is cleared again."""

from typing import TextIO

from scaffold.terminal.console import is_terminal


class StatusLine:
    """Silent where `out` is no terminal."""

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
