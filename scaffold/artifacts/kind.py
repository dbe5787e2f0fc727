"""What scaffold knows of each kind of artifact, apart from any project."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.model import Artifact, Format


def _untold(_old: Context, _new: Context, _before: object, _after: object) -> Iterator[str]:
    return iter(())


class ArtifactKind(NamedTuple):
    """`id` is the artifact's, or ends with `-` and begins the ids of several.

    `can_lie` (id, path from the root): whether it could ever have been written there; a lock, which may be a stranger's
    word, is held against it. `explain` says what a change of answers does to one; it takes the contexts and the values
    before and after, None where there was no such artifact.
    """

    id: str
    format: Format
    can_lie: Callable[[str, str], bool]
    make: Callable[[Context], Iterable[Artifact]]
    explain: Callable[[Context, Context, Any, Any], Iterator[str]] = _untold

    def owns(self, id_: str) -> bool:
        """Whether this version, or one before it, makes an artifact of this id as one of this kind."""
        return id_ == self.id or (self.id.endswith("-") and id_.startswith(self.id))
