"""What the plan is made of."""

from typing import NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.model import Artifact
from scaffold.findings import Finding


class Decision(NamedTuple):
    """What was decided about one answer, and why."""

    about: str
    value: str
    why: str


class Plan(NamedTuple):
    """Artifacts in the order in which they are shown; every decision; findings."""

    context: Context
    artifacts: tuple[Artifact, ...]
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()

    def values(self, id_: str) -> object:
        """The values of an artifact; None where there is no such one."""
        return next((one.values for one in self.artifacts if one.id == id_), None)
