"""Starter files: which parts are missing, what they say, and names that every tool on the way accepts."""

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.answers.model import Answers
from scaffold.artifacts.names import (
    gradle_path,
    ignored,
    kotlin_package,
    package_name,
    project_name,
)
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.artifacts.starter import (
    Starter,
    starter,
    starter_artifacts,
    starter_candidates,
    starter_module,
)
from scaffold.errors import Refusal
from scaffold.facts import load_facts
from scaffold.gradle.found import Module, Plugin
from scaffold.merge.kotlin import merge_kotlin
from scaffold.probe.crate import Crate
from scaffold.project.plan import make_plan
from scaffold.syntax.syntax import parse

ANSWERS: dict[str, Any] = {
    "hosts": ("linux",),
    "crate": ".",
    "module": ".",
    "plugin": "multiplatform",
    "rust_build": "gobley",
    "gobley": "0.3.7",
    "abis": ("arm64-v8a", "x86_64"),
    "ndk": "28.2.13676358",
    "cpp_runtime": "none",
    "page_size": "auto",
    "jna": "default",
    "linux_targets": (),
    "glibc": "default",
    "ios_deployment_target": "none",
    "rust_toolchain": "none",
    "windows_arm64": "build",
}
NOTHING = Project(name="my-app")


def answers(**changed: Any) -> Answers:
    return Answers(**(ANSWERS | changed))


def values(project: Project = NOTHING, **changed: Any) -> Starter:
    return starter(answers(**changed), project)


def files(project: Project = NOTHING, **changed: Any) -> dict[str, str]:
    """Path → text of every starter file."""
    return {one.path: render(one) for one in starter_artifacts(answers(**changed), project)}


def test_an_empty_folder_becomes_a_project_with_rust_kotlin_and_a_test_of_each() -> None:
    made = files()
    assert list(made) == [
        ".gitignore",
        "settings.gradle.kts",
        "gradle.properties",
        "gradle/wrapper/gradle-wrapper.properties",
        "build.gradle.kts",
        "src/commonMain/kotlin/Greeting.kt",
        "src/commonTest/kotlin/GreetingTest.kt",
        "Cargo.toml",
        "src/lib.rs",
    ]
    assert "#[uniffi::export]\npub fn greet(" in made["src/lib.rs"]
    assert "#[test]" in made["src/lib.rs"]
    assert "import uniffi.my_app.greet\n" in made["src/commonMain/kotlin/Greeting.kt"]
    assert "greeting(" in made["src/commonTest/kotlin/GreetingTest.kt"]


@pytest.mark.parametrize("plugin", ["multiplatform", "android", "jvm"])
def test_both_tests_and_the_crate_speak_of_the_same_greeting(plugin: str) -> None:
    texts = files(plugin=plugin)
    said = re.search(r'format!\("(.*)"\)', texts["src/lib.rs"])
    assert said
    greeting = '"' + said[1].replace("{name}", "Kotlin") + '"'
    assert sum(greeting in text for text in texts.values()) == 2


def test_the_jvm_starter_has_a_main_that_the_build_runs() -> None:
    made = files(plugin="jvm")
    assert "fun main() {" in made["src/main/kotlin/Main.kt"]
    assert made["src/main/kotlin/Main.kt"].startswith("package com.example.myapp\n")
    assert 'mainClass = "com.example.myapp.MainKt"' in made["build.gradle.kts"]
    assert not any("android" in text.lower() for path, text in made.items() if "Cargo" not in path)


def every_file(folder: str = "my-app", **changed: Any) -> dict[str, str]:
    """Path → text of a new project, with our block at the end of its build script."""
    made = files(Project(name=folder), **changed)
    plan = make_plan(answers(**changed), Project(name=folder))
    for one in plan.artifacts:
        if one.id == "gradle":
            made[one.path] = merge_kotlin("", made[one.path], render(one)).text
    return made


@pytest.mark.parametrize(
    ("plugin", "builder"),
    [
        ("android", "cargo-ndk"),
        ("multiplatform", "cargo-ndk"),
        ("android", "none"),
        ("multiplatform", "none"),
        ("jvm", "none"),
    ],
)
def test_without_gobley_nothing_of_gobley_is_in_a_new_project(plugin: str, builder: str) -> None:
    made = every_file(
        plugin=plugin, rust_build=builder, crate="rust", cpp_runtime="shared", hosts=("macos",)
    )
    text = "\n".join(made.values())
    assert not re.search(r"gobley|atomicfu|cargo \{|embedRustLibrary", text, re.IGNORECASE)
    assert ("uniffi" in text.lower()) == (builder == "cargo-ndk")
    assert ("abstract class ScaffoldCargoNdk" in text) == (builder == "cargo-ndk")
    assert ("Copies the NDK's C++ runtime" in text) == (builder == "none" and plugin != "jvm")


@pytest.mark.parametrize("plugin", ["multiplatform", "android", "jvm"])
@pytest.mark.parametrize("folder", ["my-app", "native", "3d"])
def test_kotlin_declares_what_the_crate_exports_for_jni(plugin: str, folder: str) -> None:
    made = every_file(folder, plugin=plugin, rust_build="none")
    rust = made["src/lib.rs"]
    (kotlin,) = (text for path, text in made.items() if path.endswith("/RustLibrary.kt"))
    package = re.match(r"package (.+)\n", kotlin)
    assert package
    exported = re.search(r'pub extern "system" fn (\w+)\(', rust)
    assert exported
    assert exported[1] == f"Java_{package[1].replace('.', '_')}_RustLibrary_add"
    assert "external fun add(a: Int, b: Int): Int" in kotlin
    name = tomllib.loads(made["Cargo.toml"])["package"]["name"].replace("-", "_")
    assert f'System.loadLibrary("{name}")' in kotlin
    assert "#[test]" in rust


def test_a_build_without_gobley_has_only_the_targets_that_its_library_is_built_for() -> None:
    made = files(rust_build="cargo-ndk", ios_deployment_target="13.0", linux_targets=("x86_64",))
    assert "jvm()" not in made["build.gradle.kts"]
    assert "iosArm64" not in made["build.gradle.kts"]
    assert "src/androidMain/kotlin/Greeting.kt" in made
    assert not [path for path in made if "Test" in path]
    assert tomllib.loads(made["Cargo.toml"])["lib"]["crate-type"] == ["cdylib"]


def test_a_crate_for_cargo_ndk_generates_its_kotlin_itself() -> None:
    made = files(rust_build="cargo-ndk", crate="core")
    manifest = tomllib.loads(made["core/Cargo.toml"])
    assert manifest["bin"] == [{"name": "uniffi-bindgen", "required-features": ["bindgen"]}]
    assert manifest["features"] == {"bindgen": ["uniffi/cli"]}
    assert "uniffi_bindgen_main()" in made["core/src/bin/uniffi-bindgen.rs"]
    assert manifest["dependencies"] == {"uniffi": load_facts().starter[-1].own_uniffi}


@pytest.mark.parametrize(
    ("module", "calls"),
    [
        (Module("app/build.gradle.kts", "app"), True),
        (Module("app/build.gradle", "app", groovy=True), False),
        (Module("app/build.gradle.kts", "app", android_dsl="none"), False),
        (Module("app/build.gradle.kts", "app", unread="too large"), False),
    ],
)
def test_an_existing_app_gets_an_example_where_the_task_generates_kotlin(
    module: Module, calls: bool
) -> None:
    there = frozenset({module.path, "settings.gradle.kts"})
    project = Project(name="my-app", module=module, present=there)
    made = files(project, crate="rust", module="app", plugin="android", rust_build="cargo-ndk")
    assert "rust/Cargo.toml" in made
    assert ("app/src/main/kotlin/Greeting.kt" in made) == calls


def test_the_jvm_finds_the_library_that_cargo_builds() -> None:
    made = files(plugin="jvm", rust_build="none", crate="core", module="app")
    assert 'layout.projectDirectory.dir("../core/target/debug")' in made["app/build.gradle.kts"]
    assert "RustLibrary.add(2, 3)" in made["app/src/main/kotlin/Main.kt"]


def test_a_new_project_with_mozillas_plugin_is_refused_and_an_existing_one_is_not() -> None:
    chosen = answers(rust_build="rust-android-gradle")
    with pytest.raises(Refusal, match="use gobley or cargo-ndk"):
        make_plan(chosen, NOTHING)
    make_plan(chosen, Project(present=frozenset({"settings.gradle.kts"})))


def test_parts_go_into_the_folders_of_the_answers() -> None:
    made = files(crate="native/core", module="app", plugin="android")
    assert {path for path in made if "/" in path and not path.startswith("gradle/")} == {
        "app/build.gradle.kts",
        "app/src/main/kotlin/Greeting.kt",
        "app/src/test/kotlin/GreetingTest.kt",
        "native/core/Cargo.toml",
        "native/core/src/lib.rs",
    }
    assert 'packageDirectory = layout.projectDirectory.dir("../native/core")' in (
        made["app/build.gradle.kts"]
    )
    assert "/build/\n/app/build/\n" in made[".gitignore"]
    assert "/native/core/target/\n" in made[".gitignore"]


@pytest.mark.parametrize(
    "present",
    [
        {"app/build.gradle"},
        {"app/build.gradle.kts", "core/.gitignore"},
        {"settings.gradle"},
        {"settings.gradle.kts"},
    ],
)
def test_beside_a_gradle_build_only_a_crate_is_made(present: set[str]) -> None:
    project = Project(name="my-app", present=frozenset(present))
    made = files(project, crate="core", module="app")
    assert set(made) | present >= {"core/Cargo.toml", "core/src/lib.rs", "core/.gitignore"}
    assert all(path.startswith("core/") for path in made)
    assert made.get("core/.gitignore", "# Cargo\n/target/\n") == "# Cargo\n/target/\n"
    assert starter_module(answers(crate="core", module="app"), project) is None


@pytest.mark.parametrize(("ids", "uniffi"), [(["cargo"], False), (["cargo", "uniffi"], True)])
def test_a_new_crate_in_a_gobley_module_uses_uniffi_where_gobley_reads_it(
    ids: list[str], uniffi: bool
) -> None:
    plugins = tuple(Plugin(f"dev.gobley.{id_}", None, "app/build.gradle.kts:1") for id_ in ids)
    module = Module("app/build.gradle.kts", "app", plugins=plugins, rust_build="gobley")
    present = frozenset({"settings.gradle.kts", "app/build.gradle.kts"})
    project = Project(name="my-app", module=module, present=present)
    made = files(project, crate="core", module="app")
    assert ("uniffi" in made["core/Cargo.toml"]) == uniffi
    assert ("RustLibrary_add" in made["core/src/lib.rs"]) != uniffi


def test_settings_above_the_project_are_a_gradle_build_too() -> None:
    project = Project(name="my-app", settings_above=True)
    assert set(files(project)) == {".gitignore", "Cargo.toml", "src/lib.rs"}


def test_a_crate_that_is_there_gets_a_gradle_build_only() -> None:
    project = Project(name="my-app", present=frozenset({"core/Cargo.toml", ".gitignore"}))
    made = files(project, crate="core", module="app")
    assert {"settings.gradle.kts", "app/build.gradle.kts"} < set(made)
    assert not {".gitignore", "core/Cargo.toml", "core/src/lib.rs"} & set(made)


@pytest.mark.parametrize("builder", ["gobley", "none", "cargo-ndk"])
@pytest.mark.parametrize("plugin", ["multiplatform", "android", "jvm"])
@pytest.mark.parametrize("uniffi", [False, True])
def test_beside_a_crate_of_the_users_no_kotlin_calls_what_it_may_not_export(
    builder: str, plugin: str, uniffi: bool
) -> None:
    crate = Crate("Cargo.toml", "ours", uniffi=uniffi)
    project = Project(name="my-app", crate=crate, present=frozenset({"Cargo.toml"}))
    chosen = {"plugin": plugin, "rust_build": builder}
    made = files(project, **chosen)
    assert not [path for path in made if path.endswith((".kt", ".rs", "Cargo.toml"))]
    script = made["build.gradle.kts"]
    assert ("dev.gobley.cargo" in script) == (builder == "gobley")
    for needed in ("dev.gobley.uniffi", "plugin.atomicfu"):
        assert (needed in script) == (builder == "gobley" and uniffi)
    for sample in ("application", "mainClass", 'kotlin("test', "test-junit", "JavaExec"):
        assert sample not in script
    module = starter_module(answers(**chosen), project)
    assert module
    assert module.uniffi == (builder == "gobley" and uniffi)


def test_every_path_that_decides_is_looked_for() -> None:
    seen = set(starter_candidates(answers(crate="core", module="app")))
    assert set(files(crate="core", module="app")) <= seen
    assert {"app/build.gradle", "settings.gradle", "core/.gitignore"} <= seen


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my-crate", "my-crate"),
        ("My App", "my-app"),
        ("core", "rust-core"),
        ("3d", "rust-3d"),
        ("проект", "rust-library"),
        ("Über uns", "uber-uns"),
        ('$x "quoted"', "x-quoted"),
        ("proc-macro", "rust-proc-macro"),
        ("async", "rust-async"),
        ("fun", "rust-fun"),
        ("log", "rust-log"),
        ("uniffi", "rust-uniffi"),
        ("COM1", "rust-com1"),
    ],
)
def test_a_package_is_named_after_its_folder_as_far_as_its_users_allow(
    folder: str, name: str
) -> None:
    assert package_name(folder) == name


@pytest.mark.parametrize("plugin", ["multiplatform", "android", "jvm"])
@pytest.mark.parametrize("builder", ["gobley", "cargo-ndk", "none"])
@pytest.mark.parametrize(
    "folder",
    [
        *("my app", "my-app", "3d", "проект", "a$b", "$(x) `y`", "fn", "class", "a'b\"c", "%PATH%"),
        *(
            "x.y.z",
            "-dash",
            "kotlin",
            "self",
            "crate",
            "日本語",
            "{{ x }}",
            "#{x}",
            "r#fn",
            "_",
            "native",
        ),
    ],
)
def test_every_file_of_an_oddly_named_project_is_what_its_language_allows(
    folder: str, builder: str, plugin: str
) -> None:
    made = every_file(folder, plugin=plugin, rust_build=builder, module="my $app")
    for path, text in made.items():
        if path.endswith(".toml"):
            tomllib.loads(text)
        for suffixes, language in (((".kt", ".kts"), "kotlin"), ((".rs",), "rust")):
            if path.endswith(suffixes):
                assert not parse(language, text).has_error, path
    packages = set(re.findall(r"^package (.+)$", "\n".join(made.values()), re.MULTILINE))
    assert packages == {kotlin_package(package_name(folder))}
    name = re.search(r'^rootProject\.name = "(.*)"$', made["settings.gradle.kts"], re.MULTILINE)
    assert name
    assert re.sub(r"\\(.)", r"\1", name[1]) == project_name(folder)


@given(st.text(max_size=30))
def test_any_folder_name_gives_valid_names(folder: str) -> None:
    name = package_name(folder)
    assert name[0].isalpha()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert re.fullmatch(r"com\.example\.[a-z][a-z0-9]*", kotlin_package(name))
    assert not set(project_name(folder)) & set('/\\:<>"?*|')
    assert project_name(folder).strip(".") == project_name(folder)


@pytest.mark.parametrize(
    ("package", "name"),
    [("my-app", "myapp"), ("native", "rustnative"), ("in-t", "rustint"), ("rust-core", "rustcore")],
)
def test_the_kotlin_package_is_no_keyword(package: str, name: str) -> None:
    assert kotlin_package(package) == f"com.example.{name}"


@pytest.mark.parametrize(
    ("module", "path"),
    [
        (".", (":", False)),
        ("app", (":app", False)),
        ("libs/my core", (":libs:my core", False)),
        ("a:b/c*d", (":c-d", True)),
    ],
)
def test_a_module_is_included_by_its_path_or_by_name_and_folder(
    module: str, path: tuple[str, bool]
) -> None:
    assert gradle_path(module) == path


def test_what_gitignore_reads_as_a_pattern_is_a_name() -> None:
    assert ignored(".", "build") == "/build/"
    assert ignored("a[1]*?", "build") == "/a\\[1]\\*\\?/build/"


def test_settings_include_the_module_and_look_for_plugins_where_gobley_is() -> None:
    text = files(module="app")["settings.gradle.kts"]
    assert 'include(":app")' in text
    assert "projectDir" not in text
    assert "mavenCentral()" in text.partition("dependencyResolutionManagement")[0]
    apart = files(module="c*d")["settings.gradle.kts"]
    assert 'project(":c-d").projectDir = file("c*d")' in apart
    assert "include(" not in files()["settings.gradle.kts"]


@pytest.mark.parametrize("ios", ["none", "13.0"])
def test_the_crate_has_the_types_that_gobley_asks_for(ios: str) -> None:
    manifest = tomllib.loads(files(crate="core", ios_deployment_target=ios)["core/Cargo.toml"])
    assert manifest["package"]["name"] == "rust-core"
    assert manifest["lib"]["crate-type"] == ["cdylib"] + ["staticlib"] * (ios != "none")
    assert manifest["dependencies"] == {"uniffi": "0.29.4"}


@pytest.mark.parametrize("plugin", ["android", "jvm"])
def test_ios_belongs_to_multiplatform_only(plugin: str) -> None:
    assert not values(plugin=plugin, ios_deployment_target="13.0").ios


def test_the_build_script_says_once_what_the_answers_say() -> None:
    text = files()["build.gradle.kts"]
    assert 'ndkVersion = "28.2.13676358"' in text
    assert 'ndk.abiFilters += listOf("arm64-v8a", "x86_64")' in text
    for block in ("android {", "cargo {", "kotlin {"):
        assert len(re.findall(rf"^{re.escape(block)}$", text, re.MULTILINE)) == 1, block
    assert "cargo {" not in files(plugin="android")["build.gradle.kts"]


def test_32_bit_arm_omits_checksums_where_gobley_needs_that() -> None:
    every = ("arm64-v8a", "armeabi-v7a")
    assert "omitChecksums = true" in files(abis=every)["build.gradle.kts"]
    assert "uniffi {" not in files()["build.gradle.kts"]
    assert "uniffi {" not in files(abis=every, gobley="0.3.0")["build.gradle.kts"]
    assert "uniffi {" not in files(abis=every, plugin="jvm")["build.gradle.kts"]


def test_a_desktop_target_of_the_answers_is_embedded_beside_the_hosts_own() -> None:
    made: dict[str, Any] = {
        "plugin": "jvm",
        "linux_targets": ("aarch64",),
        "hosts": ("linux", "windows"),
    }
    assert values(**made).desktop == ("RustPosixTarget.LinuxArm64", "RustWindowsTarget.Arm64")
    text = files(**made)["build.gradle.kts"]
    assert "import gobley.gradle.rust.targets.RustWindowsTarget\n" in text
    assert "            RustPosixTarget.LinuxArm64,\n" in text
    assert values(**{**made, "plugin": "android"}).desktop == ()


@pytest.mark.parametrize("row", load_facts().starter, ids=lambda row: row.gobley)
def test_versions_are_those_that_go_with_the_chosen_gobley(row: Any) -> None:
    made = files(gobley=row.gobley)
    assert f'kotlin("multiplatform") version "{row.kotlin}"' in made["build.gradle.kts"]
    assert f'id("dev.gobley.uniffi") version "{row.gobley}"' in made["build.gradle.kts"]
    assert f'uniffi = "{row.uniffi}"' in made["Cargo.toml"]
    wrapper = made["gradle/wrapper/gradle-wrapper.properties"]
    assert f"/gradle-{row.gradle}-bin.zip\n" in wrapper
