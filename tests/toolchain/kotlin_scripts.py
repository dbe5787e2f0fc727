"""Build scripts to compile: the generated blocks over the answers, alone and inside what a user has."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.gradle import Block
from scaffold.artifacts.model import Artifact
from scaffold.artifacts.paths import below
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.gradle.found import Module, Plugin, Setting
from scaffold.merge.kotlin import merge_kotlin
from scaffold.probe.crate import Bindgen, Crate
from scaffold.project.plan import make_plan
from tests.toolchain.kotlin_support import Script
from tests.toolchain.requirements import REPOSITORY

# A name that every language on the way would like to read as something else.
ODD_FOLDER = 'my $core "x" %PATH% ядро'

ALL_ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64", "x86")

GOBLEY = {"plugins": (Plugin("dev.gobley.cargo", None, ""),), "rust_build": "gobley"}
DESKTOP = {"android": False, "android_dsl": "none"}


def module(**changed: Any) -> Module:
    return Module("build.gradle.kts", **changed)


KINDS = {
    "multiplatform": ("multiplatform", module(**GOBLEY)),
    "multiplatform-desktop": (
        "multiplatform",
        module(**GOBLEY, **DESKTOP, jvm_source_set="desktopMain"),
    ),
    "android": ("android", module(**GOBLEY)),
    "jvm": ("jvm", module(**GOBLEY, **DESKTOP)),
}

# Modules whose Rust library something else than Gobley builds; for cargo-ndk, one that builds none yet.
BUILDERS = ("cargo-ndk", "rust-android-gradle", "none")
AGP_KINDS = ("agp8-app", "agp8-library", "agp9-app", "agp9-library")
MULTIPLATFORM_LIBRARY = module(
    android_dsl="multiplatform-library", agp=Setting("9.1.0", "", ""), jvm_source_set=None
)
PLAIN = Crate("Cargo.toml")
UNIFFI = Crate("Cargo.toml", uniffi=True, bindgen=Bindgen("uniffi-bindgen", ("bindgen",)))
RUST_ANDROID = (Plugin("org.mozilla.rust-android-gradle.rust-android", None, ""),)

DEFAULTS: dict[str, Any] = {
    "hosts": ("linux",),
    "crate": ".",
    "module": ".",
    "plugin": "multiplatform",
    "rust_build": "gobley",
    "gobley": "0.3.7",
    "abis": ALL_ABIS,
    "ndk": "27.2.12479018",
    "cpp_runtime": "none",
    "page_size": "auto",
    "jna": "default",
    "linux_targets": (),
    "glibc": "default",
    "ios_deployment_target": "none",
    "rust_toolchain": "none",
    "windows_arm64": "build",
}

# Every value of every answer that the Gradle block depends on.
AXES: dict[str, tuple[Any, ...]] = {
    "crate": (".", ODD_FOLDER),
    "cpp_runtime": ("none", "shared", "static"),
    "page_size": ("off", "gradle"),
    "abis": (ALL_ABIS, ("arm64-v8a",), ("x86_64", "x86"), ("x86",)),
    "hosts": (
        ("linux",),
        ("linux", "macos"),
        ("linux", "windows"),
        ("macos", "windows"),
        ("linux", "macos", "windows"),
    ),
    "linux_targets": ((), ("x86_64",), ("aarch64",), ("x86_64", "aarch64")),
    "glibc": ("default", "2.17"),
    "windows_arm64": ("build", "skip"),
    "jna": ("default", "5.18.1"),
}


class Case(NamedTuple):
    """A generated script with what it was generated from."""

    script: Script
    answers: Answers
    block: Block


def answers_of(**changed: Any) -> Answers:
    return Answers(**(DEFAULTS | changed))


def gradle_artifact(
    answers: Answers, module: Module | None, crate: Crate = PLAIN
) -> Artifact | None:
    present = frozenset({below(answers.crate, "Cargo.toml")} | ({module.path} if module else set()))
    project = Project(crate=crate, module=module, present=present)
    found = [one for one in make_plan(answers, project).artifacts if one.id == "gradle"]
    return found[0] if found else None


def case(kind: str, **changed: Any) -> Case | None:
    plugin, known = KINDS[kind]
    answers = answers_of(**({"plugin": plugin} | changed))
    artifact = gradle_artifact(answers, known)
    if artifact is None:
        return None
    assert isinstance(artifact.values, Block)
    return Case(Script(kind, render(artifact)), answers, artifact.values)


@cache
def distinct_cases() -> Mapping[str, Case]:
    """Scripts that together hold every distinct part of the block, and every distinct set of imports, of any
    combination of answers for each kind of module.

    The parts share no name: each is a lambda of its own.
    """
    wanted: dict[tuple[str, object], Case] = {}
    for kind in KINDS:
        for values in product(*AXES.values()):
            changed = dict(zip(AXES, values, strict=True))
            if _without_effect(changed):
                continue
            one = case(kind, **changed)
            for part in _parts(one) if one else ():
                wanted.setdefault((kind, part), one)  # type: ignore[arg-type]
    texts = dict.fromkeys(one.script for one in wanted.values())
    by_script = {one.script: one for one in wanted.values()}
    return {f"{script.kind}-{at}": by_script[script] for at, script in enumerate(texts)}


def _without_effect(changed: Mapping[str, Any]) -> bool:
    """Answers that make no difference in the block, and would only multiply the combinations."""
    pages = changed["page_size"] == "off" and changed["abis"] != ALL_ABIS
    return pages or (not changed["linux_targets"] and changed["glibc"] != "default")


def _parts(one: Case) -> Iterator[object]:
    for name, value in one.block._asdict().items():
        if name != "plugin" and value:
            yield name, value
    yield one.block.imports


def full_case(kind: str) -> Case:
    """Everything at once."""
    found = case(
        kind,
        crate=ODD_FOLDER,
        cpp_runtime="shared",
        page_size="gradle",
        hosts=("linux", "windows"),
        linux_targets=("x86_64", "aarch64"),
        windows_arm64="skip",
        jna="5.18.1",
    )
    assert found is not None
    return found


def builder_case(builder: str, kind: str, **changed: Any) -> Case | None:
    """The block of an Android module that does not apply Gobley."""
    known, plugin = module(), "android"
    if kind == "agp9-multiplatform":
        known, plugin = MULTIPLATFORM_LIBRARY, "multiplatform"
    if builder == "rust-android-gradle":
        known = module(plugins=RUST_ANDROID, rust_build=builder)
    answers = answers_of(**({"plugin": plugin, "rust_build": builder} | changed))
    artifact = gradle_artifact(answers, known, UNIFFI if "crate" in changed else PLAIN)
    if artifact is None:
        return None
    assert isinstance(artifact.values, Block)
    return Case(Script(kind, render(artifact)), answers, artifact.values)


@cache
def builder_cases() -> Mapping[str, Case]:
    """Each distinct script of every builder, AGP, C++ runtime and page size, and of the other answers at once."""
    found: dict[Script, tuple[str, Case]] = {}
    odd: dict[str, Any] = {"crate": ODD_FOLDER, "abis": ("arm64-v8a", "x86"), "jna": "5.18.1"}
    runtimes, sizes = ("none", "shared", "static"), ("auto", "build-script", "gradle", "off")
    choices = [
        *product(BUILDERS, AGP_KINDS, runtimes, sizes, ({}, odd)),
        *product(("cargo-ndk",), ("agp9-multiplatform",), runtimes, ("auto",), ({}, odd)),
    ]
    for builder, kind, runtime, size, others in choices:
        one = builder_case(builder, kind, cpp_runtime=runtime, page_size=size, **others)
        assert one is not None
        name = f"{builder}-{kind}-{runtime}-{size}{'-odd' if others else ''}"
        found.setdefault(one.script, (name, one))
    return dict(found.values())


def check_tasks() -> str:
    """What docs/ci.md has users put into their script, for `check`."""
    page = (REPOSITORY / "docs" / "ci.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- gradle -->\n```kotlin\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def user_embeds_case() -> Case:
    """The user limits the desktop libraries, and the answers leave one out."""
    known = module(**GOBLEY, embed_rust_library=Setting("false", "false", "build.gradle.kts:1"))
    answers = answers_of(hosts=("linux", "windows"), windows_arm64="skip")
    artifact = gradle_artifact(answers, known)
    assert artifact is not None
    assert isinstance(artifact.values, Block)
    return Case(Script("multiplatform", render(artifact)), answers, artifact.values)


# What users have: other people's habits, and names that ours must not clash with.
USERS = {
    "plain": "plugins {\n    id(\"dev.gobley.cargo\") version \"0.3.7\"\n}\n",
    "imports-the-same": (
        "import gobley.gradle.GobleyHost\n"
        "import gobley.gradle.cargo.dsl.android\n"
        "import gobley.gradle.rust.targets.RustPosixTarget\n\n"
        "cargo {\n    builds.android {\n        dynamicLibraries.add(\"aaudio\")\n    }\n}\n"
    ),
    "imports-all": (
        "import gobley.gradle.*\n"
        "import gobley.gradle.cargo.dsl.*\n"
        "import gobley.gradle.rust.targets.*\n\n"
        "cargo {\n    builds.jvm {\n        embedRustLibrary = rustTarget == GobleyHost.current.rustTarget\n    }\n}\n"
    ),
    "imports-under-another-name": (
        "import gobley.gradle.GobleyHost as Host\n"
        "import gobley.gradle.cargo.dsl.android as rustOnAndroid\n"
        "import gobley.gradle.rust.targets.RustAndroidTarget as Abi\n\n"
        "cargo {\n    builds.rustOnAndroid {\n        if (rustTarget == Abi.X86) println(Host.current)\n    }\n}\n"
    ),
    "uses-our-names": (
        "val rustflags = 1\nval pageSize = 2\nval wrappers = 3\nval folder = 4\nval extension = 5\n"
        "val environment = 6\nval name = \"x\"\nfun android() = 7\nfun linux() = 8\nfun windows() = 9\n"
    ),
}  # fmt: skip


def in_users_script(kind: str, yours: str) -> Script:
    """Our block merged into a user's script."""
    plugin, known = KINDS[kind]
    block = full_case(kind).block
    artifact = gradle_artifact(answers_of(plugin=plugin, jna="5.18.1"), known)
    assert artifact is not None
    whole = artifact._replace(values=block)
    return Script(kind, merge_kotlin("", yours, render(whole)).text)


def starter_script(plugin: str, crate: Crate | None = None, **changed: Any) -> Script:
    """The starter build script of a folder that is empty but for a crate, with the block merged into it."""
    answers = answers_of(**({"plugin": plugin} | changed))
    present = frozenset([below(answers.crate, "Cargo.toml")] * bool(crate))
    project = Project(crate=crate, present=present)
    made = {one.id: one for one in make_plan(answers, project).artifacts}
    assert ("starter-cargo-toml" in made) == (crate is None)
    text = render(made["starter-build-gradle-kts"])
    if "gradle" in made:
        text = merge_kotlin("", text, render(made["gradle"])).text
    return Script(plugin if answers.rust_build == "gobley" else STARTER_KINDS[plugin], text)


# Of a starter without Gobley.
STARTER_KINDS = {
    "multiplatform": "agp8-multiplatform",
    "android": "agp8-library",
    "jvm": "plain-jvm",
}


def builder_starters() -> dict[str, Script]:
    """Starters for builders that make a new project without Gobley; cargo-ndk is for Android."""
    made = {}
    pairs = [(builder, kind) for kind in STARTER_KINDS for builder in ("cargo-ndk", "none")]
    for builder, plugin in pairs:
        if (builder, plugin) != ("cargo-ndk", "jvm"):
            for runtime in ("none", "shared"):
                name = f"starter-{builder}-{plugin}-{runtime}"
                made[name] = starter_script(plugin, rust_build=builder, cpp_runtime=runtime)
    return made
