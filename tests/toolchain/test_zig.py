"""The .sh wrappers with real Zig releases: every argument of the table, and Cargo builds that run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from tests.toolchain.requirements import program, require
from tests.toolchain.zig_support import NEWEST, OLDEST, VERSIONS, zig_environment
from tests.zig.arguments import KEPT, REWRITTEN
from tests.zig.rendered import rustc_response_file, write_wrappers

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is linked here is run here"),
]
MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
# Rows about places and files that a real link does not have, or about one part of a pair.
ONLY_ON_PAPER = re.compile(
    r"/x|-lz|nowhere|-o --target|-D -Wl|rpath,--icf|soname|-x c -|symbols|-L |-MD|a\.[oc]$"
)

CARGO_TOML = """[package]
name = "proof"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["rlib", "cdylib"]

[dependencies]
link-cplusplus = "=1.0.12"
blake3 = "=1.8.2"

[build-dependencies]
cc = "=1.2.41"
"""
BUILD_RS = """fn main() {
    cc::Build::new().file("src/shift.c").compile("shift");
    cc::Build::new().cpp(true).file("src/words.cpp").compile("words");
}
"""
# Left shift out of range: what the sanitizer would stop at.
SHIFT_C = "int shift(int value, int by) { return value << by; }\n"
WORDS_CPP = """#include <map>
#include <stdexcept>
#include <string>
extern "C" int words(const char *text) {
    std::map<std::string, int> seen{{text, 41}};
    try { throw std::runtime_error(text); } catch (const std::exception &e) { return seen[e.what()] + 1; }
}
"""
LIB_RS = """use std::ffi::{c_char, c_int};
extern crate link_cplusplus;
extern "C" {
    fn shift(value: c_int, by: c_int) -> c_int;
    fn words(text: *const c_char) -> c_int;
}

#[no_mangle]
pub extern "C" fn answer() -> c_int {
    let hash = blake3::hash(b"abc");
    unsafe { shift(1 << 30, 5) + words(c"forty-two".as_ptr()) + (hash.as_bytes()[0] == 0x64) as c_int }
}
"""
MAIN_RS = 'fn main() { println!("answer {}", proof::answer()); }\n'


def compile_c(folder: Path, version: str, arch: str) -> Path:
    """`main.o` and `libfoo.a` of one architecture, by the wrappers; gives back the cc wrapper."""
    wrappers = write_wrappers(folder / "wrappers", arch)
    (folder / "main.c").write_text("int foo(void);\nint main(void) { return foo(); }\n")
    (folder / "foo.c").write_text("int foo(void) { return 0; }\n")
    compile_: list[str | Path] = [wrappers["cc"], f"--target={arch}-unknown-linux-gnu", "-O2", "-c"]
    commands: list[list[str | Path]] = [
        [*compile_, "main.c"],
        [*compile_, "foo.c"],
        [wrappers["ar"], "rcs", "libfoo.a", "foo.o"],
    ]
    for command in commands:
        done = run(command, folder, version)
        assert done.returncode == 0, done.stderr
    (folder / "list").write_text("{ main; };\n")
    return wrappers["cc"]


def run(command: list[str | Path], folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    environment = zig_environment(version)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )


def rows(arch: str) -> list[list[str]]:
    """Every argument of the table that a link of two small objects can be given, with real values."""
    given = [
        row.replace("/x/list", "list").replace("/x/map", "map")
        for name, row, _ in REWRITTEN
        if name in ("*", arch)
    ]
    given += [
        word
        for row in KEPT
        for word in row.split()
        if word.startswith("-Wl,-") or word in ("-lgcc_s", "-fuse-ld=lld")
    ]
    given += [
        "-L. -l:libfoo.a",
        "-L. -Wl,-l:libfoo.a",
        "-L. -Wl,--push-state,-Bstatic -lfoo -Wl,--pop-state -lm",
        "-B/x.y/gcc-ld",
        "-Wl,--whole-archive -Wl,libfoo.a -Wl,--no-whole-archive",
    ]
    kept = [row.replace(" a.o", "").replace(" a.c", "") for row in given]
    return [row.split() for row in dict.fromkeys(kept) if not ONLY_ON_PAPER.search(row)]


@pytest.mark.parametrize("arch", MACHINES)
@pytest.mark.parametrize("version", VERSIONS)
def test_zig_links_with_every_argument_of_the_table(
    tmp_path: Path, version: str, arch: str
) -> None:
    wrapper = compile_c(tmp_path, version, arch)
    refused = []
    for number, row in enumerate(rows(arch)):
        arguments = ["main.o", *row, "libfoo.a", "-o", "out"]
        if number % 2:
            (tmp_path / "args").write_text(rustc_response_file(arguments), encoding="utf-8")
            arguments = ["@args"]
        (tmp_path / "out").unlink(missing_ok=True)
        done = run([wrapper, *arguments], tmp_path, version)
        if done.returncode or not (tmp_path / "out").exists():
            refused.append(f"{' '.join(row)}: {done.stderr[:200]}")
    assert refused == []
    with (tmp_path / "out").open("rb") as file:
        assert ELFFile(file)["e_machine"] == MACHINES[arch]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_table_is_needed(tmp_path: Path, version: str) -> None:
    compile_c(tmp_path, version, "x86_64")
    plain: list[str | Path] = [zig_environment(version)["ZIG"], "cc", "-target", "x86_64-linux-gnu"]
    link: list[str | Path] = [*plain, "main.o", "libfoo.a", "-o", "out"]
    assert run(link, tmp_path, version).returncode == 0
    for argument in (
        "-Wl,--fix-cortex-a53-843419",
        "--target=x86_64-unknown-linux-gnu",
        "-Wl,libfoo.a",
    ):
        assert run([*link, argument], tmp_path, version).returncode != 0, argument
    (tmp_path / "a b").mkdir()
    (tmp_path / "args").write_text(rustc_response_file(["main.o", "libfoo.a", "-o", "a b/out"]))
    assert run([*plain, "@args"], tmp_path, version).returncode != 0
    wrapper = write_wrappers(tmp_path / "wrappers")["cc"]
    assert run([wrapper, "@args"], tmp_path, version).returncode == 0
    assert (tmp_path / "a b" / "out").exists()


@pytest.mark.parametrize(
    "flag", ["-march=armv8-a+crc", "-mcpu=cortex-a53", "-march=armv8.2-a+fp16", "-mtune=cortex-a53"]
)
def test_c_for_aarch64_keeps_the_extensions_it_asks_for(tmp_path: Path, flag: str) -> None:
    wrapper = write_wrappers(tmp_path / "wrappers", "aarch64")["cc"]
    crc = "#include <arm_acle.h>\nunsigned f(unsigned a) { return __crc32w(a, a); }\n"
    (tmp_path / "a.c").write_text(crc if "crc" in flag else "int f(int a) { return a; }\n")
    for version in VERSIONS:
        done = run([wrapper, flag, "-O2", "-c", "a.c", "-o", "a.o"], tmp_path, version)
        assert done.returncode == 0, (version, done.stderr)


@pytest.mark.parametrize("profile", ["dev", "release"])
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_cargo_builds_what_runs_with_an_old_glibc(
    tmp_path: Path, version: str, profile: str
) -> None:
    folder = write_crate(tmp_path / "pro ject's", glibc="2.17")
    build(folder, version, profile)
    made = (
        folder / "target" / "x86_64-unknown-linux-gnu" / ("debug" if profile == "dev" else profile)
    )
    done = run([made / "proof"], folder, version)
    # 2^35 does not fit into 32 bits: the shift gives 0 where nothing stops it.
    assert (done.returncode, done.stdout) == (0, "answer 43\n"), done.stderr
    load = f"import ctypes; print(ctypes.CDLL({str(made / 'libproof.so')!r}).answer())"
    assert run([sys.executable, "-c", load], folder, version).stdout == "43\n"
    for name in ("proof", "libproof.so"):
        needed = glibc_versions(made / name)
        assert needed, "dynamically linked to glibc"
        assert max(needed) <= (2, 17)


def write_crate(folder: Path, glibc: str) -> Path:
    """A crate with C and C++ of its own and of dependencies, wired as the generated configuration does it."""
    (folder / "src").mkdir(parents=True)
    files = {
        "Cargo.toml": CARGO_TOML,
        "build.rs": BUILD_RS,
        "src/shift.c": SHIFT_C,
        "src/words.cpp": WORDS_CPP,
        "src/lib.rs": LIB_RS,
        "src/main.rs": MAIN_RS,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    wrappers = write_wrappers(folder / ".cargo" / "zig", "x86_64", glibc)
    lines = [
        "[target.x86_64-unknown-linux-gnu]",
        f'linker = ".cargo/zig/{wrappers["cc"].name}"',
        "[env]",
    ]
    for variable, tool in (("CC", "cc"), ("CXX", "cxx"), ("AR", "ar")):
        value = f'{{ value = ".cargo/zig/{wrappers[tool].name}", relative = true }}'
        lines.append(f"{variable}_x86_64_unknown_linux_gnu = {value}")
    (folder / ".cargo" / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def build(folder: Path, version: str, profile: str) -> None:
    command = [
        program("cargo"),
        "build",
        "--profile",
        profile,
        "--target",
        "x86_64-unknown-linux-gnu",
    ]
    environment = zig_environment(version) | {
        "CARGO_HOME": os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1200
    )
    require("failed to download" not in done.stderr, "crates.io cannot be reached")
    assert done.returncode == 0, done.stderr


def glibc_versions(path: Path) -> set[tuple[int, ...]]:
    """The versions of glibc's symbols that a file needs."""
    with path.open("rb") as file:
        section = ELFFile(file).get_section_by_name(".gnu.version_r")
        assert isinstance(section, GNUVerNeedSection)
        names = [aux.name for _, entries in section.iter_versions() for aux in entries]
    found = (re.fullmatch(r"GLIBC_([\d.]+)", name) for name in names)
    return {tuple(map(int, match[1].split("."))) for match in found if match}
