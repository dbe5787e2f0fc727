"""A Gradle module's `build/` folder: each library once, at its last stage, by what the module is."""

from pathlib import Path

from scaffold.inspection.scan import scan
from tests.inspection.packing import GOOD, NEEDS_SHARED, SHARED, SMALL_PAGES, at, found, pack

INTERMEDIATES = "build/intermediates"


def put(
    folder: Path, stage: str, data: bytes, name: str = "liba.so", variant: str = "release"
) -> str:
    inside = {
        "merged_jni_libs": "mergeReleaseJniLibFolders/out",
        "merged_native_libs": "mergeReleaseNativeLibs/out/lib",
        "stripped_native_libs": "stripReleaseDebugSymbols/out/lib",
        "library_jni": "copyReleaseJniLibsProjectOnly/jni",
    }[stage]
    path = f"/{INTERMEDIATES}/{stage}/{variant}/{inside}/arm64-v8a/{name}"
    at(folder / path[1:], data)
    return path


def test_only_the_last_stage_of_a_library_is_judged(tmp_path: Path) -> None:
    put(tmp_path, "merged_jni_libs", SMALL_PAGES)
    put(tmp_path, "merged_native_libs", SMALL_PAGES)
    last = put(tmp_path, "stripped_native_libs", GOOD)
    at(tmp_path / "build/intermediates/cxx/Release/1a2b/obj/arm64-v8a/liba.so", SMALL_PAGES)
    at(tmp_path / "build/rustJniLibs/android/arm64-v8a/liba.so", SMALL_PAGES)
    assert found(tmp_path) == {last: []}
    [note] = scan([str(tmp_path)], 16384).notes
    assert note.startswith("4 copies in earlier stages")


def test_what_was_packaged_is_judged_in_its_package(tmp_path: Path) -> None:
    put(tmp_path, "stripped_native_libs", SMALL_PAGES)
    debug = put(tmp_path, "stripped_native_libs", GOOD, variant="debug")
    apk = pack({"lib/arm64-v8a/liba.so": GOOD})
    at(tmp_path / "build/outputs/apk/release/app-release.apk", apk)
    assert found(tmp_path) == {
        "/build/outputs/apk/release/app-release.apk!/lib/arm64-v8a/liba.so": [],
        debug: [],
    }


def test_flavors_of_an_apk_and_an_aar_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "merged_native_libs", SMALL_PAGES, variant="freeRelease")
    paid = put(tmp_path, "merged_native_libs", GOOD, variant="paidRelease")
    aar = pack({"jni/arm64-v8a/liba.so": GOOD})
    at(tmp_path / "build/outputs/aar/my-core-free-release.aar", aar)
    assert set(found(tmp_path)) == {
        "/build/outputs/aar/my-core-free-release.aar!/jni/arm64-v8a/liba.so",
        paid,
    }


def test_a_library_that_only_an_early_stage_has_is_judged_there(tmp_path: Path) -> None:
    put(tmp_path, "merged_native_libs", GOOD)
    early = put(tmp_path, "merged_jni_libs", SMALL_PAGES, name="libb.so")
    assert found(tmp_path)[early] == ["load-alignment"]


def test_an_application_has_to_package_its_runtime_and_a_library_may_rely_on_one(
    tmp_path: Path,
) -> None:
    app = put(tmp_path / "app", "merged_native_libs", NEEDS_SHARED)
    (tmp_path / "app/build/intermediates/apk/release").mkdir(parents=True)
    library = put(tmp_path / "core", "merged_native_libs", NEEDS_SHARED)
    (tmp_path / "core/build/intermediates/aar_metadata").mkdir(parents=True)
    severities = {
        one.path.removeprefix(str(tmp_path)): one.findings[0].severity.value
        for one in scan([str(tmp_path)], 16384).libraries
    }
    assert severities == {f"/app{app}": "error", f"/core{library}": "warning"}
    put(tmp_path / "app", "merged_native_libs", SHARED, name="libc++_shared.so")
    assert found(tmp_path / "app")[app] == []


def test_a_module_in_the_middle_of_a_build_is_no_whole_application(tmp_path: Path) -> None:
    """The project's own libraries are merged before those of its dependencies."""
    put(tmp_path, "merged_jni_libs", NEEDS_SHARED)
    (tmp_path / "build/outputs/apk").mkdir(parents=True)
    [library] = scan([str(tmp_path / "build")], 16384).libraries
    assert [finding.severity.value for finding in library.findings] == ["warning"]


def test_folders_that_only_look_like_a_build_are_read_whole(tmp_path: Path) -> None:
    for folder in ("build/arm64-v8a", "src/main/jniLibs/arm64-v8a"):
        at(tmp_path / folder / "liba.so", GOOD)
    assert len(found(tmp_path)) == 2
