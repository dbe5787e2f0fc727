"""TOML texts in every form that people write, for property tests."""

import tomllib
from typing import Any

from hypothesis import strategies as st

KEYS = ["a", "b", "c-d", "x.y", "é", "target", "env", "rustflags", '"', "1"]
PLAIN: list[Any] = [
    0,
    1,
    255,
    True,
    1.0,
    "",
    "a",
    "b # c",
    "[x]",
    'q"\\',
    "tab\there",
    "líne\nline",
]
ARRAYS_OF_TABLES: list[list[dict[str, Any]]] = [[{"k": 1}, {}], [{"s": {"k": 2}}], [{}, {"s": {}}]]
_words = st.sampled_from(["-Ca", "-Cb=1", "-Cb=2", "-C", "link-arg=x", "w", "w#", "]"])
arrays = st.lists(_words, max_size=4) | st.lists(st.sampled_from([1, 2, 3]), max_size=4)
values = (
    st.sampled_from(PLAIN)
    | arrays
    | st.just([[1], ["n", {"k": 1}]])
    | st.sampled_from(ARRAYS_OF_TABLES)
)
tables = st.recursive(
    st.dictionaries(st.sampled_from(KEYS), values, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(KEYS), values | inner, max_size=3),
    max_leaves=6,
)


class Writer:
    """Writes a table as TOML, drawing the form of each key, value and table; comments are numbered."""

    def __init__(self, draw: st.DrawFn, owner: str) -> None:
        self.draw = draw
        self.owner = owner
        self.comments: list[str] = []

    def maybe(self, chance: int = 4) -> bool:
        return self.draw(st.integers(0, chance)) == chance

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def comment(self) -> str:
        self.comments.append(f"# {self.owner}{len(self.comments)} ] \" '")
        return self.comments[-1]

    def key(self, key: str) -> str:
        forms = [_basic(key)]
        if "'" not in key:
            forms.append(f"'{key}'")
        if key.isascii() and key.replace("-", "").isalnum():
            forms += [key, key]
        return self.pick(*forms)

    def dotted(self, path: list[str]) -> str:
        return self.pick(".", ".", " . ").join(map(self.key, path))

    def value(self, value: Any, *, flat: bool = False) -> str:
        if isinstance(value, dict):
            return self.inline(value)
        if isinstance(value, list):
            return self.array(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return self.pick(str(value), hex(value), f"0o{value:o}")
        if isinstance(value, str):
            return self.string(value)
        return repr(value)

    def string(self, value: str) -> str:
        forms = [_basic(value)]
        if "\\" not in value and '"' not in value:
            forms.append(f'"""{value}"""')
            forms.append(f'"""\n{value}"""')
            if "\n" not in value:
                forms += [f"'{value}'", f"'''{value}'''", f"'''\n{value}'''"]
        return self.pick(*forms)

    def array(self, items: list[Any]) -> str:
        spread = self.maybe(1)
        out = self.pick("[", "[ ")
        for number, item in enumerate(items):
            if spread and self.maybe(2):
                out += " " + self.comment() if self.maybe(2) else ""
                out += self.pick("\n", "\n  ", "\n\n\t")
                if self.maybe():
                    out += self.comment() + "\n    "
            out += self.value(item)
            if spread and self.maybe():
                out += self.pick("\n", " " + self.comment() + "\n")
            if number + 1 < len(items) or self.maybe(2):
                out += self.pick(",", ", ", " ,")
        if spread and self.maybe(1):
            out += self.pick("\n", " " + self.comment() + "\n", "\n  " + self.comment() + "\n")
        return out + "]"

    def inline(self, table: dict[str, Any]) -> str:
        pairs = []
        for key, item in table.items():
            if isinstance(item, dict) and item and self.maybe(1):
                pairs += [
                    f"{self.dotted([key, k])}{self.pick('=', ' = ')}{self.value(v)}"
                    for k, v in item.items()
                ]
            else:
                pairs.append(f"{self.key(key)}{self.pick('=', ' = ')}{self.value(item)}")
        pad = self.pick("", " ")
        return "{" + pad + self.pick(",", ", ", " , ").join(pairs) + pad + "}"

    def lines(
        self, path: list[str], table: dict[str, Any]
    ) -> tuple[str, list[tuple[list[str], Any]]]:
        """The lines of a table, and the tables below it that want headers of their own."""
        out, later = "", []
        pending = [([key], item) for key, item in table.items()]
        while pending:
            keys, item = pending.pop(0)
            if isinstance(item, dict):
                form = self.pick("header", "header", "dotted", "inline")
                if form == "header" and len(keys) == 1:
                    later.append(([*path, *keys], item))
                    continue
                if form == "dotted" and item:
                    pending = [([*keys, key], inner) for key, inner in item.items()] + pending
                    continue
            if item in ARRAYS_OF_TABLES and len(keys) == 1 and self.maybe(1):
                later.append(([*path, *keys], item))
                continue
            out += self.trivia()
            out += self.pick("", "", "  ") + self.dotted(keys) + self.pick(" = ", "=")
            out += self.value(item)
            out += " " + self.comment() if self.maybe() else ""
            out += "\n"
        return out, later

    def element(self, path: list[str], table: dict[str, Any]) -> str:
        """One of an array of tables, with tables below it."""
        out = f"[[{self.dotted(path)}]]\n"
        for key, item in table.items():
            if isinstance(item, dict):
                inner = "".join(f"{self.key(k)} = {v}\n" for k, v in item.items())
                out += self.trivia() + f"[{self.dotted([*path, key])}]\n{inner}"
            else:
                out += f"{self.key(key)} = {item}\n"
        return out

    def trivia(self) -> str:
        out = "\n" if self.maybe() else ""
        return out + (self.comment() + "\n" if self.maybe() else "")

    def text(self, table: dict[str, Any]) -> str:
        out, later = self.lines([], table)
        while later:
            path, item = later.pop(self.draw(st.integers(0, len(later) - 1)))
            if isinstance(item, list):
                out += "".join(self.trivia() + self.element(path, one) for one in item)
                continue
            body, below = self.lines(path, item)
            if body or not below or self.maybe(1):
                out += self.trivia() + f"[{self.dotted(path)}]"
                out += (" " + self.comment() if self.maybe() else "") + "\n" + body
            later += below
        out += self.trivia()
        return out[:-1] if out.endswith("\n") and self.maybe() else out


def _basic(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


@st.composite
def texts(draw: st.DrawFn, table: dict[str, Any] | None = None, owner: str = "c") -> str:
    """A text for `table`, or for any table."""
    wanted = draw(tables) if table is None else table
    text = Writer(draw, owner).text(wanted)
    assert tomllib.loads(text) == wanted, text
    return text


@st.composite
def changed(draw: st.DrawFn, table: dict[str, Any]) -> dict[str, Any]:
    """A table with some of its keys changed, removed or added."""
    out: dict[str, Any] = {}
    for key, item in table.items():
        fate = draw(st.sampled_from(["keep", "keep", "keep", "drop", "change"]))
        if fate == "drop":
            continue
        if fate == "keep":
            out[key] = item
        elif isinstance(item, dict):
            out[key] = draw(changed(item))
        elif isinstance(item, list):
            out[key] = draw(arrays)
        else:
            out[key] = draw(values)
    if draw(st.integers(0, 2)) == 2:
        out |= draw(tables)
    return out
