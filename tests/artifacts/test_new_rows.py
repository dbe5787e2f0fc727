"""Rows that the facts do not have yet go through detection, plan and render with no code touched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import scaffold
from scaffold.artifacts.render import templates_folder

ABI = """
[[abi]]
abi = "riscv64"
rust_target = "riscv64-linux-android"
ndk_triple = "riscv64-linux-android"
gobley_target = "RustAndroidTarget.Riscv64"
bits = 64
mark = "C"
source = "made up"
"""
NDK = """
[[release]]
release = "r31"
revision = "31.0.99999999"
clang = "22.0.0"
min_api = 23
mark = "C"
source = "made up"
"""
PAGE_SIZE = """
[[page_size]]
first_major = 31
link_args = ["-Wl,-z,max-page-size=16384", "-Wl,-z,separate-loadable-segments"]
aligned_by_ndk = true
libcxx_shared_align = 16384
why = "a made-up reason"
mark = "C"
source = "made up"
"""
JNA = """
[[jna]]
version = "5.99.0"
arm64 = "ok"
x86_64 = "ok"
note = ""
mark = "C"
source = "made up"
"""
GOBLEY = """
[[gobley]]
version = "0.9.0"
jna = "5.99.0"
jna_constraint = "prefer"
min_rust = "1.90.0"
mark = "C"
source = "made up"
"""
ROWS = {"abi": ABI, "ndk": NDK + PAGE_SIZE, "jna": JNA, "gobley": GOBLEY}
SCRIPT = """\
plugins {
    id("com.android.library")
    kotlin("android")
    id("dev.gobley.cargo") version "0.9.0"
    id("dev.gobley.uniffi") version "0.9.0"
}

android {
    defaultConfig { ndk { abiFilters += listOf("arm64-v8a", "riscv64") } }
}
"""


def test_new_rows_need_no_code(tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "scaffold"
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(scaffold.__file__).parent, copy, ignore=left_out)
    if not (copy / "templates").exists():
        shutil.copytree(templates_folder(), copy / "templates")
    for name, rows in ROWS.items():
        with (copy / "data" / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write(rows)
    root = tmp_path / "project"
    root.mkdir()
    (root / "settings.gradle.kts").write_text("")
    (root / "build.gradle.kts").write_text(SCRIPT)
    (root / "Cargo.toml").write_text(
        '[package]\nname = "core"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n'
    )
    settings = ("ndk=31.0.99999999", "cpp_runtime=shared", "page_size=gradle", "hosts=linux")
    words = [word for one in settings for word in ("--set", one)]
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", "init", str(root), "--defaults", *words, "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(copy.parent)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads(done.stdout)
    said = {one["about"]: (one["value"], one["why"]) for one in document["decisions"]}
    assert said["ndk"] == ("31.0.99999999", "r31, with clang 22.0.0, for API 23 or newer")
    assert said["abis"][0] == "arm64-v8a, riscv64"
    assert said["jna"][0] == "5.99.0"
    assert [one["code"] for one in document["findings"]] == []
    script = (root / "build.gradle.kts").read_text(encoding="utf-8")
    assert 'RustAndroidTarget.Riscv64 -> "CARGO_TARGET_RISCV64_LINUX_ANDROID_RUSTFLAGS"' in script
    assert "-Clink-arg=-Wl,-z,separate-loadable-segments" in script
    answers = (root / "scaffold.yml").read_text(encoding="utf-8")
    assert "\nabis: [arm64-v8a, riscv64]\n" in answers
    assert "\ngobley: 0.9.0\n" in answers
