"""Puts a row into a `[[table]]` of a data file, in the order of its versions, leaving every other line as it is."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scaffold.facts import version_key

DATA = Path(__file__).parents[1] / "scaffold" / "data"
Row = Mapping[str, str | int]


def put_row(text: str, table: str, key: str, row: Row) -> str:
    """The text with `row` in `[[table]]`: in place of the one with the same `key`, a version, or new.

    Raises ValueError for a value that needs escaping, or a version that is not made of numbers.
    """
    wanted, block = version_key(str(row[key])), _block(table, row)
    at: int | None = None
    between = ""
    for found in _rows(text, table):
        version = version_key(_value(found[0], key))
        if version == wanted:
            return text[: found.start()] + block + text[found.end() :]
        if version < wanted or at is None:
            at = found.end() if version < wanted else found.start()
            between = "\n" + block if version < wanted else block + "\n"
    if at is None:
        raise ValueError(f"no [[{table}]] row to put it beside")
    return text[:at] + between + text[at:]


def row_of(text: str, table: str, key: str, version: str) -> dict[str, str]:
    """The strings of the row with that version; empty where there is none."""
    for found in _rows(text, table):
        if _value(found[0], key) == version:
            return dict(re.findall(r'(?m)^(\w+) = "(.*)"$', found[0]))
    return {}


def _rows(text: str, table: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?m)^\[\[{table}\]\]\n(?:\w.*\n)*", text)


def _value(row: str, key: str) -> str:
    found = re.search(rf'(?m)^{key} = "(.*)"$', row)
    if found is None:
        raise ValueError(f"a row without {key}: {row!r}")
    return found[1]


def _block(table: str, row: Row) -> str:
    lines = [f"[[{table}]]"]
    for name, value in row.items():
        if isinstance(value, str) and re.search(r'["\\\x00-\x1f\x7f]', value):
            raise ValueError(f"{name} = {value!r}: no quotes, backslashes or control characters")
        lines.append(f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}")
    return "\n".join(lines) + "\n"
