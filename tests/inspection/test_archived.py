"""The libraries of archives: how they are packed, and archives made to mislead."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from scaffold.inspection import scan as scanning
from scaffold.inspection.elf.source import Source
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library
from tests.inspection.elf.writer import ARM, X86, X86_64, Range, undefined, write_elf
from tests.inspection.manifests import binary_manifest, bundle_manifest
from tests.inspection.packing import (
    GOOD,
    NEEDS_SHARED,
    SHARED,
    SMALL_PAGES,
    at,
    found,
    libraries,
    pack,
)


@pytest.mark.parametrize("name", ["app.apk", "app.zip", "APP.APK"])
def test_libraries_in_an_apk_are_aligned_in_the_zip(tmp_path: Path, name: str) -> None:
    files = {"AndroidManifest.xml": b"x", "classes.dex": b"x", "lib/arm64-v8a/liba.so": GOOD}
    assert found(at(tmp_path / name, pack(files)))["!/lib/arm64-v8a/liba.so"] == []
    shifted = at(tmp_path / name, pack(files, shift=4096))
    assert found(shifted) == {"!/lib/arm64-v8a/liba.so": ["zip-alignment"]}
    assert found(shifted, page_size=4096) == {"!/lib/arm64-v8a/liba.so": []}
    packed = at(tmp_path / name, pack(files, compressed=True))
    assert found(packed) == {"!/lib/arm64-v8a/liba.so": ["zip-compressed"]}


def test_zip_rules_are_for_64_bit_libraries_in_lib_only(tmp_path: Path) -> None:
    files = {
        "lib/armeabi-v7a/liba.so": write_elf(machine=ARM, bits=32, align=0x1000),
        "assets/libb.so": SMALL_PAGES,
    }
    assert found(at(tmp_path / "app.apk", pack(files, shift=512))) == {
        "!/lib/armeabi-v7a/liba.so": [],
        "!/assets/libb.so": ["load-alignment"],
    }


@pytest.mark.parametrize("name", ["lib.aar", "lib.jar", "lib.zip"])
def test_compression_is_normal_elsewhere(tmp_path: Path, name: str) -> None:
    data = pack({"jni/arm64-v8a/liba.so": GOOD, "lib/arm64-v8a/libb.so": GOOD}, compressed=True)
    assert set(map(tuple, found(at(tmp_path / name, data)).values())) == {()}


def bundle(asked: bytes, tool: bytes = b"1.18.1") -> bytes:
    version = b"\x12" + bytes([len(tool)]) + tool
    config = b"\x0a" + bytes([len(version)]) + version
    if asked:
        config += b"\x12" + bytes([len(asked) + 2]) + b"\x12" + bytes([len(asked)]) + asked
    return pack({"BundleConfig.pb": config, "base/lib/arm64-v8a/liba.so": GOOD}, compressed=True)


@pytest.mark.parametrize(
    ("asked", "tool", "page_size", "wrong"),
    [
        (b"\x08\x01\x10\x01", b"1.18.1", 16384, True),
        (b"\x08\x01\x10\x02", b"1.18.1", 16384, False),
        (b"\x08\x01\x10\x03", b"1.18.1", 16384, False),
        (b"\x08\x01\x10\x02", b"1.18.1", 65536, True),
        (b"\x08\x01\x10\x01", b"1.18.1", 4096, False),
        (b"\x08\x00\x10\x01", b"1.18.1", 16384, False),
        (b"", b"1.15.6", 16384, True),
        (b"", b"1.17.0", 16384, False),
        (b"", b"0.5.0", 16384, False),
    ],
)
def test_a_bundle_whose_apks_will_have_small_pages_is_found(
    tmp_path: Path, asked: bytes, tool: bytes, page_size: int, wrong: bool
) -> None:
    path = at(tmp_path / "app.aab", bundle(asked, tool))
    found_codes = {code for codes in found(path, page_size=page_size).values() for code in codes}
    assert ("zip-alignment" in found_codes) is wrong


def test_the_modules_of_a_bundle_are_installed_together(tmp_path: Path) -> None:
    files = {
        "base/lib/arm64-v8a/libc++_shared.so": SHARED,
        "feature/lib/arm64-v8a/libb.so": NEEDS_SHARED,
    }
    assert all(
        codes == []
        for codes in found(at(tmp_path / "a.aab", pack(files, compressed=True))).values()
    )


def test_archives_inside_are_opened_one_level_deep(tmp_path: Path) -> None:
    jar = pack({"jni/x86_64/libj.so": write_elf(machine=X86_64, align=0x1000)})
    deep = pack({"deep.jar": jar, "jni/arm64-v8a/liba.so": GOOD})
    for compressed in (False, True):
        path = at(
            tmp_path / "outer.zip", pack({"in.aar": deep, "libs/b.jar": jar}, compressed=compressed)
        )
        assert found(path) == {
            "!/in.aar!/jni/arm64-v8a/liba.so": [],
            "!/libs/b.jar!/jni/x86_64/libj.so": ["load-alignment"],
        }
    assert "/outer.zip!/in.aar!/jni/arm64-v8a/liba.so" in found(tmp_path)


def test_split_apks_are_installed_together(tmp_path: Path) -> None:
    base = pack({"lib/arm64-v8a/libc++_shared.so": SHARED})
    split = pack({"lib/arm64-v8a/liba.so": NEEDS_SHARED})
    path = at(tmp_path / "app.apks", pack({"splits/base.apk": base, "splits/feature.apk": split}))
    assert all(codes == [] for codes in found(path).values())
    alone = at(tmp_path / "split.apk", split)
    assert found(alone) == {"!/lib/arm64-v8a/liba.so": ["cpp-runtime-missing"]}


@pytest.mark.parametrize("data", [b"", b"PK\3\4 cut", b"no zip at all"])
def test_an_archive_that_is_none_is_unreadable(tmp_path: Path, data: bytes) -> None:
    assert found(at(tmp_path / "app.apk", data)) == {"": ["unreadable"]}
    assert found(at(tmp_path / "o.zip", pack({"in.aar": data}))) == {"!/in.aar": ["unreadable"]}


@pytest.mark.parametrize(
    "name",
    [
        "../liba.so",
        "/etc/liba.so",
        "a/../../liba.so",
        "C:\\a.so",
        "..\\liba.so",
        "lib/\x1b[31ma.so",
        "li\nba.so",
    ],
)
def test_names_that_lead_astray_are_unreadable(tmp_path: Path, name: str) -> None:
    [codes] = found(at(tmp_path / "app.apk", pack({name: GOOD}))).values()
    assert codes == ["unreadable"]


def test_encrypted_and_strangely_compressed_entries_are_unreadable(tmp_path: Path) -> None:
    data = bytearray(pack({"lib/x86_64/liba.so": GOOD}))
    directory = data.rindex(b"PK\1\2")
    struct.pack_into("<H", data, directory + 8, 1)
    assert found(at(tmp_path / "a.apk", bytes(data))) == {"!/lib/x86_64/liba.so": ["unreadable"]}
    for method in (9, 12, 14, 93, 99):
        struct.pack_into("<2H", data, directory + 8, 0, method)
        assert found(at(tmp_path / "a.apk", bytes(data))) == {
            "!/lib/x86_64/liba.so": ["unreadable"]
        }


def test_entries_that_overlap_or_have_one_name_are_unreadable(tmp_path: Path) -> None:
    data = bytearray(pack({"lib/x86/liba.so": GOOD, "lib/x86/libb.so": GOOD}))
    second = data.rindex(b"PK\1\2")
    struct.pack_into("<L", data, second + 42, 0)
    data[second + 46 : second + 61] = b"lib/x86/liba.so"
    twice = libraries(at(tmp_path / "a.apk", bytes(data)))
    assert [[f.code.value for f in library.findings] for library in twice] == [
        ["abi-mismatch"],
        ["unreadable"],
    ]
    overlapping = bytearray(pack({"a/liba.so": GOOD, "b/libb.so": GOOD, "c/x.txt": b""}))
    first = overlapping.index(b"PK\1\2")
    struct.pack_into("<2L", overlapping, first + 20, len(GOOD) + 20_000, len(GOOD) + 20_000)
    assert found(at(tmp_path / "b.jar", bytes(overlapping)))["!/b/libb.so"] == ["unreadable"]


def test_a_bomb_is_unreadable(tmp_path: Path) -> None:
    head = bytearray(write_elf())
    struct.pack_into("<Q", head, 64 + 56 + 8, 900 << 20)  # the dynamic section at 900 MB
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lib/x86_64/liba.so", bytes(head) + bytes(30 << 20))
    assert found(at(tmp_path / "a.apk", buffer.getvalue())) == {
        "!/lib/x86_64/liba.so": ["unreadable"]
    }


def test_a_desktop_library_in_a_jar_is_told_by_its_folder(tmp_path: Path) -> None:
    files = {
        "com/x/linux-x86-64/liba.so": write_elf(machine=X86_64, align=0x1000, needed=()),
        "com/x/android-x86-64/liba.so": write_elf(machine=X86_64, align=0x1000, needed=()),
    }
    assert found(at(tmp_path / "a.jar", pack(files))) == {
        "!/com/x/linux-x86-64/liba.so": [],
        "!/com/x/android-x86-64/liba.so": ["load-alignment"],
    }


def test_jna_and_libcxx_say_what_their_user_can_do(tmp_path: Path) -> None:
    files = {
        "jni/arm64-v8a/libjnidispatch.so": SMALL_PAGES,
        "jni/arm64-v8a/libc++_shared.so": SMALL_PAGES,
    }
    for library in libraries(at(tmp_path / "app.aar", pack(files))):
        [finding] = library.findings
        assert ("5.18.1" if "jni" in library.name else "r27") in finding.hint


def test_compressed_libraries_are_judged_like_stored_ones(tmp_path: Path) -> None:
    files = {
        f"jni/arm64-v8a/lib{number}.so": (GOOD, SMALL_PAGES)[number % 2] for number in range(40)
    }
    files["jni/x86/libx.so"] = write_elf(machine=X86, bits=32, relros=(Range(0x8000, 0x9000),))
    files["jni/x86_64/liby.so"] = write_elf(machine=X86_64, symbols=undefined("__cxa_throw"))
    stored = found(at(tmp_path / "a.aar", pack(files)))
    assert found(at(tmp_path / "b.aar", pack(files, compressed=True))) == stored
    assert sum(codes == ["load-alignment"] for codes in stored.values()) == 20


def test_files_of_other_systems_are_listed_and_not_judged(tmp_path: Path) -> None:
    files = {
        "win/liba.so": b"MZ" + bytes(100),
        "mac/liba.so": b"\xcf\xfa\xed\xfe" + bytes(100),
        "aix/liba.so": b"\x01\xf7" + bytes(100),
        "lib/arm64-v8a/._liba.so": b"\x00\x05\x16\x07" + bytes(100),
        "lib/arm64-v8a/._libb.so": b"rest of one",
    }
    path = at(tmp_path / "a.jar", pack(files))
    assert set(map(tuple, found(path).values())) == {()}
    assert [library.judged for library in libraries(path)] == [False] * 5
    assert [library.foreign for library in libraries(path)][:3] == ["Windows", "macOS", "AIX"]


def test_the_manifest_of_an_archive_names_the_level(tmp_path: Path) -> None:
    late = {"lib/arm64-v8a/liba.so": write_elf(symbols=undefined("getrandom"))}
    apk = {"AndroidManifest.xml": binary_manifest(min_sdk=24), **late}
    assert found(at(tmp_path / "a.apk", pack(apk))) == {"!/lib/arm64-v8a/liba.so": ["api-level"]}
    aab = {"base/manifest/AndroidManifest.xml": bundle_manifest(24), **late}
    assert found(at(tmp_path / "a.aab", pack(aab))) == {"!/lib/arm64-v8a/liba.so": ["api-level"]}
    newer = {"AndroidManifest.xml": binary_manifest(min_sdk=28), **late}
    assert found(at(tmp_path / "b.apk", pack(newer))) == {"!/lib/arm64-v8a/liba.so": []}


def test_a_split_apk_may_rely_on_its_base(tmp_path: Path) -> None:
    files = {
        "AndroidManifest.xml": binary_manifest(min_sdk=24, split="feature"),
        "lib/arm64-v8a/liba.so": write_elf(needed=("libc.so", "libbase.so")),
    }
    assert found(at(tmp_path / "a.apk", pack(files))) == {"!/lib/arm64-v8a/liba.so": []}
    files["AndroidManifest.xml"] = binary_manifest(min_sdk=24)
    assert found(at(tmp_path / "a.apk", pack(files))) == {
        "!/lib/arm64-v8a/liba.so": ["needed-missing"]
    }


def test_members_of_the_same_bytes_are_inflated_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(library: Library, source: Source, page_size: int) -> Library:
        read.append(library.name)
        return read_library(library, source, page_size)

    monkeypatch.setattr(scanning, "read_library", counted)
    files = {
        "jni/arm64-v8a/liba.so": SMALL_PAGES,
        "prefab/modules/a/libs/android.arm64-v8a/liba.so": SMALL_PAGES,
        "jni/arm64-v8a/libb.so": GOOD,
    }
    path = at(tmp_path / "a.aar", pack(files, compressed=True))
    assert found(path) == {
        "!/jni/arm64-v8a/liba.so": ["load-alignment"],
        "!/prefab/modules/a/libs/android.arm64-v8a/liba.so": ["load-alignment"],
        "!/jni/arm64-v8a/libb.so": [],
    }
    assert len(read) == 2


def test_old_abis_never_fail(tmp_path: Path) -> None:
    files = {
        "jni/mips64/liba.so": write_elf(machine=8, align=0x1000),
        "jni/armeabi/liba.so": write_elf(machine=ARM, bits=32, align=0x1000),
    }
    assert set(map(tuple, found(at(tmp_path / "a.aar", pack(files))).values())) == {()}


def test_an_apk_of_70_mb_inside_a_zip_is_read(tmp_path: Path) -> None:
    apk = pack({"lib/arm64-v8a/liba.so": GOOD, "assets/x": random.Random(1).randbytes(70 << 20)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("app.apk", apk)
    path = at(tmp_path / "artifact.zip", buffer.getvalue())
    assert found(path) == {"!/app.apk!/lib/arm64-v8a/liba.so": []}
