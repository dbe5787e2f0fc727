import io
import os
import sys

import pytest

from scaffold.terminal import console
from scaffold.terminal.shell import shell_word
from scaffold.terminal.text import folded


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a fixture: pytest puts its own standard output in place when the test begins."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize(
    ("variable", "value", "coloured"),
    [
        ("TERM", "xterm", True),
        ("TERM", "dumb", False),
        ("NO_COLOR", "", True),  # https://no-color.org: "when present and not an empty string"
        ("NO_COLOR", "0", False),
    ],
)
def test_colour_follows_the_terminal_and_no_color(
    variable: str, value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv(variable, value)
    assert console.coloured() == coloured


@pytest.mark.parametrize("stream", [None, io.StringIO(), object()])
def test_what_is_no_terminal_gets_plain_text_of_80_columns(
    stream: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "200")
    assert not console.coloured()
    assert not console.interactive()
    assert console.columns() == 80


def test_a_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert not console.is_terminal(closed)


@pytest.mark.parametrize(("wide", "columns"), [("60", 60), ("500", 100)])
def test_text_is_as_wide_as_the_terminal_up_to_100(
    wide: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", wide)
    assert console.columns() == columns


def test_nul_is_no_terminal_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(console, "_console_mode", lambda _stream: None)
    assert not console.is_terminal(Terminal())


@pytest.mark.parametrize("takes_colour", [True, False])
def test_colour_on_windows_waits_for_the_console_to_take_it(
    takes_colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(console, "_console_mode", lambda _stream: (1, 0))
    monkeypatch.setattr(console, "_windows_takes_colour", lambda: takes_colour)
    assert console.coloured() == takes_colour


def test_folded_text_is_harmless_and_keeps_long_words_whole() -> None:
    assert folded("a \x1b[2J b", 80, "- ") == "- a \\x1b[2J b"
    assert folded("a " + "x" * 50, 20, "- ", "  ") == "- a\n  " + "x" * 50
    assert folded("", 20, "- ") == "-"
    assert len(folded("x" * 1_000_000, 80)) < 3000


@pytest.mark.parametrize(
    ("system", "word", "quoted"),
    [
        ("posix", "my app", "'my app'"),
        ("posix", "it's", "'it'\"'\"'s'"),
        ("nt", "my app", '"my app"'),
        ("nt", r"..\core", r"..\core"),
        ("nt", "it's", '"it\'s"'),
        ("nt", "a&b", '"a&b"'),
        ("nt", "module=app", "module=app"),
    ],
)
def test_words_are_quoted_for_the_shell_of_the_platform(
    system: str, word: str, quoted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "name", system)
    assert shell_word(word) == quoted
