"""zig-linker.rs with real Zig releases: every argument of the table, and Cargo builds that run."""

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
from tests.zig.wrappers import rustc_response_file, write_wrappers

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is linked here is run here"),
]
MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
# What rustc, cc, crates and users pass to a link of main.o and libfoo.a. "list" is a version script.
LINKED = [
    "-Wl,--fix-cortex-a53-843419", "-Wl,--as-needed,--fix-cortex-a53-843419,-O1", "-Xlinker --fix-cortex-a53-843419",
    "--target=x86_64-unknown-linux-gnu", "-target aarch64-unknown-linux-gnu", "--target aarch64-unknown-linux-gnu",
    "-Wl,--dynamic-list=list", "-Wl,--dynamic-list,list", "-Xlinker --dynamic-list -Xlinker list",
    "-Wl,-z,now,--dynamic-list,list,-z,relro", "-Wl,--version-script=list", "-Xlinker --version-script=list",
    "-Wl,-znostart-stop-gc", "-Wl,-z,nostart-stop-gc", "-Xlinker -z -Xlinker nostart-stop-gc", "-z nostart-stop-gc",
    "-Wl,-znow -Wl,-zrelro", "-Wl,-z -Wl,noexecstack", "-z now", "-Wl,-z,relro,-z,now",
    "-Wl,-plugin-opt=O3 -Wl,-plugin-opt=-mcpu=x -Wl,--plugin-opt,O2",
    "-Wl,--whole-archive -Wl,libfoo.a -Wl,--no-whole-archive", "-Wl,--whole-archive,libfoo.a,--no-whole-archive",
    "-Xlinker --whole-archive -Xlinker libfoo.a -Xlinker --no-whole-archive",
    "-L. -l:libfoo.a", "-L. -l :libfoo.a", "-L. -Wl,-l:libfoo.a", "-L . -lfoo", "-L. -l foo",
    "-L. -Wl,--push-state,-Bstatic -lfoo -Wl,--pop-state -lm", "-Wl,--push-state,--as-needed -lm -Wl,--pop-state",
    "-Wl,-Bstatic,--push-state,-Bdynamic -lm -Xlinker --pop-state", "-Wl,-Bstatic -lfoo -L. -Wl,-Bdynamic -lc",
    "-Wl,--icf=all -Wl,--icf=none", "-Wl,--exclude-libs,ALL -Wl,--exclude-libs=libz.a",
    "-Wl,--undefined=main -Wl,--undefined,main", "-Xlinker --undefined=main", "-u main",
    "-Wl,-Map=map -Wl,-Map,map -Wl,--Map=map", "-Xlinker -Map -Xlinker map",
    "-Wl,--threads=4 -Wl,--threads -Wl,--no-threads -Wl,--threads,4", "-Wl,--threads,--gc-sections",
    "-Wl,--error-limit=0 -Wl,--no-rosegment -Wl,--rosegment", "-Wl,--allow-multiple-definition -Wl,-z,muldefs",
    "-shared -Wl,-soname=libx.so", "-shared -Xlinker -soname=libx.so", "-shared -Wl,-soname -Wl,libx.so",
    "-Wl,-rpath,/x -Wl,-rpath=/y -Xlinker -rpath=/z", "-Wl,--dynamic-linker=/lib64/ld.so",
    "-lgcc_s -Wl,--no-undefined-version -fuse-ld=lld -B/x.y/gcc-ld", "-Wl,--undefined-version -Wl,--no-undefined",
    "-m64 -pie -Wl,-O1 -Wl,--strip-debug -nodefaultlibs -lc", "-Wl,--eh-frame-hdr -Wl,--build-id=sha1",
    "-Wl,--hash-style=gnu -Wl,--gc-sections", "-mtune=cortex-a53 -mtune=generic",
]  # fmt: skip
COMPILED = {
    "x86_64": ["-march=x86-64-v3", "-mcpu=x86_64", "-mtune=generic"],
    "aarch64": [
        "-march=armv8-a", "-march=armv8-a+crc+crypto+nofp16", "-march=armv8.2-a+fp16", "-march=armv9-a",
        "-mcpu=cortex-a53", "-mcpu=cortex-a72+crypto", "-mcpu=apple_m1", "-mtune=cortex-a53",
    ],
}  # fmt: skip
# What build scripts and people ask of a compiler without giving it a file.
PROBES = ["-?", "--version", "-v", "-###", "-dumpmachine", "-print-search-dirs"]

CARGO_TOML = """[package]
name = "proof"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["rlib", "cdylib"]

[dependencies]
link-cplusplus = "1"
blake3 = "1"

[build-dependencies]
cc = "1"
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
    wrappers = write_wrappers(folder / "project", arch, "2.17")
    (folder / "main.c").write_text("int foo(void);\nint main(void) { return foo(); }\n")
    (folder / "foo.c").write_text("int foo(void) { return 0; }\n")
    compile_: list[str | Path] = [wrappers["cc"], f"--target={arch}-unknown-linux-gnu", "-O2", "-c"]
    commands: list[list[str | Path]] = [
        [*compile_, "-fPIC", "main.c"],
        [*compile_, "-fPIC", "foo.c"],
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


@pytest.mark.parametrize("arch", MACHINES)
@pytest.mark.parametrize("version", VERSIONS)
def test_zig_links_with_every_argument_of_the_table(
    tmp_path: Path, version: str, arch: str
) -> None:
    wrapper = compile_c(tmp_path, version, arch)
    refused = []
    for number, row in enumerate(LINKED):
        if row.startswith("-m64") and arch == "aarch64":
            row = row.removeprefix("-m64 ")
        arguments = ["main.o", *row.split(), "libfoo.a", "-o", "out"]
        if number % 2:
            (tmp_path / "args").write_text(rustc_response_file(arguments), encoding="utf-8")
            arguments = ["@args"]
        (tmp_path / "out").unlink(missing_ok=True)
        done = run([wrapper, *arguments], tmp_path, version)
        if done.returncode or not (tmp_path / "out").exists():
            refused.append(f"{row}: {done.stderr[:200]}")
    assert refused == []
    with (tmp_path / "out").open("rb") as file:
        assert ELFFile(file)["e_machine"] == MACHINES[arch]


@pytest.mark.parametrize("arch", MACHINES)
@pytest.mark.parametrize("version", VERSIONS)
def test_c_is_compiled_with_the_extensions_it_asks_for(
    tmp_path: Path, version: str, arch: str
) -> None:
    wrapper = write_wrappers(tmp_path, arch, "2.17")["cc"]
    crc = "#include <arm_acle.h>\nunsigned f(unsigned a) { return __crc32w(a, a); }\n"
    for flag in [*COMPILED[arch], "-Wp,-MD,x.d -Wp,-DA=1,-UB", "-Wp,-MMD,y.d"]:
        (tmp_path / "a.c").write_text(crc if "crc" in flag else "int f(int a) { return a; }\n")
        command: list[str | Path] = [wrapper, *flag.split(), "-O2", "-c", "a.c", "-o", "a.o"]
        done = run(command, tmp_path, version)
        assert done.returncode == 0, (flag, done.stderr)
    assert (tmp_path / "x.d").exists()
    assert (tmp_path / "y.d").exists()


@pytest.mark.parametrize("version", VERSIONS)
def test_probes_are_answered_though_glibc_is_pinned(tmp_path: Path, version: str) -> None:
    wrapper = write_wrappers(tmp_path, glibc="2.17")["cc"]
    for probe in PROBES:
        done = run([wrapper, probe], tmp_path, version)
        assert "is invalid" not in done.stdout + done.stderr, (probe, done)
        # What Zig itself says of it, with a target that it accepts.
        plain: list[str | Path] = [
            zig_environment(version)["ZIG"],
            "cc",
            "-target",
            "x86_64-linux-gnu",
        ]
        assert done.returncode == run([*plain, probe], tmp_path, version).returncode, probe
    assert "x86_64" in run([wrapper, "-dumpmachine"], tmp_path, version).stdout


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_rules_are_needed(tmp_path: Path, version: str) -> None:
    compile_c(tmp_path, version, "x86_64")
    plain: list[str | Path] = [zig_environment(version)["ZIG"], "cc", "-target"]
    link: list[str | Path] = [*plain, "x86_64-linux-gnu", "main.o", "libfoo.a", "-o", "out"]
    assert run(link, tmp_path, version).returncode == 0
    for argument in (
        "-Wl,--fix-cortex-a53-843419",
        "--target=x86_64-unknown-linux-gnu",
        "-Wl,libfoo.a",
    ):
        assert run([*link, argument], tmp_path, version).returncode != 0, argument
    probe = run([*plain, "x86_64-linux-gnu.2.17", "-v"], tmp_path, version)
    assert (probe.returncode != 0) == (version == NEWEST)
    (tmp_path / "a b").mkdir()
    (tmp_path / "args").write_text(rustc_response_file(["main.o", "libfoo.a", "-o", "a b/out"]))
    assert run([*plain, "x86_64-linux-gnu", "@args"], tmp_path, version).returncode != 0
    wrapper = write_wrappers(tmp_path)["cc"]
    assert run([wrapper, "@args"], tmp_path, version).returncode == 0
    assert (tmp_path / "a b" / "out").exists()


@pytest.mark.parametrize("profile", ["dev", "release"])
@pytest.mark.parametrize("version", VERSIONS)
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
    wrappers = write_wrappers(folder, "x86_64", glibc)
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
