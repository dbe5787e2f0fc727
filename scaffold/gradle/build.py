"""The Gradle build that a module belongs to: its settings, catalogues, properties and convention plugins."""

import re
from typing import TYPE_CHECKING

from scaffold.gradle.catalogue import Catalogue
from scaffold.gradle.found import Setting
from scaffold.gradle.script_plugins import Plugin
from scaffold.gradle.sources import Sources, below, joined

if TYPE_CHECKING:
    from scaffold.syntax.kotlin_tree import Seen

SETTINGS = ("settings.gradle.kts", "settings.gradle")

# `create("deps") {`, or `deps {` by a plugin's accessor; and in it `from(files("…"))`.
_CATALOGUE_NAME = re.compile(
    r'(?:create|register|getByName|named|maybeCreate) ?\( ?"(\w+)"|^(\w+)$'
)
_FILES = re.compile(r'files?\("(?:\$(?:rootDir|\{rootDir\})/)?([^"$]+)"')


class GradleBuild:
    """The build whose root is the folder `base`; `settings` is its settings file, there or not."""

    def __init__(self, sources: Sources, base: str, settings: str) -> None:
        self.sources = sources
        self.base, self.settings = base, settings
        self.catalogues = self._catalogues()
        self.included = self._included()

    def path(self, name: str) -> str:
        """A file of the build's root folder, from the project's root."""
        return below(self.base, name)

    def catalogue(self, accessor: str) -> Catalogue | None:
        """`libs`, or what the settings file calls another one."""
        return self.catalogues.get(accessor)

    def catalogue_ndk(self) -> Setting | None:
        """A version called after the NDK in any catalogue, `libs` first."""
        return next((found for one in self.catalogues.values() if (found := one.ndk())), None)

    def plugin_id(self, plugin: Plugin) -> tuple[str, Setting | None]:
        """A plugin's id, the alias looked up, and the catalogue's version of it."""
        named = re.fullmatch(r"(?:project\.)?(\w+)\.plugins\.([\w.]+)", plugin.id)
        catalogue = self.catalogue(named[1]) if named else None
        id_, version = catalogue.plugin(named[2]) if catalogue and named else ("", None)
        return id_ or plugin.id, version

    def plugin_version(self, id_: str) -> Setting | None:
        """The version that the root script, or the settings' `pluginManagement`, gives a plugin."""
        for name in ("build.gradle.kts", "settings.gradle.kts"):
            path = self.path(name)
            if name == "settings.gradle.kts" and path != self.settings:
                continue
            for plugin in self._declared(path):
                own, version = self.plugin_id(plugin)
                if own == id_ and plugin.version:
                    return Setting(plugin.version, plugin.version, f"{path}:{plugin.line}")
                if own == id_ and version:
                    return version
        return None

    def property(self, name: str, folder: str) -> Setting | None:
        """A line of `gradle.properties`, the module's before the build's."""
        for path in dict.fromkeys(
            (below(folder, "gradle.properties"), self.path("gradle.properties"))
        ):
            for number, line in enumerate((self.sources.text(path) or "").split("\n"), 1):
                found = re.fullmatch(rf"\s*{re.escape(name)}\s*[=:\s]\s*(.*?)\s*", line)
                if found:
                    return Setting(found[1], found[1], f"{path}:{number}")
        return None

    def _declared(self, path: str) -> list[Plugin]:
        if path != self.settings:
            return list(self.sources.script(path).plugins)
        from scaffold.gradle.script_plugins import plugins_in

        # pluginManagement { plugins { … } } declares as plugins { … } does.
        inner = (
            one._replace(heads=("plugins",))
            for one in self.sources.seen(path)
            if one.heads == ("pluginManagement", "plugins")
        )
        return list(plugins_in(inner))

    def _catalogues(self) -> dict[str, Catalogue]:
        from scaffold.syntax.kotlin_tree import arguments, callee, path_of

        paths = {"libs": self.path("gradle/libs.versions.toml")}
        for one in self._settings_calls():
            given = arguments(one.node)
            if path_of(callee(one.node)) == "from" and "versionCatalogs" in one.heads and given:
                named = _CATALOGUE_NAME.search(one.heads[-1])
                file = _FILES.search(path_of(given[0][1]))
                path = joined(self.base, file[1]) if file else None
                if named and path:
                    paths[named[1] or named[2]] = path
        return {name: Catalogue(path, self.sources.text(path)) for name, path in paths.items()}

    def _included(self) -> tuple[str, ...]:
        """Folders of the builds that convention plugins come from."""
        from scaffold.syntax.kotlin_tree import arguments, callee, literal, path_of

        found = [self.path("buildSrc")]
        for one in self._settings_calls():
            given = arguments(one.node)
            if path_of(callee(one.node)).endswith("includeBuild") and given:
                path = joined(self.base, literal(given[0][1]) or "")
                found += [path] if path and path != self.base else []
        return tuple(dict.fromkeys([*found, self.path("build-logic")]))

    def _settings_calls(self) -> "list[Seen]":
        if not self.settings.endswith(".kts"):
            return []
        return [
            one for one in self.sources.seen(self.settings) if one.node.type == "call_expression"
        ]


def build_root(sources: Sources, folder: str) -> tuple[str, str]:
    """(folder, settings file) of the build that `folder` belongs to: the nearest above with a settings
    file, else the project's root."""
    parts = [] if folder == "." else folder.split("/")
    for depth in range(len(parts), -1, -1):
        above = "/".join(parts[:depth]) or "."
        for name in SETTINGS:
            if sources.exists(below(above, name)):
                return above, below(above, name)
    return ".", "settings.gradle.kts"
