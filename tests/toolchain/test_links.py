"""The libraries that generated projects link, for every C++ runtime, page size strategy, NDK release and ABI."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scaffold.answers.reading import read_settings, resolve
from scaffold.errors import Refusal
from scaffold.facts import Abi, load_facts
from scaffold.findings import Code, Severity
from scaffold.inspection.scan import scan
from tests.toolchain.crate_support import require_rust, run_cargo, write_crate
from tests.toolchain.generated import generate, gradle_environment
from tests.toolchain.linked import LARGE, SMALL, Linked, read_linked
from tests.toolchain.ndk_support import MAJORS, Ndk, gobley_environment, ndk_revision

pytestmark = pytest.mark.toolchain

RUNTIMES = ("shared", "static", "none")
STRATEGIES = ("auto", "ndk", "build-script", "cargo-config", "gradle", "off")
ABIS = load_facts().abis
NdkFixture = Callable[[int], Ndk]


def settings(runtime: str, strategy: str, major: int) -> dict[str, str]:
    return {"cpp_runtime": runtime, "page_size": strategy, "ndk": ndk_revision(major)}


def refused(runtime: str, strategy: str, major: int) -> bool:
    """The contradictions of the contract, written down once more."""
    return (strategy == "ndk" and major < 28) or (
        runtime == "shared" and major == 26 and strategy != "off"
    )


def combinations() -> Iterator[tuple[str, str, int]]:
    for row in itertools.product(RUNTIMES, STRATEGIES, MAJORS):
        if not refused(*row):
            yield row


def build(
    folder: Path, ndk: Ndk, *, cpp: bool, variables: dict[str, str] | None = None
) -> dict[str, Linked]:
    """Builds for the four ABIs at once, as Gobley's tasks would one by one; ABI → library."""
    environment = gobley_environment(ndk, ABIS) | gradle_environment(folder)
    done = run_cargo(
        folder,
        "build",
        *(argument for abi in ABIS for argument in ("--target", abi.rust_target)),
        *(("--features", "cpp") if cpp else ()),
        variables={**environment, "RUSTC_BOOTSTRAP": "1", **(variables or {})},
    )
    assert done.returncode == 0, done.stderr
    return {abi.abi: read_linked(library(folder, abi)) for abi in ABIS}


def library(folder: Path, abi: Abi) -> Path:
    return folder / "target" / abi.rust_target / "debug" / "libapp.so"


def check_runtime(linked: Linked, runtime: str) -> None:
    assert ("libc++_shared.so" in linked.needed) == (runtime == "shared")
    assert "libc.so" in linked.needed
    assert "getpid" in linked.undefined, "Android's libc must not be linked into the library"
    if runtime == "static":
        assert "__cxa_pure_virtual" in linked.defined
    assert "__cxa_pure_virtual" not in linked.undefined


def check_pages(linked: Linked, abi: Abi, *, large: bool) -> None:
    assert linked.load_align == (LARGE if large and abi.bits == 64 else SMALL)
    assert linked.relro_fits(linked.load_align)
    assert not linked.relro_overruns


def check_by_inspect(folder: Path, *, large: bool) -> None:
    """What `inspect` says agrees: nothing, or only what the answers asked for."""
    for abi in ABIS:
        found = scan([str(library(folder, abi))], LARGE).libraries
        errors = {f.code for f in found[0].findings if f.severity is Severity.ERROR}
        if large or abi.bits == 32:
            assert errors == set()
        else:
            assert Code.LOAD_ALIGNMENT in errors


def test_what_is_left_out_here_is_what_the_answers_refuse() -> None:
    for runtime, strategy, major in itertools.product(RUNTIMES, STRATEGIES, MAJORS):
        given = [f"{key}={value}" for key, value in settings(runtime, strategy, major).items()]
        if refused(runtime, strategy, major):
            with pytest.raises(Refusal):
                resolve(read_settings(given))
        else:
            resolve(read_settings(given))


@pytest.mark.parametrize(("runtime", "strategy", "major"), list(combinations()))
def test_what_is_linked_is_what_the_answers_promise(
    runtime: str, strategy: str, major: int, ndk: NdkFixture, tmp_path: Path
) -> None:
    require_rust()
    write_crate(tmp_path)
    generate(tmp_path, settings(runtime, strategy, major))
    found = build(tmp_path, ndk(major), cpp=runtime != "none")
    large = strategy != "off" or major >= 28
    for abi in ABIS:
        check_runtime(found[abi.abi], runtime)
        check_pages(found[abi.abi], abi, large=large)
    check_by_inspect(tmp_path, large=large)

    # The same project again, with flags of somebody's own in the environment: they take the place of
    # those in Cargo's configuration and of CARGO_TARGET_<TRIPLE>_RUSTFLAGS, and of nothing else.
    hidden = strategy in ("cargo-config", "gradle") and major < 28
    variables = {"RUSTFLAGS": "--cfg=somebody_elses"}
    found = build(tmp_path, ndk(major), cpp=runtime != "none", variables=variables)
    for abi in ABIS:
        check_runtime(found[abi.abi], runtime)
        check_pages(found[abi.abi], abi, large=large and not hidden)
