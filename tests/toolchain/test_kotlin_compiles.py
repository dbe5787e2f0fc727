"""The Kotlin compiler takes every generated block, as Gradle 8 and 9 would have it compiled; and refuses wrong ones."""

from collections.abc import Mapping
from typing import Any

import pytest

from scaffold.probe.crate import Crate
from tests.toolchain.kotlin_scripts import (
    AGP_KINDS,
    BUILDERS,
    KINDS,
    USERS,
    builder_cases,
    builder_starters,
    check_tasks,
    distinct_cases,
    full_case,
    in_users_script,
    starter_script,
    user_embeds_case,
)
from tests.toolchain.kotlin_support import (
    GRADLE_8,
    GRADLE_9,
    NEWEST,
    Compiled,
    Compiler,
    Script,
    compile_scripts,
    gobley_jars,
    ktlint,
)

pytestmark = pytest.mark.toolchain

COMPILERS = pytest.mark.parametrize("compiler", [GRADLE_8, GRADLE_9], ids=["gradle-8", "gradle-9"])

SLIPS = {
    "dynamicLibraries": "dynamicLibrary",
    "additionalEnvironment.put(": "additionalEnvironment.set(",
    "buildTaskProvider": "buildTask",
    "checkTaskProvider": "checkTask",
    "embedRustLibrary": "embedRustLibraries",
    "packageDirectory": "packageFolder",
    "ndkVersion": "ndkRevision",
    "RustAndroidTarget.Arm64 ->": "RustAndroidTarget.Aarch64 ->",
    "RustPosixTarget.LinuxX64 ->": "RustPosixTarget.LinuxAmd64 ->",
    "GobleyHost.Platform.MacOS.": "GobleyHost.Platform.Darwin.",
    "androidMain.": "android.",
}
# Where the user says which desktop libraries are embedded.
EMBEDS_SLIPS = {
    "RustWindowsTarget.Arm64)": "RustWindowsTarget.ARM64)",
    "builds.windows": "builds.win",
    "embedRustLibrary = false": 'embedRustLibrary = "false"',
}
CARGO_NDK_SLIPS = {
    "abiFilters +=": "abiFilter +=",
    "@get:Inject": "@get:Injected",
    "ExecOperations": "ExecOperation",
    "MapProperty<String, String>": "MapProperty<String>",
    # The task runs without the project, whose script is gone by then.
    "crate.get().asFile": "layout.projectDirectory.asFile",
    "environment(variable": "environments(variable",
    "bindings.get()": "layout.buildDirectory.get()",
    "pluginVersion.major": "version.major",
    "sources.java": "sources.javas",
    "sources.kotlin": "sources.kotlins",
    "ScaffoldCargoNdk::bindings": "ScaffoldCargoNdk::triples",
    "onVariants {": "onVariant {",
    "register<ScaffoldCargoNdk>": "register<ScaffoldCargo>",
    "minSdk.apiLevel": "minSdk.level",
    'buildType != "debug"': 'buildTypes != "debug"',
    "android.ndkVersion": "android.ndk",
    "sdkComponents.ndkDirectory": "sdkComponents.ndkFolder",
    # Not every variant has JNI libraries.
    "jniLibs?.": "jniLibs.",
    "ScaffoldCargoNdk::output": "ScaffoldCargoNdk::triples",
}
CPP_RUNTIME_SLIPS = {
    "@get:InputDirectory": "@get:InputFolder",
    "output.get()": "layout.buildDirectory.get()",
    "listFiles()": "list()",
    "libraries.set(": "library.set(",
    "ScaffoldCppRuntime::output": "ScaffoldCppRuntime::triples",
}


def starters() -> dict[str, Script]:
    full: dict[str, Any] = {
        "linux_targets": ("x86_64", "aarch64"),
        "page_size": "gradle",
        "jna": "5.18.1",
    }
    hosts: dict[str, Any] = {"hosts": ("linux", "windows"), "cpp_runtime": "shared"}
    made = {}
    for plugin in ("multiplatform", "android", "jvm"):
        made[f"starter-{plugin}"] = starter_script(plugin)
        made[f"starter-{plugin}-full"] = starter_script(
            plugin, ios_deployment_target="13.0", **full, **hosts
        )
        for uniffi in (False, True):
            theirs = Crate("Cargo.toml", "theirs", uniffi=uniffi)
            made[f"starter-{plugin}-crate-{uniffi}"] = starter_script(plugin, theirs)
        made[f"starter-{plugin}-skip"] = starter_script(plugin, windows_arm64="skip", **hosts)
    return made


def valid_scripts() -> dict[str, Script]:
    """Generated blocks alone, in users' scripts, and in starters."""
    scripts = {name: one.script for name, one in distinct_cases().items()}
    scripts["user-embeds"] = user_embeds_case().script
    for kind in KINDS:
        scripts[f"full-{kind}"] = full_case(kind).script
        for user, yours in USERS.items():
            if kind == "multiplatform" or user == "plain":
                scripts[f"{user}-{kind}"] = in_users_script(kind, yours)
    return scripts | starters()


def builder_scripts() -> dict[str, Script]:
    """Generated blocks for modules without Gobley."""
    return {name: one.script for name, one in builder_cases().items()} | builder_starters()


def slipped_scripts() -> list[tuple[str, Script, dict[str, str]]]:
    """(name, script, what to misspell in it); together they hold every part of the block."""
    builders = builder_scripts()
    return [
        ("full", full_case("multiplatform").script, SLIPS),
        ("user-embeds", user_embeds_case().script, EMBEDS_SLIPS),
        ("cargo-ndk", builders["cargo-ndk-agp9-app-shared-auto-odd"], CARGO_NDK_SLIPS),
        ("cpp-runtime", builders["none-agp9-app-shared-auto-odd"], CPP_RUNTIME_SLIPS),
    ]


def wrong_scripts() -> dict[str, Script]:
    """Full blocks with one thing wrong: an import missing, a name misspelt, a project at execution."""
    full = full_case("multiplatform").script
    wrong = {}
    for line in full.text.splitlines():
        if line.startswith("import "):
            wrong[f"without {line}"] = full._replace(text=full.text.replace(line + "\n", "", 1))
    for name, script, slips in slipped_scripts():
        for right, slip in slips.items():
            assert right in script.text, right
            text = script.text.replace(right, slip, 1)
            wrong[f"{name}: {slip} for {right}"] = script._replace(text=text)
    return wrong


@COMPILERS
def test_every_generated_block_compiles_without_a_warning(compiler: Compiler) -> None:
    scripts = valid_scripts()
    compiled = compile_scripts(compiler, scripts)
    assert compiled.errors() == {}
    noted = {name: said for name, said in compiled.said.items() if said}
    # Theirs to have: a name of the user's own that a local of our block hides.
    assert set(noted) <= {"uses-our-names-multiplatform"}
    assert len(scripts) > 100


@COMPILERS
def test_every_block_of_the_other_builders_compiles_for_agp_8_and_9(compiler: Compiler) -> None:
    scripts = builder_scripts()
    scripts |= {f"docs-{kind}": Script(kind, check_tasks()) for kind in AGP_KINDS}
    tasks = {f"{builder}-{kind}-shared-auto" for builder in BUILDERS for kind in AGP_KINDS}
    assert {name for name in tasks if not name.startswith("none-")} <= set(scripts)
    compiled = compile_scripts(compiler, scripts)
    assert {name: said for name, said in compiled.said.items() if said} == {}


@COMPILERS
def test_a_missing_import_or_a_misspelt_name_does_not_compile(compiler: Compiler) -> None:
    wrong = wrong_scripts()
    assert len(wrong) == 6 + sum(len(slips) for _, _, slips in slipped_scripts())
    assert set(compile_scripts(compiler, wrong).errors()) == set(wrong)


def repeated(name: str) -> Mapping[str, Script]:
    full = full_case("jvm").script
    return {
        "once": full,
        "twice": full._replace(text=f"import {name}\n{full.text}"),
    }


@pytest.mark.parametrize("compiler", [GRADLE_9, NEWEST], ids=["kotlin-2.2", "kotlin-2.4"])
def test_a_class_imported_twice_is_refused_from_kotlin_2_2_on(compiler: Compiler) -> None:
    compiled = compile_scripts(compiler, repeated("gobley.gradle.GobleyHost"))
    assert set(compiled.errors()) == {"twice"}
    assert any("onflicting import" in one for one in compiled.errors()["twice"])


@pytest.mark.parametrize("version", ["0.2.0", "0.3.0", "0.3.7"])
def test_the_blocks_compile_against_the_real_plugins(version: str) -> None:
    if not gobley_jars(version):
        # Not a program that CI could install: the registry answers that it has no such plugin.
        pytest.skip(
            f"the registry has no dev.gobley.gradle {version}: compiled against stubs/gobley"
        )
    compiled: Compiled = compile_scripts(GRADLE_9, valid_scripts(), gobley=version)
    assert compiled.errors() == {}


def test_the_blocks_follow_kotlins_conventions(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ktlint")
    bare = tuple(f"starter-{plugin}" for plugin in ("multiplatform", "android", "jvm"))
    others = {name: script for name, script in builder_scripts().items() if "-agp9-app-" in name}
    for name, script in (valid_scripts() | others).items():
        if name.startswith(("full-", "plain-")) or name in bare or name in others:
            (folder / name).mkdir()
            (folder / name / "build.gradle.kts").write_text(script.text, encoding="utf-8")
    assert ktlint(folder) == []


def test_ktlint_is_awake(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ktlint-awake")
    (folder / "build.gradle.kts").write_text("val a=1\n", encoding="utf-8")
    assert ktlint(folder) != []
