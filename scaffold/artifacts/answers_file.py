"""`scaffold.yml`: the answers themselves."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.answers.key import Value
from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers
from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Artifact, Format

ID = "answers"
PATH = "scaffold.yml"


class AnswersFile(NamedTuple):
    """The answers, and the keys of them that apply."""

    answers: Answers
    names: tuple[str, ...]


def make(context: Context) -> Iterator[Artifact]:
    values = AnswersFile(context.given, context.names)
    reason = "your answers, from which scaffold generates every other file"
    yield Artifact(ID, PATH, Format.ANSWERS, "", values, reason)


def explain(old: Context, new: Context, _before: object, _after: object) -> Iterator[str]:
    for name in KEYS:
        was, now = old.given.values[name], new.given.values[name]
        if was != now:
            yield f"{name}: {_shown(was)} → {_shown(now)}"


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "none"


KIND = ArtifactKind(ID, Format.ANSWERS, lambda _, path: path == PATH, make, explain)
