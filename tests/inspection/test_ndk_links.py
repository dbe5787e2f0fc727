"""What `inspect` says of libraries that the NDK's compiler linked well, and into each trap."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.facts import load_facts
from scaffold.inspection.scan import scan
from tests.inspection.packing import at, pack
from tests.toolchain.ndk_support import Ndk, miniature_ndk

pytestmark = pytest.mark.toolchain
STRING = "_ZNSt6__ndk112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEED1Ev"
CODE = f"""
int getpid(void); void *malloc(unsigned long);
#ifdef CPP
void {STRING}(void);
#else
#define {STRING}()
#endif
void *exported(void) {{ {STRING}(); return malloc(getpid()); }}
"""
Build = Callable[..., str]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Links `liba.so` for arm64 and packs it into an APK, with what else is named; returns the APK's path."""

    def built(
        *flags: str, major: int = 28, trap: bool = False, bundled: tuple[str, ...] = ()
    ) -> str:
        ndk: Ndk = miniature_ndk(major)
        [abi] = [abi for abi in load_facts().abis if abi.abi == "arm64-v8a"]
        (tmp_path / "a.c").write_text(CODE, encoding="ascii")
        libraries = ndk.libraries(abi)
        search = [f"-L{libraries}"] if trap else []
        # As rustc does: the C library by name, after everything else.
        start = ["-shared", "-fPIC", "-nodefaultlibs", "-Wl,--as-needed", *search, "a.c"]
        command = [str(ndk.clang(abi)), *start, *flags, "-lc", "-o", "liba.so"]
        subprocess.run(command, cwd=tmp_path, check=True)
        files = {"lib/arm64-v8a/liba.so": (tmp_path / "liba.so").read_bytes()}
        for name in bundled:
            files[f"lib/arm64-v8a/{name}"] = (libraries / name).read_bytes()
        return at(tmp_path / "app.apk", pack(files))

    return built


def codes(path: str) -> dict[str, list[str]]:
    libraries = scan([path], 16384).libraries
    return {
        library.name: [finding.code.value for finding in library.findings] for library in libraries
    }


def test_the_shared_runtime_linked_and_packaged_is_right(build: Build) -> None:
    found = codes(build("-DCPP", "-lc++_shared", bundled=("libc++_shared.so",)))
    assert found == {"liba.so": [], "libc++_shared.so": []}


def test_the_shared_runtime_not_packaged_is_missing(build: Build) -> None:
    assert codes(build("-DCPP", "-lc++_shared")) == {"liba.so": ["cpp-runtime-missing"]}


def test_the_runtime_of_an_old_ndk_has_small_pages(build: Build) -> None:
    path = build(
        "-DCPP",
        "-lc++_shared",
        "-Wl,-z,max-page-size=16384",
        major=26,
        bundled=("libc++_shared.so",),
    )
    assert codes(path) == {"liba.so": [], "libc++_shared.so": ["load-alignment"]}
    assert "r27" in scan([path], 16384).libraries[1].findings[0].hint


def test_static_without_its_abi_library_is_unresolved_and_with_it_right(build: Build) -> None:
    assert codes(build("-DCPP", "-lc++_static")) == {"liba.so": ["cpp-symbol-unresolved"]}
    assert codes(build("-DCPP", "-lc++_static", "-lc++abi")) == {"liba.so": []}


def test_no_runtime_at_all_is_unresolved(build: Build) -> None:
    assert codes(build("-DCPP")) == {"liba.so": ["cpp-symbol-unresolved"]}


@pytest.mark.parametrize("major", [26, 28])
def test_the_search_path_trap_is_static_bionic(build: Build, major: int) -> None:
    flags = ["-Wl,-z,max-page-size=16384"] * (major < 28)
    assert codes(build(*flags, major=major, trap=True)) == {"liba.so": ["static-bionic"]}
    hidden = "-Wl,--exclude-libs,ALL"
    assert codes(build(*flags, hidden, major=major, trap=True)) == {"liba.so": ["static-bionic"]}
    assert codes(build(*flags, major=major)) == {"liba.so": []}


def test_a_library_without_flags_needs_ndk_r28(build: Build) -> None:
    assert codes(build(major=28)) == {"liba.so": []}
    assert codes(build(major=27))["liba.so"][0] == "load-alignment"
