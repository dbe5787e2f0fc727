"""What `doctor` found, as text, as JSON, or as GitHub's annotations."""

import json
from collections.abc import Sequence

from scaffold.doctor.check import Check, Status, by_urgency
from scaffold.terminal.annotations import annotation
from scaffold.terminal.text import cut, folded

_COLOURS: dict[Status, str] = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[33m",
    "ok": "\x1b[32m",
    "skipped": "\x1b[2m",
}
_END = "\x1b[0m"
_INDENT = " " * 9


def as_json(found: Sequence[Check]) -> str:
    """The document of the contract, in ASCII, in the order of the codes."""
    rows = [
        check._replace(message=cut(check.message), hint=cut(check.hint))._asdict()
        for check in found
    ]
    return json.dumps({"schema": 1, "checks": rows}, indent=2)


def as_annotations(found: Sequence[Check]) -> str:
    """A workflow command for each problem, errors first; then the summary, as the log shows it."""
    lines = [
        annotation(
            check.status,
            f"scaffold doctor: {check.code}",
            "\n".join(cut(text) for text in (check.message, check.hint) if text),
        )
        for check in by_urgency(found)
        if check.status in ("error", "warning")
    ]
    return "\n".join([*lines, summary(found)])


def as_text(found: Sequence[Check], columns: int, *, colour: bool) -> str:
    """Problems first, each with its hint below it; then a line that counts them."""
    width = max(40, columns) - 1
    lines = [_one(check, width, colour=colour) for check in by_urgency(found)]
    return "\n".join([*lines, "", summary(found)])


def summary(found: Sequence[Check]) -> str:
    """`23 checks: 1 error, 2 warnings; 8 skipped.`"""
    counts = {status: sum(check.status == status for check in found) for status in _COLOURS}
    problems: tuple[Status, ...] = ("error", "warning")
    said = [f"{counts[s]} {s}{'' if counts[s] == 1 else 's'}" for s in problems if counts[s]]
    verdict = ", ".join(said) or "no problems"
    return f"{len(found)} checks: {verdict}; {counts['skipped']} skipped."


def _one(check: Check, width: int, *, colour: bool) -> str:
    label = f"{check.status:<8}"
    text = folded(f"{check.code}: {check.message}", width, f"{label} ", _INDENT)
    if colour:
        text = f"{_COLOURS[check.status]}{label}{_END}{text[len(label):]}"
    if not check.hint:
        return text
    return f"{text}\n{folded(check.hint, width, _INDENT + '→ ', _INDENT + '  ')}"
