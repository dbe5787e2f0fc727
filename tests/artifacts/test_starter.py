"""Starter files: which parts are missing, and names that every tool on the way accepts."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scaffold.artifacts.starter import (
    Starter,
    android_namespace,
    gradle_path,
    package_name,
    project_name,
    starter,
    starter_files,
)

TEMPLATES = Path(__file__).parents[2] / "templates"


def make(plugin: str = "multiplatform", **changed: Any) -> Starter:
    values: dict[str, Any] = {
        "gobley": "0.3.7",
        "kotlin": "2.1.10",
        "agp": "8.7.3",
        "abis": ["arm64-v8a", "x86_64"],
    }
    places = {name: changed.pop(name, ".") for name in ("folder", "crate", "module")}
    return starter(**places, plugin=plugin, **(values | changed))


def render(name: str, values: Starter) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kotlin"] = lambda text: f'"{text}"'
    return environment.get_template(f"starter/{name}.j2").render(starter=values)


def test_an_empty_folder_gets_a_crate_a_module_and_settings() -> None:
    assert [one.path for one in starter_files(".", ".", [])] == [
        "Cargo.toml",
        "src/lib.rs",
        "build.gradle.kts",
        "settings.gradle.kts",
    ]


def test_parts_go_into_the_folders_of_the_answers() -> None:
    assert [one.path for one in starter_files("native/core", "app", [])] == [
        "native/core/Cargo.toml",
        "native/core/src/lib.rs",
        "app/build.gradle.kts",
        "settings.gradle.kts",
    ]


@pytest.mark.parametrize(
    ("present", "paths"),
    [
        (["core/Cargo.toml"], ["app/build.gradle.kts", "settings.gradle.kts"]),
        (["app/build.gradle"], ["core/Cargo.toml", "core/src/lib.rs"]),
        (["app/build.gradle.kts", "core/src/lib.rs"], ["core/Cargo.toml"]),
        (["core/Cargo.toml", "settings.gradle"], ["app/build.gradle.kts"]),
        (["core/Cargo.toml", "app/build.gradle.kts"], []),
    ],
)
def test_what_exists_is_left_to_the_user(present: list[str], paths: list[str]) -> None:
    assert [one.path for one in starter_files("core", "app", present)] == paths


def test_every_starter_has_its_template() -> None:
    for one in starter_files(".", ".", []):
        assert (TEMPLATES / one.template).is_file()


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my-crate", "my-crate"),
        ("My App", "my-app"),
        ("core", "rust-core"),
        ("3d", "rust-3d"),
        ("проект", "rust-library"),
        ('$x "quoted"', "x-quoted"),
        ("proc-macro", "rust-proc-macro"),
        ("async", "rust-async"),
    ],
)
def test_a_package_is_named_after_its_folder_as_far_as_cargo_allows(folder: str, name: str) -> None:
    assert package_name(folder) == name


@given(st.text(max_size=30))
def test_any_folder_name_gives_valid_names(folder: str) -> None:
    name = package_name(folder)
    assert name[0].isalpha()
    assert name.isascii()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert android_namespace(name).isascii()
    assert not set(project_name(folder)) & set('/\\:<>"?*|')
    assert project_name(folder).strip(".") == project_name(folder)


def test_the_namespace_of_a_java_keyword_is_no_keyword() -> None:
    assert android_namespace("native") == "com.example.rust_native"
    assert android_namespace("rust-core") == "com.example.rust_core"


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


def test_settings_include_the_module_and_look_for_plugins_where_gobley_is() -> None:
    text = render("settings.gradle.kts", make(module="app"))
    assert 'include(":app")' in text
    assert "projectDir" not in text
    assert "mavenCentral()" in text.partition("dependencyResolutionManagement")[0]
    apart = render("settings.gradle.kts", make(module="c*d"))
    assert 'project(":c-d").projectDir = file("c*d")' in apart
    assert "include(" not in render("settings.gradle.kts", make())


@pytest.mark.parametrize("ios", [False, True])
def test_the_crate_has_the_types_that_gobley_asks_for(ios: bool) -> None:
    manifest = tomllib.loads(render("Cargo.toml", make(folder="core", ios=ios)))
    assert manifest["package"]["name"] == "rust-core"
    assert manifest["lib"]["crate-type"] == ["cdylib"] + (["staticlib"] if ios else [])


@pytest.mark.parametrize("plugin", ["android", "jvm"])
def test_ios_belongs_to_multiplatform_only(plugin: str) -> None:
    assert not make(plugin, ios=True).ios


def test_the_build_script_filters_the_chosen_abis_and_knows_no_android_without_it() -> None:
    assert 'ndk.abiFilters += listOf("arm64-v8a", "x86_64")' in render("build.gradle.kts", make())
    jvm = render("build.gradle.kts", make("jvm"))
    assert "android" not in jvm
    assert 'kotlin("jvm")' in jvm


def test_a_desktop_target_of_the_answers_is_embedded_beside_the_hosts_own() -> None:
    values = make("jvm", linux_targets=["aarch64"], windows_arm64=True)
    assert values.desktop == ("RustPosixTarget.LinuxArm64", "RustWindowsTarget.Arm64")
    assert "gobley.gradle.rust.targets.RustWindowsTarget" in values.imports
    assert "RustPosixTarget.LinuxArm64,\n" in render("build.gradle.kts", values)
    assert make("android", linux_targets=["aarch64"]).desktop == ()
