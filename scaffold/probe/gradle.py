"""What a Gradle module's build file, and the version catalogue, say."""

import os
import re
from typing import TYPE_CHECKING, Any

from scaffold.merge.kotlin_plugins import Plugin
from scaffold.plan.project import Module, Setting
from scaffold.probe.reading import line_of, read_text, read_toml, table, text_at

if TYPE_CHECKING:
    from scaffold.merge.kotlin_scan import KotlinScript

CATALOGUE = "gradle/libs.versions.toml"
ANDROID_PLUGINS = (
    "com.android.application",
    "com.android.library",
    "com.android.dynamic-feature",
    "com.android.test",
    "com.android.kotlin.multiplatform.library",
)
MULTIPLATFORM = "org.jetbrains.kotlin.multiplatform"
GOBLEY_PLUGINS = ("dev.gobley.cargo", "dev.gobley.uniffi", "dev.gobley.rust")


class Catalogue:
    """`gradle/libs.versions.toml`, asked as a build script asks it: `libs.versions.ndk`, `libs.plugins.x`."""

    def __init__(self, root: str) -> None:
        path = os.path.join(root, *CATALOGUE.split("/"))
        self.document: dict[str, Any] = read_toml(path) or {}
        self.text = read_text(path) or ""

    def version(self, accessor: str) -> Setting | None:
        """`ndk` or `android.ndk` (what follows `libs.versions.`) → its value and place."""
        for name, value in table(self.document, "versions").items():
            if _accessor(name) == _accessor(accessor):
                return self._setting(name, value)
        return None

    def plugin(self, accessor: str) -> tuple[str, Setting | None]:
        """The id behind `libs.plugins.<accessor>`, and its version; "" for an unknown one."""
        for name, value in table(self.document, "plugins").items():
            if _accessor(name) == _accessor(accessor):
                if isinstance(value, str):
                    id_, _, version = value.partition(":")
                    return id_, self._setting(name, version)
                return text_at(value, "id") or "", self._version_of(name, value)
        return "", None

    def library(self, accessor: str) -> tuple[str, Setting | None]:
        """`group:name` behind `libs.<accessor>`, and its version."""
        for name, value in table(self.document, "libraries").items():
            if _accessor(name) == _accessor(accessor):
                if isinstance(value, str):
                    group, _, rest = value.partition(":")
                    artifact, _, version = rest.partition(":")
                    return f"{group}:{artifact}", self._setting(name, version)
                module = text_at(value, "module") or ":".join(
                    text_at(value, key) or "" for key in ("group", "name")
                )
                return module, self._version_of(name, value)
        return "", None

    def ndk(self) -> Setting | None:
        """A version that is called after the NDK, whoever uses it."""
        for name, value in table(self.document, "versions").items():
            if _accessor(name).replace(".", "").removeprefix("android") in ("ndk", "ndkversion"):
                setting = self._setting(name, value)
                if setting and setting.value and re.fullmatch(r"\d+\.\d+\.\d+", setting.value):
                    return setting
        return None

    def _version_of(self, name: str, value: Any) -> Setting | None:
        reference = text_at(value, "version", "ref")
        if reference is not None:
            return self.version(reference)
        return self._setting(name, value.get("version") if isinstance(value, dict) else None)

    def _setting(self, name: str, value: Any) -> Setting | None:
        if isinstance(value, dict):
            value = next(
                (v for k in ("strictly", "require", "prefer") if (v := value.get(k))), None
            )
        if not isinstance(value, str) or not value:
            return None
        return Setting(value, value, f"{CATALOGUE}:{line_of(self.text, name, value)}")


def _accessor(name: str) -> str:
    # Gradle makes accessors of aliases: -, _ and . all become dots.
    return re.sub(r"[-_.]", ".", name).lower()


def module_file(root: str, folder: str) -> tuple[str, bool] | None:
    """The module's build file and whether it is Groovy; Gradle itself prefers the Groovy one."""
    for name in ("build.gradle", "build.gradle.kts"):
        relative = name if folder == "." else f"{folder}/{name}"
        if os.path.lexists(os.path.join(root, *relative.split("/"))):
            return relative, name == "build.gradle"
    return None


def read_module(root: str, folder: str, plugin: str) -> Module | None:
    """The module in `folder`; None where it has no Gradle build file."""
    found = module_file(root, folder)
    if found is None:
        return None
    path, groovy = found
    text = read_text(os.path.join(root, *path.split("/")))
    if groovy or text is None:
        return Module(path, groovy=groovy, android=plugin != "jvm")
    from scaffold.merge.kotlin_scan import KotlinScript, scan_kotlin
    from scaffold.merge.result import CannotMerge

    try:
        script = scan_kotlin(text)
        # With the marks gone, what stands in our own block is read like the user's.
        whole = scan_kotlin(text.replace("scaffold:gradle", "scaffold gradle"))
    except CannotMerge:
        script = whole = KotlinScript()
    return _module(path, script, whole, Catalogue(root))


def _module(
    path: str, script: "KotlinScript", whole: "KotlinScript", catalogue: Catalogue
) -> Module:
    ndk = script.ndk_version and _resolved(script.ndk_version, path, catalogue)
    ours = whole.ndk_version if not script.ndk_version else None
    cpp = next((s for s in script.dynamic_libraries if "c++_shared" in s.text), None)
    filters = script.abi_filters
    return Module(
        path,
        android=has_android(script, catalogue),
        jvm_source_set=f"{script.jvm_targets[0]}Main" if script.jvm_targets else None,
        imports=frozenset(i.name + (f" as {i.alias}" if i.alias else "") for i in script.imports),
        ndk=ndk,
        ours_ndk=_resolved(ours, path, catalogue) if ours else None,
        catalogue_ndk=catalogue.ndk(),
        jna=tuple(_jna(script, path, catalogue)),
        package_directory=_placed(script.package_directory, path),
        dynamic_cpp=_placed(cpp, path),
        abi_filters=filters.abis if filters and filters.complete else (),
        abi_place=f"{path}:{filters.line}" if filters else "",
        gobley=gobley_version(script, path, catalogue),
    )


def plugin_ids(
    script: "KotlinScript", catalogue: Catalogue
) -> list[tuple[str, Plugin, Setting | None]]:
    """(id, plugin, version from the catalogue) of each plugin that is applied here."""
    found: list[tuple[str, Plugin, Setting | None]] = []
    for plugin in script.plugins:
        if plugin.applied:
            alias = re.sub(r"^\w+\.plugins\.", "", plugin.id) if ".plugins." in plugin.id else ""
            id_, version = catalogue.plugin(alias) if alias else (plugin.id, None)
            found.append((id_ or plugin.id, plugin, version))
    return found


def has_android(script: "KotlinScript", catalogue: Catalogue) -> bool:
    """Whether the module has an Android target: by plugin, block or target."""
    return script.android_target or any(
        id_ in ANDROID_PLUGINS for id_, _, _ in plugin_ids(script, catalogue)
    )


def gobley_version(script: "KotlinScript", path: str, catalogue: Catalogue) -> Setting | None:
    """The version of Gobley's plugins in this script, or in the catalogue behind it."""
    for id_, plugin, version in plugin_ids(script, catalogue):
        if id_ in GOBLEY_PLUGINS:
            if plugin.version:
                return Setting(plugin.version, plugin.version, f"{path}:{plugin.line}")
            if version:
                return version
    return None


def _placed(setting: Any, path: str) -> Setting | None:
    return Setting(setting.value, setting.text, f"{path}:{setting.line}") if setting else None


def _resolved(setting: Any, path: str, catalogue: Catalogue) -> Setting:
    value = setting.value
    if value is None:
        named = re.search(r"\blibs\.versions\.([\w.]+?)(?:\.get\(\)|$)", setting.text)
        version = catalogue.version(named[1]) if named else None
        if version:
            return version
    return Setting(value, setting.text, f"{path}:{setting.line}")


def _jna(script: "KotlinScript", path: str, catalogue: Catalogue) -> list[Setting]:
    found = []
    for one in script.jna:
        version, place = one.version, f"{path}:{one.line}"
        if version is None:
            _, setting = catalogue.library(re.sub(r"^libs\.", "", one.text))
            if setting:
                version, place = setting.value, setting.place
        found.append(Setting(version, one.text, place))
    return found
