"""What a look at a repository finds: one table of repositories that differ."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.answers.reading import read_given, read_settings, resolve
from scaffold.cli.main import main
from scaffold.errors import Refusal
from scaffold.gradle.found import Abis, Module
from scaffold.gradle.module import read_module
from scaffold.probe.defaults import Look, detect
from scaffold.probe.place import refuse_unclear_place
from scaffold.project.survey import survey

CDYLIB = '[package]\nname = "{0}"\n\n[lib]\ncrate-type = ["cdylib"]\n'
UNIFFI = CDYLIB + '\n[dependencies]\nuniffi = "0.29"\n'
LIBRARY = '[package]\nname = "{0}"\n\n[lib]\n'

CATALOGUE = """\
[versions]
agp = "8.13.0"
kotlin = "2.2.20"
gobley = "0.3.7"
android-ndk = "27.2.12479018"
jna = { strictly = "5.17.0" }

[libraries]
native-access = { module = "net.java.dev.jna:jna", version.ref = "jna" }
jna-platform = { group = "net.java.dev.jna", name = "jna-platform", version.ref = "jna" }

[bundles]
ffi = ["native-access", "jna-platform"]

[plugins]
androidLibrary = { id = "com.android.library", version.ref = "agp" }
kotlin-multiplatform = { id = "org.jetbrains.kotlin.multiplatform", version.ref = "kotlin" }
kotlin-jvm = "org.jetbrains.kotlin.jvm:2.2.20"
gobley-cargo = { id = "dev.gobley.cargo", version.ref = "gobley" }
my-android = { id = "my.android.library" }
"""

KMP_MODULE = """\
import gobley.gradle.cargo.dsl.*

plugins {
    alias(libs.plugins.kotlin.multiplatform)
    alias(libs.plugins.androidLibrary)
    alias(libs.plugins.gobley.cargo)
}

kotlin {
    androidTarget()
    jvm("desktop")
    sourceSets {
        androidMain.dependencies { implementation(libs.bundles.ffi) }
    }
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../rust/core")
}

android {
    ndkVersion = libs.versions.android.ndk.get()
    defaultConfig { ndk { abiFilters += listOf("arm64-v8a", "x86_64") } }
}
"""

ANDROID_APP = """\
plugins {
    id("com.android.application") version "8.7.3"
    kotlin("android") version "2.1.10"
    id("dev.gobley.cargo") version "0.3.5"
}

val jnaVersion = "5.14.0"

android {
    ndkVersion = "26.3.11579264"
    defaultConfig { ndk { abiFilters.addAll(setOf("armeabi-v7a", "arm64-v8a")) } }
}

cargo { packageDirectory = file("$rootDir/native") }

dependencies {
    implementation("net.java.dev.jna:jna:$jnaVersion@aar")
}
"""

Found = Mapping[str, tuple[object, str]]


class Sample(NamedTuple):
    """A repository and what is found: answer → (value, origin), the rest being left to defaults;
    `module` are fields of the survey's Module."""

    files: Mapping[str, str]
    found: Found
    module: Mapping[str, object] = {}


def app(script: str, **files: str) -> dict[str, str]:
    """A pure Android module in `app`, with more files."""
    plugins = 'plugins {\n    id("com.android.application")\n    kotlin("android")\n}\n'
    return {"settings.gradle.kts": "", "app/build.gradle.kts": plugins + script, **files}


def ndk_in_app(origin: str, value: str = "27.2.12479018") -> Found:
    return {
        "module": ("app", "app/build.gradle.kts"),
        "plugin": ("android", "app/build.gradle.kts:3"),
        "ndk": (value, origin),
    }


CONVENTION = {
    "settings.gradle.kts": 'pluginManagement { includeBuild("build-logic") }\n',
    "gradle/libs.versions.toml": CATALOGUE,
    "build-logic/build.gradle.kts": "plugins { `kotlin-dsl` }\n",
    "build-logic/src/main/kotlin/my.android.library.gradle.kts": (
        'plugins {\n    id("com.android.library")\n    kotlin("multiplatform")\n'
        '    id("dev.gobley.cargo")\n}\n'
        'kotlin { jvm("desktop") }\nandroid { ndkVersion = "27.2.12479018" }\n'
    ),
    "shared/build.gradle.kts": "plugins { alias(libs.plugins.my.android) }\n",
}

SAMPLES: dict[str, Sample] = {
    "KMP with composeApp and shared, everything by catalogue": Sample(
        {
            "settings.gradle.kts": 'include(":composeApp", ":shared")\n',
            "build.gradle.kts": "plugins {\n    alias(libs.plugins.gobley.cargo) apply false\n}\n",
            "gradle/libs.versions.toml": CATALOGUE,
            "composeApp/build.gradle.kts": "plugins { alias(libs.plugins.kotlin.multiplatform) }\n",
            "shared/build.gradle.kts": KMP_MODULE,
            "rust/Cargo.toml": '[workspace]\nmembers = ["core", "cli"]\n',
            "rust/core/Cargo.toml": UNIFFI.format("core"),
            "rust/cli/Cargo.toml": '[package]\nname = "cli"\n',
        },
        {
            "module": ("shared", "shared/build.gradle.kts:6"),
            "crate": ("rust/core", "rust/core/Cargo.toml:5"),
            "plugin": ("multiplatform", "shared/build.gradle.kts:4"),
            "gobley": ("0.3.7", "gradle/libs.versions.toml:4"),
            "abis": (("arm64-v8a", "x86_64"), "shared/build.gradle.kts:23"),
            "ndk": ("27.2.12479018", "gradle/libs.versions.toml:5"),
        },
        {
            "jvm_source_set": "desktopMain",
            "jna": [("5.17.0", "gradle/libs.versions.toml:6")],
            "imports": frozenset(["gobley.gradle.cargo.dsl.*"]),
            "android": True,
        },
    ),
    "an Android app with a crate beside it": Sample(
        {
            "settings.gradle.kts": 'include(":app")\n',
            "app/build.gradle.kts": ANDROID_APP,
            "native/Cargo.toml": UNIFFI.format("native"),
            "aaa/Cargo.toml": UNIFFI.format("aaa"),
        },
        {
            "module": ("app", "app/build.gradle.kts:4"),
            "crate": ("native", "native/Cargo.toml:5"),
            "plugin": ("android", "app/build.gradle.kts:3"),
            "gobley": ("0.3.5", "app/build.gradle.kts:4"),
            "abis": (("arm64-v8a", "armeabi-v7a"), "app/build.gradle.kts:11"),
            "ndk": ("26.3.11579264", "app/build.gradle.kts:10"),
        },
        {"jna": [("5.14.0", "app/build.gradle.kts:7")], "jvm_source_set": None},
    ),
    "a JVM module at the root": Sample(
        {
            "settings.gradle.kts": "",
            "build.gradle.kts": 'plugins {\n    kotlin("jvm") version "2.2.0"\n}\n',
            "Cargo.toml": LIBRARY.format("core"),
        },
        {
            "module": (".", "build.gradle.kts"),
            "crate": (".", "Cargo.toml"),
            "plugin": ("jvm", "build.gradle.kts:2"),
        },
        {"android": False},
    ),
    "a Cargo workspace with a virtual root and no Gradle": Sample(
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
            "crates/api/Cargo.toml": LIBRARY.format("api"),
            "crates/ffi/Cargo.toml": UNIFFI.format("ffi"),
            "crates/abi/Cargo.toml": CDYLIB.format("abi"),
        },
        {"crate": ("crates/ffi", "crates/ffi/Cargo.toml:5")},
    ),
    "two Gobley modules: the nearer, then the first by name": Sample(
        {
            "b/build.gradle.kts": 'plugins { id("dev.gobley.cargo") version "0.3.7" }\n',
            "a/build.gradle.kts": 'plugins { id("dev.gobley.cargo") version "0.3.6" }\n',
            "a/Cargo.toml": LIBRARY.format("one"),
            "b/Cargo.toml": CDYLIB.format("two"),
        },
        {
            "module": ("a", "a/build.gradle.kts:1"),
            "crate": ("a", "a/Cargo.toml"),
            "gobley": ("0.3.6", "a/build.gradle.kts:1"),
        },
        {"android": False},
    ),
    "a convention script in build-logic": Sample(
        CONVENTION,
        {
            "crate": ("shared", "build-logic/src/main/kotlin/my.android.library.gradle.kts:4"),
            "module": (
                "shared",
                "build-logic/src/main/kotlin/my.android.library.gradle.kts:4",
            ),
            "plugin": (
                "multiplatform",
                "build-logic/src/main/kotlin/my.android.library.gradle.kts:3",
            ),
            "ndk": (
                "27.2.12479018",
                "build-logic/src/main/kotlin/my.android.library.gradle.kts:7",
            ),
        },
        {"android": True, "jvm_source_set": "desktopMain"},
    ),
    "a convention class in buildSrc": Sample(
        {
            "settings.gradle.kts": "",
            "buildSrc/build.gradle.kts": (
                'gradlePlugin {\n    plugins {\n        register("lib") {\n            id = "my.lib"\n'
                '            implementationClass = "my.LibPlugin"\n        }\n    }\n}\n'
            ),
            "buildSrc/src/main/kotlin/my/LibPlugin.kt": (
                "class LibPlugin : Plugin<Project> {\n    override fun apply(target: Project) = with(target) {\n"
                '        with(pluginManager) {\n            apply("com.android.library")\n'
                '            apply("org.jetbrains.kotlin.android")\n        }\n    }\n}\n'
            ),
            "lib/build.gradle.kts": 'plugins { id("my.lib") }\n',
        },
        {
            "module": ("lib", "lib/build.gradle.kts"),
            "plugin": ("android", "buildSrc/src/main/kotlin/my/LibPlugin.kt:5"),
        },
        {"android": True},
    ),
    "a multiplatform module whose plugins nobody can see, with an android block": Sample(
        {"build.gradle.kts": 'plugins { id("far.away") }\nkotlin { jvm() }\nandroid { }\n'},
        {"module": (".", "build.gradle.kts")},
        {"android": True, "jvm_source_set": "jvmMain"},
    ),
    "a multiplatform module without any sign of Android": Sample(
        {"build.gradle.kts": 'plugins { kotlin("multiplatform") }\nkotlin { jvm() }\n'},
        {"module": (".", "build.gradle.kts"), "plugin": ("multiplatform", "build.gradle.kts:1")},
        {"android": False},
    ),
    "the new Android plugin for multiplatform libraries": Sample(
        {
            "build.gradle.kts": (
                'plugins {\n    kotlin("multiplatform")\n'
                '    id("com.android.kotlin.multiplatform.library") version "8.12.0"\n}\n'
                "kotlin {\n    androidLibrary { compileSdk = 35 }\n}\n"
            )
        },
        {"module": (".", "build.gradle.kts"), "plugin": ("multiplatform", "build.gradle.kts:2")},
        {"android": True},
    ),
    "Groovy build files": Sample(
        {
            "settings.gradle": "include ':app'\n",
            "build.gradle": "plugins {\n    id 'com.android.application' version '8.7.3' apply false\n}\n",
            "app/build.gradle": (
                "// id 'dev.gobley.cargo'\nplugins {\n    id 'com.android.application'\n"
                "    id \"org.jetbrains.kotlin.android\" version '2.1.10'\n"
                "    id 'dev.gobley.cargo' version '0.3.7'\n}\n"
                "android {\n    ndkVersion '27.2.12479018'\n}\n"
            ),
            "app/Cargo.toml": CDYLIB.format("app"),
        },
        {
            "module": ("app", "app/build.gradle:5"),
            "crate": ("app", "app/Cargo.toml:5"),
            "plugin": ("android", "app/build.gradle:4"),
            "gobley": ("0.3.7", "app/build.gradle:5"),
            "ndk": ("27.2.12479018", "app/build.gradle:8"),
        },
        {"groovy": True},
    ),
    "another catalogue, as the settings file names it": Sample(
        {
            "settings.gradle.kts": (
                "dependencyResolutionManagement {\n    versionCatalogs {\n"
                '        create("deps") { from(files("gradle/deps.versions.toml")) }\n    }\n}\n'
            ),
            "gradle/deps.versions.toml": CATALOGUE,
            "lib/build.gradle.kts": (
                "plugins {\n    alias(deps.plugins.kotlin.jvm)\n    alias(deps.plugins.gobley.cargo)\n}\n"
                "dependencies { implementation(deps.native.access) }\n"
            ),
        },
        {
            "crate": ("lib", "lib/build.gradle.kts:3"),
            "module": ("lib", "lib/build.gradle.kts:3"),
            "plugin": ("jvm", "lib/build.gradle.kts:2"),
            "gobley": ("0.3.7", "gradle/deps.versions.toml:4"),
            "ndk": ("27.2.12479018", "gradle/deps.versions.toml:5"),
        },
        {"jna": [("5.17.0", "gradle/deps.versions.toml:6")]},
    ),
    "a Gradle build in a subfolder, versions in its root script": Sample(
        {
            "android/settings.gradle.kts": "",
            "android/build.gradle.kts": (
                'plugins {\n    id("dev.gobley.cargo") version "0.3.4" apply false\n}\n'
            ),
            "android/gradle.properties": "org.gradle.jvmargs=-Xmx2g\nmy.ndk = 27.2.12479018\n",
            "android/app/build.gradle.kts": (
                'plugins {\n    id("com.android.application")\n    id("dev.gobley.cargo")\n}\n'
                'android { ndkVersion = providers.gradleProperty("my.ndk").get() }\n'
                'cargo { packageDirectory = file("../../core") }\n'
            ),
            "core/Cargo.toml": CDYLIB.format("core"),
        },
        {
            "module": ("android/app", "android/app/build.gradle.kts:3"),
            "crate": ("core", "core/Cargo.toml:5"),
            "plugin": ("android", "android/app/build.gradle.kts:2"),
            "gobley": ("0.3.4", "android/build.gradle.kts:2"),
            "ndk": ("27.2.12479018", "android/gradle.properties:2"),
        },
    ),
    "the version that pluginManagement declares": Sample(
        {
            "settings.gradle.kts": (
                'pluginManagement {\n    plugins {\n        id("dev.gobley.cargo") version "0.3.3"\n'
                "    }\n}\n"
            ),
            "build.gradle.kts": 'plugins {\n    id("dev.gobley.cargo")\n    kotlin("jvm")\n}\n',
        },
        {
            "crate": (".", "build.gradle.kts:2"),
            "module": (".", "build.gradle.kts:2"),
            "plugin": ("jvm", "build.gradle.kts:3"),
            "gobley": ("0.3.3", "settings.gradle.kts:3"),
        },
    ),
    "ndkVersion from the root script's extra": Sample(
        app(
            'android { ndkVersion = rootProject.extra["ndk"] as String }\n',
            **{"build.gradle.kts": 'val other = 1\nextra["ndk"] = "27.2.12479018"\n'},
        ),
        ndk_in_app("build.gradle.kts:2"),
    ),
    "ndkVersion from an extra that is delegated": Sample(
        app(
            "val ndk: String by rootProject.extra\nandroid { ndkVersion = ndk }\n",
            **{"build.gradle.kts": 'val ndk by extra("27.2.12479018")\n'},
        ),
        ndk_in_app("build.gradle.kts:1"),
    ),
    "ndkVersion from gradle.properties": Sample(
        app(
            'android { ndkVersion = property("ndk") as String }\n',
            **{"gradle.properties": "# ndk=1\nndk=27.2.12479018\n"},
        ),
        ndk_in_app("gradle.properties:2"),
    ),
    "ndkVersion from a val": Sample(
        app('val ndk = "27.2.12479018"\nandroid { ndkVersion = ndk }\n'),
        ndk_in_app("app/build.gradle.kts:5"),
    ),
    "ndkVersion from a template": Sample(
        app('val major = "27.2"\nandroid { ndkVersion = "$major.12479018" }\n'),
        ndk_in_app("app/build.gradle.kts:5"),
    ),
    "ndkVersion from an object of buildSrc": Sample(
        app(
            "android { ndkVersion = Versions.NDK }\n",
            **{
                "buildSrc/src/main/kotlin/Versions.kt": (
                    'object Versions {\n    const val NDK = "27.2.12479018"\n}\n'
                )
            },
        ),
        ndk_in_app("buildSrc/src/main/kotlin/Versions.kt:2"),
    ),
    "ndkVersion with a fallback": Sample(
        app('android { ndkVersion = findProperty("x") as String? ?: "27.2.12479018" }\n'),
        ndk_in_app("app/build.gradle.kts:5"),
    ),
    "ndkVersion that only Gradle can tell": Sample(
        app("android { ndkVersion = newest() }\n"),
        {
            "module": ("app", "app/build.gradle.kts"),
            "plugin": ("android", "app/build.gradle.kts:3"),
        },
        {"ndk": (None, "app/build.gradle.kts:5")},
    ),
    "names that stand for each other": Sample(
        app("val a = b\nval b = a\nandroid { ndkVersion = a }\n"),
        {
            "module": ("app", "app/build.gradle.kts"),
            "plugin": ("android", "app/build.gradle.kts:3"),
        },
        {"ndk": (None, "app/build.gradle.kts:7")},
    ),
    "ABIs by splits": Sample(
        app('android { splits { abi {\n    include("x86_64", "arm64-v8a")\n} } }\n'),
        {
            "module": ("app", "app/build.gradle.kts"),
            "plugin": ("android", "app/build.gradle.kts:3"),
            "abis": (("arm64-v8a", "x86_64"), "app/build.gradle.kts:6"),
        },
        {"abi_filters": None},
    ),
    "ABIs by an expression": Sample(
        app('android { defaultConfig { ndk { abiFilters += abis + "x86" } } }\n'),
        {
            "module": ("app", "app/build.gradle.kts"),
            "plugin": ("android", "app/build.gradle.kts:3"),
        },
        {"abi_filters": Abis(("x86",), "app/build.gradle.kts:5", "abiFilters", complete=False)},
    ),
    "aliases that are called after JNA and are not it": Sample(
        app(
            "dependencies {\n    implementation(libs.jna.platform)\n    implementation(libs.jna.fork)\n}\n",
            **{
                "gradle/libs.versions.toml": (
                    '[libraries]\njna-fork = "org.example:jna:1.0"\n'
                    'jna-platform = "net.java.dev.jna:jna-platform:5.17.0"\n'
                )
            },
        ),
        {
            "module": ("app", "app/build.gradle.kts"),
            "plugin": ("android", "app/build.gradle.kts:3"),
        },
        {"jna": []},
    ),
    "a crate and a module with nothing to recognise": Sample(
        {"build.gradle.kts": "tasks.register(\"x\")\n", "Cargo.toml": '[package]\nname = "x"\n'},
        {"module": (".", "build.gradle.kts"), "crate": (".", "Cargo.toml")},
    ),
    "nothing at all": Sample({"README.md": "# build.gradle.kts\n"}, {}),
    "TOML, Kotlin and Groovy that are none": Sample(
        {
            "Cargo.toml": "[package\n",
            "gradle/libs.versions.toml": "[versions",
            "build.gradle.kts": 'plugins { alias(libs.plugins.x) }\n}}}}" /* ndkVersion\n',
            "other/build.gradle": "'''\nplugins { id\n",
            "other/Cargo.toml": "package = 1\nlib = []\ndependencies = 3\ntarget = { x = 1 }\n",
        },
        {"module": (".", "build.gradle.kts")},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_sdk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "no-home"))


def build(root: Path, files: Mapping[str, str]) -> str:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return str(root)


def surveyed(root: str, found: Found) -> Module | None:
    answers = {name: value for name, (value, _) in found.items() if isinstance(value, str)}
    given = read_given("".join(f"{n}: {v}\n" for n, v in answers.items()), "scaffold.yml")
    return survey(root, resolve(given, read_settings(["page_size=off"])), {}).module


BESIDE = ("rust", "beside your Gradle build")


def test_without_a_crate_a_new_one_goes_beside_the_gradle_build(tmp_path: Path) -> None:
    root = build(tmp_path / "p", {"app/build.gradle.kts": 'plugins { kotlin("jvm") }\n'})
    crate = detect(root, {}).defaults["crate"]
    assert (crate.value, crate.origin) == BESIDE
    assert "crate" not in detect(build(tmp_path / "new", {"README.md": ""}), {}).defaults


def test_a_crate_that_the_build_names_is_the_crate_before_it_is_checked_out(tmp_path: Path) -> None:
    script = """
        plugins {
            id("com.android.library")
            id("org.mozilla.rust-android-gradle.rust-android")
        }
        cargo {
            module = "src/main/rust/core"
            libname = "core"
            targets = listOf("arm64")
        }
        """
    root = build(tmp_path / "p", {"lib/build.gradle.kts": script})
    assert detect(root, {}).defaults["crate"].value == "lib/src/main/rust/core"


def test_a_tool_without_a_library_is_not_the_crate_of_an_app(tmp_path: Path) -> None:
    files = {
        "app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
        "tool/Cargo.toml": '[package]\nname = "tool"\nversion = "0.1.0"\n',
        "tool/src/main.rs": "fn main() {}\n",
    }
    found = detect(build(tmp_path / "p", files), {}).defaults
    assert (found["crate"].value, found["crate"].origin) == BESIDE


def test_crates_above_the_folder_are_refused_with_the_folder_that_holds_both(
    tmp_path: Path,
) -> None:
    files = {
        ".git/HEAD": "",
        "Cargo.toml": '[workspace]\nmembers = ["core"]\n',
        "core/Cargo.toml": CDYLIB.format("core"),
        "android/app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
    }
    root = build(tmp_path / "p", files)
    with pytest.raises(Refusal) as refused:
        refuse_unclear_place(str(tmp_path / "p" / "android"), {})
    assert "scaffold init" in refused.value.problems[0].hint
    refuse_unclear_place(root, {})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_repository_gives_these_defaults_with_their_places(name: str, tmp_path: Path) -> None:
    root = build(tmp_path / "p", SAMPLES[name].files)
    found = {key: (item.value, item.origin) for key, item in detect(root, {}).defaults.items()}
    for other in ("hosts", "rust_build", "cpp_runtime"):
        found.pop(other, None)
    if found.get("crate") == BESIDE:
        del found["crate"]
    assert found == dict(SAMPLES[name].found)


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.module])
def test_a_survey_gives_the_plan_what_the_module_says(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    module = surveyed(build(tmp_path / "p", sample.files), sample.found)
    assert module
    seen: dict[str, object] = {key: getattr(module, key) for key in sample.module}
    if "jna" in seen:
        seen["jna"] = [(one.value, one.place) for one in module.jna]
    if "ndk" in seen and module.ndk:
        seen["ndk"] = (module.ndk.value, module.ndk.place)
    assert seen == dict(sample.module)


def test_every_other_ndk_version_is_left_to_its_place(tmp_path: Path) -> None:
    for number, (name, sample) in enumerate(SAMPLES.items()):
        if name.startswith("ndkVersion from"):
            module = surveyed(build(tmp_path / str(number), sample.files), sample.found)
            assert module
            assert module.ndk
            assert (module.ndk.value, module.ndk.place) == sample.found["ndk"]


def test_a_stated_crate_decides_between_modules_and_a_stated_module_between_crates(
    tmp_path: Path,
) -> None:
    root = build(tmp_path, SAMPLES["two Gobley modules: the nearer, then the first by name"].files)
    assert detect(root, {"crate": "b"}).defaults["module"].value == "b"
    assert detect(root, {"module": "b"}).defaults["crate"].value == "b"


def test_what_is_stated_is_not_found(tmp_path: Path) -> None:
    root = build(tmp_path, SAMPLES["an Android app with a crate beside it"].files)
    assert "ndk" not in detect(root, {"ndk": "28.2.13676358"}).defaults


def test_an_ndk_that_no_answer_may_name_is_left_out(tmp_path: Path) -> None:
    root = build(tmp_path, app('android { ndkVersion = "21.4.7075529" }\n'))
    assert "ndk" not in detect(root, {}).defaults


def test_candidates_say_what_they_are(tmp_path: Path) -> None:
    sample = SAMPLES["KMP with composeApp and shared, everything by catalogue"]
    look = Look(build(tmp_path, sample.files))
    assert [(one.folder, one.about) for one in look.module_candidates()] == [
        ("shared", "shared/build.gradle.kts (Gobley, multiplatform)"),
        ("composeApp", "composeApp/build.gradle.kts (multiplatform)"),
        (".", "build.gradle.kts (no Kotlin plugin found)"),
    ]
    assert [(one.folder, one.about) for one in look.crate_candidates("shared")] == [
        ("rust/core", "core (cdylib, UniFFI)"),
        ("rust/cli", "cli (no library)"),
    ]


def test_versions_that_are_no_answer_are_seen_too(tmp_path: Path) -> None:
    sample = SAMPLES["KMP with composeApp and shared, everything by catalogue"]
    sights = Look(build(tmp_path, sample.files)).sights("shared")
    assert ("Android Gradle plugin", "8.13.0", "gradle/libs.versions.toml:2") in sights
    assert ("JNA", "5.17.0", "gradle/libs.versions.toml:6") in sights


def test_hostile_files_are_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "p"
    build(root, {"a/build.gradle.kts": 'plugins { kotlin("jvm") }\n'})
    (root / "bytes").mkdir()
    (root / "bytes/build.gradle.kts").write_bytes(b"\xff\xfe\x00plugins")
    (root / "bytes/Cargo.toml").write_bytes(b"[package]\nname = '\xff'\n")
    (root / "huge").mkdir()
    with open(root / "huge/build.gradle.kts", "wb") as file:
        file.truncate(3 << 30)
    (root / "folder/build.gradle.kts").mkdir(parents=True)
    (root / "deep" / "/".join("d" * 60)).mkdir(parents=True)
    (root / "deep" / "/".join("d" * 60) / "Cargo.toml").write_text(CDYLIB.format("deep"))
    if hasattr(os, "mkfifo"):
        (root / "pipe").mkdir()
        os.mkfifo(root / "pipe/Cargo.toml")
        os.mkfifo(root / "pipe/build.gradle.kts")
    try:
        (root / "loop").symlink_to(root, target_is_directory=True)
        (root / "gradle.properties").symlink_to("gradle.properties")
        (root / "self").mkdir()
        (root / "self/build.gradle.kts").symlink_to("build.gradle.kts")
    except OSError:
        pass  # Windows, without the right to make links
    found = detect(str(root), {}).defaults
    assert (found["module"].value, found["plugin"].value) == ("a", "jvm")
    assert found["crate"].value == BESIDE[0]


def test_a_folder_that_is_none_gives_only_the_machine(tmp_path: Path) -> None:
    assert set(detect(str(tmp_path / "missing"), {}).defaults) == {"hosts"}


def test_an_ios_deployment_target_of_cargo_is_taken(tmp_path: Path) -> None:
    files = {
        "lib/build.gradle.kts": 'plugins { kotlin("multiplatform") }\nkotlin { iosArm64() }\n',
        ".cargo/config.toml": '[env]\nIPHONEOS_DEPLOYMENT_TARGET = { value = "15.0" }\n',
    }
    found = detect(build(tmp_path / "p", files), {}).defaults["ios_deployment_target"]
    assert (found.value, found.origin) == ("15.0", ".cargo/config.toml:2")


def test_scaffolds_own_cargo_ndk_task_says_who_builds_when_the_answers_are_lost(
    tmp_path: Path,
) -> None:
    root = build(tmp_path / "p", app(""))
    words = ["--set", "ndk=27.2.12479018", "--set", "hosts=linux"]
    assert main(["init", root, "--defaults", *words]) == 0
    (tmp_path / "p" / "scaffold.yml").unlink()
    found = detect(root, {}).defaults["rust_build"]
    assert found.value == "cargo-ndk"
    assert found.origin.startswith("app/build.gradle.kts:")


LIBRARY = '[package]\nname = "{name}"\n[lib]\ncrate-type = ["cdylib"]\n'


def test_among_equal_crates_the_modules_own_and_androids_come_first(tmp_path: Path) -> None:
    files = {
        "settings.gradle.kts": 'include(":app")\n',
        "app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
        "web/Cargo.toml": LIBRARY.format(name="web"),
        "tests/jni/Cargo.toml": LIBRARY.format(name="jni-test") + '[dependencies]\njni = "0.21"\n',
        "mobile/engine/Cargo.toml": LIBRARY.format(name="engine")
        + '[dependencies]\njni = "0.21"\n',
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert detect(str(tmp_path), {}).defaults["crate"].value == "mobile/engine"
    own = tmp_path / "app/src/main/rust/Cargo.toml"
    own.parent.mkdir(parents=True)
    own.write_text(LIBRARY.format(name="own"), encoding="utf-8")
    assert detect(str(tmp_path), {}).defaults["crate"].value == "app/src/main/rust"


def test_a_module_that_runs_cargo_in_its_own_way_is_likelier(tmp_path: Path) -> None:
    build = (
        'tasks.register<Exec>("rust") {\n    commandLine("cargo", "build", "--target", triple)\n}\n'
    )
    files = {
        "settings.gradle.kts": 'include(":app", ":engine")\n',
        "app/build.gradle.kts": 'plugins { id("com.android.application") }\n',
        "engine/build.gradle.kts": 'plugins { id("com.android.library"); id("native") }\n',
        "buildSrc/src/main/kotlin/native.gradle.kts": build,
        "core/Cargo.toml": LIBRARY.format(name="core"),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = detect(str(tmp_path), {}).defaults
    assert (found["module"].value, found["rust_build"].value) == ("engine", "none")
    module = read_module(str(tmp_path), "engine")
    assert module
    assert module.own_rust == "buildSrc/src/main/kotlin/native.gradle.kts:2"
