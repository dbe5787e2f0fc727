"""Where `init` may run, which module it is for, and what the project links by its own lines."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.errors import Refusal
from scaffold.probe.cargo import read_crate
from scaffold.probe.defaults import Look, detect
from scaffold.probe.place import refuse_unclear_place

CDYLIB = '[package]\nname = "core"\n\n[lib]\ncrate-type = ["cdylib"]\n'
GOBLEY = 'plugins {\n    id("com.android.library")\n    id("dev.gobley.cargo")\n}\n'
RUST_ANDROID = "plugins {\n    id 'com.android.library'\n    id 'org.mozilla.rust-android-gradle.rust-android'\n}\n"
CARGO_NDK = """\
plugins { id("com.android.application") }

val buildRust by tasks.registering(Exec::class) {
    workingDir = rootProject.file("native")
    commandLine("cargo", "ndk", "-t", "arm64-v8a", "-t", "x86_64", "-o", "libs", "build", "-p", "core")
}
"""


def build(root: Path, files: Mapping[str, str]) -> str:
    for path, text in {"settings.gradle.kts": "", ".git/HEAD": "", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return str(root)


def test_cargo_ndk_in_a_workspace_is_found_with_its_crate_and_abis(tmp_path: Path) -> None:
    files = {
        "app/build.gradle.kts": CARGO_NDK,
        "native/Cargo.toml": '[workspace]\nmembers = ["core", "tool"]\n',
        "native/core/Cargo.toml": CDYLIB,
        "native/tool/Cargo.toml": CDYLIB.replace("core", "tool"),
    }
    found = detect(build(tmp_path, files), {}).defaults
    assert {name: found[name].value for name in ("module", "crate", "rust_build", "abis")} == {
        "module": "app",
        "crate": "native/core",
        "rust_build": "cargo-ndk",
        "abis": ("arm64-v8a", "x86_64"),
    }
    assert found["rust_build"].origin == "app/build.gradle.kts:5"


@pytest.mark.parametrize(
    "command",
    [
        'commandLine("sh", "-c", "cd ../native && cargo ndk -t arm64-v8a build")',
        'executable = "cargo"; args("ndk", "--target", "aarch64-linux-android", "build")',
        'commandLine(cargoBinary, "ndk", "-t", "arm64-v8a", "build")',
        'commandLine("cargo", "+nightly", "ndk", "-t", "arm64-v8a", "build")',
        'commandLine(listOf("cargo", "ndk", "--manifest-path", "../native/Cargo.toml", "-t", "arm64-v8a"))',
    ],
)
def test_a_cargo_ndk_command_is_known_in_every_form(command: str, tmp_path: Path) -> None:
    script = CARGO_NDK.partition("val")[0] + f'tasks.register<Exec>("rust") {{ {command} }}\n'
    files = {"app/build.gradle.kts": script, "native/Cargo.toml": CDYLIB}
    found = detect(build(tmp_path, files), {}).defaults
    assert found["rust_build"].value == "cargo-ndk"
    assert found["abis"].value == ("arm64-v8a",)
    assert found["crate"].value == "native"


def test_a_root_script_that_brings_the_plugin_is_not_the_module(tmp_path: Path) -> None:
    files = {
        "build.gradle": RUST_ANDROID.replace("    id 'com.android.library'\n", ""),
        "lib/build.gradle": RUST_ANDROID + 'cargo {\n    module = "../rust"\n    targets = ["arm64", "arm"]\n}\n',
        "rust/Cargo.toml": CDYLIB,
    }  # fmt: skip
    root = build(tmp_path, files)
    found = detect(root, {}).defaults
    assert (found["module"].value, found["crate"].value) == ("lib", "rust")
    assert found["abis"].value == ("arm64-v8a", "armeabi-v7a")
    refuse_unclear_place(root, {})


def test_links_are_followed_inside_the_repository_only(tmp_path: Path) -> None:
    named = GOBLEY + 'cargo { packageDirectory = layout.projectDirectory.dir("rust") }\n'
    root = build(tmp_path / "p", {"app/build.gradle.kts": named, "shared/core/Cargo.toml": CDYLIB})
    (tmp_path / "p/app/rust").symlink_to("../shared/core", target_is_directory=True)
    assert detect(root, {}).defaults["crate"].value == "shared/core"
    (tmp_path / "outside").mkdir()
    (tmp_path / "p/app/rust").unlink()
    (tmp_path / "p/app/rust").symlink_to("../../outside", target_is_directory=True)
    module = Look(root).modules.at("app")
    assert module
    assert module.crate is None


def test_settings_and_catalogue_of_the_repository_hold_for_a_module_below(tmp_path: Path) -> None:
    files = {
        "gradle/libs.versions.toml": '[versions]\nndk = "27.2.12479018"\n'
        '[plugins]\nrust = { id = "dev.gobley.cargo", version = "0.3.7" }\n',
        "app/build.gradle.kts": 'plugins {\n    id("com.android.library")\n    alias(libs.plugins.rust)\n}\n'
        "android { ndkVersion = libs.versions.ndk.get() }\n",
        "app/Cargo.toml": CDYLIB,
    }  # fmt: skip
    build(tmp_path, files)
    found = detect(str(tmp_path / "app"), {}).defaults
    assert (found["ndk"].value, found["ndk"].origin) == (
        "27.2.12479018",
        "../gradle/libs.versions.toml:2",
    )
    assert (found["gobley"].value, found["rust_build"].value) == ("0.3.7", "gobley")


def test_a_crate_outside_of_the_folder_is_refused_with_the_folder_to_run_in(tmp_path: Path) -> None:
    named = GOBLEY + 'cargo { packageDirectory = layout.projectDirectory.dir("../rust") }\n'
    build(tmp_path, {"app/build.gradle.kts": named, "rust/Cargo.toml": CDYLIB})
    with pytest.raises(Refusal) as refused:
        refuse_unclear_place(str(tmp_path / "app"), {})
    problem = refused.value.problems[0]
    assert "../rust, outside this folder" in problem.message
    assert problem.place == "build.gradle.kts:5"
    assert "scaffold init" in problem.hint
    refuse_unclear_place(str(tmp_path), {})


def test_several_modules_are_listed_with_a_command_each(tmp_path: Path) -> None:
    shared = GOBLEY + 'cargo { packageDirectory = file("../rust") }\n'
    files = {
        "a/build.gradle.kts": GOBLEY,
        "a/Cargo.toml": CDYLIB,
        "b/build.gradle.kts": shared,
        "rust/Cargo.toml": CDYLIB,
    }
    root = build(tmp_path, files)
    with pytest.raises(Refusal) as refused:
        refuse_unclear_place(root, {})
    problem = refused.value.problems[0]
    assert problem.message == "several modules build a Rust library: a, b"
    assert "scaffold init a --defaults; scaffold init --defaults --set module=b" in problem.hint
    refuse_unclear_place(root, {"module": "b"})


def test_a_plugin_that_is_not_seen_shows_in_what_the_script_imports(tmp_path: Path) -> None:
    script = "import gobley.gradle.cargo.dsl.android\n\nplugins { alias(theirs.plugins.rust) }\n\ncargo { }\n"
    found = detect(build(tmp_path, {"app/build.gradle.kts": script}), {}).defaults
    assert found["rust_build"].value == "gobley"
    assert found["rust_build"].origin == "app/build.gradle.kts:1"


@pytest.mark.parametrize("plugin", ["dev.gobley.rust", "dev.gobley.uniffi"])
def test_another_plugin_of_gobleys_builds_nothing(plugin: str, tmp_path: Path) -> None:
    script = GOBLEY.replace("dev.gobley.cargo", plugin)
    root = build(tmp_path, {"app/build.gradle.kts": script, "app/Cargo.toml": CDYLIB})
    assert detect(root, {}).defaults["rust_build"].value == "none"


@pytest.mark.parametrize(
    ("line", "cpp", "pages"),
    [
        ('println!("cargo:rustc-link-lib=c++_shared");', "shared", None),
        ('println!("cargo::rustc-link-lib=static=c++_static");', "static", None),
        ('println!("cargo:rustc-link-arg=-Wl,-z,max-page-size=16384");', None, "max-page-size=16384"),
        ('// println!("cargo:rustc-link-lib=c++_shared");', None, None),
    ],
)  # fmt: skip
def test_own_lines_of_a_build_script_are_named(
    line: str, cpp: str | None, pages: str | None, tmp_path: Path
) -> None:
    root = build(tmp_path, {"Cargo.toml": CDYLIB, "build.rs": f"fn main() {{\n    {line}\n}}\n"})
    crate = read_crate(root, ".")
    assert crate
    assert (crate.own_cpp and crate.own_cpp.value) == cpp
    assert (crate.own_page_flags and crate.own_page_flags.value) == pages
    for seen in (crate.own_cpp, crate.own_page_flags):
        assert seen is None or seen.place == "build.rs:2"


def test_our_own_lines_are_not_the_users(tmp_path: Path) -> None:
    ours = '// >>> scaffold:x\nfn f() { println!("cargo:rustc-link-lib=c++_shared"); }\n// <<< scaffold:x\n'
    crate = read_crate(build(tmp_path, {"Cargo.toml": CDYLIB, "build.rs": ours}), ".")
    assert crate
    assert crate.own_cpp is None


def test_several_modules_with_crates_outside_of_them_are_not_served(tmp_path: Path) -> None:
    shared = GOBLEY + 'cargo { packageDirectory = file("../NAME") }\n'
    files = {
        "a/build.gradle.kts": shared.replace("NAME", "rust-a"),
        "b/build.gradle.kts": shared.replace("NAME", "rust-b"),
        "c/build.gradle.kts": GOBLEY,
        "c/Cargo.toml": CDYLIB,
        "rust-a/Cargo.toml": CDYLIB,
        "rust-b/Cargo.toml": CDYLIB,
    }
    root = build(tmp_path, files)
    with pytest.raises(Refusal) as refused:
        refuse_unclear_place(root, {})
    problem = refused.value.problems[0]
    assert problem.message == (
        "several modules build crates outside their own folders, which scaffold does not support: "
        "a (crate: rust-a), b (crate: rust-b)"
    )
    assert problem.hint == (
        "set up one of them: scaffold init --defaults --set module=a; scaffold init c --defaults"
    )
    refuse_unclear_place(root, {"module": "b"})


@pytest.mark.parametrize(
    ("agp", "ndk"),
    [("8.6.1", None), ("8.7.3", "27.0.12077973"), ("8.13.2", "27.0.12077973"), ("9.4.0", "28.2.13676358")],
)  # fmt: skip
def test_a_plugin_that_builds_with_agps_ndk_has_its_default(
    agp: str, ndk: str | None, tmp_path: Path
) -> None:
    files = {
        "build.gradle": f"plugins {{ id 'com.android.library' version '{agp}' apply false }}\n",
        "lib/build.gradle": RUST_ANDROID + 'cargo { module = "../rust" }\n',
        "rust/Cargo.toml": CDYLIB,
    }
    found = detect(build(tmp_path, files), {}).defaults.get("ndk")
    assert (found and found.value) == ndk
    if found:
        assert found.origin == f"AGP {agp}'s default (build.gradle:1)"


def test_a_module_with_jna_or_near_the_crate_is_likelier(tmp_path: Path) -> None:
    android = 'plugins { id("com.android.library") }\n'
    files = {
        "demo/build.gradle.kts": android,
        "platform/jvm/core/build.gradle.kts": android,
        "platform/jvm/Cargo.toml": CDYLIB,
    }
    root = build(tmp_path, files)
    assert detect(root, {}).defaults["module"].value == "platform/jvm/core"
    with_jna = android + 'dependencies { implementation("net.java.dev.jna:jna:5.18.1@aar") }\n'
    (tmp_path / "demo/build.gradle.kts").write_text(with_jna, encoding="utf-8")
    assert detect(root, {}).defaults["module"].value == "demo"


@pytest.mark.parametrize("id_", ["org.example.rust-android", "org.example.rust-android-gradle"])
def test_a_fork_of_rust_android_gradle_builds_as_it_does(id_: str, tmp_path: Path) -> None:
    script = RUST_ANDROID.replace("org.mozilla.rust-android-gradle.rust-android", id_)
    files = {
        "app/build.gradle": script + 'cargo { module = "../rust" }\n',
        "rust/Cargo.toml": CDYLIB,
    }
    found = detect(build(tmp_path, files), {}).defaults
    assert (found["rust_build"].value, found["crate"].value) == ("rust-android-gradle", "rust")


def test_cargokit_names_the_crate_of_a_flutter_plugin(tmp_path: Path) -> None:
    files = {
        "android/settings.gradle": "include ':app'\n",
        "android/app/build.gradle": "apply plugin: 'com.android.application'\n",
        "rust_builder/android/build.gradle": "apply plugin: 'com.android.library'\n"
        'apply from: "../cargokit/gradle/plugin.gradle"\n'
        'cargokit {\n    manifestDir = "../../rust"\n    libname = "core"\n}\n',
        "rust/Cargo.toml": CDYLIB,
        "rust_builder/cargokit/build_tool/Cargo.toml": CDYLIB.replace("core", "tool"),
    }
    found = detect(build(tmp_path, files), {}).defaults
    assert {name: found[name].value for name in ("module", "crate", "rust_build")} == {
        "module": "rust_builder/android",
        "crate": "rust",
        "rust_build": "none",
    }
