"""The real cargo-ndk, on the miniature NDK, told what the generated task tells it."""

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.toolchain.ndk_support import API, Ndk
from tests.toolchain.requirements import cache_folder, program, require
from tests.toolchain.starter_support import cargo, run

VERSION = "4.1.2"


@cache
def cargo_ndk() -> Path:
    """cargo-ndk, installed once."""
    root = cache_folder("cargo-ndk") / VERSION
    made = root / "bin" / "cargo-ndk"
    if not made.exists():
        words = ("cargo-ndk", "--version", VERSION, "--locked", "--debug", "--bin", "cargo-ndk")
        done = cargo(root.parent, "install", *words, "--root", str(root))
        require(done.returncode == 0, f"cargo-ndk cannot be installed: {done.stdout}")
    return made


def build_with_cargo_ndk(
    crate: Path, ndk: Ndk, abis: Iterable[str], out: Path, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """`test_cargo_ndk_task.py` proves that the task's words are these."""
    targets = (word for abi in abis for word in ("--target", abi))
    rest = ("--platform", str(API), "--output-dir", str(out), "build", "--lib", *words)
    environment = {
        "PATH": f"{cargo_ndk().parent}:{Path(program('cargo')).parent}:/usr/bin:/bin",
        "ANDROID_NDK_HOME": str(ndk.root),
        "CARGO_TARGET_DIR": str(crate / "target" / ndk.revision),
    }
    return run(
        program("cargo"), "ndk", *targets, *rest, folder=crate, variables=environment | variables
    )
