"""What a module's scripts give the plan, beyond the table of `test_defaults`."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.gradle.catalogue import Catalogue
from scaffold.gradle.conventions import Builds
from scaffold.gradle.found import Module
from scaffold.gradle.module import find_module, read_module
from scaffold.gradle.sources import MOST, Sources

GOBLEY = 'plugins { id("com.android.library"); id("dev.gobley.cargo") }\n'


def write(root: Path, files: Mapping[str, str]) -> str:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return str(root)


def module(root: Path, script: str, files: Mapping[str, str] | None = None) -> Module:
    write(root, {"settings.gradle.kts": "", "app/build.gradle.kts": script, **(files or {})})
    found = read_module(str(root), "app")
    assert found
    return found


@pytest.mark.parametrize(
    ("directory", "folder"),
    [
        ('layout.projectDirectory.dir("../rust")', "rust"),
        ('layout.projectDirectory.dir("rust")', "app/rust"),
        ("layout.projectDirectory", "app"),
        ('file("../rust/./core/..")', "rust"),
        ('file("$rootDir/rust")', "rust"),
        ('file("${rootProject.projectDir}/rust")', "rust"),
        ('rootProject.layout.projectDirectory.dir("rust")', "rust"),
        ('rootProject.file("rust")', "rust"),
        ('rootDir.resolve("rust")', "rust"),
        ('projectDir.resolve("rust")', "app/rust"),
        ('file("../../outside")', None),
        ('file("$somewhere/rust")', None),
        ("whereItIs()", None),
    ],
)
@pytest.mark.parametrize("form", ["packageDirectory = {}", "packageDirectory.set({})"])
def test_package_directory_names_the_crate(
    form: str, directory: str, folder: str | None, tmp_path: Path
) -> None:
    script = GOBLEY + "cargo { " + form.format(directory) + " }\n"
    root = write(tmp_path, {"settings.gradle.kts": "", "app/build.gradle.kts": script})
    found = find_module(Builds(Sources(root)), "app")
    assert found
    assert found.crate == folder


def test_without_package_directory_gobley_builds_the_modules_own_folder(tmp_path: Path) -> None:
    root = write(tmp_path, {"app/build.gradle.kts": GOBLEY, "lib/build.gradle.kts": ""})
    builds = Builds(Sources(root))
    assert [(m.crate if m else "") for m in (find_module(builds, f) for f in ("app", "lib"))] == [
        "app",
        None,
    ]  # fmt: skip


def test_imports_are_kept_with_alias_and_star(tmp_path: Path) -> None:
    text = "import a.b.C as D\nimport gobley.gradle.cargo.dsl.*\nimport x.Y\n"
    assert module(tmp_path, text).imports == frozenset(
        ["a.b.C as D", "gobley.gradle.cargo.dsl.*", "x.Y"]
    )


def test_dynamic_libraries_count_only_for_the_shared_runtime(tmp_path: Path) -> None:
    other = GOBLEY + 'cargo { builds.android { dynamicLibraries.addAll("z") } }\n'
    shared = GOBLEY + '\ncargo { builds.android { dynamicLibraries.addAll("z", "c++_shared") } }\n'
    assert module(tmp_path / "a", other).dynamic_cpp is None
    found = module(tmp_path / "b", shared).dynamic_cpp
    assert found
    assert found.place == "app/build.gradle.kts:3"


OURS = "// >>> scaffold:gradle\nandroid {\n    ndkVersion = {0}\n}\n// <<< scaffold:gradle\n"


def test_our_own_block_is_told_from_the_users_lines(tmp_path: Path) -> None:
    found = module(tmp_path, GOBLEY + OURS.replace("{0}", '"28.2.13676358"'))
    assert found.ndk is None
    assert found.ours_ndk
    assert (found.ours_ndk.value, found.ours_ndk.place) == (
        "28.2.13676358",
        "app/build.gradle.kts:4",
    )


def test_an_edit_of_our_block_is_looked_up_in_the_catalogue(tmp_path: Path) -> None:
    files = {"gradle/libs.versions.toml": '[versions]\nndk = "27.2.12479018"\n'}
    script = GOBLEY + OURS.replace("{0}", "libs.versions.ndk.get()")
    found = module(tmp_path, script, files).ours_ndk
    assert found
    assert (found.value, found.place) == ("27.2.12479018", "gradle/libs.versions.toml:2")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('implementation("net.java.dev.jna:jna:5.14.0@aar")', ["5.14.0"]),
        ('implementation("net.java.dev.jna:jna:${libs.versions.jna.get()}@aar")', ["5.15.0"]),
        ("implementation(libs.native) { artifact { type = \"aar\" } }", ["5.15.0"]),
        ("implementation(libs.bundles.ffi)", ["5.15.0"]),
        ("implementation(libs.bundles.other)", []),
        ("implementation(libs.jnaFork)", []),
        ("implementation(libs.unknown.jna)", [None]),
        ('implementation("net.java.dev.jna:jna:$unknown")', [None]),
        ('implementation("net.java.dev.jna:jna-platform:5.14.0")', []),
        ('// implementation("net.java.dev.jna:jna:5.14.0")', []),
    ],
)  # fmt: skip
def test_jna_is_known_by_its_module_not_by_a_name(
    declared: str, expected: list[str | None], tmp_path: Path
) -> None:
    catalogue = (
        '[versions]\njna = "5.15.0"\n[libraries]\n'
        'native = { group = "net.java.dev.jna", name = "jna", version.ref = "jna" }\n'
        'jnaFork = "org.example:fork:1"\n'
        '[bundles]\nffi = ["jnaFork", "native"]\nother = ["jnaFork"]\n'
    )
    script = GOBLEY + "dependencies {\n    " + declared + "\n}\n"
    found = module(tmp_path, script, {"gradle/libs.versions.toml": catalogue}).jna
    assert [one.value for one in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        'versions = 1\nplugins = []\nlibraries = "x"\nbundles = {a = 1}\n',
        "[plugins]\na = 1\n[libraries]\nb = []\n[versions]\nndk = {x = 1}\n",
        "[versions",
        "a" * 100,
    ],
)
def test_a_catalogue_of_another_shape_knows_nothing(text: str) -> None:
    catalogue = Catalogue("x.toml", text)
    assert catalogue.plugin("a") == ("", None)
    assert catalogue.library("c") == ("", None)
    assert catalogue.bundle("a") == ()
    assert catalogue.version("ndk") is None
    assert catalogue.ndk() is None


@pytest.mark.parametrize("alias", ["androidNdk", "android-ndk", "ndk", "ndk_version", "ndkVersion"])
def test_a_catalogues_ndk_is_found_by_its_name(alias: str) -> None:
    catalogue = Catalogue("c.toml", f'[versions]\n{alias} = "27.2.12479018"\n')
    found = catalogue.ndk()
    assert found
    assert found.place == "c.toml:2"


def test_conventions_that_apply_each_other_end(tmp_path: Path) -> None:
    scripts = {
        f"buildSrc/src/main/kotlin/{a}.gradle.kts": f'plugins {{ id("{b}") }}\n'
        for a, b in (("one", "two"), ("two", "one"))
    }
    root = write(tmp_path, {"build.gradle.kts": 'plugins { id("one") }\n', **scripts})
    found = find_module(Builds(Sources(root)), ".")
    assert found
    assert [plugin.id for plugin in found.plugins] == ["one", "two"]


def test_a_package_is_part_of_a_precompiled_scripts_id(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "buildSrc/src/main/kotlin/a/b/lib.gradle.kts": 'package a.b\n\nplugins { kotlin("jvm") }\n',
            "build.gradle.kts": "plugins { id(\"a.b.lib\") }\n",
        },
    )  # fmt: skip
    found = find_module(Builds(Sources(root)), ".")
    assert found
    assert found.kotlin == "jvm"


def test_groovy_is_read_as_kotlin_is(tmp_path: Path) -> None:
    text = """\
/* plugins { id 'no' } */
plugins {
    id 'a' version "1" apply false // id 'no'
    id("b")
    alias(libs.plugins.c)
    id 'd' version '2'
}
apply plugin: 'e'
def s = '''
plugins { id 'no' }
'''
def pattern = ~/"{/
android {
    ndkVersion '27.1.1'
    defaultConfig { ndk { abiFilters 'x86', "arm64-v8a" } }
}
dependencies {
    implementation 'net.java.dev.jna:jna:5.14.0@aar'
    api group: 'net.java.dev.jna', name: 'jna', version: '5.15.0'
}
"""
    found = read_module(write(tmp_path, {"build.gradle": text}), ".")
    assert found
    assert [(p.id, p.version and p.version.value, p.place) for p in found.plugins] == [
        ("b", None, "build.gradle:4"),
        ("libs.plugins.c", None, "build.gradle:5"),
        ("d", "2", "build.gradle:6"),
        ("e", None, "build.gradle:8"),
    ]
    assert found.groovy
    assert found.ndk
    assert (found.ndk.value, found.ndk.place) == ("27.1.1", "build.gradle:14")
    assert found.abis
    assert found.abis.names == ("x86", "arm64-v8a")
    assert [one.value for one in found.jna] == ["5.14.0", "5.15.0"]


def test_one_look_reads_no_more_than_its_measure(tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"{number}.kts").write_bytes(b"//" + b" " * 200_000)
    sources = Sources(str(tmp_path))
    texts = [sources.text(f"{number}.kts") for number in range(14)]
    assert sum(len(text or "") for text in texts) <= MOST
    assert texts[-1] is None


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        (".", "a", "a"),
        ("a/b", "../c", "a/c"),
        ("a", "..", "."),
        ("a", "../..", None),
        (".", "..", None),
        ("a", "b\\c", "a/b/c"),
    ],
)
def test_paths_stay_inside_the_repository(
    folder: str, path: str, expected: str | None, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    assert Sources(str(tmp_path)).joined(folder, path) == expected


@pytest.mark.parametrize(
    ("script", "android"),
    [
        ('plugins { kotlin("multiplatform") }\nkotlin { jvm() }\n', False),
        ('plugins { id("com.android.lint") }\nkotlin { jvm() }\n', False),
        ("kotlin { androidTarget() }\n", True),
        ("kotlin { androidTarget { } }\n", True),
        ("kotlin { androidLibrary { } }\n", True),
        ("kotlin.androidTarget()\n", True),
        ("configure<KotlinMultiplatformExtension> { androidTarget() }\n", True),
        ("android { compileSdk = 35 }\n", True),
        ("extensions.configure<LibraryExtension> { compileSdk = 35 }\n", True),
        ("plugins { alias(others.plugins.android.library) }\n", True),
        ("cargo { builds.android { } }\nkotlin { jvm() }\n", False),
        ("// android { }\nval android = 1\n", False),
    ],
)
def test_android_shows_by_plugin_block_or_target(
    script: str, android: bool, tmp_path: Path
) -> None:
    assert module(tmp_path, script).android is android


@pytest.mark.parametrize(
    ("id_", "build"),
    [
        ("com.github.willir.rust.cargo-ndk-android", "cargo-ndk"),
        ("org.example.cargondk", "cargo-ndk"),
        ("org.example.cargo-ndk", "cargo-ndk"),
        ("org.example.android-rust", "none"),
        ("org.example.cargo-ndk.helper", "none"),
    ],
)
def test_plugins_around_cargo_ndk_are_known_by_their_name(
    id_: str, build: str, tmp_path: Path
) -> None:
    found = module(tmp_path, f'plugins {{ id("com.android.library"); id("{id_}") }}\n')
    assert found.rust_build == build


def test_the_link_argument_of_rust_android_gradle_counts_as_flags(tmp_path: Path) -> None:
    groovy = (
        "apply plugin: 'com.android.library'\n"
        "cargo {\n    exec { spec, toolchain ->\n"
        '        spec.environment("RUST_ANDROID_GRADLE_CC_LINK_ARG", "-Wl,-z,max-page-size=16384")\n    }\n}\n'
    )
    write(tmp_path, {"settings.gradle": "", "app/build.gradle": groovy})
    found = read_module(str(tmp_path), "app")
    assert found
    assert found.page_flags
    assert (found.page_flags.value, found.page_flags.place) == (
        "max-page-size=16384",
        "app/build.gradle:4",
    )


def test_the_sources_of_an_included_app_are_no_conventions(tmp_path: Path) -> None:
    files = {
        "settings.gradle.kts": 'includeBuild("other")\nincludeBuild("logic")\n',
        "other/app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
        "other/app/src/main/kotlin/Big.kt": 'fun setUp() { android { ndkVersion = "1" } }\n',
        "logic/build.gradle.kts": "plugins { `kotlin-dsl` }\n",
        "logic/src/main/kotlin/More.kt": 'fun more() { android { ndkVersion = "27.2.12479018" } }\n',
    }
    script = 'plugins { id("com.android.library") }\nsetUp()\nmore()\n'
    found = module(tmp_path, script, files)
    assert found.ndk
    assert found.ndk.place.startswith("logic/")


def test_an_ndk_that_is_handed_on_is_not_set(tmp_path: Path) -> None:
    script = (
        'plugins { id("com.android.library") }\n'
        "android {\n    ndkVersion = android.ndkVersion\n"
        "    libraryVariants.all { tasks.create(name) { ndkVersion = project.android.ndkVersion } }\n}\n"
    )
    assert module(tmp_path, script).ndk is None
