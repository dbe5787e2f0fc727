"""The Gradle build that a module belongs to: its settings, catalogues, properties and included builds."""

import re
from collections.abc import Iterator

from scaffold.gradle.catalogue import Catalogue
from scaffold.gradle.found import Setting, Span
from scaffold.gradle.plugins import Declared, plugins_in
from scaffold.gradle.sources import Sources, below
from scaffold.syntax.statements import Statement

SETTINGS = ("settings.gradle.kts", "settings.gradle")
BUILD_FILES = ("build.gradle", "build.gradle.kts")  # Gradle itself prefers the Groovy one

# `create("deps") {`, or `deps {` by a plugin's accessor; and in it `from(files("…"))`.
_CATALOGUE_NAME = re.compile(
    r'(?:create|register|getByName|named|maybeCreate) ?\( ?"(\w+)"|^(\w+)$'
)
_FILES = re.compile(r'files?\("(?:\$(?:rootDir|\{rootDir\})/)?([^"$]+)"')
# The libraries that plugins come in, for builds that name these instead.
_LIBRARIES = {
    "com.android.": ("com.android.tools.build:gradle",),
    "dev.gobley.": (
        "dev.gobley.gradle:gobley-gradle",
        "dev.gobley.gradle:gobley-gradle-cargo",
        "dev.gobley.gradle:gobley-gradle-uniffi",
    ),
}
_COORDINATE = re.compile(r"([\w.-]+:[\w.-]+):([^:@$]+)")


class GradleBuild:
    """The build whose root is the folder `base`; `settings` is its settings file, there or not."""

    def __init__(self, sources: Sources, base: str, settings: str) -> None:
        self.sources = sources
        self.base, self.settings = base, settings
        self.catalogues = self._catalogues()
        self.included = self._included()
        self.root_script = next(
            (p for name in BUILD_FILES if sources.exists(p := self.path(name))),
            self.path(BUILD_FILES[1]),
        )

    def path(self, name: str) -> str:
        """A file of the build's root folder, from the project's root."""
        return below(self.base, name)

    def catalogue(self, accessor: str) -> Catalogue | None:
        """`libs`, or what the settings file calls another one."""
        return self.catalogues.get(accessor)

    def catalogue_ndk(self) -> Setting | None:
        """A version called after the NDK in any catalogue, `libs` first."""
        return next((found for one in self.catalogues.values() if (found := one.ndk())), None)

    def plugin(self, declared: Declared, path: str) -> tuple[str, Setting | None]:
        """A declared plugin's id, an alias looked up, and the version that the script or catalogue gives it."""
        named = re.fullmatch(r"(\w+)\.plugins\.([\w.]+)", declared.id)
        catalogue = self.catalogue(named[1]) if named else None
        id_, version = catalogue.plugin(named[2]) if catalogue and named else ("", None)
        if declared.version:
            version = literal(declared.version.text, path, declared.line, declared.version.start)
        return id_ or declared.id, version

    def plugin_version(self, id_: str) -> Setting | None:
        """The version that the root script, the settings' `pluginManagement`, or a plugin's library has."""
        for path in (self.root_script, self.settings):
            for declared in plugins_in(self.sources.script(path).statements):
                own, version = self.plugin(declared, path)
                if own == id_ and version:
                    return version
        modules = next((m for start, m in _LIBRARIES.items() if id_.startswith(start)), ())
        return next((found for one in modules if (found := self._library(one))), None)

    def _library(self, module: str) -> Setting | None:
        for catalogue in self.catalogues.values():
            found = catalogue.module(module)
            if found:
                return found
        for folder in (self.base, *self.included):
            for name in BUILD_FILES:
                path = below(folder, name)
                for one in self.sources.script(path).statements:
                    for string in one.strings:
                        coordinate = _COORDINATE.fullmatch(string.text)
                        if coordinate and coordinate[1] == module:
                            at = string.start + coordinate.start(2)
                            return literal(coordinate[2], path, string.line, at)
        return None

    def property(self, name: str, folder: str) -> Setting | None:
        """A line of `gradle.properties`, the module's before the build's."""
        pattern = re.compile(
            rf"^[ \t]*{re.escape(name)}[ \t]*[=: \t][ \t]*(.*?)[ \t]*$", re.MULTILINE
        )
        for path in dict.fromkeys(
            (below(folder, "gradle.properties"), self.path("gradle.properties"))
        ):
            text = self.sources.text(path) or ""
            found = pattern.search(text)
            if found:
                row = text.count("\n", 0, found.start(1)) + 1
                return literal(found[1], path, row, found.start(1) - 1)
        return None

    def _settings_statements(self) -> Iterator[Statement]:
        yield from self.sources.script(self.settings).statements

    def _catalogues(self) -> dict[str, Catalogue]:
        paths = {"libs": self.path("gradle/libs.versions.toml")}
        for one in self._settings_statements():
            if one.name == "from" and "versionCatalogs" in one.heads and one.arguments:
                named = _CATALOGUE_NAME.search(one.heads[-1])
                file = _FILES.search(one.arguments[0].text)
                path = self.sources.joined(self.base, file[1]) if file else None
                if named and path:
                    paths[named[1] or named[2]] = path
        return {name: Catalogue(path, self.sources.text(path)) for name, path in paths.items()}

    def _included(self) -> tuple[str, ...]:
        """Folders of the builds that convention plugins come from."""
        found = [self.path("buildSrc")]
        for one in self._settings_statements():
            if one.name == "includeBuild" and one.arguments:
                path = self.sources.joined(self.base, one.arguments[0].literal or "")
                found += [path] if path and path != self.base else []
        return tuple(dict.fromkeys([*found, self.path("build-logic")]))


def literal(value: str, path: str, line: int, quote: int) -> Setting:
    """A value that stands in `path` behind the character at `quote`."""
    return Setting(value, value, f"{path}:{line}", Span(path, quote + 1, quote + 1 + len(value)))


def build_root(sources: Sources, folder: str) -> tuple[str, str]:
    """(folder, settings file) of the build that `folder` belongs to: the nearest above with a settings file
    in the repository, else the project's root."""
    parts = [] if folder == "." else folder.split("/")
    heights = [*("/".join(parts[:depth]) or "." for depth in range(len(parts), -1, -1))]
    heights += ["/".join([".."] * height) for height in range(1, sources.above + 1)]
    for above in heights:
        for name in SETTINGS:
            if sources.exists(below(above, name)):
                return above, below(above, name)
    return ".", "settings.gradle.kts"
