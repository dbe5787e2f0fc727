import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.probe.ndk import android_home, installed_ndks, newest_ndk


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """An SDK with three NDKs and what else may lie beside them."""
    for name in ("27.2.12479018", "9.0.1", "28.0.13004108", "27.2.12479018.tmp", "magic", "²8.0.1"):
        (tmp_path / "sdk/ndk" / name).mkdir(parents=True)
    return tmp_path / "sdk"


def test_revisions_are_sorted_as_numbers_and_other_folders_passed_over(sdk: Path) -> None:
    assert installed_ndks(str(sdk)) == ["9.0.1", "27.2.12479018", "28.0.13004108"]


@pytest.mark.parametrize("place", ["missing", "file", "\0"])
def test_no_sdk_has_no_ndk(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert installed_ndks(str(tmp_path / place)) == []


def test_local_properties_goes_before_the_environment_as_for_gradle(
    sdk: Path, tmp_path: Path
) -> None:
    root = tmp_path / "p"
    root.mkdir()
    (root / "local.properties").write_text(f"# made by Studio\nsdk.dir = {sdk.as_posix()}\n")
    other = tmp_path / "other"
    other.mkdir()
    found = android_home(str(root), {"ANDROID_HOME": str(other)}, "linux")
    assert found == (sdk.as_posix(), "local.properties")


def test_local_properties_is_that_of_the_gradle_build(sdk: Path, tmp_path: Path) -> None:
    (tmp_path / "android").mkdir()
    (tmp_path / "android/local.properties").write_text(f"sdk.dir={sdk.as_posix()}\n")
    found = android_home(str(tmp_path), {"HOME": str(tmp_path)}, "linux", build="android")
    assert found == (sdk.as_posix(), "android/local.properties")


@pytest.mark.parametrize(
    ("written", "looked_at"),
    [
        (b"C\\:\\\\Users\\\\me\\\\Sdk", "C:\\Users\\me\\Sdk"),
        (b"/sdk\\ of\\u0020\\u00e9", "/sdk of é"),
        ("/sdk/é".encode("latin-1"), "/sdk/é"),
        ("/sdk/é".encode(), "/sdk/é"),
        (b"\\\\\\\\server\\\\share", "/nowhere/Android/Sdk"),
        (b"//server/share", "/nowhere/Android/Sdk"),
    ],
)
def test_the_path_in_local_properties_is_read_as_java_does_and_never_over_the_network(
    written: bytes, looked_at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def recorded(folder: str) -> bool:
        seen.append(folder)
        return False

    monkeypatch.setattr("os.path.isdir", recorded)
    (tmp_path / "local.properties").write_bytes(b"sdk.dir=" + written + b"\n")
    android_home(str(tmp_path), {"HOME": "/nowhere"}, "linux")
    assert seen[0].replace(os.sep, "/") == looked_at.replace(os.sep, "/")


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"ANDROID_HOME": "a", "ANDROID_SDK_ROOT": "b"}, "linux", "a"),
        ({"ANDROID_HOME": "", "ANDROID_SDK_ROOT": "b"}, "linux", "b"),
        ({"ANDROID_HOME": "missing", "ANDROID_SDK_ROOT": "b"}, "linux", "b"),
        ({"HOME": "."}, "linux", "Android/Sdk"),
        ({"HOME": "."}, "darwin", "Library/Android/sdk"),
        ({"HOME": ".", "LOCALAPPDATA": "local"}, "win32", "local/Android/Sdk"),
        ({"HOME": "empty"}, "linux", None),
    ],
)
def test_the_sdk_is_looked_for_where_gradle_and_studio_put_it(
    environment: Mapping[str, str], platform: str, folder: str | None, tmp_path: Path
) -> None:
    for name in ("a", "b", "Android/Sdk", "Library/Android/sdk", "local/Android/Sdk"):
        (tmp_path / name).mkdir(parents=True)
    placed = {name: str(tmp_path / value) if value else "" for name, value in environment.items()}
    found = android_home(str(tmp_path), placed, platform)
    assert (found and Path(found[0])) == (tmp_path / folder if folder else None)


def test_the_newest_ndk_says_who_named_its_sdk(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDROID_HOME", str(sdk))
    found = newest_ndk(str(sdk))
    assert found
    assert (found.value, found.origin) == ("28.0.13004108", "newest installed (ANDROID_HOME)")
