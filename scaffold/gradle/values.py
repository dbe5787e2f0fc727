"""What an expression of a Gradle script stands for, where another line of the build says so in plain text."""

import re

from scaffold.files.tree import folders
from scaffold.gradle.build import GradleBuild, literal
from scaffold.gradle.found import Setting
from scaffold.gradle.sources import below
from scaffold.syntax.statements import Argument, Statement

_DEEPEST = 6  # a name that stands for a name that …; also ends cycles
_LONGEST = 400  # characters of an expression that is looked up

_OF_PROJECT = r"(?:project\.|rootProject\.|target\.)?"
_CATALOGUE = re.compile(rf"{_OF_PROJECT}(\w+)\.versions\.([\w.]+)")
_FOUND_VERSION = re.compile(r'(\w+)\.findVersion\("([^"$]+)"\)')
_PROPERTY = re.compile(
    rf'{_OF_PROJECT}(?:property|findProperty|providers\.gradleProperty|extra\.get|ext\.get|ext|extra)\("([^"$]+)"\)'
    rf'|{_OF_PROJECT}(?:properties|extra|ext|extra\.properties)\["([^"$]+)"\]'
    rf"|{_OF_PROJECT}(?:extra|ext)\.(\w+)"
    r"|(?:project|rootProject|target)\.(\w+)"
)
_NOISE = re.compile(
    r"(?:\.get\(\)|\.get|\.orNull|\.toString\(\)|\.trim\(\)|!!|\.(?:required|strict|preferred|display)(?:Version|Name))$"
)
_CAST = re.compile(r"\s+as\??\s+String\??$")
_EXTRA = re.compile(r'(?:rootProject\.|project\.)?(?:extra|ext)(?:\.(\w+)|\["([^"$]+)"\])')
_BY_EXTRA = re.compile(r"by (?:extra|project\.extra)\s*\(\s*(.*?)\s*\)")
_EXTRA_BLOCK = re.compile(r"val (\w+) by (?:project\.)?extra")
_BY_NAME = re.compile(r"by (?:project|rootProject\.extra|extra|rootProject|settings)")


class Values:
    """Looks expressions up that stand in the scripts of one build, for the module in `folder`."""

    def __init__(self, build: GradleBuild, folder: str) -> None:
        self.build = build
        self.folder = folder
        self._names: dict[str, dict[str, Setting]] = {}

    def setting(self, argument: Argument, path: str, line: int) -> Setting:
        """What an argument says, its value looked up where it is no literal."""
        said = Setting(None, argument.text, f"{path}:{line}")
        if argument.literal is not None:
            token = argument.tokens[0]
            plain = literal(token.text, path, token.line, token.start)
            return plain._replace(text=argument.text, place=said.place)
        known = self.of(argument.text, path, line)
        return known._replace(text=argument.text) if known else said

    def of(self, text: str, path: str, line: int, depth: int = 0) -> Setting | None:
        """The value of the expression `text` of the file `path`, with the place where it is written down."""
        text = _plain(text)
        if depth > _DEEPEST or len(text) > _LONGEST:
            return None
        left, elvis, right = text.partition("?:")
        if elvis:
            return self.of(left, path, line, depth + 1) or self.of(right, path, line, depth + 1)
        string = re.fullmatch(r'"([^"]*)"', text)
        if string:
            return self._template(string[1], path, line, depth)
        return (
            self._catalogued(text)
            or self._property(text, path, depth)
            or self._named(text, path, depth)
        )

    def named(self, name: str, path: str) -> Setting | None:
        """What a name is given in the file, as it stands there."""
        return self._all(path).get(name)

    def expression(self, name: str, path: str) -> str:
        """The expression that a name is given in the file, or ""."""
        given = self._all(path).get(name)
        return given.text if given and given.value is None else ""

    def strings(self, name: str, path: str) -> tuple[str, ...]:
        """The strings of a list that a name is given in the file, where it holds nothing else."""
        text = self.expression(name, path)
        plain = re.fullmatch(r'(?:\w+Of)?\s*[(\[]((?:\s*"[^"$]*"\s*,?)*)[)\]]', text)
        return tuple(re.findall(r'"([^"]*)"', plain[1])) if plain else ()

    def _template(self, text: str, path: str, line: int, depth: int) -> Setting | None:
        alone = re.fullmatch(r"\$\{([^{}]+)\}|\$(\w+)", text)
        if alone:
            return self.of(alone[1] or alone[2], path, line, depth + 1)
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
        name = next((group for group in named.groups() if group), "") if named else ""
        return self._by_name(name, path, depth) if name else None

    def _by_name(self, name: str, path: str, depth: int) -> Setting | None:
        """A project property: one of the script's or root script's extras, else of gradle.properties."""
        for place in dict.fromkeys((path, self.build.root_script)):
            found = self._given(place, f"extra {name}", depth)
            if found:
                return found
        return self.build.property(name, self.folder)

    def _named(self, text: str, path: str, depth: int) -> Setting | None:
        if not re.fullmatch(r"[\w.]+", text):
            return None
        names = self._all(path)
        for name in (text, f"extra {text}"):
            if name in names:
                if _BY_NAME.fullmatch(names[name].text):
                    return self._by_name(text, path, depth + 1)
                return self._given(path, name, depth)
        if "." in text:
            return self._constant(text, depth)
        # Groovy and a convention's script see the root script's extras, and properties, by their names.
        return self._by_name(text, path, depth + 1)

    def _constant(self, text: str, depth: int) -> Setting | None:
        """`Versions.NDK`, an object of buildSrc."""
        owner, _, name = text.rpartition(".")
        inside = re.compile(rf"\bobject\s+{re.escape(owner.rpartition('.')[2])}\b")
        for path in self._constants():
            if inside.search(self.build.sources.text(path) or ""):
                found = self._given(path, name, depth)
                if found:
                    return found
        return None

    def _constants(self) -> list[str]:
        root = self.build.sources.root
        return [
            below(inner, name)
            for folder in self.build.included
            for inner, files in folders(root, folder, deepest=12)
            for name in sorted(files)
            if name.endswith((".kt", ".java", ".groovy"))
        ][:50]

    def _given(self, path: str, name: str, depth: int) -> Setting | None:
        given = self._all(path).get(name)
        if given is None or given.value is not None:
            return given
        return self.of(given.text, path, int(given.place.rpartition(":")[2]), depth + 1)

    def _all(self, path: str) -> dict[str, Setting]:
        """Name → what it is set to; extra properties are called `extra name`."""
        if path not in self._names:
            found: dict[str, Setting] = {}
            for one in self.build.sources.script(path).statements:
                pair = _pair(one)
                if pair:
                    name, argument = pair
                    place = f"{path}:{one.line}"
                    setting = Setting(None, argument.text, place)
                    if argument.literal is not None:
                        token = argument.tokens[0]
                        setting = literal(token.text, path, token.line, token.start)
                    found.setdefault(name, setting)
            self._names[path] = found
        return self._names[path]


def _pair(one: Statement) -> tuple[str, Argument] | None:
    """The name that a statement gives something, and what."""
    if one.declares:
        if one.sets:
            return one.declares, one.arguments[0]
        words = [token.text for token in one.tokens]
        if "by" not in words:
            return None
        delegate = Argument(one.tokens[words.index("by") :])
        extra = _BY_EXTRA.fullmatch(delegate.text)
        if extra:
            return f"extra {one.declares}", Argument(delegate.tokens[3:-1])
        return one.declares, delegate
    named = _EXTRA.fullmatch(one.path)
    if named and one.sets:
        return f"extra {named[1] or named[2]}", one.arguments[0]
    if (
        one.path in ("extra", "ext", "rootProject.extra", "project.extra", "project.ext")
        and len(one.arguments) == 2
    ):
        name = one.arguments[0].literal  # extra.set("name", value)
        return (f"extra {name}", one.arguments[1]) if name else None
    in_extra = one.heads[-1:] in (("ext",), ("project.ext",), ("extra",)) or (
        "buildscript" in one.heads and one.heads[-1] == "ext"
    )
    if in_extra and one.sets and re.fullmatch(r"\w+", one.path):
        return f"extra {one.path}", one.arguments[0]
    delegated = _EXTRA_BLOCK.fullmatch(one.heads[-1]) if one.heads else None
    return (f"extra {delegated[1]}", Argument(one.tokens)) if delegated else None


def _plain(text: str) -> str:
    text = text.strip()
    while True:
        shorter = _NOISE.sub("", _CAST.sub("", text)).strip()
        if shorter.startswith("(") and shorter.endswith(")"):
            shorter = shorter[1:-1].strip()
        if shorter == text or len(text) > _LONGEST:
            return text
        text = shorter
