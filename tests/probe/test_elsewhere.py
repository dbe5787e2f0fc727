"""Rust that no Gradle module and no crate of the repository builds: then nothing is set up to build it."""

import json
from pathlib import Path

import pytest

from scaffold.cli.main import main
from scaffold.probe.defaults import detect

KOTLIN = 'plugins {\n    id("com.android.library")\n}\n\nandroid {\n    ndkVersion = "27.2.12479018"\n}\n'
GROOVY = "apply plugin: 'com.android.library'\nandroid {\n    ndkVersion '27.2.12479018'\n}\n"
RUSTC = b"\x7fELF..." + b"/rustc/" + b"0123456789abcdef" * 2 + b"01234567/library/std"


def write(root: Path, path: str, data: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


@pytest.mark.parametrize(
    ("path", "data", "place"),
    [
        ("app/src/main/jniLibs/arm64-v8a/libx.so", RUSTC, "app/src/main/jniLibs/arm64-v8a/libx.so"),
        ("build.sh", b"#!/bin/sh\ncargo ndk -t arm64-v8a build\n", "build.sh:2"),
        ("scripts/make.py", b'run(["cargo", "ndk", "build"])\n', "scripts/make.py:1"),
        ("Makefile", b"lib:\n\tcargo build --target x86_64-linux-android\n", "Makefile:2"),
        (".github/workflows/ci.yml", b"- run: cross build --target i686-linux-android", ".github/workflows/ci.yml:1"),
        ("app/src/main/kotlin/uniffi/x/x.kt", b"package uniffi.x\n", "app/src/main/kotlin/uniffi/x/x.kt"),
    ],
)  # fmt: skip
def test_what_is_built_elsewhere_is_left_to_it(
    path: str, data: bytes, place: str, tmp_path: Path
) -> None:
    write(tmp_path, "settings.gradle", b"include ':app'\n")
    write(tmp_path, "app/build.gradle", GROOVY.encode())
    write(tmp_path, path, data)
    found = detect(str(tmp_path), {}).defaults["rust_build"]
    assert (found.value, found.origin) == ("none", place)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("app/src/main/jniLibs/arm64-v8a/libx.so", b"\x7fELF, C++ alone"),
        ("build.sh", b"# cargo ndk -t arm64-v8a build\ncargo build\n"),
        ("app/src/main/kotlin/org/x/x.kt", b"package org.x\n"),
    ],
)
def test_other_libraries_and_scripts_are_no_reason(path: str, data: bytes, tmp_path: Path) -> None:
    write(tmp_path, "settings.gradle", b"include ':app'\n")
    write(tmp_path, "app/build.gradle", GROOVY.encode())
    write(tmp_path, path, data)
    assert detect(str(tmp_path), {}).defaults["rust_build"].value == "cargo-ndk"


def test_no_build_script_is_written_where_there_is_no_crate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "settings.gradle.kts", b'include(":app")\n')
    write(tmp_path, "app/build.gradle.kts", KOTLIN.encode())
    write(tmp_path, "build.sh", b"cargo ndk -t arm64-v8a build\n")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--defaults", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [change["id"] for change in plan["changes"]] == ["answers"]
    said = {one["about"]: one["why"] for one in plan["decisions"]}
    assert said["page_size"].startswith("there is no Cargo package in rust")
    assert main(["regenerate", "--check"]) == 0


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ("cargo ndk -t arm64-v8a -o ../android/lib/src/main/jniLibs build\n", "tools/make.sh"),
        ("cargo ndk -t arm64-v8a \\\n  -o lib/src/main/jniLibs build\n", "android/make.sh"),
        ('cargo ndk -o "$ROOT/android/lib/src/main/jniLibs" build\n', "make.sh"),
        ("cargo ndk build\ncp x.so ${OUT}/lib/src/androidMain/jniLibs/arm64-v8a/\n", "make.sh"),
        ("cargo ndk -o src/main/jniLibs build\n", "android/lib/make.sh"),
    ],
)
def test_the_module_whose_libraries_a_script_makes_is_the_one(
    script: str, path: str, tmp_path: Path
) -> None:
    write(tmp_path, "android/settings.gradle.kts", b'include(":app", ":lib")\n')
    for name in ("app", "lib"):
        write(tmp_path, f"android/{name}/build.gradle.kts", KOTLIN.encode())
    write(tmp_path, "Cargo.toml", b'[package]\nname = "core"\n[lib]\ncrate-type = ["cdylib"]\n')
    write(tmp_path, path, f"#!/bin/sh\n{script}".encode())
    assert detect(str(tmp_path), {}).defaults["module"].value == "android/lib"
