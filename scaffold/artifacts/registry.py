"""Every kind of artifact, in the order in which a plan shows them. A new one is a file, a template and a row here."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from scaffold.artifacts import (
    answers_file,
    build_rs,
    cargo_config,
    gradle_block,
    starter,
    toolchain,
    zig,
)
from scaffold.artifacts.context import Context
from scaffold.artifacts.model import Artifact
from scaffold.artifacts.plan import Plan


class Kind(NamedTuple):
    """`id` is what the ids of its artifacts begin with; `explain` says what a change of answers does to one.

    `explain` takes the contexts and the values before and after, None where there was no such artifact.
    """

    id: str
    make: Callable[[Context], Iterable[Artifact]]
    explain: Callable[[Context, Context, Any, Any], Iterator[str]]


def _starters(context: Context) -> Iterable[Artifact]:
    return starter.starter_artifacts(context.answers, context.project)


def _never(_old: Context, _new: Context, _before: object, _after: object) -> Iterator[str]:
    return iter(())


KINDS: tuple[Kind, ...] = (
    Kind(answers_file.ID, answers_file.make, answers_file.explain),
    Kind("starter", _starters, _never),
    Kind(build_rs.ID, build_rs.make, build_rs.explain),
    Kind(cargo_config.ID, cargo_config.make, cargo_config.explain),
    Kind(zig.ID, zig.make, zig.explain),
    Kind(gradle_block.ID, gradle_block.make, gradle_block.explain),
    Kind(toolchain.ID, toolchain.make, toolchain.explain),
)


def artifacts(context: Context) -> tuple[Artifact, ...]:
    """Every artifact that applies."""
    return tuple(artifact for kind in KINDS for artifact in kind.make(context))


def explain(old: Plan, new: Plan) -> dict[str, str]:
    """Artifact id → one sentence on what the change of answers does to it. Ids that it does not touch are absent."""
    said: dict[str, str] = {}
    for id_ in dict.fromkeys(one.id for plan in (old, new) for one in plan.artifacts):
        kind = next(kind for kind in KINDS if id_ == kind.id or id_.startswith(f"{kind.id}-"))
        parts = list(kind.explain(old.context, new.context, old.values(id_), new.values(id_)))
        if parts:
            said[id_] = "; ".join(parts)
    return said
