"""Convention plugins: what the scripts and classes of buildSrc and build-logic apply in a module's name."""

import re
from collections.abc import Iterator

from scaffold.files.tree import folders
from scaffold.gradle.build import GradleBuild, build_root
from scaffold.gradle.sources import Sources, below

_SCRIPT = ".gradle.kts"


class Conventions:
    """The plugins that the build makes itself, by id; looked for when the first unknown id is asked for."""

    def __init__(self, build: GradleBuild) -> None:
        self.build = build
        self._paths: dict[str, str] | None = None

    def path(self, id_: str) -> str | None:
        """The script, or the Kotlin file with the class, behind a plugin id."""
        if self._paths is None:
            self._paths = {}
            for folder in self.build.included:
                for plugin, path in self._in(folder):
                    self._paths.setdefault(plugin, path)
        return self._paths.get(id_)

    def _in(self, folder: str) -> Iterator[tuple[str, str]]:
        classes: dict[str, str] = {}
        scripts: list[str] = []
        for inner, files in folders(self.build.sources.root, folder):
            for name in sorted(files):
                path = below(inner, name)
                inside = "/src/" in f"/{path}"
                if inside and name.endswith(_SCRIPT):
                    yield self._script_id(path, name.removesuffix(_SCRIPT)), path
                elif inside and name.endswith(".kt"):
                    classes.setdefault(name.removesuffix(".kt"), path)
                elif name == "build.gradle.kts":
                    scripts.append(path)
        for path in scripts:
            for id_, class_ in self._registered(path):
                if class_ in classes:
                    yield id_, classes[class_]

    def _script_id(self, path: str, name: str) -> str:
        # Gradle puts a precompiled script's package before its name.
        from scaffold.syntax.kotlin_tree import path_of

        header = next(
            (s for s in self.build.sources.seen(path) if s.node.type == "package_header"), None
        )
        package = path_of(header.node).removeprefix("package") if header else ""
        return f"{package}.{name}" if package else name

    def _registered(self, path: str) -> Iterator[tuple[str, str]]:
        """(id, class without its package) of `gradlePlugin { plugins { register("x") { … } } }`."""
        from scaffold.syntax.kotlin_tree import path_of

        found: dict[tuple[str, ...], dict[str, str]] = {}
        for one in self.build.sources.seen(path):
            if one.node.type == "assignment" and "gradlePlugin" in one.heads:
                name = path_of(one.node.children[0])
                found.setdefault(one.heads, {})[name] = path_of(one.node.children[-1])
        for settings in found.values():
            id_ = self._plugin_id(settings.get("id", ""))
            class_ = settings.get("implementationClass", "").strip('"').rpartition(".")[2]
            if id_ and class_:
                yield id_, class_

    def _plugin_id(self, text: str) -> str:
        alias = re.fullmatch(r"(\w+)\.plugins\.([\w.]+?)\.get\(\)(?:\.get\(\))?\.pluginId", text)
        if alias:
            catalogue = self.build.catalogue(alias[1])
            return catalogue.plugin(alias[2])[0] if catalogue else ""
        return text[1:-1] if re.fullmatch(r'"[^"$]+"', text) else ""


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


def applied_by(build: GradleBuild, path: str) -> dict[str, int]:
    """Plugin id → line, of what a convention's file applies, also by `with(pluginManager) { apply("x") }`."""
    from scaffold.syntax.kotlin_tree import arguments, callee, literal, path_of

    plugins = [one for one in build.sources.script(path).plugins if one.applied]
    found = {build.plugin_id(one)[0]: one.line for one in reversed(plugins)}
    for one in build.sources.seen(path):
        if one.node.type == "call_expression":
            name = path_of(callee(one.node)).rpartition(".")[2]
            given = arguments(one.node)
            id_ = literal(given[0][1]) if name == "apply" and len(given) == 1 else None
            if id_:
                found.setdefault(id_, one.line)
    return found
