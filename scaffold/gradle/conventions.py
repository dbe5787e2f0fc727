"""Convention plugins: what the scripts and classes of buildSrc and build-logic apply in a module's name."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from scaffold.files.tree import folders
from scaffold.gradle.build import BUILD_FILES, GradleBuild, build_root
from scaffold.gradle.sources import Sources, below
from scaffold.syntax.statements import Statement

_SCRIPT = re.compile(r"(.+)\.gradle(?:\.kts)?")
_CLASS = re.compile(r"(.+)\.(?:kt|java|groovy)")
_DEEPEST = 20  # packages below `src/main/kotlin`
_MOST_FILES = 300  # source files of one build's conventions that are looked through for functions
# An included build may as well be an app or a library, whose own sources configure nothing.
_FOR_PLUGINS = re.compile(r"kotlin-dsl|gradlePlugin|gradle-plugin|gradleApi|gradleKotlinDsl")
_FUNCTION = re.compile(r"\bfun\b(?: *<[^>]*>)? (?:[\w.<>?*, ]+\.)?`?(\w+)`?\(")


class Part(NamedTuple):
    """A file that configures the module, and those of its statements that do."""

    path: str
    statements: tuple[Statement, ...]


class Conventions:
    """The plugins that the build makes itself, by id; looked for when the first unknown id is asked for."""

    def __init__(self, build: GradleBuild) -> None:
        self.build = build
        self.sources = build.sources

    def path(self, id_: str) -> str | None:
        """The script, or the file with the class, behind a plugin id."""
        return self._paths.get(id_)

    def functions(self, statements: Iterable[Statement]) -> Iterator[Part]:
        """The functions of the conventions' own files that these statements call, one step far."""
        called = {name for one in statements for name in one.calls()} & self._functions.keys()
        for name in sorted(called):
            path = self._functions[name]
            inside = [s for s in self.sources.script(path).statements if _inside(s, name)]
            if inside:
                yield Part(path, tuple(inside))

    @cached_property
    def _paths(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in self.build.included:
            for plugin, path in self._in(folder):
                found.setdefault(plugin, path)
        return found

    def files(self, folder: str) -> Iterator[tuple[str, str]]:
        """(path, name) of the source files that a build makes plugins from, however deep their packages are."""
        for inner, _ in folders(self.sources.root, folder):
            if inner.rpartition("/")[2] == "src" and self.makes_plugins(
                inner.rpartition("/")[0] or "."
            ):
                for package, files in folders(self.sources.root, inner, _DEEPEST, frozenset()):
                    for name in sorted(files):
                        yield below(package, name), name

    def makes_plugins(self, folder: str) -> bool:
        """Whether the module in `folder` of an included build makes plugins."""
        if f"{folder}/".startswith(self.build.path("buildSrc") + "/"):
            return True
        scripts = (below(folder, name) for name in BUILD_FILES)
        return any(_FOR_PLUGINS.search(self.sources.text(path) or "") for path in scripts)

    def _in(self, folder: str) -> Iterator[tuple[str, str]]:
        classes: dict[str, str] = {}
        for path, name in self.files(folder):
            script, class_ = _SCRIPT.fullmatch(name), _CLASS.fullmatch(name)
            if script:
                yield self._script_id(path, script[1]), path
            elif class_:
                classes.setdefault(class_[1], path)
        for inner, files in folders(self.sources.root, folder):
            for name in BUILD_FILES:
                if name in files:
                    for id_, class_name in self._registered(below(inner, name)):
                        if class_name in classes:
                            yield id_, classes[class_name]

    def _script_id(self, path: str, name: str) -> str:
        # Gradle puts a precompiled script's package before its name.
        statements = self.sources.script(path).statements
        package = next(
            (s.arguments[0].text for s in statements if s.path == "package" and s.arguments), ""
        )
        return f"{package}.{name}" if package else name

    def _registered(self, path: str) -> Iterator[tuple[str, str]]:
        """(id, class without its package) of `gradlePlugin { plugins { register("x") { … } } }`."""
        for block in self.sources.script(path).blocks:
            if "gradlePlugin" not in block.heads:
                continue
            said = {s.path: s.arguments[0].text for s in block.statements if s.arguments}
            id_ = self._plugin_id(said.get("id", ""))
            class_ = said.get("implementationClass", "").strip('"').rpartition(".")[2]
            if id_ and class_:
                yield id_, class_

    def _plugin_id(self, text: str) -> str:
        alias = re.fullmatch(r"(\w+)\.plugins\.([\w.]+?)\.get\(\)(?:\.get\(\))?\.pluginId", text)
        if alias:
            catalogue = self.build.catalogue(alias[1])
            return catalogue.plugin(alias[2])[0] if catalogue else ""
        return text[1:-1] if re.fullmatch(r'"[^"$]+"', text) else ""

    @cached_property
    def _functions(self) -> dict[str, str]:
        """Function → the Kotlin file that declares it."""
        found: dict[str, str] = {}
        paths = (
            p
            for folder in self.build.included
            for p, name in self.files(folder)
            if name.endswith(".kt")
        )
        for _, path in zip(range(_MOST_FILES), paths, strict=False):
            for name in _FUNCTION.findall(self.sources.text(path) or ""):
                found.setdefault(name, path)
        return found


def _inside(one: Statement, name: str) -> bool:
    function = _FUNCTION.search(one.heads[0]) if one.heads else None
    return bool(function and function[1] == name)


class Builds:
    """The Gradle builds of a repository, each with its conventions and looked at once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._found: dict[str, Conventions] = {}

    def around(self, folder: str) -> Conventions:
        """The build that a module in `folder` belongs to."""
        base, settings = build_root(self.sources, folder)
        if base not in self._found:
            self._found[base] = Conventions(GradleBuild(self.sources, base, settings))
        return self._found[base]
