"""Whose a library is, and hints that its reader can follow."""

from pathlib import Path

import pytest

from scaffold.facts import version_key
from scaffold.inspection.coordinates import coordinates
from scaffold.inspection.fixed import fixed_version, fixed_versions, usual_owner
from scaffold.inspection.library import Library
from scaffold.inspection.scan import scan
from tests.inspection.elf.writer import build_id, write_elf
from tests.inspection.packing import SMALL_PAGES, at, libraries, pack

SHA = "0123456789abcdef0123456789abcdef01234567"
CACHE = f"caches/modules-2/files-2.1/com.tencent/mmkv/1.3.9/{SHA}/mmkv-1.3.9.aar"


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (f"/home/u/.gradle/{CACHE}!/jni/x86/libmmkv.so", "com.tencent:mmkv:1.3.9"),
        (
            "/home/u/.m2/repository/org/example/core/2.0/core-2.0.aar!/jni/x86/liba.so",
            "org.example:core:2.0",
        ),
        (
            f"/g/caches/transforms-4/{SHA[:32]}/transformed/jetified-mmkv-1.3.9/jni/x86/a.so",
            "mmkv:1.3.9",
        ),
        (
            f"/g/caches/8.9/transforms/{SHA[:32]}/transformed/react-android-0.76.9-release/jni/x86/a.so",
            "react-android:0.76.9",
        ),
        ("C:\\libs\\jna-5.16.0.aar!/jni/x86/a.so", "jna:5.16.0"),
        ("react-android-0.73.6-release.aar!/jni/x86/a.so", "react-android:0.73.6"),
        ("app-release.apk!/lib/x86/a.so", ""),
        ("jniLibs/x86/a.so", ""),
    ],
)
def test_paths_tell_the_coordinates(path: str, owner: str) -> None:
    assert coordinates(path) == owner


def hint(library: Library) -> str:
    [finding] = library.findings
    return finding.hint


def test_a_dependency_is_updated_and_never_linked(tmp_path: Path) -> None:
    aar = pack({"jni/arm64-v8a/libmmkv.so": SMALL_PAGES})
    [library] = libraries(at(tmp_path / CACHE, aar))
    assert library.owner == "com.tencent:mmkv:1.3.9"
    assert hint(library) == "Update com.tencent:mmkv:1.3.9 to 2.4.0 or newer."
    [library] = libraries(at(tmp_path / "mmkv-9.0.0.aar", aar))
    assert hint(library) == "Update mmkv:9.0.0 to a newer version, or ask its authors for one."


def test_a_known_name_is_enough_in_an_apk(tmp_path: Path) -> None:
    apk = {"lib/arm64-v8a/libjnidispatch.so": SMALL_PAGES, "lib/arm64-v8a/libmine.so": SMALL_PAGES}
    jna, mine = libraries(at(tmp_path / "app.apk", pack(apk)))
    assert jna.owner == "net.java.dev.jna:jna"
    assert "5.18.1" in hint(jna)
    assert mine.owner == ""
    assert hint(mine).startswith("If it is yours: link it with NDK r28")


def test_the_ndks_runtime_is_the_ndks(tmp_path: Path) -> None:
    [library] = libraries(at(tmp_path / "arm64-v8a/libc++_shared.so", SMALL_PAGES))
    assert "r27 or newer" in hint(library)


def field(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | 2, len(value)]) + value


def test_a_bundle_lists_what_it_was_built_from(tmp_path: Path) -> None:
    listed = b"".join(
        field(1, field(1, field(1, group) + field(2, name) + field(5, version)))
        for group, name, version in (
            (b"com.tencent", b"mmkv", b"1.3.9"),
            (b"org.example", b"fancy-audio", b"2.0"),
        )
    )
    files = {
        "BUNDLE-METADATA/com.android.tools.build.libraries/dependencies.pb": listed,
        "base/lib/arm64-v8a/libmmkv.so": SMALL_PAGES,
        "base/lib/arm64-v8a/libfancy_audio.so": SMALL_PAGES,
        "base/lib/arm64-v8a/libother.so": SMALL_PAGES,
    }
    found = libraries(at(tmp_path / "app.aab", pack(files)))
    assert [library.owner for library in found] == [
        "com.tencent:mmkv:1.3.9",
        "org.example:fancy-audio:2.0",
        "",
    ]


def elf(number: int) -> bytes:
    return write_elf(align=0x1000, note=build_id(bytes([number]) * 20))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two versions of a dependency in Gradle's cache, a package of npm's, and a library of its own."""
    monkeypatch.setenv("GRADLE_USER_HOME", str(tmp_path / "gradle"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    for version, number in (("1.0", 1), ("2.0", 2)):
        name = f"caches/modules-2/files-2.1/org.example/thing/{version}/{SHA}/thing-{version}.aar"
        at(tmp_path / "gradle" / name, pack({"jni/arm64-v8a/libthing.so": elf(number)}))
    node = "app/node_modules/@scope/fast/android/libs/arm64-v8a/libfast.so"
    at(tmp_path / node, elf(3))
    at(tmp_path / "app/core/src/main/jniLibs/arm64-v8a/libmine.so", elf(4))
    return tmp_path / "app"


def test_a_project_tells_whose_a_library_is(project: Path, tmp_path: Path) -> None:
    files = {
        "lib/arm64-v8a/libthing.so": elf(2),
        "lib/arm64-v8a/libfast.so": elf(3),
        "lib/arm64-v8a/libmine.so": elf(9),
        "lib/arm64-v8a/libunknown.so": elf(8),
    }
    path = at(tmp_path / "app.apk", pack(files))
    found = {
        library.name: library for library in scan([path], 16384, project=str(project)).libraries
    }
    assert {name: library.owner for name, library in found.items()} == {
        "libthing.so": "org.example:thing:2.0",
        "libfast.so": "@scope/fast",
        "libmine.so": "this project",
        "libunknown.so": "",
    }
    assert hint(found["libmine.so"]).startswith("Link it with NDK r28")


def test_a_name_alone_tells_no_version_where_there_are_several(
    project: Path, tmp_path: Path
) -> None:
    assert owner_in(project, tmp_path, "libthing.so", elf(7)) == "org.example:thing"


def owner_in(project: Path, tmp_path: Path, name: str, data: bytes) -> str:
    path = at(tmp_path / "app.apk", pack({f"lib/arm64-v8a/{name}": data}))
    [library] = scan([path], 16384, project=str(project)).libraries
    return library.owner


def cached(project: Path, artifact: str, version: str, files: dict[str, bytes]) -> None:
    cache = project.parent / "gradle/caches/modules-2/files-2.1/org.example"
    name = f"{artifact}/{version}/{SHA}/{artifact}-{version}.aar"
    at(cache / name, pack({f"jni/arm64-v8a/{name}": data for name, data in files.items()}))


def test_another_build_of_a_library_is_not_the_version_that_the_cache_has(
    project: Path, tmp_path: Path
) -> None:
    cached(project, "single", "1.0", {"libsingle.so": elf(20)})
    assert owner_in(project, tmp_path, "libsingle.so", elf(20)) == "org.example:single:1.0"
    assert owner_in(project, tmp_path, "libsingle.so", elf(21)) == "org.example:single"
    assert owner_in(project, tmp_path, "libsingle.so", SMALL_PAGES) == "org.example:single:1.0"


def test_dependencies_that_contain_the_same_file_are_all_named(
    project: Path, tmp_path: Path
) -> None:
    for artifact, version in (("one", "1.9"), ("one", "1.10"), ("two", "3.0")):
        cached(project, artifact, version, {"libc++_shared.so": elf(30)})
    at(project / "src/main/jniLibs/arm64-v8a/libc++_shared.so", elf(30))
    owner = owner_in(project, tmp_path, "libc++_shared.so", elf(30))
    assert owner == "org.example:one:1.10; org.example:two:3.0"
    [library] = scan([str(tmp_path / "app.apk")], 16384, project=str(project)).libraries
    assert hint(library).startswith("Update org.example:one:1.10 to a newer version")
    assert "Update org.example:two:3.0" in hint(library)


def test_the_name_of_the_runtime_alone_tells_nothing(project: Path, tmp_path: Path) -> None:
    cached(project, "one", "1.0", {"libc++_shared.so": elf(30)})
    assert owner_in(project, tmp_path, "libc++_shared.so", elf(31)) == ""


def test_what_a_build_collected_is_not_all_the_projects_own(project: Path, tmp_path: Path) -> None:
    build = project / "core/build/intermediates"
    collected = "merged_native_libs/debug/mergeDebugNativeLibs/out/lib/arm64-v8a/libdep.so"
    at(build / collected, elf(40))
    at(build / "cxx/Debug/1a2b/obj/arm64-v8a/libown.so", elf(41))
    assert owner_in(project, tmp_path, "libdep.so", elf(40)) == ""
    assert owner_in(project, tmp_path, "libown.so", elf(41)) == "this project"


def test_every_row_of_the_sheet_is_sound() -> None:
    rows = fixed_versions()
    assert len({row.coordinate for row in rows}) == len(rows)
    for row in rows:
        assert version_key(row.version)
        assert row.libraries
        assert all(usual_owner(name) == row.coordinate for name in row.libraries)
    mmkv = fixed_version("com.tencent:mmkv")
    assert mmkv
    assert mmkv.fixes("1.3.9")
    assert mmkv.fixes("unknown")
    assert not mmkv.fixes("2.4.0")
