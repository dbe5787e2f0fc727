"""Starter files for a folder that has no crate or no Gradle module yet: which ones, and their values."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaffold.artifacts.gradle import DSL, HOST, LINUX_TARGETS, TARGETS

COMPILE_SDK = 35
MIN_SDK = 24

GRADLE_FILES = ("build.gradle.kts", "build.gradle")
SETTINGS_FILES = ("settings.gradle.kts", "settings.gradle")

# What Gradle refuses in a project's name.
NOT_IN_A_PROJECT_NAME = re.compile(r'[/\\:<>"?*|]')

# Rust's keywords, crates that would hide the standard library's, and folders of Cargo's own.
TAKEN_PACKAGE_NAME = re.compile(
    "abstract|alloc|as|async|await|become|box|break|build|const|continue|core|crate|deps|do|dyn|else"
    "|enum|examples|extern|false|final|fn|for|gen|if|impl|in|incremental|let|loop|macro|match|mod|move"
    "|mut|override|priv|proc-macro|pub|ref|return|self|static|std|struct|super|test|trait|true|try"
    "|type|typeof|unsafe|unsized|use|virtual|where|while|yield"
)


class StarterFile(NamedTuple):
    """A template below `templates/` and the path, from the project's root, that it is written to."""

    template: str
    path: str


class Starter(NamedTuple):
    """The values of the starter templates; `desktop` are Rust targets beside the host's own."""

    name: str
    package: str
    namespace: str
    plugin: str
    gobley: str
    kotlin: str
    agp: str
    abis: tuple[str, ...]
    module_path: str
    module_folder: str | None
    ios: bool
    desktop: tuple[str, ...]
    compile_sdk: int = COMPILE_SDK
    min_sdk: int = MIN_SDK

    @property
    def imports(self) -> tuple[str, ...]:
        """The imports of the build script, sorted; the managed block must not repeat them."""
        needed = set()
        if self.plugin != "jvm":
            needed.add("org.jetbrains.kotlin.gradle.dsl.JvmTarget")
        if self.plugin != "android":
            needed |= {HOST, f"{DSL}.jvm"}
            needed |= {f"{TARGETS}.{target.partition('.')[0]}" for target in self.desktop}
        return tuple(sorted(needed))


def starter_files(crate: str, module: str, present: Iterable[str]) -> tuple[StarterFile, ...]:
    """The starters that are missing, given the paths (from the root, `/` between) that exist.

    A `Cargo.toml` or Gradle file that exists, Groovy ones too, means that part is the user's.
    """
    have = set(present)
    files = []
    if _below(crate, "Cargo.toml") not in have:
        files.append(StarterFile("starter/Cargo.toml.j2", _below(crate, "Cargo.toml")))
        if _below(crate, "src/lib.rs") not in have:
            files.append(StarterFile("starter/src/lib.rs.j2", _below(crate, "src/lib.rs")))
    if have.isdisjoint(_below(module, name) for name in GRADLE_FILES):
        path = _below(module, "build.gradle.kts")
        files.append(StarterFile("starter/build.gradle.kts.j2", path))
        if have.isdisjoint(SETTINGS_FILES):
            files.append(StarterFile("starter/settings.gradle.kts.j2", "settings.gradle.kts"))
    return tuple(files)


def starter(
    folder: str,
    crate: str,
    module: str,
    *,
    plugin: str,
    gobley: str,
    kotlin: str,
    agp: str,
    abis: Iterable[str],
    linux_targets: Iterable[str] = (),
    windows_arm64: bool = False,
    ios: bool = False,
) -> Starter:
    """`folder` is the name of the project's own folder; it names what sits at its root.

    `windows_arm64`: Windows hosts build for ARM64 too. `ios`: with the iOS targets.
    """
    package = package_name(folder if crate == "." else crate.rpartition("/")[2])
    desktop = [LINUX_TARGETS[name][0] for name in linux_targets]
    if windows_arm64:
        desktop.append("RustWindowsTarget.Arm64")
    path, named_apart = gradle_path(module)
    return Starter(
        name=project_name(folder),
        package=package,
        namespace=android_namespace(package),
        plugin=plugin,
        gobley=gobley,
        kotlin=kotlin,
        agp=agp,
        abis=tuple(abis),
        module_path=path,
        module_folder=module if named_apart else None,
        ios=ios and plugin == "multiplatform",
        desktop=tuple(desktop) if plugin != "android" else (),
    )


def package_name(folder: str) -> str:
    """A Cargo package name as near to the folder's as Cargo, rustc and a `.so` name allow."""
    name = re.sub(r"[^a-z0-9_]+", "-", folder.lower()).strip("-_")
    if not name:
        return "rust-library"
    if name[0].isdigit() or TAKEN_PACKAGE_NAME.fullmatch(name):
        return f"rust-{name}"
    return name


def android_namespace(package: str) -> str:
    """A Java package for the Android library; `com.example` is to be changed before publishing."""
    return "com.example.rust_" + package.removeprefix("rust-").replace("-", "_")


def project_name(folder: str) -> str:
    """The folder's name without what Gradle refuses in a project's name."""
    return NOT_IN_A_PROJECT_NAME.sub("-", folder).strip(". ") or "project"


def gradle_path(module: str) -> tuple[str, bool]:
    """The module's Gradle path, and whether its folder has to be told apart from it.

    `.` is the root project; `libs/core` is `:libs:core`.
    """
    if module == ".":
        return ":", False
    parts = module.split("/")
    if all(part == project_name(part) for part in parts):
        return ":" + ":".join(parts), False
    return ":" + project_name(parts[-1]), True


def _below(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"


def starter_candidates(crate: str, module: str) -> tuple[str, ...]:
    """Every path whose presence decides about a starter file."""
    return (
        _below(crate, "Cargo.toml"),
        _below(crate, "src/lib.rs"),
        *(_below(module, name) for name in GRADLE_FILES),
        *SETTINGS_FILES,
    )
