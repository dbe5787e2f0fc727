"""JNA's own Android libraries, from its AARs: the known good and the known bad ones."""

import subprocess
from pathlib import Path

import pytest

from scaffold.inspection.elf.machine import ANDROID_ABIS
from scaffold.inspection.library import Library
from scaffold.inspection.pages import load_align
from scaffold.inspection.scan import scan
from tests.toolchain.requirements import cache_folder, program, require

pytestmark = pytest.mark.toolchain
GET = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"


def jna(version: str, kind: str = "aar") -> Path:
    """The artifact in Maven's local repository, fetched if it is not there yet."""
    repository = cache_folder("maven") / "repository"
    path = repository / f"net/java/dev/jna/jna/{version}/jna-{version}.{kind}"
    if not path.exists():
        artifact = f"-Dartifact=net.java.dev.jna:jna:{version}:{kind}"
        options = [artifact, "-Dtransitive=false", f"-Dmaven.repo.local={repository}"]
        done = subprocess.run([program("mvn"), "-q", "-B", GET, *options], check=False)
        require(done.returncode == 0 and path.exists(), "Maven's registry cannot be reached")
    return path


def by_abi(path: Path) -> dict[str, Library]:
    return {library.abi: library for library in scan([str(path)], 16384).libraries}


def codes(library: Library) -> list[str]:
    return [finding.code.value for finding in library.findings]


@pytest.mark.parametrize("version", ["5.12.1", "5.13.0", "5.14.0", "5.15.0"])
def test_up_to_5_15_both_64_bit_libraries_fail(version: str) -> None:
    found = by_abi(jna(version))
    assert load_align(found["arm64-v8a"].elf) == 0x10000  # type: ignore[arg-type]
    assert codes(found["arm64-v8a"]) == ["relro-end"]
    assert load_align(found["x86_64"].elf) == 0x1000  # type: ignore[arg-type]
    assert codes(found["x86_64"])[0] == "load-alignment"


def test_5_16_passes_the_load_rule_and_fails_by_relro_on_arm64() -> None:
    found = by_abi(jna("5.16.0"))
    assert load_align(found["arm64-v8a"].elf) == 0x4000  # type: ignore[arg-type]
    assert codes(found["arm64-v8a"]) == ["relro-end"]
    assert codes(found["x86_64"]) == []
    [finding] = found["arm64-v8a"].findings
    assert "5.18.1" in finding.hint


@pytest.mark.parametrize("version", ["5.17.0", "5.18.0", "5.18.1"])
def test_from_5_17_everything_passes(version: str) -> None:
    found = by_abi(jna(version))
    assert set(found) >= {"arm64-v8a", "armeabi-v7a", "x86_64", "x86"}
    assert set(found) <= ANDROID_ABIS
    assert not any(library.findings for library in found.values())


def test_32_bit_libraries_pass_in_every_version() -> None:
    for version in ("5.12.1", "5.16.0"):
        found = by_abi(jna(version))
        assert [codes(found[abi]) for abi in ("armeabi", "armeabi-v7a", "x86", "mips")] == [[]] * 4


def test_the_desktop_libraries_of_the_jar_are_listed_and_not_judged() -> None:
    found = scan([str(jna("5.18.1", "jar"))], 16384).libraries
    assert len(found) > 15
    assert all(library.desktop for library in found)
    assert not any(library.findings for library in found)
