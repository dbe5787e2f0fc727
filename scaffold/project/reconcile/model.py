"""What the table takes, and what it gives back."""

from collections.abc import Collection
from typing import Literal, NamedTuple

from scaffold.artifacts.model import Format
from scaffold.merge.result import Clash, Prefer
from scaffold.project.state import Owner

Action = Literal["create", "update", "identical", "keep", "conflict", "delete", "skip"]
Decide = Literal["skip", "markers", "mine", "theirs"]


class Options(NamedTuple):
    """What the user allows: `adopt` takes over files that scaffold did not make, `restore` brings
    back what was deleted, `conflict` says who wins where both changed the same thing. `add` are
    answers to be written out, `stated` those that this run was given one by one.
    """

    adopt: bool = False
    restore: bool = False
    conflict: Decide = "skip"
    add: Collection[str] = ()
    stated: Collection[str] = ()

    @property
    def prefer(self) -> Prefer | None:
        return self.conflict if self.conflict in ("mine", "theirs") else None


class Past(NamedTuple):
    """The last run's part of it: where the artifact was, its render, and whose the file was."""

    id: str
    path: str
    format: Format
    base: str | None
    owner: Owner


class FileChange(NamedTuple):
    """What happens to one path. `data` are the bytes to write, None for none.

    `base` is the render to remember from now on; None leaves what is remembered as it was, and
    `forget` drops it. `before` and `after` are texts for a diff. `moved_from` is the file whose
    place this one takes.
    """

    id: str
    path: str
    action: Action
    reason: str
    data: bytes | None = None
    base: str | None = None
    owner: Owner = "user"
    forget: bool = False
    before: str = ""
    after: str = ""
    executable: bool = False
    clashes: tuple[Clash, ...] = ()
    notes: tuple[str, ...] = ()
    paste: str = ""
    moved_from: str = ""
