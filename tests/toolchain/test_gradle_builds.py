"""Generated JVM projects are built, tested and run by the real Gradle, with real Cargo, bindings, compiler and JNA."""

import io
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from scaffold.cli.main import main as scaffold
from tests.toolchain.generated import generate
from tests.toolchain.gradle_support import gradle
from tests.toolchain.kotlin_scripts import check_tasks
from tests.toolchain.requirements import REPOSITORY, program
from tests.toolchain.starter_support import BINDGEN, VERSIONS, has_std, run
from tests.toolchain.zig_support import NEWEST, zig_environment

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is built here is run here"),
]
GREETING = "Hello, Kotlin! This is Rust.\n"
TESTS = "com.example.myapp.GreetingTest"
BUILDS = re.compile(r":cargoBuild(\w+)Debug SKIPPED")
ARM64 = "aarch64-unknown-linux-gnu"
# A C function that the crate exports on to Kotlin.
BUILD_RS = """fn main() {
    println!("cargo::rerun-if-changed=src/shift.c");
    cc::Build::new().file("src/shift.c").compile("shift");
}
"""
SHIFT_C = "int shift(int value, int by) { return value << by; }\n"
DOUBLED = """
extern "C" {
    fn shift(value: i32, by: i32) -> i32;
}

/// Twice `value`, by C.
#[uniffi::export]
pub fn doubled(value: i32) -> i32 {
    unsafe { shift(value, 1) }
}
"""
# A module that was there before scaffold, with its crate elsewhere.
EXISTING = f"""plugins {{
    kotlin("jvm") version "{VERSIONS.kotlin}"
    kotlin("plugin.atomicfu") version "{VERSIONS.kotlin}"
    id("dev.gobley.cargo") version "{BINDGEN}"
    id("dev.gobley.uniffi") version "{BINDGEN}"
    application
}}

cargo {{
    packageDirectory = layout.projectDirectory.dir("native")
}}

application {{
    mainClass = "com.example.existing.MainKt"
}}
"""


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "my-app"
    generate(folder, {"plugin": "jvm", "hosts": "[linux]"})
    return folder


def built(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, re.sub(r"(?m)^\s+at .*\n", "", done.stdout)[-4000:]
    return done.stdout


def with_check_tasks(folder: Path) -> None:
    """Adds what the documentation hangs on `check`, for what this module builds."""
    snippet = check_tasks()
    for shown, here in {"assembleRelease": "jar", "outputs/apk/release": "libs"}.items():
        assert shown in snippet
        snippet = snippet.replace(shown, here)
    with (folder / "build.gradle.kts").open("a", encoding="utf-8", newline="\n") as script:
        script.write(f"\n{snippet}")


def scaffold_on_path(folder: Path) -> str:
    """PATH with this scaffold on it."""
    folder.mkdir()
    program_ = folder / "scaffold"
    words = ["env", f"PYTHONPATH={REPOSITORY}", sys.executable, "-m", "scaffold"]
    program_.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    program_.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = run(program("git"), *identity, *words, folder=folder)
    assert done.returncode == 0, done.stdout
    return done.stdout


def libraries(folder: Path) -> dict[str, bytes]:
    """The native libraries in the jars of a build."""
    found: dict[str, bytes] = {}
    for jar in sorted((folder / "build" / "libs").glob("*.jar")):
        with zipfile.ZipFile(jar) as archive:
            names = [name for name in archive.namelist() if name.endswith((".so", ".dll"))]
            found |= {name: archive.read(name) for name in names}
    return found


def zig() -> dict[str, str]:
    """What the wrappers take of the environment; skips where Rust has no standard library for the target."""
    if not has_std(ARM64):
        pytest.skip(f"rustup has no std for {ARM64}")
    return {key: value for key, value in zig_environment(NEWEST).items() if key.startswith("ZIG")}


def arm64_symbols(library: bytes) -> dict[str, bool]:
    """The dynamic symbols of a library for 64-bit ARM, and whether it defines them."""
    elf = ELFFile(io.BytesIO(library))
    assert elf["e_machine"] == "EM_AARCH64"
    symbols = elf.get_section_by_name(".dynsym")
    assert isinstance(symbols, SymbolTableSection)
    return {one.name: one["st_shndx"] != "SHN_UNDEF" for one in symbols.iter_symbols()}


def test_the_starter_runs_passes_its_checks_and_leaves_git_clean(
    starter: Path, tmp_path: Path
) -> None:
    git(starter, "init", "--quiet")
    with_check_tasks(starter)
    path = scaffold_on_path(tmp_path / "bin")
    said = built(gradle(starter, "run", "check", tests=TESTS, variables={"PATH": path}))
    assert GREETING in said
    assert "OK (1 test)" in said
    assert "No drift: " in said
    assert "1 library checked" in said
    assert list(libraries(starter)) == ["linux-x86-64/libmy_app.so"]
    # Cargo's folder is shared with the other proofs, and Gradle's cache is elsewhere: where a user has them.
    for kept in ("target/debug/libmy_app.so", ".gradle/8.14/lock", ".kotlin/sessions/one"):
        (starter / kept).parent.mkdir(parents=True)
        (starter / kept).touch()
    git(starter, "add", "-A")
    staged = git(starter, "diff", "--cached", "--name-only").splitlines()
    assert [path for path in staged if "/" in path and path.partition("/")[0] != ".scaffold"] == [
        "gradle/wrapper/gradle-wrapper.properties",
        "src/lib.rs",
        "src/main/kotlin/Main.kt",
        "src/test/kotlin/GreetingTest.kt",
    ]
    assert {path for path in staged if "/" not in path} == {
        *(".gitignore", "Cargo.lock", "Cargo.toml", "build.gradle.kts", "gradle.properties"),
        *("scaffold.yml", "settings.gradle.kts"),
    }
    source = starter / "src" / "lib.rs"
    source.write_text(source.read_text("utf-8").replace("Hello, {name}", "Bye, {name}", 1), "utf-8")
    wrong = gradle(starter, "check", tests=TESTS, variables={"PATH": path})
    assert wrong.returncode != 0
    assert "expected:<[Hello], Kotlin!" in wrong.stdout


def test_zig_builds_the_starters_c_code_for_another_linux(tmp_path: Path) -> None:
    variables = zig()
    folder = tmp_path / "with-c"
    generate(folder, {"plugin": "jvm", "hosts": "[linux]", "linux_targets": "[aarch64]"})
    git(folder, "init", "--quiet")
    with (folder / "Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('\n[build-dependencies]\ncc = "1"\n')
    (folder / "build.rs").write_text(BUILD_RS, encoding="utf-8")
    (folder / "src" / "shift.c").write_text(SHIFT_C, encoding="utf-8")
    with (folder / "src" / "lib.rs").open("a", encoding="utf-8") as source:
        source.write(DOUBLED)
    main = folder / "src/main/kotlin/Main.kt"
    called = main.read_text("utf-8").replace('greeting("Kotlin")', "uniffi.with_c.doubled(21)")
    main.write_text(called, encoding="utf-8")
    said = built(gradle(folder, "run", variables=variables))
    assert said.startswith("42\n")
    made = libraries(folder)
    assert set(made) == {"linux-x86-64/libwith_c.so", "linux-aarch64/libwith_c.so"}
    symbols = arm64_symbols(made["linux-aarch64/libwith_c.so"])
    assert symbols["uniffi_with_c_fn_func_doubled"]
    assert symbols.get("shift", True)  # found when it was linked
    # The program that the wrappers have built is not committed.
    git(folder, "add", "-A")
    committed = git(folder, "ls-files", ".cargo").splitlines()
    wrappers = [f".cargo/zig/{ARM64}-{tool}.sh" for tool in ("ar", "cc", "cxx")]
    zig_files = [f".cargo/zig/{name}" for name in (".gitattributes", ".gitignore")]
    assert committed == [".cargo/config.toml", *zig_files, *wrappers, ".cargo/zig/zig-linker.rs"]
    assert not git(folder, "ls-files", "build")


def test_a_target_that_is_asked_for_later_is_built(tmp_path: Path) -> None:
    variables = zig()
    folder = tmp_path / "later"
    generate(folder, {"plugin": "jvm", "hosts": "[linux]"})
    asked = ["regenerate", str(folder), "--set", "linux_targets=aarch64", "--yes"]
    assert scaffold(asked) == 0
    said = built(gradle(folder, "run", variables=variables))
    assert GREETING in said
    made = libraries(folder)
    assert set(made) == {"linux-x86-64/liblater.so", "linux-aarch64/liblater.so"}
    assert arm64_symbols(made["linux-aarch64/liblater.so"])["uniffi_later_fn_func_greet"]


def test_an_existing_module_builds_only_what_this_host_links(tmp_path: Path) -> None:
    generate(tmp_path / "existing", {"plugin": "jvm", "hosts": "[linux]"})
    folder = tmp_path / "module"
    for path in ("src/main/kotlin/Main.kt", "settings.gradle.kts"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes((tmp_path / "existing" / path).read_bytes())
    for path in ("Cargo.toml", "src/lib.rs"):
        (folder / "native" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "native" / path).write_bytes((tmp_path / "existing" / path).read_bytes())
    script = folder / "build.gradle.kts"
    script.write_text(EXISTING, encoding="utf-8")
    planned = built(gradle(folder, "run", dry=True))
    assert BUILDS.findall(planned) == ["LinuxX64", "LinuxArm64", "MinGWX64"]
    assert scaffold(["init", str(folder), "--defaults", "--set", "hosts=linux", "--yes"]) == 0
    assert BUILDS.findall(built(gradle(folder, "run", dry=True))) == ["LinuxX64"]
    assert GREETING in built(gradle(folder, "run"))
    assert list(libraries(folder)) == ["linux-x86-64/libexisting.so"]
    wrong = script.with_name("native") / "Cargo.toml"
    wrong.write_text(wrong.read_text("utf-8").replace("cdylib", "staticlib"), encoding="utf-8")
    refused = gradle(folder, "run", dry=True)
    assert refused.returncode != 0
    assert "Crate does not have required crate types" in refused.stdout
