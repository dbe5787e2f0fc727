"""One check of `doctor`: a rule with its code, registered once; and what it found."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from scaffold.doctor.facts import MachineFacts, ProjectFacts
from scaffold.facts import version_key

Status = Literal["ok", "warning", "error", "skipped"]
_ORDER: dict[Status, int] = {"error": 0, "warning": 1, "ok": 2, "skipped": 3}


class Verdict(NamedTuple):
    """What a rule says; `hint` is what to run or change, if anything."""

    status: Status
    message: str
    hint: str = ""


class Check(NamedTuple):
    """A verdict with the code of its check, as the JSON document has it."""

    code: str
    status: Status
    message: str
    hint: str = ""


Rule = Callable[[ProjectFacts, MachineFacts], Verdict]
RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Makes a function the rule of a check; `code` is a contract with scripts."""

    def register(judge: Rule) -> Rule:
        if code in RULES:
            raise ValueError(f"two checks are called {code}")
        RULES[code] = judge
        return judge

    return register


def by_urgency(found: Sequence[Check]) -> list[Check]:
    """Problems first, what was skipped last."""
    return sorted(found, key=lambda check: _ORDER[check.status])


def ok(message: str) -> Verdict:
    return Verdict("ok", message)


def warning(message: str, hint: str) -> Verdict:
    return Verdict("warning", message, hint)


def error(message: str, hint: str) -> Verdict:
    return Verdict("error", message, hint)


def skipped(why: str) -> Verdict:
    return Verdict("skipped", why)


def key_of(version: str) -> tuple[int, ...] | None:
    """The numbers that a version begins with (`9.0.0-beta01` → 9.0); None where it begins with none."""
    found = re.match(r"\d{1,9}(?:\.\d{1,12}){0,5}", version, re.ASCII)
    return version_key(found[0]) if found else None


def version_in(text: str, before: str) -> str:
    """The version that follows `before` in a program's output; "" where there is none."""
    found = re.search(
        rf"{before}\s*v?(\d{{1,9}}(?:\.\d{{1,9}}){{1,3}}(?:[-+][\w.]{{1,40}})?)", text, re.ASCII
    )
    return found[1] if found else ""


def below(version: str, other: str) -> bool:
    """Whether `version` is older; False where either is none."""
    one, two = key_of(version), key_of(other)
    return one is not None and two is not None and one < two


def listed(items: Sequence[str], most: int = 6) -> str:
    """`a, b, c`, with the rest counted."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
