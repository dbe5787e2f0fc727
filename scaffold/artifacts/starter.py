"""A new project's files: a small app library that builds and runs as it is, on versions that work together.

Each is created once, where the folder has no Cargo package or no Gradle build yet, and is the user's from then on.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.gradle import (
    DSL,
    OWN_TARGET,
    embedded_expression,
    embedded_imports,
    embedded_targets,
)
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.names import (
    gradle_path,
    ignored,
    kotlin_package,
    package_name,
    project_name,
)
from scaffold.artifacts.paths import relative
from scaffold.artifacts.project import Project
from scaffold.errors import Problem, Refusal
from scaffold.facts import StarterVersions, load_facts, not_above
from scaffold.gradle.build import SETTINGS
from scaffold.gradle.found import Abis, Module, Plugin, Setting
from scaffold.gradle.rust import CARGO_PLUGIN, UNIFFI_PLUGIN
from scaffold.gradle.sources import below
from scaffold.probe.crate import Bindgen

# Those whose build generates Kotlin for the crate.
UNIFFI_BUILDERS = ("gobley", "cargo-ndk")
WRAPPER = "gradle/wrapper/gradle-wrapper.properties"
WRAPPER_ID = "starter-gradle-wrapper-gradle-wrapper-properties"
STARTER_BINDGEN = Bindgen("uniffi-bindgen", ("bindgen",))
CRATE_ID = "starter-cargo-toml"
BUILD_FILES = ("build.gradle.kts", "build.gradle")


class Starter(NamedTuple):
    """The values of the starter templates.

    `calls`: the crate is the starter's own, and the Kotlin code calls it. `uniffi`: Kotlin is generated for it, by its
    own uniffi-bindgen without Gobley; else the crate exports a plain JNI function. `gobley` is its version, "" where
    something else builds the crate.
    `library` is the crate's name in Rust and Kotlin, `kotlin_package` the package of the Kotlin code; `desktop` are
    Rust targets beside the host's own; `crate_directory` is the crate seen from the module, where it is elsewhere.
    """

    name: str
    package: str
    library: str
    kotlin_package: str
    plugin: str
    calls: bool
    uniffi: bool
    gobley: str
    versions: StarterVersions
    ndk: str
    abis: tuple[str, ...]
    module_path: str
    module_folder: str | None
    crate_directory: str | None
    ios: bool
    desktop: tuple[str, ...]
    ignored_builds: tuple[str, ...]
    ignored_target: str | None

    @property
    def imports(self) -> tuple[str, ...]:
        """The imports of the build script, sorted; the managed block must not repeat them."""
        needed = set()
        if self.plugin != "jvm":
            needed.add("org.jetbrains.kotlin.gradle.dsl.JvmTarget")
        if self.gobley and self.plugin != "android":
            needed |= {f"{DSL}.jvm"} | embedded_imports((OWN_TARGET, *self.desktop))
        return tuple(sorted(needed))

    @property
    def embed_rust_library(self) -> str:
        """The expression for the host's own target and `desktop`."""
        return embedded_expression((OWN_TARGET, *self.desktop), " " * 8)

    @property
    def jvm(self) -> bool:
        """Whether the app also runs on the JVM: on two platforms only Gobley builds the library for both."""
        return self.plugin == "jvm" or (bool(self.gobley) and self.plugin == "multiplatform")

    @property
    def omit_checksums(self) -> bool:
        """Whether 32-bit ARM needs it; the bindings are the same for every ABI."""
        arm32 = self.plugin != "jvm" and "armeabi-v7a" in self.abis
        return self.uniffi and bool(self.gobley) and arm32 and self.versions.omit_checksums


def starter_artifacts(answers: Answers, project: Project) -> tuple[Artifact, ...]:
    """The starter files that are missing in the project."""
    values = starter(answers, project)
    return tuple(
        Artifact(
            f"starter-{_slug(template)}",
            path,
            Format.ONCE,
            f"starter/{template}.j2",
            values,
            "starter file: scaffold creates it once and does not change it again",
        )
        for template, path in starter_files(answers, project)
        if path not in project.present
    )


def starter_module(answers: Answers, project: Project) -> Module | None:
    """The module as the starter's build file says it; None where the starter makes no build file."""
    if not _makes_build(answers, project):
        return None
    values = starter(answers, project)
    path = below(answers.module, BUILD_FILES[0])
    android = answers.plugin != "jvm"

    def said(text: str) -> Setting:
        return Setting(text, text, path)

    gobley = bool(values.gobley)
    ids = [CARGO_PLUGIN] * gobley + [UNIFFI_PLUGIN] * (gobley and values.uniffi)
    return Module(
        path,
        folder=answers.module,
        plugins=tuple(Plugin(id_, said(answers.gobley), path) for id_ in ids),
        kotlin=answers.plugin,
        android=android,
        android_dsl="extension" if android else "none",
        agp=said(values.versions.agp) if android else None,
        gobley=said(answers.gobley) if gobley else None,
        imports=frozenset(values.imports),
        ndk=said(answers.ndk) if android else None,
        abi_filters=Abis(answers.abis, path, "abiFilters") if android else None,
        abis=Abis(answers.abis, path, "abiFilters") if android else None,
        crate=answers.crate if gobley else None,
        crate_place=path if gobley else "",
        package_directory=(
            said(values.crate_directory) if gobley and values.crate_directory else None
        ),
        jvm_source_set="jvmMain" if values.jvm and answers.plugin == "multiplatform" else None,
        ios=path if values.ios else "",
        native=path if values.ios else "",
        embed_rust_library=(
            said(" ".join(values.embed_rust_library.split())) if gobley and values.jvm else None
        ),
        rust_build="gobley" if gobley else "none",
        rust_place=path if gobley else "",
    )


def starter_files(answers: Answers, project: Project) -> Iterator[tuple[str, str]]:
    """(template, path) of every file of the parts that are missing, there or not."""
    crate, module = answers.crate, answers.module
    whole = _makes_build(answers, project)
    if whole:
        yield ".gitignore", ".gitignore"
        yield "settings.gradle.kts", "settings.gradle.kts"
        yield "gradle.properties", "gradle.properties"
        yield WRAPPER, WRAPPER
        yield "build.gradle.kts", below(module, "build.gradle.kts")
        if makes_crate(answers, project):
            yield from _kotlin_files(answers)
    elif task_binds(answers, project):
        yield from _kotlin_files(answers)
    if makes_crate(answers, project):
        if not whole:
            yield ".gitignore", below(crate, ".gitignore")
        yield "Cargo.toml", below(crate, "Cargo.toml")
        yield "src/lib.rs", below(crate, "src/lib.rs")
        if answers.rust_build == "cargo-ndk":
            yield "src/bin/uniffi-bindgen.rs", below(crate, "src/bin/uniffi-bindgen.rs")


def _kotlin_files(answers: Answers) -> Iterator[tuple[str, str]]:
    """They call the starter's own crate; what another one exports is not known."""
    shared, gobley = answers.plugin == "multiplatform", answers.rust_build == "gobley"
    uniffi = answers.rust_build in UNIFFI_BUILDERS
    main = ("commonMain" if gobley else "androidMain") if shared else "main"
    code = ["Main.kt"] * (answers.plugin == "jvm")
    if not uniffi:
        code.append("RustLibrary.kt")
    elif not code:
        code.append("Greeting.kt")
    for name in code:
        yield f"src/kotlin/{name}", below(answers.module, f"src/{main}/kotlin/{name}")
    if gobley:  # the others build no library for the machine that runs such a test
        test = "commonTest" if shared else "test"
        name = "GreetingTest.kt"
        yield f"src/kotlin/{name}", below(answers.module, f"src/{test}/kotlin/{name}")


def refuse_starter(answers: Answers, project: Project) -> None:
    """Raises Refusal where a new project is asked for that no starter makes."""
    if answers.rust_build == "rust-android-gradle" and _makes_build(answers, project):
        raise Refusal(
            Problem(
                "scaffold does not start new projects with rust-android-gradle; use gobley or cargo-ndk",
                "rust_build",
                "scaffold init --set rust_build=cargo-ndk",
            )
        )


def starter_candidates(answers: Answers) -> tuple[str, ...]:
    """Every path whose presence decides about a starter file."""
    crate, module = answers.crate, answers.module
    empty = (path for _template, path in starter_files(answers, Project()))
    decide = (*(below(module, name) for name in BUILD_FILES), *SETTINGS)
    return tuple(dict.fromkeys((*empty, *decide, below(crate, ".gitignore"))))


def makes_crate(answers: Answers, project: Project) -> bool:
    """Whether the starter makes it. Not where the module's build says that there is one: a submodule may be absent."""
    if below(answers.crate, "Cargo.toml") in project.present:
        return False
    module = project.module
    elsewhere = answers.rust_build in ("none", "rust-android-gradle")
    own_task = module is not None and module.rust_build == "cargo-ndk"
    return module is None or not (elsewhere or own_task)


def task_binds(answers: Answers, project: Project) -> bool:
    """Whether a new crate beside an existing module gets Kotlin from scaffold's own task in that module."""
    module = project.module
    if module is None or module.groovy or module.unread or not module.takes_tasks:
        return False
    return answers.rust_build == "cargo-ndk" and makes_crate(answers, project)


def _makes_build(answers: Answers, project: Project) -> bool:
    built = {below(answers.module, name) for name in BUILD_FILES} | set(SETTINGS)
    return project.present.isdisjoint(built) and not project.settings_above


def starter(answers: Answers, project: Project) -> Starter:
    """The values that the answers and the project's folder give the templates."""
    crate, module, gobley = answers.crate, answers.module, answers.rust_build == "gobley"
    makes = makes_crate(answers, project)
    package = package_name(project.name if crate == "." else crate.rpartition("/")[2])
    path, named_apart = gradle_path(module)
    whole = _makes_build(answers, project)
    folders = dict.fromkeys((".", module)) if whole else {}
    return Starter(
        name=project_name(project.name),
        package=package,
        library=package.replace("-", "_"),
        kotlin_package=kotlin_package(package),
        plugin=answers.plugin,
        calls=makes,
        uniffi=_generates_kotlin(answers, project)
        and (makes or (project.crate is not None and project.crate.uniffi)),
        gobley=answers.gobley if gobley else "",
        versions=not_above(load_facts().starter, answers.gobley),
        ndk=answers.ndk,
        abis=answers.abis,
        module_path=path,
        module_folder=module if named_apart else None,
        crate_directory=None if crate == module else relative(crate, module),
        ios=gobley
        and answers.plugin == "multiplatform"
        and answers.ios_deployment_target != "none",
        desktop=embedded_targets(answers) if gobley and answers.plugin != "android" else (),
        ignored_builds=tuple(ignored(folder, "build") for folder in folders),
        ignored_target=ignored(crate if whole else ".", "target"),
    )


def _generates_kotlin(answers: Answers, project: Project) -> bool:
    """Whether Gobley's UniFFI plugin, or the crate's own bindgen, makes Kotlin of what the crate exports."""
    module = project.module
    alone = module and module.has(CARGO_PLUGIN) and not module.has(UNIFFI_PLUGIN)
    return answers.rust_build in UNIFFI_BUILDERS and not (answers.rust_build == "gobley" and alone)


def _slug(template: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", template.lower()).strip("-")
