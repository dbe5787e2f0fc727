"""What one script says, however it says it: Kotlin and Groovy."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.gradle.found import Abis, Module
from scaffold.gradle.module import read_module
from scaffold.gradle.sources import LARGEST
from scaffold.syntax.statements import DEEPEST, Script, TooDeep, read_script

KMP = "org.jetbrains.kotlin.multiplatform"


def scan(folder: Path, text: str, name: str = "build.gradle.kts") -> Module:
    (folder / name).write_text(text, encoding="utf-8")
    found = read_module(str(folder), ".")
    assert found
    return found


def test_an_empty_script_sets_nothing(tmp_path: Path) -> None:
    found = scan(tmp_path, "")
    assert not found.android
    assert (found.plugins, found.ndk, found.jna, found.rust_build) == ((), None, (), "none")


def test_imports_keep_alias_and_star(tmp_path: Path) -> None:
    text = "// import x\nimport a.b\nimport a.b.*\nimport a.`in`.c as d // e\n"
    assert scan(tmp_path, text).imports == {"a.b", "a.b.*", "a.in.c as d"}


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        ('plugins { id("a.b") }', ("a.b", None, 1)),
        ('plugins { id("a.b") version "1" apply false }', None),
        ('plugins { id("a.b").version("1").apply(false) }', None),
        ('plugins { id("a.b") version libs.versions.x }', ("a.b", None, 1)),
        ('plugins {\n  kotlin("multiplatform") version "2"\n}', (KMP, "2", 2)),
        ("plugins { alias(libs.plugins.a.b) }", ("libs.plugins.a.b", None, 1)),
        (
            "plugins { alias(libs.plugins.a.b) apply false }",
            None,
        ),
        ("plugins { id(libs.plugins.a.get().pluginId) }", ("libs.plugins.a", None, 1)),
        ("plugins { `kotlin-dsl` }", ("kotlin-dsl", None, 1)),
        ('@Suppress("X") // a {\nplugins /* b */ {\n  java\n}', ("java", None, 3)),
        ("@Suppress(\"X\")\nplugins {\n  java\n}", ("java", None, 3)),
        ('apply(plugin = "a.b")', ("a.b", None, 1)),
        ('pluginManager.apply("a.b")', ("a.b", None, 1)),
        ('project.plugins.apply("a.b")', ("a.b", None, 1)),
    ],
)  # fmt: skip
def test_plugins_are_read_however_they_are_written(
    text: str, plugin: tuple[str, str | None, int] | None, tmp_path: Path
) -> None:
    found = [
        (one.id, one.version and one.version.value, int(one.place.rpartition(":")[2]))
        for one in scan(tmp_path, text).plugins
    ]
    assert found == ([plugin] if plugin else [])


@pytest.mark.parametrize(
    "text",
    [
        '// plugins { id("a") }',
        'val s = "plugins { id(1) }"',
        'plugins { /* id("a") */ }',
        'id("a")',
    ],
)
def test_what_only_looks_like_a_plugin_is_none(text: str, tmp_path: Path) -> None:
    assert scan(tmp_path, text).plugins == ()


@pytest.mark.parametrize(
    "text",
    [
        'android { ndkVersion = "27.1" }',
        'android { defaultConfig { }; ndkVersion = "27.1" }',
        'android.ndkVersion = "27.1"',
        'project.android { ndkVersion = "27.1" }',
        'configure<LibraryExtension> { ndkVersion = "27.1" }',
        'configure<com.android.build.gradle.LibraryExtension>("android") { ndkVersion = "27.1" }',
        'extensions.configure<ApplicationExtension> { ndkVersion = "27.1" }',
        'extensions.configure<BaseExtension>("android") { ndkVersion = "27.1" }',
        'extensions.getByType<BaseExtension>().apply { ndkVersion = "27.1" }',
        'the<LibraryExtension>().ndkVersion = "27.1"',
        'extensions.getByName("android").apply { this as BaseExtension; ndkVersion = "27.1" }',
        'allprojects { afterEvaluate { android { ndkVersion = "27.1" } } }',
        'if (x) { android { ndkVersion = "27.1" } }',
        'fun f() { android { ndkVersion = "27.1" } }',
        'kotlin { androidLibrary { ndkVersion = "27.1" } }',
        'android { ndkVersion("27.1") }',
        'android { setNdkVersion("27.1") }',
        'androidComponents { }\nandroid { this.ndkVersion = "27.1" }',
    ],
)
def test_the_ndk_version_is_found_wherever_android_is_configured(text: str, tmp_path: Path) -> None:
    found = scan(tmp_path, text).ndk
    assert found
    assert (found.value, found.text) == ("27.1", '"27.1"')
    assert found.literal
    assert text[found.literal.start : found.literal.end] == "27.1"


def test_an_ndk_version_that_is_computed_has_text_but_no_value(tmp_path: Path) -> None:
    text = 'android {\n    // ndkVersion = "1"\n    ndkVersion = libs.versions.ndk.get()\n}'
    for script, said in (
        (text, "libs.versions.ndk.get()"),
        ('android.ndkVersion = "$a.1"', '"$a.1"'),
    ):
        found = scan(tmp_path, script).ndk
        assert found
        assert (found.value, found.text, found.literal) == (None, said, None)


@pytest.mark.parametrize(
    "text",
    [
        'val ndkVersion = "27.1"',
        'val s = "android { ndkVersion = 1 }"',
        '/* android { ndkVersion = "27.1" } */',
        'rust { ndkVersion = "27.1" }',
        'extra["ndkVersion"] = "27.1"',
        "println(android.ndkVersion)",
    ],
)
def test_what_is_no_ndk_version_of_android_does_not_count(text: str, tmp_path: Path) -> None:
    assert scan(tmp_path, text).ndk is None


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('dependencies { implementation("net.java.dev.jna:jna:5.1@aar") }', "5.1"),
        ('dependencies {\n  api("net.java.dev.jna:jna") }', None),
        ('dependencies { implementation("net.java.dev.jna:jna:$v@aar") }', None),
        ('dependencies { implementation("net.java.dev.jna:jna:${libs.v.get()}") }', None),
        ('dependencies { implementation("net.java.dev.jna", "jna", "5.1") }', "5.1"),
        ('dependencies { implementation(group = "net.java.dev.jna", name = "jna", version = "5.1") }', "5.1"),
        ("dependencies { implementation(libs.jna) }", None),
        ("dependencies { implementation(libs.jna.get()) }", None),
        ('dependencies { implementation(variantOf(libs.jna) { artifactType("aar") }) }', None),
        ('dependencies { "implementation"(libs.net.java.dev.jna) }', None),
        ('dependencies { add("implementation", "net.java.dev.jna:jna:5.1") }', "5.1"),
        ('dependencies { implementation("net.java.dev.jna:jna:5.1") { isTransitive = false } }', "5.1"),
        ('kotlin { sourceSets { val androidMain by getting { dependencies { implementation(libs.jna) } } } }', None),
        ("kotlin { sourceSets { jvmMain.dependencies { implementation(libs.jna) } } }", None),
        ('kotlin.sourceSets.named("jvmMain") { dependencies { implementation(libs.jna) } }', None),
        ('kotlin { sourceSets["jvmMain"].dependencies { api(libs.jna) } }', None),
        ('dependencies { constraints { implementation("net.java.dev.jna:jna:5.1") } }', "5.1"),
        ('configurations.all { resolutionStrategy { force("net.java.dev.jna:jna:5.1") } }', "5.1"),
    ],
)  # fmt: skip
def test_jna_is_found_however_it_is_declared(
    text: str, version: str | None, tmp_path: Path
) -> None:
    assert [one.value for one in scan(tmp_path, text).jna] == [version]


@pytest.mark.parametrize(
    "text",
    [
        'dependencies { implementation("net.java.dev.jna:jna-platform:5.1") }',
        "dependencies { implementation(libs.jna.platform) }",
        "dependencies { implementation(libs.jnaPlatform) }",
        'dependencies { implementation(libs.x) { exclude("net.java.dev.jna", "jna") } }',
        "// dependencies { implementation(libs.jna) }",
        'val s = "net.java.dev.jna:jna:5.1"',
        "dependencies { implementation(libs.ninja) }",
    ],
)
def test_what_is_not_jna_itself_does_not_count(text: str, tmp_path: Path) -> None:
    assert scan(tmp_path, text).jna == ()


@pytest.mark.parametrize(
    ("text", "source_set"),
    [
        ("kotlin { jvm() }", "jvmMain"),
        ("kotlin { jvm { } }", "jvmMain"),
        ('kotlin { jvm("desktop") { } }', "desktopMain"),
        ('kotlin { targets { jvm("a") } }', "aMain"),
        ('kotlin.jvm("a")', "aMain"),
        ("cargo { builds { jvm { } } }", None),
        ("cargo { builds.jvm { } }", None),
        ("kotlin { jvmToolchain(17) }", None),
        ("kotlin { /* jvm() */ }", None),
        ('plugins { kotlin("jvm") }', None),
    ],
)
def test_jvm_targets_are_those_of_kotlin(text: str, source_set: str | None, tmp_path: Path) -> None:
    assert scan(tmp_path, text).jvm_source_set == source_set


@pytest.mark.parametrize(
    ("text", "dsl"),
    [
        ("kotlin { androidTarget() }", "extension"),
        ("kotlin { androidTarget { } }", "extension"),
        ("kotlin { androidLibrary { } }", "multiplatform-library"),
        ('plugins { id("com.android.kotlin.multiplatform.library") }', "multiplatform-library"),
        ('plugins { id("com.android.library") }', "extension"),
        ('plugins { id("com.android.library") apply false }', "none"),
        ("android { }", "extension"),
        ("configure<LibraryExtension> { }", "extension"),
        ("cargo { builds { android { } } }", "none"),
        ("cargo { builds.android { } }", "none"),
        ('val s = "android { }"', "none"),
    ],
)
def test_android_is_a_target_a_plugin_or_a_block(text: str, dsl: str, tmp_path: Path) -> None:
    found = scan(tmp_path, text)
    assert (found.android, found.android_dsl) == (dsl != "none", dsl)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        (
            'ndk { abiFilters += "x86" }',
            Abis(("x86",), "build.gradle.kts:1", "abiFilters", complete=True),
        ),
        (
            'ndk { abiFilters += listOf("x86", "x86_64") }',
            Abis(("x86", "x86_64"), "build.gradle.kts:1", "abiFilters", complete=True),
        ),
        (
            'ndk { abiFilters.addAll(setOf("x86")) }',
            Abis(("x86",), "build.gradle.kts:1", "abiFilters", complete=True),
        ),
        (
            'ndk.abiFilters.add("x86")',
            Abis(("x86",), "build.gradle.kts:1", "abiFilters", complete=True),
        ),
        (
            'ndk { abiFilters("x86", "x86_64") }',
            Abis(("x86", "x86_64"), "build.gradle.kts:1", "abiFilters", complete=True),
        ),
        (
            'ndk {\n  abiFilters += abis\n  abiFilters += "x86" }',
            Abis(("x86",), "build.gradle.kts:2", "abiFilters", complete=False),
        ),
        ('// ndk { abiFilters += "x86" }', None),
    ],
)
def test_abi_filters_are_collected(text: str, filters: Abis | None, tmp_path: Path) -> None:
    script = f"android {{ defaultConfig {{ {text}\n }} }}"
    found = scan(tmp_path, script).abi_filters
    assert (found and found._replace(literal=None)) == filters
    if found and found.literal and found.complete:
        listed = script[found.literal.start : found.literal.end]
        assert tuple(re.findall(r"\w+", listed)) == found.names


@pytest.mark.parametrize(
    "text",
    [
        'builds.android { dynamicLibraries.add("c++_shared") }',
        'builds.android { dynamicLibraries.addAll("a", "c++_shared") }',
        'builds.android { dynamicLibraries.set(setOf("c++_shared")) }',
        'builds.android { dynamicLibraries += "c++_shared" }',
        'builds.android { dynamicLibraries.apply { add("c++_shared") } }',
    ],
)
def test_dynamic_libraries_are_found_in_every_form(text: str, tmp_path: Path) -> None:
    assert scan(tmp_path, f"cargo {{ {text} }}\n").dynamic_cpp
    assert scan(tmp_path, f"cargo {{ // {text} \n }}\n").dynamic_cpp is None


def test_our_own_block_does_not_count(tmp_path: Path) -> None:
    ours = (
        'plugins {\n}\n// >>> scaffold:gradle\nandroid {\n    ndkVersion = "1"\n}\ncargo {\n}\n'
        "// <<< scaffold:gradle\n"
    )
    found = scan(tmp_path, ours)
    assert not found.android
    assert found.ndk is None
    assert found.ours_ndk
    assert (found.ours_ndk.value, found.ours_ndk.place) == ("1", "build.gradle.kts:5")


def test_a_damaged_block_does_not_stop_the_scan(tmp_path: Path) -> None:
    text = '// >>> scaffold:gradle\nandroid { ndkVersion = "1" }\n'
    assert scan(tmp_path, text).ndk is not None


PIECES = [
    "android {",
    "ndkVersion = ",
    '"1"',
    "}",
    "\n",
    "plugins {",
    'id("a")',
    "version",
    "(",
    ")",
]
PIECES += [
    "abiFilters",
    "+=",
    ".",
    "jvm",
    "kotlin",
    "import",
    "a.b",
    "@",
    "configure<A>",
    '"',
    "apply",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=30))
@settings(deadline=None)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for groovy in (False, True):
        script = read_script(text, groovy=groovy)
        assert isinstance(script, Script)
        for one in script.statements:
            assert isinstance(one.path, str)
            assert all(isinstance(argument.text, str) for argument in one.arguments)


@pytest.mark.parametrize("opened", ["a {", "a(", "a["])
def test_a_script_nested_deeper_than_anybody_writes_is_refused(opened: str) -> None:
    read_script(opened * DEEPEST, groovy=False)
    with pytest.raises(TooDeep):
        read_script(opened * (DEEPEST + 2), groovy=False)


@pytest.mark.parametrize(
    "text",
    [
        "a { }\n" * 40_000,
        'dependencies { implementation("a:b:1") }\n' * 6_000,
        "a." * 125_000,
        "a(" * 99 + '"' * 250_000,
        "/*" * 125_000,
        "${" * 125_000,
        "a = b + " * 30_000,
        "a, " * 130_000,
        "@a " * 130_000,
        "a<" * 125_000,
        "'''\"\"\"" * 40_000,
        "val x by extra(" + "a," * 100_000 + ")",
        ("x { " * 90 + "} " * 90) * 450,
        "if (a) {} else " * 16_000 + "{}",
    ],
    ids=lambda text: text[:12],
)
def test_the_largest_script_takes_seconds_at_most(text: str, tmp_path: Path) -> None:
    for name in ("build.gradle.kts", "build.gradle"):
        started = time.process_time()
        scan(tmp_path, text[:LARGEST], name)
        assert time.process_time() - started < 10
