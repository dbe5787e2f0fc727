import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.gradle.script import AbiFilters, Import, KotlinScript, Setting, scan_kotlin
from scaffold.gradle.script_jna import Jna
from scaffold.gradle.script_plugins import Plugin
from scaffold.merge.kotlin import merge_kotlin

KMP = "org.jetbrains.kotlin.multiplatform"


def test_an_empty_script_sets_nothing() -> None:
    assert scan_kotlin("") == KotlinScript()


def test_imports_keep_line_alias_and_star() -> None:
    text = "// import x\nimport a.b\nimport a.b.*\nimport a.`in`.c as d // e\n"
    assert scan_kotlin(text).imports == (
        Import("a.b", 2),
        Import("a.b.*", 3),
        Import("a.`in`.c", 4, "d"),
    )


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        ('plugins { id("a.b") }', Plugin("a.b", None, applied=True, line=1)),
        ('plugins { id("a.b") version "1" apply false }', Plugin("a.b", "1", applied=False, line=1)),
        ('plugins { id("a.b").version("1").apply(false) }', Plugin("a.b", "1", applied=False, line=1)),
        ('plugins { id("a.b") version libs.versions.x }', Plugin("a.b", None, applied=True, line=1)),
        ('plugins {\n  kotlin("multiplatform") version "2"\n}', Plugin(KMP, "2", applied=True, line=2)),
        ("plugins { alias(libs.plugins.a.b) }", Plugin("libs.plugins.a.b", None, applied=True, line=1)),
        (
            "plugins { alias(libs.plugins.a.b) apply false }",
            Plugin("libs.plugins.a.b", None, applied=False, line=1),
        ),
        ("plugins { id(libs.plugins.a.get().pluginId) }", Plugin("libs.plugins.a", None, applied=True, line=1)),
        ("plugins { `kotlin-dsl` }", Plugin("kotlin-dsl", None, applied=True, line=1)),
        ('@Suppress("X") // a {\nplugins /* b */ {\n  java\n}', Plugin("java", None, applied=True, line=3)),
        ("@Suppress(\"X\")\nplugins {\n  java\n}", Plugin("java", None, applied=True, line=3)),
        ('apply(plugin = "a.b")', Plugin("a.b", None, applied=True, line=1)),
        ('pluginManager.apply("a.b")', Plugin("a.b", None, applied=True, line=1)),
        ('project.plugins.apply("a.b")', Plugin("a.b", None, applied=True, line=1)),
    ],
)  # fmt: skip
def test_plugins_are_read_however_they_are_written(text: str, plugin: Plugin) -> None:
    assert scan_kotlin(text).plugins == (plugin,)


@pytest.mark.parametrize(
    "text",
    [
        '// plugins { id("a") }',
        'val s = "plugins { id(1) }"',
        'plugins { /* id("a") */ }',
        'id("a")',
    ],
)
def test_what_only_looks_like_a_plugin_is_none(text: str) -> None:
    assert scan_kotlin(text).plugins == ()


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
        'subprojects { afterEvaluate { android { ndkVersion = "27.1" } } }',
        'if (x) { android { ndkVersion = "27.1" } }',
        'fun f() { android { ndkVersion = "27.1" } }',
        'kotlin { androidLibrary { ndkVersion = "27.1" } }',
        'android { ndkVersion("27.1") }',
        'android { setNdkVersion("27.1") }',
        'androidComponents { }\nandroid { this.ndkVersion = "27.1" }',
    ],
)
def test_the_ndk_version_is_found_wherever_android_is_configured(text: str) -> None:
    found = scan_kotlin(text).ndk_version
    assert found is not None
    assert found[:2] == ("27.1", '"27.1"')


def test_an_ndk_version_that_is_computed_has_text_but_no_value() -> None:
    text = 'android {\n    // ndkVersion = "1"\n    ndkVersion = libs.versions.ndk.get()\n}'
    assert scan_kotlin(text).ndk_version == Setting(None, "libs.versions.ndk.get()", 3)
    assert scan_kotlin('android { ndkVersion = "$a.1" }').ndk_version == Setting(None, '"$a.1"', 1)


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
def test_what_is_no_ndk_version_of_android_does_not_count(text: str) -> None:
    assert scan_kotlin(text).ndk_version is None


J = "net.java.dev.jna:jna"


@pytest.mark.parametrize(
    ("text", "jna"),
    [
        ('dependencies { implementation("net.java.dev.jna:jna:5.1@aar") }',
         Jna(f"{J}:5.1@aar", "5.1", "implementation", "", 1)),
        ('dependencies {\n  api("net.java.dev.jna:jna") }', Jna(J, None, "api", "", 2)),
        ('dependencies { implementation("net.java.dev.jna:jna:$v@aar") }',
         Jna(f"{J}:$v@aar", None, "implementation", "", 1)),
        ('dependencies { implementation("net.java.dev.jna:jna:${libs.v.get()}") }',
         Jna(f"{J}:${{libs.v.get()}}", None, "implementation", "", 1)),
        ('dependencies { implementation("net.java.dev.jna", "jna", "5.1") }',
         Jna(J, "5.1", "implementation", "", 1)),
        ('dependencies { implementation(group = "net.java.dev.jna", name = "jna", version = "5.1") }',
         Jna(J, "5.1", "implementation", "", 1)),
        ("dependencies { implementation(libs.jna) }", Jna("libs.jna", None, "implementation", "", 1)),
        ("dependencies { implementation(libs.jna.get()) }",
         Jna("libs.jna", None, "implementation", "", 1)),
        ('dependencies { implementation(variantOf(libs.jna) { artifactType("aar") }) }',
         Jna("libs.jna", None, "implementation", "", 1)),
        ('dependencies { "implementation"(libs.net.java.dev.jna) }',
         Jna("libs.net.java.dev.jna", None, "implementation", "", 1)),
        ('dependencies { add("implementation", "net.java.dev.jna:jna:5.1") }',
         Jna(f"{J}:5.1", "5.1", "implementation", "", 1)),
        ('dependencies { implementation("net.java.dev.jna:jna:5.1") { isTransitive = false } }',
         Jna(f"{J}:5.1", "5.1", "implementation", "", 1)),
        ('kotlin { sourceSets { val androidMain by getting { dependencies { implementation(libs.jna) } } } }',
         Jna("libs.jna", None, "implementation", "androidMain", 1)),
        ("kotlin { sourceSets { jvmMain.dependencies { implementation(libs.jna) } } }",
         Jna("libs.jna", None, "implementation", "jvmMain", 1)),
        ('kotlin.sourceSets.named("jvmMain") { dependencies { implementation(libs.jna) } }',
         Jna("libs.jna", None, "implementation", "jvmMain", 1)),
        ('kotlin { sourceSets["jvmMain"].dependencies { api(libs.jna) } }',
         Jna("libs.jna", None, "api", "jvmMain", 1)),
        ('dependencies { constraints { implementation("net.java.dev.jna:jna:5.1") } }',
         Jna(f"{J}:5.1", "5.1", "implementation", "", 1)),
        ('configurations.all { resolutionStrategy { force("net.java.dev.jna:jna:5.1") } }',
         Jna(f"{J}:5.1", "5.1", "force", "", 1)),
    ],
)  # fmt: skip
def test_jna_is_found_however_it_is_declared(text: str, jna: Jna) -> None:
    assert scan_kotlin(text).jna == (jna,)


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
def test_what_is_not_jna_itself_does_not_count(text: str) -> None:
    assert scan_kotlin(text).jna == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("kotlin { jvm() }", ("jvm",)),
        ("kotlin { jvm { } }", ("jvm",)),
        ('kotlin { jvm("desktop") { } }', ("desktop",)),
        ('kotlin { targets { jvm("a") } }', ("a",)),
        ('kotlin.jvm("a")', ("a",)),
        ("cargo { builds { jvm { } } }", ()),
        ("cargo { builds.jvm { } }", ()),
        ("kotlin { jvmToolchain(17) }", ()),
        ("kotlin { /* jvm() */ }", ()),
        ('plugins { kotlin("jvm") }', ()),
    ],
)
def test_jvm_targets_are_those_of_kotlin(text: str, names: tuple[str, ...]) -> None:
    assert scan_kotlin(text).jvm_targets == names


@pytest.mark.parametrize(
    ("text", "target", "block"),
    [
        ("kotlin { androidTarget() }", True, False),
        ("kotlin { androidTarget { } }", True, False),
        ("kotlin { androidLibrary { } }", True, False),
        ('plugins { id("com.android.library") }', True, False),
        ('plugins { id("com.android.library") apply false }', False, False),
        ("plugins { alias(libs.plugins.androidLibrary) }", True, False),
        ("android { }", True, True),
        ("android.compileSdk = 35", False, False),
        ("configure<LibraryExtension> { }", True, True),
        ("cargo { builds { android { } } }", False, False),
        ("cargo { builds.android { } }", False, False),
        ('val s = "android { }"', False, False),
    ],
)
def test_android_is_a_target_a_plugin_or_a_block(text: str, target: bool, block: bool) -> None:
    script = scan_kotlin(text)
    assert (script.android_target, script.has_android_block) == (target, block)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ('ndk { abiFilters += "x86" }', AbiFilters(("x86",), 1, complete=True)),
        (
            'ndk { abiFilters += listOf("x86", "x86_64") }',
            AbiFilters(("x86", "x86_64"), 1, complete=True),
        ),
        ('ndk { abiFilters.addAll(setOf("x86")) }', AbiFilters(("x86",), 1, complete=True)),
        ('ndk.abiFilters.add("x86")', AbiFilters(("x86",), 1, complete=True)),
        ('ndk { abiFilters("x86", "x86_64") }', AbiFilters(("x86", "x86_64"), 1, complete=True)),
        (
            'ndk {\n  abiFilters += abis\n  abiFilters += "x86" }',
            AbiFilters(("x86",), 2, complete=False),
        ),
        ('// ndk { abiFilters += "x86" }', None),
    ],
)
def test_abi_filters_are_collected(text: str, filters: AbiFilters | None) -> None:
    assert scan_kotlin(f"android {{ defaultConfig {{ {text}\n }} }}").abi_filters == filters


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('cargo { packageDirectory = layout.projectDirectory.dir("../r s") }', "../r s"),
        ('cargo { packageDirectory.set(project.layout.projectDirectory.dir("r")) }', "r"),
        ('cargo.packageDirectory = file("r")', "r"),
        ("cargo { packageDirectory = layout.projectDirectory }", "."),
        ('cargo { packageDirectory = rootProject.layout.projectDirectory.dir("r") }', None),
        ('cargo { packageDirectory = layout.projectDirectory.dir("$r") }', None),
    ],
)
def test_the_crate_folder_has_a_value_where_the_text_says_it(text: str, value: str | None) -> None:
    found = scan_kotlin(text).package_directory
    assert found is not None
    assert found.value == value


def test_dynamic_libraries_are_found_in_every_form() -> None:
    forms = ['add("c++_shared")', 'addAll("a", "c++_shared")', 'set(setOf("c++_shared"))']
    lines = [f"builds.android {{ dynamicLibraries.{form} }}" for form in forms]
    lines += [
        'builds.android { dynamicLibraries += "c++_shared" }',
        '// dynamicLibraries("c++_shared")',
    ]
    lines += ['builds.android { dynamicLibraries.apply { add("c++_shared") } }']
    lines += ['builds.android { dynamicLibraries.add("other") }']
    text = "cargo {\n" + "\n".join(lines) + "\n}\n"
    found = scan_kotlin(text).dynamic_libraries
    assert [one.line for one in found] == [2, 3, 4, 5, 7]
    assert scan_kotlin(text).cargo_block


def test_our_own_blocks_do_not_count() -> None:
    ours = '// >>> scaffold:gradle\nandroid {\n    ndkVersion = "1"\n}\ncargo {\n}\n// <<< scaffold:gradle\n'
    imports = "// >>> scaffold:gradle-imports\nimport a.b\n// <<< scaffold:gradle-imports\n\n"
    text = merge_kotlin("", "plugins {\n}\n", imports + ours).text
    assert scan_kotlin(text) == KotlinScript(top_level_calls=("plugins",))
    whole = scan_kotlin(text, ours=True)
    assert whole.cargo_block
    assert whole.ndk_version == Setting("1", '"1"', 10)
    assert whole.imports == (Import("a.b", 2),)


def test_a_damaged_block_does_not_stop_the_scan() -> None:
    text = '// >>> scaffold:gradle\nandroid { ndkVersion = "1" }\n'
    assert scan_kotlin(text).ndk_version is not None


def test_top_level_calls_are_named_in_order() -> None:
    text = (
        '@Suppress("X")\nplugins { }\nimport_(1)\nval a = b()\nx.y<Z> { }\nandroid { kotlin() }\n'
    )
    assert scan_kotlin(text).top_level_calls == ("plugins", "import_", "x.y", "android")


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
def test_no_text_makes_the_scan_fail(text: str) -> None:
    assert isinstance(scan_kotlin(text), KotlinScript)


def test_deep_and_long_scripts_take_no_time() -> None:
    started = time.process_time()
    scan_kotlin("a {" * 3000 + "}" * 3000)
    assert scan_kotlin("/*" * 50_000) == KotlinScript()
    scan_kotlin('dependencies { implementation("a:b:1") }\n' * 3000)
    assert time.process_time() - started < 5
