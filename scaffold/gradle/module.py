"""What a Gradle module says: its own build file, and the convention plugins and catalogues behind it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scaffold.gradle.conventions import Builds, Conventions, applied_by
from scaffold.gradle.found import Abis, AndroidDsl, Module, Plugin, RustBuild, Setting
from scaffold.gradle.groovy import plugins_in_groovy, read_groovy
from scaffold.gradle.jna import jna_of
from scaffold.gradle.sources import Sources, below, joined
from scaffold.gradle.values import Values

if TYPE_CHECKING:
    from scaffold.syntax.kotlin_tree import Seen

ANDROID_PLUGINS = (
    "com.android.application",
    "com.android.library",
    "com.android.dynamic-feature",
    "com.android.test",
    "com.android.kotlin.multiplatform.library",
)
MULTIPLATFORM = "org.jetbrains.kotlin.multiplatform"
# What the `plugin` answer is; AGP alone brings Kotlin for Android since its version 9.
KOTLIN_PLUGINS = {
    MULTIPLATFORM: "multiplatform",
    "kotlin-multiplatform": "multiplatform",
    "com.android.kotlin.multiplatform.library": "multiplatform",
    "org.jetbrains.kotlin.android": "android",
    "kotlin-android": "android",
    "org.jetbrains.kotlin.jvm": "jvm",
    "kotlin": "jvm",
    **dict.fromkeys(ANDROID_PLUGINS[:4], "android"),
}
RUST_ANDROID_GRADLE = "org.mozilla.rust-android-gradle.rust-android"
GOBLEY_PLUGINS = ("dev.gobley.cargo", "dev.gobley.uniffi", "dev.gobley.rust")
_MOST_CONVENTIONS = 30
_KOTLIN = re.compile(r"(?:^|\.)kotlin\b|\bKotlinMultiplatformExtension\b")
_TARGETS = ("androidTarget", "androidLibrary", "android")
# An alias of a catalogue that cannot be read here (a published one).
_HIDDEN = re.compile(r"\.plugins\..*android.*(?:application|library)", re.IGNORECASE)


class GradleModule:
    """The module in `folder`, read once: `path` is its build file, `plugins` all that work in it."""

    def __init__(self, conventions: Conventions, folder: str, path: str) -> None:
        self.build = conventions.build
        self.folder = folder
        self.path = path
        self.groovy = not path.endswith(".kts")
        self.values = Values(self.build, folder)
        self.plugins: tuple[Plugin, ...] = ()
        self.scripts: tuple[str, ...] = () if self.groovy else (path,)
        self._apply(conventions)

    def has(self, *ids: str) -> bool:
        """Whether one of these plugins works in the module."""
        return any(plugin.id in ids for plugin in self.plugins)

    @property
    def kotlin_plugin(self) -> str | None:
        """The `plugin` answer that the module's plugins mean; None where they do not tell."""
        return next((answer for id_, answer in KOTLIN_PLUGINS.items() if self.has(id_)), None)

    def place_of(self, *ids: str) -> str:
        """The line that applies the first of `ids` that works here; the build file where none does."""
        places = {plugin.id: plugin.place for plugin in reversed(self.plugins)}
        return next((places[id_] for id_ in ids if id_ in places), self.path)

    def version_of(self, *ids: str) -> Setting | None:
        """The version of the first of these plugins whose version is written down."""
        found = (plugin.version for plugin in self.plugins if plugin.id in ids)
        return next((version for version in found if version), None)

    @property
    def crate_folder(self) -> str | None:
        """The crate that Gobley builds for the module, from the root; None where that cannot be told.

        Without `packageDirectory`, Gobley takes the module's own folder.
        """
        named = self.first("package_directory")
        if named:
            return self._folder(named[0].value, named[0].text)
        return self.folder if self.has("dev.gobley.cargo") else None

    def first(self, name: str) -> tuple[Any, str] | None:
        """The first script's setting of that name, the module's own before a convention's, and its file."""
        for path in self.scripts:
            setting = getattr(self.build.sources.script(path), name)
            if setting:
                return setting, path
        return None

    def _folder(self, value: str | None, text: str) -> str | None:
        quoted = re.findall(r'"([^"]*)"', text)
        of_root = re.match(
            r"(?:rootProject\.|rootDir\b|isolated\.rootProject\.|File\(rootDir|file\(rootDir)", text
        )
        if of_root and len(quoted) == 1 and "$" not in quoted[0]:
            return joined(self.build.base, quoted[0])
        by_root = re.fullmatch(
            r'(?:file|File) ?\( ?"\$\{?(?:rootDir|rootProject\.projectDir)\}?/([^"$]*)" ?\)', text
        )
        if by_root:
            return joined(self.build.base, by_root[1])
        own = re.fullmatch(r'projectDir\.resolve ?\( ?"([^"$]*)" ?\)', text)
        inside = own[1] if own else value
        return joined(self.folder, inside) if inside is not None else None

    def _apply(self, conventions: Conventions) -> None:
        sources = self.build.sources
        found: list[Plugin] = []
        own = (
            plugins_in_groovy(read_groovy(sources.text(self.path) or ""))
            if self.groovy
            else sources.script(self.path).plugins
        )
        for plugin in own:
            if plugin.applied:
                id_, version = self.build.plugin_id(plugin)  # type: ignore[arg-type]
                if plugin.version:
                    version = Setting(plugin.version, plugin.version, f"{self.path}:{plugin.line}")
                version = version or self.build.plugin_version(id_)
                found.append(Plugin(id_, version, f"{self.path}:{plugin.line}"))
        at = 0
        scripts = list(self.scripts)
        while at < len(found) and at < _MOST_CONVENTIONS:
            path = conventions.path(found[at].id)
            if path and path not in scripts:
                scripts.append(path)
                known = {plugin.id for plugin in found}
                for id_, line in applied_by(self.build, path).items():
                    if id_ not in known:
                        version = self.build.plugin_version(id_)
                        found.append(Plugin(id_, version, f"{path}:{line}"))
            at += 1
        self.plugins, self.scripts = tuple(found), tuple(scripts)


def find_module(builds: Builds, folder: str) -> GradleModule | None:
    """The module in `folder`; None where it has no build file. Gradle itself prefers the Groovy one."""
    for name in ("build.gradle", "build.gradle.kts"):
        path = below(folder, name)
        if builds.sources.exists(path):
            return GradleModule(builds.around(folder), folder, path)
    return None


def read_module(
    root: str, folder: str, plugin: str, sources: Sources | None = None
) -> Module | None:
    """What the plan needs of the module in `folder`, `plugin` being the answer; None where there is no build file."""
    module = find_module(Builds(sources or Sources(root)), folder)
    return describe(module, plugin) if module else None


def describe(module: GradleModule, plugin: str) -> Module:
    """What the plan needs of a module, `plugin` being the answer."""
    build = module.build
    rust_build, rust_place = _rust_build(module)
    shared = Module(
        module.path,
        module.folder,
        build.base,
        groovy=module.groovy,
        plugins=module.plugins,
        kotlin=module.kotlin_plugin,
        agp=module.version_of(*ANDROID_PLUGINS),
        agp_new_dsl=build.property("android.newDsl", module.folder),
        agp_built_in_kotlin=build.property("android.builtInKotlin", module.folder),
        gobley=module.version_of(*GOBLEY_PLUGINS),
        catalogue_ndk=build.catalogue_ndk(),
        crate=module.crate_folder,
        rust_build=rust_build,
        rust_place=rust_place,
    )
    if module.groovy or build.sources.text(module.path) is None:
        return replace(
            shared, android=plugin != "jvm", ndk=_groovy_ndk(module) if module.groovy else None
        )
    own = build.sources.script(module.path)
    ndk = _setting(module, "ndk_version")
    targets = module.first("jvm_targets")
    filters = module.first("abi_filters")
    android = has_android(module)
    named = (
        Abis(filters[0].abis, f"{filters[1]}:{filters[0].line}", "abiFilters", filters[0].complete)
        if filters
        else None
    )
    return replace(
        shared,
        android=android,
        android_dsl=_android_dsl(module, android),
        jvm_source_set=f"{targets[0][0]}Main" if targets else None,
        imports=frozenset(i.name + (f" as {i.alias}" if i.alias else "") for i in own.imports),
        ndk=ndk,
        ours_ndk=None if ndk else _ours_ndk(module),
        jna=jna_of(module.build, module.values, module.scripts),
        package_directory=_setting(module, "package_directory"),
        dynamic_cpp=_dynamic_cpp(module),
        abi_filters=named,
        abis=named,
    )


def _android_dsl(module: GradleModule, android: bool) -> AndroidDsl:
    if module.has("com.android.kotlin.multiplatform.library"):
        return "multiplatform-library"
    return "extension" if android else "none"


def _rust_build(module: GradleModule) -> tuple[RustBuild, str]:
    if module.has("dev.gobley.cargo"):
        return "gobley", module.place_of("dev.gobley.cargo")
    if module.has(RUST_ANDROID_GRADLE):
        return "rust-android-gradle", module.place_of(RUST_ANDROID_GRADLE)
    return "none", ""


def has_android(module: GradleModule) -> bool:
    """Whether the module has an Android target: by plugin, block or target, its own or a convention's."""
    if module.has(*ANDROID_PLUGINS) or any(_HIDDEN.search(one.id) for one in module.plugins):
        return True
    sources = module.build.sources
    return any(
        sources.script(path).has_android_block or _declares_android(sources.seen(path))
        for path in module.scripts
    )


def _declares_android(seen: "Iterable[Seen]") -> bool:
    from scaffold.syntax.kotlin_tree import callee, path_of

    return any(
        one.node.type == "call_expression"
        and path_of(callee(one.node)).rpartition(".")[2] in _TARGETS
        and _in_kotlin((*one.heads, path_of(callee(one.node))))
        for one in seen
    )


def _in_kotlin(path: tuple[str, ...]) -> bool:
    return any(_KOTLIN.search(part) for part in path)


def _setting(module: GradleModule, name: str) -> Setting | None:
    found = module.first(name)
    if found is None:
        return None
    setting, path = found
    if setting.value is None and name == "ndk_version":
        known = module.values.of(setting.text, path, setting.line)
        if known:
            return known
    return Setting(setting.value, setting.text, f"{path}:{setting.line}")


def _ours_ndk(module: GradleModule) -> Setting | None:
    """What our own block says by now."""
    from scaffold.gradle.script import scan_kotlin

    found = scan_kotlin(module.build.sources.text(module.path) or "", ours=True).ndk_version
    if found is None:
        return None
    known = module.values.of(found.text, module.path, found.line) if found.value is None else None
    return known or Setting(found.value, found.text, f"{module.path}:{found.line}")


def _groovy_ndk(module: GradleModule) -> Setting | None:
    for one in read_groovy(module.build.sources.text(module.path) or ""):
        if one.heads[:1] == ("android",) and one.tokens[0] in ("ndkVersion", "android.ndkVersion"):
            rest = [token for token in one.tokens[1:] if token not in ("=", "(", ")")]
            place = f"{module.path}:{one.line}"
            if one.strings:
                return Setting(one.strings[0], one.strings[0], place)
            text = rest[0].lstrip("'") if rest else ""
            known = module.values.of(re.sub(r"\.get$", "", text), module.path, one.line)
            return known or Setting(None, text, place)
    return None


def _dynamic_cpp(module: GradleModule) -> Setting | None:
    for path in module.scripts:
        for one in module.build.sources.script(path).dynamic_libraries:
            if "c++_shared" in one.text:
                return Setting(one.value, one.text, f"{path}:{one.line}")
    return None
