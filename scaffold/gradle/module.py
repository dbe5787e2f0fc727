"""What a Gradle module's build does, from its own script and all that configures it besides."""

import re
from collections.abc import Iterator

from scaffold.gradle import android, cargo_ndk, rust
from scaffold.gradle.build import BUILD_FILES
from scaffold.gradle.conventions import Builds, Conventions, Part
from scaffold.gradle.found import Module, Plugin, Setting
from scaffold.gradle.jna import jna_of
from scaffold.gradle.plugins import plugins_in
from scaffold.gradle.sources import Sources, below
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Script, Statement

MULTIPLATFORM = "org.jetbrains.kotlin.multiplatform"
# What the `plugin` answer is; AGP alone brings Kotlin for Android since its version 9.
KOTLIN_PLUGINS = {
    MULTIPLATFORM: "multiplatform",
    "kotlin-multiplatform": "multiplatform",
    android.MULTIPLATFORM_LIBRARY: "multiplatform",
    "org.jetbrains.kotlin.android": "android",
    "kotlin-android": "android",
    "org.jetbrains.kotlin.jvm": "jvm",
    "kotlin": "jvm",
    **dict.fromkeys(android.PLUGINS, "android"),
}
ANDROID_PLUGINS = (*android.PLUGINS, android.MULTIPLATFORM_LIBRARY)
_MOST_PARTS = 30
# An alias of a catalogue that cannot be read here (a published one).
_HIDDEN = re.compile(r"\.plugins\..*android.*(?:application|library)", re.IGNORECASE)
_FROM = re.compile(
    r'(?:(?:rootProject\.)?file\()?"(?:\$\{?(?:rootDir|rootProject\.projectDir)\}?/)?([^"$]+)"\)?'
)
_IOS_TARGET = ("iosDeploymentTarget", "deploymentTarget", "ios.deploymentTarget")


def find_module(builds: Builds, folder: str) -> Module | None:
    """The module in `folder`; None where it has no build file."""
    for name in BUILD_FILES:
        path = below(folder, name)
        if builds.sources.exists(path):
            return _Reading(builds.around(folder), folder, path).module()
    return None


def read_module(root: str, folder: str, sources: Sources | None = None) -> Module | None:
    """As `find_module`, for one look at the project in `root`."""
    return find_module(Builds(sources or Sources(root)), folder)


class _Reading:
    """One module, its parts collected once: own script, what that applies, what the root script says to it."""

    def __init__(self, conventions: Conventions, folder: str, path: str) -> None:
        self.conventions = conventions
        self.build = conventions.build
        self.sources = self.build.sources
        self.folder, self.path = folder, path
        self.values = Values(self.build, folder)
        self.plugins: dict[str, Plugin] = {}
        self.parts: list[Part] = []
        own = self._own(self.sources.script(path))
        self._add(Part(path, own))
        self._add_from_root()
        self._add_functions()

    def module(self) -> Module:
        parts, build = self.parts, self.build
        ids = {id_: plugin.place for id_, plugin in self.plugins.items()}
        builds_android = self._android()
        module = Module(
            self.path,
            self.folder,
            build.base,
            groovy=not self.path.endswith(".kts"),
            unread=self.sources.unread.get(self.path, ""),
            plugins=tuple(self.plugins.values()),
            kotlin=next((answer for id_, answer in KOTLIN_PLUGINS.items() if id_ in ids), None),
            android=builds_android,
            android_dsl=android.dsl(parts, tuple(ids), android=builds_android),
            agp=self._version(*ANDROID_PLUGINS),
            agp_new_dsl=build.property("android.newDsl", self.folder),
            agp_built_in_kotlin=build.property("android.builtInKotlin", self.folder),
            gobley=self._version(*rust.GOBLEY_PLUGINS),
            imports=frozenset(_imports(parts[0].statements)),
            jna=jna_of(parts, self.values),
            jvm_source_set=android.jvm_source_set(parts),
            ios=android.native_target(parts, ios=True),
            native=android.native_target(parts),
            ios_deployment_target=self._ios_deployment_target(),
            embed_rust_library=self._first("embedRustLibrary"),
        )
        return self._with_android(self._with_rust(module, ids))

    def _with_rust(self, module: Module, ids: dict[str, str]) -> Module:
        """Who builds the crate, which crate it is, and for which ABIs."""
        parts, values = self.parts, self.values
        command = cargo_ndk.command_in(parts)
        own = cargo_ndk.own_task(parts, values, command) if command else None
        our_command = cargo_ndk.command_in(self._ours())
        rust_build, rust_place = rust.builder(ids, parts, command)
        crate, crate_place = rust.crate_of(rust_build, parts, values, command)
        filters = android.abi_filters(parts, values)
        told = (filters, android.split_abis(parts, values), rust.rust_abis(parts, own))
        folder = rust.package_directory(parts)
        return module._replace(
            rust_build=rust_build,
            rust_place=rust_place,
            cargo_ndk=own,
            ours_cargo_ndk=our_command.place if our_command else "",
            gobley_uses=rust.gobley_uses(parts),
            own_bindgen=rust.own_bindgen(parts),
            own_rust=rust.own_rust(parts) if rust_build == "none" else "",
            crate=crate,
            crate_place=crate_place,
            crate_package=command.package if command else rust.plugin_package(parts),
            package_directory=(
                values.setting(folder[0].arguments[0], folder[1], folder[0].line)
                if folder
                else None
            ),
            abi_filters=filters,
            abis=next((abis for abis in told if abis and abis.complete and abis.names), None),
        )

    def _with_android(self, module: Module) -> Module:
        """Its NDK, and what it says of C++ and of pages."""
        parts, values = self.parts, self.values
        return module._replace(
            ndk=android.ndk_version(parts, values),
            ours_ndk=android.android_setting(self._ours(), values, "ndkVersion"),
            catalogue_ndk=self.build.catalogue_ndk(),
            ndk_path=android.android_setting(parts, values, "ndkPath"),
            dynamic_cpp=android.dynamic_cpp(parts),
            packaged_cpp=android.packaged_cpp(parts, values),
            page_flags=android.page_flags(parts),
        )

    def _own(self, script: Script) -> tuple[Statement, ...]:
        """Without what a root script says to other modules."""
        return tuple(s for s in script.statements if "subprojects" not in s.heads[:1])

    def _add(self, part: Part) -> None:
        if any(part.path == other.path for other in self.parts) or len(self.parts) >= _MOST_PARTS:
            return
        self.parts.append(part)
        for declared in plugins_in(part.statements):
            if declared.applied:
                id_, version = self.build.plugin(declared, part.path)
                place = f"{part.path}:{declared.line}"
                if id_ not in self.plugins:
                    version = version or self.build.plugin_version(id_)
                    self.plugins[id_] = Plugin(id_, version, place)
                convention = self.conventions.path(id_)
                if convention:
                    self._add(Part(convention, self.sources.script(convention).statements))
        for one in part.statements:
            path = self._applied_script(one, part.path)
            if path:
                self._add(Part(path, self.sources.script(path).statements))

    def _applied_script(self, one: Statement, path: str) -> str | None:
        """`apply(from = "…")`; Gradle looks from the module, or from `rootDir`."""
        given = next((a for a in one.arguments if a.name == "from"), None)
        named = _FROM.fullmatch(given.text) if given and one.name == "apply" else None
        if given is None or named is None:
            return None
        of_root = "root" in given.text.partition(named[1])[0]
        folder = self.build.base if of_root else self.folder
        if path == self.build.root_script and self.folder != self.build.base and not of_root:
            folder = self.folder
        found = self.sources.joined(folder, named[1])
        return found if found and self.sources.exists(found) else None

    def _add_from_root(self) -> None:
        """What `allprojects {}`, `subprojects {}` and `project(":x") {}` of the root script say."""
        path = self.build.root_script
        if path == self.path:
            return
        mine = f'project(":{self._gradle_path()}")'
        said = tuple(
            one
            for one in self.sources.script(path).statements
            if one.heads and one.heads[0] in ("allprojects", "subprojects", mine)
        )
        if said:
            self._add(Part(path, said))

    def _gradle_path(self) -> str:
        base = "" if self.build.base == "." else self.build.base + "/"
        return self.folder.removeprefix(base).replace("/", ":")

    def _add_functions(self) -> None:
        """Functions of the conventions that the parts call, and those that these call."""
        seen = 0
        while seen < len(self.parts) < _MOST_PARTS:
            part = self.parts[seen]
            seen += 1
            if part.path != self.path or len(self.parts) == 1:
                for more in self.conventions.functions(part.statements):
                    self._add(more)

    def _version(self, *ids: str) -> Setting | None:
        return next((p.version for p in self.plugins.values() if p.id in ids and p.version), None)

    def _android(self) -> bool:
        if any(id_ in ANDROID_PLUGINS or _HIDDEN.search(id_) for id_ in self.plugins):
            return True
        return android.android_block(self.parts) or android.android_target(self.parts)

    def _ours(self) -> tuple[Part, ...]:
        """What our own block says by now."""
        rows = self.sources.our_rows(self.path)
        if not rows:
            return ()
        statements = self.sources.script(self.path, ours=True).statements
        return (Part(self.path, tuple(one for one in statements if one.line - 1 in rows)),)

    def _first(self, name: str) -> Setting | None:
        for one, path in android.statements_in(self.parts):
            if one.name == name and one.arguments:
                return self.values.setting(one.arguments[0], path, one.line)
        return None

    def _ios_deployment_target(self) -> Setting | None:
        for one, path in android.statements_in(self.parts):
            place = f"{path}:{one.line}"
            texts = [token.text for token in one.strings]
            if "IPHONEOS_DEPLOYMENT_TARGET" in one.text:
                value = next((t for t in texts if re.fullmatch(r"\d+(\.\d+)*", t)), None)
                return Setting(value, one.text, place)
            if (
                one.path in _IOS_TARGET
                and one.arguments
                and any("cocoapods" in h or "ios" in h for h in one.heads)
            ):
                return self.values.setting(one.arguments[0], path, one.line)
        return None


def _imports(statements: tuple[Statement, ...]) -> Iterator[str]:
    for one in statements:
        if one.path == "import" and one.arguments:
            yield one.arguments[0].text
