"""A new crate beside an Android module: built by the real Gradle, cargo-ndk and uniffi-bindgen, called by Kotlin."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.cli.main import main as scaffold
from tests.toolchain.cargo_ndk_support import cargo_ndk
from tests.toolchain.generated import generate
from tests.toolchain.gradle_support import Started, run_gradle
from tests.toolchain.linked import read_linked
from tests.toolchain.ndk_support import API, Ndk
from tests.toolchain.requirements import cache_folder, program
from tests.toolchain.starter_support import build, cargo, has_std, java, kotlinc

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is built here is run here"),
]
MODULE = f"""plugins {{
    id("com.android.library")
}}

android {{
    defaultConfig {{
        minSdk = {API}
    }}
}}
"""
CALL = """package com.example.rust

fun main() = println(greeting("Kotlin"))
"""


def gradle(folder: Path, scratch: Path, ndk: Ndk, *tasks: str) -> subprocess.CompletedProcess[str]:
    scratch.mkdir(exist_ok=True)
    tools = [cargo_ndk().parent, Path(program("cargo")).parent]
    variables = {
        "PATH": os.pathsep.join([*map(str, tools), "/usr/bin", "/bin"]),
        "CARGO_PROFILE_DEV_DEBUG": "0",
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
        "CARGO_INCREMENTAL": "0",
    }
    started = Started("agp9-library", "standin.agp.AgpKt", folder / "app", scratch)
    return run_gradle(started, tasks, {"sdk": str(ndk.root.parents[1])}, variables)


def test_the_starter_beside_an_app_builds_and_kotlin_calls_it(
    ndk: Callable[[int], Ndk], tmp_path: Path
) -> None:
    if not has_std("aarch64-linux-android"):
        pytest.skip(
            "rustup has no std for aarch64-linux-android: test_cargo_ndk.py uses its own core"
        )
    folder, chosen = tmp_path / "project", ndk(27)
    (folder / "app").mkdir(parents=True)
    (folder / "app/build.gradle.kts").write_text(MODULE, encoding="utf-8")
    (folder / "settings.gradle.kts").write_text('include(":app")\n', encoding="utf-8")
    settings = {"module": "app", "plugin": "android", "abis": "[arm64-v8a]", "cpp_runtime": "none"}
    generate(folder, settings | {"ndk": chosen.revision})
    crate = folder / "rust"
    assert "1 passed" in cargo(crate, "test", "--lib").stdout
    # Without its symbols uniffi-bindgen would find nothing in the library.
    with (crate / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write("\n[profile.release]\nstrip = true\n")
    # The task's target folder outlives the run: UniFFI and its bindings generator are compiled once.
    built = folder / "app/build/cargo-ndk"
    built.mkdir(parents=True)
    kept = cache_folder("starter") / "cargo-ndk"
    kept.mkdir(exist_ok=True)
    (built / chosen.revision).symlink_to(kept)
    tasks = ("mergeReleaseJniLibFolders", "compileReleaseKotlin")
    done = gradle(folder, tmp_path / "scratch", chosen, *tasks)
    assert done.returncode == 0, done.stdout

    packaged = folder / "app/build/mergeReleaseJniLibFolders"
    linked = read_linked(packaged / "arm64-v8a/librust.so")
    assert "uniffi_rust_fn_func_greet" in linked.defined
    assert linked.load_align == 0x4000
    assert scaffold(["inspect", str(packaged)]) == 0

    (tmp_path / "Main.kt").write_text(CALL, encoding="utf-8")
    generated = (folder / "app/build/compileReleaseKotlin").rglob("*.kt")
    example = (folder / "app/src").rglob("*.kt")
    classes = tmp_path / "classes"
    kotlinc((tmp_path / "Main.kt", *generated, *example), classes)
    ran = java((classes,), build(crate), "com.example.rust.MainKt")
    assert (ran.returncode, ran.stdout) == (0, "Hello, Kotlin! This is Rust.\n")
