"""What a merge gives back: the text, what clashed, and what the user should hear of."""

from typing import Literal, NamedTuple

Prefer = Literal["mine", "theirs"]


class Clash(NamedTuple):
    """Both sides changed the same thing, differently; "" stands for absent."""

    where: str
    base: str
    mine: str
    theirs: str


class Merged(NamedTuple):
    """A merged text. Clashes are decided as `prefer` said; without it, mine stands."""

    text: str
    clashes: tuple[Clash, ...] = ()
    notes: tuple[str, ...] = ()
