"""Why the generated build script says what it says: the same builds with what it avoids, and what comes of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.facts import load_facts
from scaffold.findings import Code
from scaffold.inspection.scan import scan
from tests.toolchain.crate_support import require_rust, run_cargo, write_crate
from tests.toolchain.generated import generate
from tests.toolchain.linked import LARGE, SMALL, Linked, read_linked
from tests.toolchain.ndk_support import Ndk, gobley_environment, ndk_revision

pytestmark = pytest.mark.toolchain

NdkFixture = Callable[[int], Ndk]
ARM64 = load_facts().abi("arm64-v8a")
MAX = "cargo::rustc-link-arg-cdylib=-Wl,-z,max-page-size=16384"
COMMON = "cargo::rustc-link-arg-cdylib=-Wl,-z,common-page-size=16384"


def write_build_script(folder: Path, *directives: str) -> None:
    lines = "".join(f'    println!("{directive}");\n' for directive in directives)
    (folder / "build.rs").write_text(f"fn main() {{\n{lines}}}\n", encoding="utf-8")


def cargo_build(folder: Path, ndk: Ndk, **variables: str) -> tuple[int, str]:
    environment = gobley_environment(ndk, (ARM64,)) | {"RUSTC_BOOTSTRAP": "1"} | variables
    done = run_cargo(
        folder, "build", "--features=cpp", f"--target={ARM64.rust_target}", variables=environment
    )
    return done.returncode, done.stderr


def library(folder: Path) -> Path:
    return folder / "target" / ARM64.rust_target / "debug" / "libapp.so"


def link(folder: Path, ndk: Ndk, *directives: str, **variables: str) -> Linked:
    """Builds a crate whose build script prints those directives, for arm64."""
    require_rust()
    write_crate(folder)
    write_build_script(folder, *directives)
    code, log = cargo_build(folder, ndk, **variables)
    assert code == 0, log
    return read_linked(library(folder))


def errors(folder: Path) -> set[Code]:
    """What `inspect` finds."""
    return {finding.code for finding in scan([str(library(folder))], LARGE).libraries[0].findings}


@pytest.mark.parametrize("runtime", ["dylib=c++_shared", "c++_static"])
def test_a_search_path_to_libcxx_links_the_static_libc_beside_it(
    runtime: str, ndk: NdkFixture, tmp_path: Path
) -> None:
    path = ndk(28).libraries(ARM64)
    linked = link(
        tmp_path, ndk(28), f"cargo::rustc-link-search={path}", f"cargo::rustc-link-lib={runtime}"
    )
    assert "libc.so" not in linked.needed
    assert "getpid" in linked.defined
    assert Code.STATIC_BIONIC in errors(tmp_path)


def test_a_search_path_is_harmless_only_behind_that_of_the_api_level(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    path = ndk(28).libraries(ARM64)
    linked = link(
        tmp_path,
        ndk(28),
        f"cargo::rustc-link-search={path / '21'}",
        f"cargo::rustc-link-search={path}",
        "cargo::rustc-link-lib=c++_shared",
    )
    assert {"libc.so", "libc++_shared.so"} <= linked.needed


def test_the_static_runtime_without_its_abi_library_leaves_symbols_undefined(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    linked = link(tmp_path, ndk(28), "cargo::rustc-link-lib=c++_static")
    assert "__cxa_pure_virtual" in linked.undefined
    assert Code.CPP_SYMBOL_UNRESOLVED in errors(tmp_path)


def test_no_runtime_at_all_leaves_symbols_undefined(ndk: NdkFixture, tmp_path: Path) -> None:
    linked = link(tmp_path, ndk(28), "cargo::rerun-if-changed=build.rs")
    assert any(name.startswith("_ZNSt6__ndk1") for name in linked.undefined)
    assert not any("c++" in name for name in linked.needed)


def test_the_kind_static_makes_rustc_look_for_the_archive_and_fail(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    write_crate(tmp_path, '["lib", "cdylib", "staticlib"]')
    write_build_script(tmp_path, "cargo::rustc-link-lib=static=c++_static")
    code, log = cargo_build(tmp_path, ndk(28))
    assert code != 0
    assert "could not find native static library `c++_static`" in log


@pytest.mark.parametrize("runtime", ["shared", "static"])
def test_what_we_generate_links_a_crate_that_is_a_staticlib_and_a_lib_too(
    runtime: str, ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    write_crate(tmp_path, '["lib", "cdylib", "staticlib"]')
    generate(tmp_path, {"cpp_runtime": runtime, "page_size": "auto", "ndk": ndk_revision(27)})
    code, log = cargo_build(tmp_path, ndk(27))
    assert code == 0, log
    linked = read_linked(library(tmp_path))
    assert ("libc++_shared.so" in linked.needed) == (runtime == "shared")
    assert linked.load_align == LARGE
    assert "warning" not in log


def test_both_flags_with_an_old_linker_protect_more_than_small_pages_map(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    linked = link(tmp_path, ndk(26), MAX, COMMON, "cargo::rustc-link-lib=c++_shared")
    assert linked.load_align == LARGE
    assert linked.relro_overruns
    assert Code.RELRO_OVERRUN in errors(tmp_path)


def test_one_flag_with_an_old_linker_is_enough_for_both_page_sizes(
    ndk: NdkFixture, tmp_path: Path
) -> None:
    linked = link(tmp_path, ndk(26), MAX, "cargo::rustc-link-lib=c++_shared")
    assert linked.load_align == LARGE
    assert linked.relro_fits(LARGE)
    assert not linked.relro_overruns


@pytest.mark.parametrize("both", [False, True])
def test_with_a_new_linker_the_second_flag_moves_the_end_of_relro_to_a_large_page(
    both: bool, ndk: NdkFixture, tmp_path: Path
) -> None:
    flags = [MAX, COMMON] if both else [MAX]
    linked = link(tmp_path, ndk(27), *flags, "cargo::rustc-link-lib=c++_shared")
    assert linked.relro_fits(LARGE)
    assert not linked.relro_overruns
    # Google's published formula, which is stricter than what the platform checks.
    assert (linked.relro.end % LARGE == 0) == both


@pytest.mark.parametrize(
    ("strategy", "align"), [("build-script", LARGE), ("cargo-config", SMALL), ("gradle", SMALL)]
)
def test_arguments_of_the_build_script_win_over_rustflags_that_say_the_contrary(
    strategy: str, align: int, ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    write_crate(tmp_path)
    generate(tmp_path, {"cpp_runtime": "static", "page_size": strategy, "ndk": ndk_revision(27)})
    code, log = cargo_build(tmp_path, ndk(27), RUSTFLAGS="-Clink-arg=-Wl,-z,max-page-size=4096")
    assert code == 0, log
    assert read_linked(library(tmp_path)).load_align == align


def test_a_crate_without_a_cdylib_builds_but_is_warned(ndk: NdkFixture, tmp_path: Path) -> None:
    require_rust()
    write_crate(tmp_path, '["lib"]')
    found = generate(
        tmp_path, {"cpp_runtime": "static", "page_size": "auto", "ndk": ndk_revision(27)}
    )
    assert Code.NO_CDYLIB.value in {finding["code"] for finding in found["findings"]}
    code, log = cargo_build(tmp_path, ndk(27))
    assert code == 0, log
    assert "does not contain a cdylib target" in log


def test_a_dylib_is_aligned_too(ndk: NdkFixture, tmp_path: Path) -> None:
    require_rust()
    write_crate(tmp_path, '["dylib"]')
    generate(tmp_path, {"cpp_runtime": "none", "page_size": "auto", "ndk": ndk_revision(27)})
    code, log = cargo_build(tmp_path, ndk(27))
    assert code == 0, log
    assert "does not contain a cdylib target" not in log
    assert read_linked(library(tmp_path)).load_align == LARGE
