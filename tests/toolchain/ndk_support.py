"""A miniature Android NDK out of Debian's clang and lld: the layout and the traps of the real one, in 2 MB.

Layout after <https://developer.android.com/ndk/guides/other_build_systems>. The real r26 has lld 17, r27 lld 18. What
divides them is that lld pads a LOAD to the end of its RELRO from 18 on, so a neighbour on the same side may stand in.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold.facts import Abi, load_facts
from tests.toolchain.requirements import cache_folder, program, require

API = 21
MAJORS = (26, 27, 28)
WRAPPERS = {
    "arm64-v8a": "aarch64-linux-android",
    "armeabi-v7a": "armv7a-linux-androideabi",
    "x86_64": "x86_64-linux-android",
    "x86": "i686-linux-android",
}
HOST_FOLDER = "linux-x86_64"


class Ndk(NamedTuple):
    """One miniature NDK: its folder, named after its revision, as below `ndk/` of an SDK."""

    root: Path
    revision: str

    @property
    def major(self) -> int:
        return int(self.revision.split(".")[0])

    @property
    def toolchain(self) -> Path:
        return self.root / "toolchains" / "llvm" / "prebuilt" / HOST_FOLDER

    def libraries(self, abi: Abi) -> Path:
        """The folder that holds libc++, and the static libc beside it."""
        return self.toolchain / "sysroot" / "usr" / "lib" / abi.ndk_triple

    def clang(self, abi: Abi) -> Path:
        return self.toolchain / "bin" / f"{WRAPPERS[abi.abi]}{API}-clang"


def ndk_revision(major: int) -> str:
    """The newest known revision of an NDK release."""
    return [row.revision for row in load_facts().ndk if row.revision.startswith(f"{major}.")][-1]


def gobley_environment(ndk: Ndk, abis: tuple[Abi, ...]) -> dict[str, str]:
    """What Gobley's Android build tasks set (its `CargoBuildTask`), for several ABIs at once."""
    environment = {
        "ANDROID_HOME": str(ndk.root.parents[1]),
        "ANDROID_NDK_HOME": str(ndk.root),
        "ANDROID_NDK_ROOT": str(ndk.root),
        "CLANG_PATH": str(ndk.toolchain / "bin" / "clang"),
    }
    for abi in abis:
        triple = abi.rust_target
        clang = str(ndk.clang(abi))
        environment |= {
            f"CARGO_TARGET_{triple.upper().replace('-', '_')}_LINKER": clang,
            f"CC_{triple}": clang,
            f"CXX_{triple}": clang + "++",
            f"AR_{triple}": str(ndk.toolchain / "bin" / "llvm-ar"),
            f"RANLIB_{triple}": str(ndk.toolchain / "bin" / "llvm-ranlib"),
        }
    return environment


def miniature_ndk(major: int) -> Ndk:
    """The miniature of that release, built once: the folder's name holds a hash of what it is built from."""
    require(os.name == "posix", "the miniature NDK's compilers are shell scripts")
    tools = {
        "clang": program("clang-19"),
        "lld": _linker(major),
        "ar": program("llvm-ar-19"),
    }
    key = hashlib.sha256(Path(__file__).read_bytes() + repr(tools).encode()).hexdigest()[:16]
    revision = ndk_revision(major)
    home = cache_folder("miniature-ndk") / key
    ndk = Ndk(home / "ndk" / revision, revision)
    if not ndk.root.is_dir():
        ndk.root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as scratch:
            made = Ndk(Path(scratch) / revision, revision)
            _build(made, tools)
            try:
                made.root.rename(ndk.root)
            except OSError:
                # Another test process was quicker; its copy is the same.
                assert ndk.root.is_dir()
    return ndk


def _linker(major: int) -> str:
    versions = (17, 16, 15, 14) if major < 27 else (19, 18)
    found = [path for version in versions if (path := shutil.which(f"ld.lld-{version}"))]
    require(bool(found), f"no lld of {' or '.join(map(str, versions))} is installed")
    return found[0]


def _build(ndk: Ndk, tools: dict[str, str]) -> None:
    (ndk.toolchain / "bin").mkdir(parents=True)
    (ndk.root / "source.properties").write_text(_properties(ndk), encoding="utf-8")
    for name in ("llvm-ar", "llvm-ranlib"):
        _script(ndk.toolchain / "bin" / name, f'exec "{program(name + "-19")}" "$@"')
    _compilers(ndk, "", tools)
    for abi in load_facts().abis:
        _compilers(ndk, f"{WRAPPERS[abi.abi]}{API}-", tools)
        _sysroot(ndk, abi, tools)


def _properties(ndk: Ndk) -> str:
    lines = ["Pkg.Desc = Android NDK", f"Pkg.Revision = {ndk.revision}"]
    if ndk.major >= 27:
        release = next(row.release for row in load_facts().ndk if row.revision == ndk.revision)
        lines += [f"Pkg.BaseRevision = {ndk.revision}", f"Pkg.ReleaseName = {release}"]
    return "\n".join(lines) + "\n"


def _compilers(ndk: Ndk, prefix: str, tools: dict[str, str]) -> None:
    """clang and clang++ for what `prefix` names; without one, for the target that they are told, as cargo-ndk does."""
    # clang 19 is r28's: it asks for 16 KB pages by itself. The older ones ask for 4 KB, and like
    # theirs ours come first, so that what the user says wins.
    pages = "" if ndk.major >= 28 else "-Wl,-z,max-page-size=4096"
    target = f"--target={prefix[:-1]} " if prefix else ""
    for suffix, tool in (("", tools["clang"]), ("++", tools["clang"] + " --driver-mode=g++")):
        _script(
            ndk.toolchain / "bin" / f"{prefix}clang{suffix}",
            'here="$(cd "$(dirname "$0")/.." && pwd)"\n'
            f"exec {tool} {target}"
            '--sysroot="$here/sysroot" -resource-dir "$here/lib/clang/19" '
            f"--rtlib=compiler-rt --unwindlib=libunwind --ld-path={tools['lld']} "
            f'-Wno-unused-command-line-argument {pages} "$@"',
        )


def _script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


# What the real libraries are asked for, one file each; a library is a list of files.
SOURCES = {
    # With the note by which tools know a library for Android: API level, then the NDK's names.
    "crtbegin_so": """
        void *const __dso_handle __attribute__((visibility("hidden"))) = 0;
        struct { int sizes[3]; char name[8]; int api; char ndk[64], build[64]; } const note
            __attribute__((visibility("hidden"), used, section(".note.android.ident"), aligned(4)))
            = {{8, 132, 1}, "Android", 21, "miniature", "0"};
    """,
    "crtend_so": "",
    "libc": "int getpid(void) { return 1; }"
    " void *malloc(unsigned long n) { return 0; } void free(void *p) {}"
    " void *memcpy(void *to, const void *from, unsigned long n) { return to; }"
    " int __cxa_atexit(void (*f)(void *), void *a, void *d) { return 0; }",
    "libm": "double cos(double x) { return x; }",
    "libdl": "void *dlopen(const char *name, int flags) { return 0; }"
    # What Rust's std walks for a backtrace.
    " int dl_iterate_phdr(void *f, void *data) { return 0; }",
    "liblog": "int __android_log_write(int p, const char *t, const char *m) { return 0; }",
    "libunwind": "int _Unwind_Resume(void *e) { return 0; }",
    # The destructor of std::string, which leaves the rest to the ABI library as libc++ does.
    "libcxx": "void __cxa_pure_virtual(void);"
    " void _ZNSt6__ndk112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEED1Ev(void)"
    " { __cxa_pure_virtual(); }",
    "libcxxabi": "void __cxa_pure_virtual(void) { __builtin_trap(); }"
    " void __cxa_throw(void *a, void *b, void *c) { __builtin_trap(); }",
}
SHARED = ("libc", "libm", "libdl", "liblog")


def _sysroot(ndk: Ndk, abi: Abi, tools: dict[str, str]) -> None:
    static = ndk.libraries(abi)
    stubs = static / str(API)
    stubs.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        objects = dict(_objects(ndk, abi, Path(scratch)))
        for name in ("crtbegin_so", "crtend_so"):
            shutil.copyfile(objects[name], stubs / f"{name}.o")
        for name in SHARED:
            _link(ndk, abi, stubs / f"{name}.so", objects[name])
        pages = 4096 if ndk.major < 27 or abi.bits == 32 else 16384
        _link(
            ndk, abi, static / "libc++_shared.so", objects["libcxx"], objects["libcxxabi"],
            *(f"-Wl,-z,{kind}-page-size={pages}" for kind in ("max", "common")),
        )  # fmt: skip
        for library, source in (
            ("libc", "libc"), ("libm", "libm"), ("libdl", "libdl"),
            ("libc++_static", "libcxx"), ("libc++abi", "libcxxabi"), ("libunwind", "libunwind"),
        ):  # fmt: skip
            _run(tools["ar"], "rcs", static / f"{library}.a", objects[source])
    (stubs / "libc++.so").write_text("INPUT(-lc++_shared)\n", encoding="utf-8")
    (stubs / "libc++.a").write_text("INPUT(-lc++_static -lc++abi)\n", encoding="utf-8")


def _objects(ndk: Ndk, abi: Abi, folder: Path) -> Iterator[tuple[str, Path]]:
    for name, source in SOURCES.items():
        (folder / f"{name}.c").write_text(source, encoding="utf-8")
        made = folder / f"{name}.o"
        _run(ndk.clang(abi), "-w", "-fno-builtin", "-fPIC", "-c", folder / f"{name}.c", "-o", made)
        yield name, made


def _link(ndk: Ndk, abi: Abi, made: Path, *arguments: Path | str) -> None:
    soname = f"-Wl,-soname,{made.name}"
    _run(ndk.clang(abi), "-shared", "-nostdlib", soname, *arguments, "-o", made)


def _run(*command: Path | str) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
