"""What the plan is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from scaffold.findings import Finding


class Format(Enum):
    """How an artifact meets what the user has: by key, by block, by line, or once and never again."""

    TOML = "toml"
    KOTLIN = "kotlin"
    RUST = "rust"
    TEXT = "text"
    ANSWERS = "answers"
    ONCE = "once"


@dataclass(frozen=True)
class Artifact:
    """One file, or our part of one. `newline` and `mode` hold for a file that we create.

    `blocked`: why it cannot be written where it belongs; the user is shown what to paste or rename.
    """

    id: str
    path: str
    format: Format
    template: str
    values: Mapping[str, Any]
    reason: str
    newline: str = "\n"
    mode: int = 0o644
    blocked: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided about one answer, and why."""

    about: str
    value: str
    why: str


@dataclass(frozen=True)
class Plan:
    """Artifacts in the order in which they are shown; every decision; warnings."""

    artifacts: tuple[Artifact, ...]
    decisions: tuple[Decision, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())
