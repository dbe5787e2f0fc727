"""What an expression of a Gradle script stands for, where another line of the build says so in plain text."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from scaffold.files.tree import folders
from scaffold.gradle.build import GradleBuild
from scaffold.gradle.found import Setting
from scaffold.gradle.sources import below

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 6  # a name that stands for a name that …; also ends cycles

_OF_PROJECT = r"(?:project\.|rootProject\.|target\.)?"
_CATALOGUE = re.compile(rf"{_OF_PROJECT}(\w+)\.versions\.([\w.]+)")
_FOUND_VERSION = re.compile(r'(\w+)\.findVersion\("([^"$]+)"\)')
_PROPERTY = re.compile(
    rf'{_OF_PROJECT}(?:property|findProperty|providers\.gradleProperty|extra\.get|ext\.get)\("([^"$]+)"\)'
    rf'|{_OF_PROJECT}(?:properties|extra|ext|extra\.properties)\["([^"$]+)"\]'
)
_NOISE = re.compile(
    r"(?:\.get\(\)|\.orNull|\.toString\(\)|\.trim\(\)|!!|\.(?:required|strict|preferred|display)(?:Version|Name))$"
)
_CAST = re.compile(r"\s+as\??\s+String\??$")


class Line(NamedTuple):
    """The text that a name is given, and where."""

    text: str
    line: int


class Values:
    """Looks expressions up that stand in the scripts of one build, for the module in `folder`."""

    def __init__(self, build: GradleBuild, folder: str) -> None:
        self.build = build
        self.folder = folder
        self._names: dict[str, dict[str, Line]] = {}

    def of(self, text: str, path: str, line: int, depth: int = 0) -> Setting | None:
        """The value of the expression `text` of the file `path`, with the place where it is written down."""
        text = _plain(text)
        if depth > _DEEPEST or len(text) > 400:
            return None
        left, elvis, right = text.partition("?:")
        if elvis:
            return self.of(left, path, line, depth + 1) or self.of(right, path, line, depth + 1)
        literal = re.fullmatch(r'"([^"]*)"', text)
        if literal:
            return self._template(literal[1], path, line, depth)
        return (
            self._catalogued(text)
            or self._property(text, path, depth)
            or self._named(text, path, depth)
        )

    def _template(self, text: str, path: str, line: int, depth: int) -> Setting | None:
        places: list[str] = []
        known = True

        def filled(found: re.Match[str]) -> str:
            nonlocal known
            value = self.of(found[1] or found[2], path, line, depth + 1)
            if value is None or value.value is None:
                known = False
                return ""
            places.append(value.place)
            return value.value

        whole = re.sub(r"\$\{([^{}]+)\}|\$(\w+)", filled, text)
        if not known:
            return None
        return Setting(whole, text, places[0] if places else f"{path}:{line}")

    def _catalogued(self, text: str) -> Setting | None:
        named = _CATALOGUE.fullmatch(text) or _FOUND_VERSION.fullmatch(text)
        if named is None:
            return None
        # A convention plugin calls the catalogue that it looks up what it likes.
        catalogue = self.build.catalogue(named[1]) or (
            self.build.catalogue("libs") if "findVersion" in text else None
        )
        return catalogue.version(named[2]) if catalogue else None

    def _property(self, text: str, path: str, depth: int) -> Setting | None:
        named = _PROPERTY.fullmatch(text)
        return self._by_name(named[1] or named[2], path, depth) if named else None

    def _by_name(self, name: str, path: str, depth: int) -> Setting | None:
        """A project property: one of the script's or root script's extras, else of gradle.properties."""
        for place in dict.fromkeys((path, self.build.path("build.gradle.kts"))):
            given = self._given(place).get(f"extra {name}")
            found = given and self.of(given.text, place, given.line, depth + 1)
            if found:
                return found
        return self.build.property(name, self.folder)

    def _named(self, text: str, path: str, depth: int) -> Setting | None:
        if not re.fullmatch(r"[\w.]+", text):
            return None
        names = self._given(path)
        given = names.get(text) or names.get(f"extra {text}")
        if given:
            by = re.fullmatch(
                r"by (?:project|rootProject\.extra|extra|rootProject|settings)", given.text
            )
            if by:
                return self._by_name(text, path, depth + 1)
            return self.of(given.text, path, given.line, depth + 1)
        return self._constant(text, depth) if "." in text else None

    def _constant(self, text: str, depth: int) -> Setting | None:
        """`Versions.NDK`, an object of buildSrc."""
        owner, _, name = text.rpartition(".")
        for place in self._constants():
            if re.search(
                rf"\bobject\s+{re.escape(owner.rpartition('.')[2])}\b",
                self.build.sources.text(place) or "",
            ):
                given = self._given(place).get(name)
                found = given and self.of(given.text, place, given.line, depth + 1)
                if found:
                    return found
        return None

    def _constants(self) -> Iterable[str]:
        folder = self.build.path("buildSrc")
        return [
            path
            for inner, files in folders(self.build.sources.root, folder)
            for name in sorted(files)
            if name.endswith(".kt")
            for path in (below(inner, name),)
        ][:50]

    def _given(self, path: str) -> dict[str, Line]:
        """Name → what it is set to; extra properties are called `extra name`."""
        if path not in self._names:
            found: dict[str, Line] = {}
            for one in self.build.sources.seen(path):
                reader = _READERS.get(one.node.type)
                pair = reader(one.node) if reader else None
                if pair:
                    found.setdefault(pair[0], Line(pair[1], one.line))
            self._names[path] = found
        return self._names[path]


def _plain(text: str) -> str:
    text = text.strip()
    while True:
        shorter = _NOISE.sub("", _CAST.sub("", text)).strip()
        if shorter.startswith("(") and shorter.endswith(")"):
            shorter = shorter[1:-1].strip()
        if shorter == text:
            return text
        text = shorter


def _declared(node: "Node") -> tuple[str, str] | None:
    from scaffold.syntax.kotlin_tree import said

    name = next(
        (
            said(c.children[0])
            for c in node.children
            if c.type == "variable_declaration" and c.children
        ),
        "",
    )
    delegate = next((said(c) for c in node.children if c.type == "property_delegate"), "")
    extra = re.fullmatch(r"by (?:extra|project\.extra)\s*[({] ?(.*?) ?[)}]", delegate)
    if extra:
        return (f"extra {name}", extra[1]) if name else None
    if delegate:
        return (name, delegate) if name else None
    signs = [c.type for c in node.children]
    return (name, said(node.children[signs.index("=") + 1])) if name and "=" in signs[:-1] else None


def _assigned(node: "Node") -> tuple[str, str] | None:
    from scaffold.syntax.kotlin_tree import path_of, said

    if len(node.children) < 3 or node.children[1].type != "=":
        return None
    target = re.fullmatch(
        r'(?:rootProject\.|project\.)?(?:extra|ext)\["([^"$]+)"\]', path_of(node.children[0])
    )
    return (f"extra {target[1]}", said(node.children[-1])) if target else None


def _called(node: "Node") -> tuple[str, str] | None:
    from scaffold.syntax.kotlin_tree import arguments, callee, literal, path_of, said

    if not re.fullmatch(r"(?:rootProject\.|project\.)?(?:extra|ext)\.set", path_of(callee(node))):
        return None
    given = arguments(node)
    name = literal(given[0][1]) if len(given) == 2 else None
    return (f"extra {name}", said(given[1][1])) if name else None


_READERS: "dict[str, Callable[[Node], tuple[str, str] | None]]" = {
    "property_declaration": _declared,
    "assignment": _assigned,
    "call_expression": _called,
}
