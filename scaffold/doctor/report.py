"""What `doctor` found, as JSON or as text; and what it is looking at, on a terminal."""

import json
import textwrap
from typing import TextIO

from scaffold.doctor.checks import by_urgency
from scaffold.doctor.seen import Check
from scaffold.terminal.printable import printable

NARROWEST, WIDEST = 40, 100
LONGEST = 2000  # characters of one message; what programs and files say may be any length
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[33m", "ok": "\x1b[32m", "skipped": "\x1b[2m"}
_END = "\x1b[0m"
_INDENT = " " * 9


def as_json(found: tuple[Check, ...]) -> str:
    """The document of the contract, in ASCII, in the order of the codes."""
    rows = [
        check._replace(message=_cut(check.message), hint=_cut(check.hint))._asdict()
        for check in found
    ]
    return json.dumps({"schema": 1, "checks": rows}, indent=2)


def as_text(found: tuple[Check, ...], columns: int, *, colour: bool) -> str:
    """Problems first, each with its hint below it; then a line that counts them."""
    width = max(NARROWEST, min(columns, WIDEST)) - 1
    lines = [_one(check, width, colour=colour) for check in by_urgency(found)]
    return "\n".join([*lines, "", summary(found)])


def summary(found: tuple[Check, ...]) -> str:
    """`19 checks: 1 error, 2 warnings; 8 skipped.`"""
    counts = {s: sum(check.status == s for check in found) for s in _COLOURS}
    told = [
        f"{counts[s]} {s}{'' if counts[s] == 1 else 's'}" for s in ("error", "warning") if counts[s]
    ]
    verdict = ", ".join(told) or "nothing wrong"
    return f"{len(found)} checks: {verdict}; {counts['skipped']} skipped."


def _one(check: Check, width: int, *, colour: bool) -> str:
    status = check.status
    label = f"{status:<8}"
    told = _wrap(f"{check.code}: {check.message}", f"{label} ", width)
    if colour:
        told = f"{_COLOURS[status]}{label}{_END}{told[len(label):]}"
    return f"{told}\n{_wrap(check.hint, _INDENT + '→ ', width)}" if check.hint else told


def _wrap(text: str, first: str, width: int) -> str:
    return "\n".join(
        textwrap.wrap(
            printable(_cut(text)),
            width,
            initial_indent=first,
            subsequent_indent=_INDENT + ("  " if first.startswith(_INDENT) else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


class Progress:
    """Names on a terminal what is looked at, in one line that is cleared again."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown = False
        try:
            self._terminal = out.isatty()
        except (AttributeError, ValueError):
            self._terminal = False

    def __call__(self, what: str) -> None:
        if self._terminal:
            self._out.write(f"\r\x1b[KLooking at {what} …")
            self._out.flush()
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._shown = False
