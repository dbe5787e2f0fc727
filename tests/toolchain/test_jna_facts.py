"""The table of JNA's Android libraries: derived again from the AARs, and the script that does it."""

import struct
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from maintenance import jna_facts
from maintenance.data_rows import DATA
from maintenance.jna_facts import Verdict, fetch, judge, with_version
from scaffold.facts import Abi, load_facts
from tests.toolchain.ndk_support import Ndk
from tests.toolchain.requirements import cache_folder, require

pytestmark = pytest.mark.toolchain

NdkFixture = Callable[[int], Ndk]
ARM64, X86_64 = load_facts().abi("arm64-v8a"), load_facts().abi("x86_64")
SOURCE = "int value = 1; int *const pointer = &value;"
PT_GNU_RELRO = 0x6474E552


def linked(compiler: Path, folder: Path) -> bytes:
    """A library with something to relocate and something to write."""
    (folder / "library.c").write_text(SOURCE, encoding="utf-8")
    made = folder / "library.so"
    subprocess.run(
        [str(compiler), "-shared", "-nostdlib", "-fPIC", "library.c", "-o", str(made)],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return made.read_bytes()


def with_short_relro(library: bytes) -> bytes:
    """The same, but with RELRO ending 8 bytes after its start, as linkers do that think of 4 KB pages only."""
    data = bytearray(library)
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for header in range(table, table + size * count, size):
        if struct.unpack_from("<I", data, header) == (PT_GNU_RELRO,):
            struct.pack_into("<QQ", data, header + 32, 8, 8)
    assert data != library
    return bytes(data)


def aar(path: Path, libraries: dict[Abi, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", "")
        for abi, data in libraries.items():
            archive.writestr(f"jni/{abi.abi}/libjnidispatch.so", data)
    return path


@pytest.fixture
def old_aar(ndk: NdkFixture, tmp_path: Path) -> Path:
    """An AAR in a repository of its own: arm64 with small pages, x86_64 with a RELRO for such."""
    libraries = {
        ARM64: linked(ndk(27).clang(ARM64), tmp_path),
        X86_64: with_short_relro(linked(ndk(28).clang(X86_64), tmp_path)),
    }
    return aar(tmp_path / "net/java/dev/jna/jna/5.20.0/jna-5.20.0.aar", libraries)


def test_both_ways_to_fail_are_told_apart(old_aar: Path) -> None:
    assert judge(old_aar) == Verdict(arm64="load", x86_64="relro")


def test_what_passes_is_ok(ndk: NdkFixture, tmp_path: Path) -> None:
    libraries = {abi: linked(ndk(28).clang(abi), tmp_path) for abi in (ARM64, X86_64)}
    assert judge(aar(tmp_path / "new.aar", libraries)) == Verdict("ok", "ok")


@pytest.mark.parametrize("data", [None, b"", b"\x7fELF"])
def test_a_missing_or_damaged_library_is_no_verdict(data: bytes | None, tmp_path: Path) -> None:
    libraries = {} if data is None else {ARM64: data, X86_64: data}
    with pytest.raises(ValueError, match=r"libjnidispatch|unreadable"):
        judge(aar(tmp_path / "damaged.aar", libraries))


def test_one_command_adds_the_next_version(
    old_aar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (DATA / "jna.toml").read_text(encoding="utf-8")
    copy = tmp_path / "jna.toml"
    copy.write_text(before, encoding="utf-8")
    monkeypatch.setattr(jna_facts, "DATA", tmp_path)
    monkeypatch.setenv("MAVEN_REPOSITORY", str(tmp_path))
    assert jna_facts.main(["5.20.0"]) == 0
    after = copy.read_text(encoding="utf-8")
    assert after.startswith(before)
    row = tomllib.loads(after)["jna"][-1]
    assert (row["version"], row["arm64"], row["x86_64"]) == ("5.20.0", "load", "relro")
    assert jna_facts.main(["5.20.0"]) == 0
    assert copy.read_text(encoding="utf-8") == after


@pytest.mark.parametrize("version", ["5.99.0", "../5.17.0", "five"])
def test_a_version_that_is_not_there_writes_nothing(
    version: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(jna_facts, "DATA", tmp_path)
    monkeypatch.setenv("MAVEN_REPOSITORY", str(tmp_path))
    (tmp_path / "jna.toml").write_text("schema = 1\n", encoding="utf-8")
    assert jna_facts.main([version]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert (tmp_path / "jna.toml").read_text(encoding="utf-8") == "schema = 1\n"


def test_without_maven_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAVEN_REPOSITORY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="mvn"):
        fetch("5.20.0", tmp_path)


@pytest.mark.parametrize("version", [row.version for row in load_facts().jna])
def test_the_row_of_each_version_follows_from_its_aar(version: str) -> None:
    failure = ""
    try:
        fetch(version, cache_folder("jna"))
    except OSError as error:
        failure = str(error)
    require(not failure, f"JNA {version} cannot be downloaded: {failure}")
    text = (DATA / "jna.toml").read_text(encoding="utf-8")
    verdict = judge(fetch(version, cache_folder("jna")))
    assert with_version(text, version, verdict) == text
