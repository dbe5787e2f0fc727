"""Defaults for the answers, from the repository and the machine, each with its origin."""

from collections.abc import Mapping

from scaffold.answers.model import Found
from scaffold.probe.host import this_host

Value = str | tuple[str, ...]


def find_defaults(root: str, stated: Mapping[str, Value]) -> dict[str, Found]:
    """What the repository at `root` and this machine say; `stated` are answers that are given already."""
    del root, stated
    return {"hosts": Found((this_host(),), "this machine")}
