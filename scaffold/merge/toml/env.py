"""Entries of Cargo's `[env]`: a string, or a table `{ value, relative, force }`.

`value` and `relative` say one thing together, where the path is; `force` is a matter of its own.
"""

from typing import Any, NamedTuple

from scaffold.merge.toml.scan import Path
from scaffold.merge.toml.value import MISSING, meaning

Table = dict[str, Any]


class Variable(NamedTuple):
    """The outcome for one entry; `clash`: both sides gave it different values, and mine stands in `table`."""

    table: Table
    clash: bool


def is_variable(path: Path) -> bool:
    """Whether a path is that of an entry of `[env]`."""
    return len(path) == 2 and path[0] == "env"


def as_table(value: Any) -> Table | None:
    """An entry as a table, empty for a missing one; None for what is no entry."""
    if value is MISSING:
        return {}
    if isinstance(value, str):
        return {"value": value}
    return value if isinstance(value, dict) else None


def merge_variable(base: Table, mine: Table, theirs: Table, *, take_theirs: bool) -> Variable:
    """An entry three ways; `relative` that is not there is false."""
    chosen, clash = mine, False
    if _place(base) != _place(theirs) != _place(mine):
        clash = _place(mine) != _place(base)
        chosen = mine if clash and not take_theirs else theirs
    table = {"value": chosen["value"]} if "value" in chosen else {}
    if chosen.get("relative", False) is not False or mine.get("relative") is False:
        table["relative"] = chosen.get("relative", False)
    for key in dict.fromkeys([*mine, *theirs]):
        if key not in ("value", "relative"):
            table |= _key(key, base, mine, theirs)
    return Variable(table, clash)


def _place(table: Table) -> Any:
    return meaning([table.get("value", {}), table.get("relative", False)])


def _key(key: str, base: Table, mine: Table, theirs: Table) -> Table:
    """A further key: ours if the user left it alone, else the user's."""
    sides = [meaning(table[key]) if key in table else MISSING for table in (base, mine, theirs)]
    winner = theirs if sides[0] == sides[1] else mine
    return {key: winner[key]} if key in winner else {}
