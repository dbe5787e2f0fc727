"""Every kind of artifact, in the order in which a plan shows them. A new one is a file, a template and a row here."""

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
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.plan import Plan

KINDS: tuple[ArtifactKind, ...] = (
    answers_file.KIND,
    ArtifactKind(
        "starter-",
        Format.ONCE,
        lambda *_: True,  # the user's from the day that it was made: nothing is done to it
        lambda context: starter.starter_artifacts(context.answers, context.project),
    ),
    build_rs.KIND,
    cargo_config.KIND,
    zig.KIND,
    gradle_block.KIND,
    toolchain.KIND,
)


def kind_of(id_: str) -> ArtifactKind | None:
    """The kind of an artifact; None for an id that no version made."""
    return next((kind for kind in KINDS if kind.owns(id_)), None)


def artifacts(context: Context) -> tuple[Artifact, ...]:
    """Every artifact that applies."""
    return tuple(artifact for kind in KINDS for artifact in kind.make(context))


def explain(old: Plan, new: Plan) -> dict[str, str]:
    """Artifact id → one sentence on what the change of answers does to it. Ids that it does not touch are absent."""
    said: dict[str, str] = {}
    for id_ in dict.fromkeys(one.id for plan in (old, new) for one in plan.artifacts):
        kind = next(kind for kind in KINDS if kind.owns(id_))
        parts = list(kind.explain(old.context, new.context, old.values(id_), new.values(id_)))
        if parts:
            said[id_] = "; ".join(parts)
    return said
