"""What a row of the table of keys is: how its value is written, which values are valid, when it applies."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

from scaffold.facts import Facts, load_facts, version_key

Value = str | tuple[str, ...]
Hints = Mapping[str, str]


class Kind(Enum):
    """How a key's value is written."""

    CHOICE = "choice"
    LIST = "list"
    FOLDER = "folder"
    VERSION = "version"


class Targets(NamedTuple):
    """What the Gradle module builds for."""

    android: bool
    desktop: bool
    ios: bool


class Situation(NamedTuple):
    """What decides whether a key applies: the other answers, and what the module builds for."""

    values: Mapping[str, Value]
    targets: Targets


class Floor(NamedTuple):
    """The oldest version that is accepted, and why."""

    version: str
    why: str


def _nothing(_facts: Facts) -> Hints:
    return {}


class Key(NamedTuple):
    """One key of `scaffold.yml`.

    `words` and `offers` map a value to its hint: the values that are words, and the versions that the wizard offers.
    `comment`, `title` and `why` may name what the facts know: `{words}`, `{aligned}` and so on (see `text`).
    Without a `title` the key is not asked. `default` is what holds where nothing better is found; `is_open`: a
    person is asked first then, as no default is right for most new projects.
    """

    name: str
    kind: Kind
    comment: str
    default: Callable[[Facts], Value]
    title: str = ""
    why: str = ""
    words: Callable[[Facts], Hints] = _nothing
    pattern: str = ""
    example: str = ""
    offers: Callable[[Facts], Hints] = _nothing
    floor: Callable[[Facts], Floor] | None = None
    least_one: bool = False
    is_open: bool = False
    applies: Callable[[Situation], bool] = lambda _situation: True

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.words(load_facts()))

    @property
    def suggestions(self) -> tuple[str, ...]:
        """The versions to offer, the likeliest first."""
        return tuple(self.offers(load_facts()))

    def hint(self, value: str) -> str:
        """What a value that is a word means."""
        return self.text(self.words(load_facts()).get(value, ""))

    def text(self, template: str) -> str:
        """A comment or question with what the facts know filled in."""
        facts = load_facts()
        aligned = next(row for row in facts.page_size if row.aligned_by_ndk)
        jna = next(row for row in facts.jna if (row.arm64, row.x86_64) == ("ok", "ok"))
        return template.format(
            words=", ".join(self.choices), aligned=f"r{aligned.first_major}", jna=jna.version
        )


def complaint(key: Key, value: str) -> tuple[str, str] | None:
    """What is wrong with one scalar of this key, and the next step; None where it is valid."""
    if key.kind is Kind.FOLDER:
        return _folder_complaint(key, value)
    if value in key.choices:
        return None
    if key.pattern and re.fullmatch(key.pattern, value, re.ASCII) and len(value) <= 40:
        floor = key.floor(load_facts()) if key.floor else None
        if floor is None or version_key(value) >= version_key(floor.version):
            return None
        return (
            f"{key.name}: {value} is older than {floor.version}: {floor.why}",
            f"use {key.suggestions[0]}",
        )
    return f"{key.name}: {quoted(value)} is not a valid value", _nearest(key, value)


def _folder_complaint(key: Key, value: str) -> tuple[str, str] | None:
    wrong = ""
    parts = value.split("/")
    if not value:
        wrong = "is empty"
    elif any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029" for char in value):
        wrong = "contains a control character"
    elif "\\" in value:
        wrong = "contains a backslash"
    elif any(0xD800 <= ord(char) < 0xE000 for char in value):
        wrong = "is not Unicode text"
    elif value.startswith("/") or re.match("[A-Za-z]:", value):
        wrong = "is an absolute path"
    elif _leaves(parts):
        wrong = "is outside the project"
    elif ".git" in parts or ".scaffold" in parts:
        wrong = "is in a folder that belongs to a tool"
    if not wrong:
        return None
    return (
        f"{key.name}: {quoted(value)} {wrong}",
        _folder_hint(value),
    )


def _folder_hint(value: str) -> str:
    if re.fullmatch(r"[\w.-]+(\\[\w.-]+)+\\?", value, re.ASCII) and ".." not in value:
        slashes = value.strip("\\").replace("\\", "/")
        return f"use {slashes}"
    return "name a folder inside the project, with /, for example . or core"


def _leaves(parts: list[str]) -> bool:
    depth = 0
    for part in parts:
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def normal_folder(value: str) -> str:
    """`./a//b/../c/` → `a/c`; the project itself is `.`."""
    parts: list[str] = []
    for part in value.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."


def _nearest(key: Key, value: str) -> str:
    if key.name == "ndk":
        release = _ndk_by_release(value)
        if release:
            return release
    from difflib import get_close_matches

    near = get_close_matches(value.lower(), [*key.choices, *key.suggestions], n=1, cutoff=0.5)
    allowed = ", ".join(key.choices)
    if key.pattern:
        allowed = f"{allowed} or a version such as {key.example}" if allowed else key.example
    return f"did you mean {near[0]}?" if near else f"use {'one of ' * (not key.pattern)}{allowed}"


def _ndk_by_release(value: str) -> str:
    rows = load_facts().ndk
    for row in reversed(rows):
        if value in (row.release, row.release.removeprefix("r")):
            return f"{row.release} is {row.revision}"
        if value.startswith(row.revision + "-"):
            return f"the folder is named after the base revision: {row.revision}"
    numbers = value.removeprefix("r").rstrip("x.")
    for row in reversed(rows):
        if numbers and row.revision.startswith(numbers + "."):
            return f"did you mean {row.revision}?"
    return ""


def full_revision(ndk: str) -> str:
    """`r29` or `29.0.14206865`, as a person types it → the revision; anything else as it is, for the message."""
    return {row.release: row.revision for row in load_facts().ndk}.get(ndk, ndk)


def quoted(value: str) -> str:
    """A value as a message shows it: short, and without what could move the cursor."""
    shown = value if len(value) <= 60 else value[:57] + "…"
    return (
        '"'
        + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
        + '"'
    )
