"""What the real cargo-ndk links in a generated project, for every NDK release, C++ runtime and page size strategy."""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.cli.main import main as scaffold
from scaffold.facts import load_facts
from tests.toolchain.cargo_ndk_support import build_with_cargo_ndk
from tests.toolchain.crate_support import require_rust, write_crate
from tests.toolchain.generated import generate
from tests.toolchain.linked import LARGE, SMALL, read_linked
from tests.toolchain.ndk_support import MAJORS, Ndk

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(
        sys.platform != "linux", reason="the miniature NDK's compilers are shell scripts"
    ),
]
ABIS = load_facts().abis
NdkFixture = Callable[[int], Ndk]
# The contract refuses the NDK's own 4 KB runtime at r26 where pages are asked for.
CASES = [
    (major, runtime, size)
    for major, runtime, size in itertools.product(
        MAJORS, ("shared", "static", "none"), ("auto", "off")
    )
    if (major, runtime, size) != (26, "shared", "auto")
]


def project(folder: Path, ndk: Ndk, runtime: str, size: str) -> Path:
    """An Android module with its crate beside it."""
    module = folder / "app" / "build.gradle.kts"
    module.parent.mkdir(parents=True)
    module.write_text('plugins {\n    id("com.android.library")\n}\n', encoding="utf-8")
    (folder / "settings.gradle.kts").write_text('include(":app")\n', encoding="utf-8")
    write_crate(folder / "rust")
    settings = {"module": "app", "crate": "rust", "rust_build": "cargo-ndk", "plugin": "android"}
    generate(folder, settings | {"ndk": ndk.revision, "cpp_runtime": runtime, "page_size": size})
    return folder / "rust"


def package_runtime(out: Path, ndk: Ndk) -> None:
    """As the task does."""
    for abi in ABIS:
        library = (ndk.libraries(abi) / "libc++_shared.so").read_bytes()
        (out / abi.abi / "libc++_shared.so").write_bytes(library)


@pytest.mark.parametrize(("major", "runtime", "size"), CASES)
def test_what_cargo_ndk_links_is_what_the_answers_promise(
    major: int, runtime: str, size: str, ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    crate = project(tmp_path / "project", ndk(major), runtime, size)
    out = tmp_path / "jniLibs"
    words = ("--features", "cpp") if runtime != "none" else ()
    names = [abi.abi for abi in ABIS]
    done = build_with_cargo_ndk(crate, ndk(major), names, out, *words, RUSTC_BOOTSTRAP="1")
    assert done.returncode == 0, done.stdout
    for abi in ABIS:
        linked = read_linked(out / abi.abi / "libapp.so")
        assert ("libc++_shared.so" in linked.needed) == (runtime == "shared")
        assert ("__cxa_pure_virtual" in linked.defined) == (runtime == "static")
        # cargo-ndk aligns by itself, also where scaffold.yml says off.
        assert linked.load_align == (LARGE if abi.bits == 64 else SMALL)
        assert linked.relro_fits(linked.load_align)
        assert not linked.relro_overruns
    if runtime == "shared":
        package_runtime(out, ndk(major))
    # r26's own libc++_shared.so is a 4 KB one.
    assert scaffold(["inspect", str(out)]) == (1 if (major, runtime) == (26, "shared") else 0)


def test_without_a_target_folder_for_each_ndk_the_old_library_stays(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    crate = project(tmp_path / "project", ndk(27), "none", "off")

    def linked_by(major: int, folder: Path) -> bytes:
        out = tmp_path / "jniLibs"
        variables = {"RUSTC_BOOTSTRAP": "1", "CARGO_TARGET_DIR": str(folder)}
        done = build_with_cargo_ndk(crate, ndk(major), ["x86"], out, **variables)
        assert done.returncode == 0, done.stdout
        return (out / "x86/libapp.so").read_bytes()

    old = linked_by(26, tmp_path / "one")
    assert linked_by(28, tmp_path / "one") == old
    assert linked_by(28, tmp_path / "another") != old
