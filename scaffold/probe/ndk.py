"""The NDKs that are installed on this machine."""

import os
import re
import sys
from collections.abc import Iterator, Mapping

from scaffold.answers.model import Found
from scaffold.facts import version_key
from scaffold.files.reading import read_bytes

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")


def android_home(
    root: str,
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    build: str = ".",
) -> tuple[str, str] | None:
    """(folder of the Android SDK, who says so): what Gradle itself would take, else the usual folder.

    `build` is the Gradle build's own root, seen from `root`.
    """
    for folder, origin in _candidates(root, environment, platform, build):
        if folder and os.path.isdir(folder):
            return folder, origin
    return None


def _candidates(
    root: str, environment: Mapping[str, str], platform: str, build: str
) -> Iterator[tuple[str, str]]:
    for folder in dict.fromkeys((build, ".")):
        path = "local.properties" if folder == "." else f"{folder}/local.properties"
        yield _sdk_dir(os.path.join(root, *path.split("/"))), path
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        yield environment.get(name, ""), name
    home = environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~")
    usual = {
        "darwin": os.path.join(home, "Library", "Android", "sdk"),
        "win32": os.path.join(environment.get("LOCALAPPDATA", home), "Android", "Sdk"),
    }
    yield usual.get(platform, os.path.join(home, "Android", "Sdk")), "the usual folder"


def _sdk_dir(path: str) -> str:
    """`sdk.dir` of a Java properties file, which is Latin-1 with escapes; "" for a network path.

    To look at a UNC path would make Windows log on to whatever machine a repository names.
    """
    data = read_bytes(path) or b""
    try:
        text = data.decode("utf-8")  # what editors write, though Java reads Latin-1
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    for line in text.splitlines():
        found = re.match(r"\s*sdk\.dir\s*[=:]\s*(.*?)\s*$", line)
        if found:
            folder = _ESCAPE.sub(_unescaped, found[1])
            return "" if re.match(r"[\\/]{2}", folder) else folder
    return ""


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(found[2], found[2])


def installed_ndks(sdk: str) -> list[str]:
    """The revisions below `ndk/`, oldest first; folders that are named after none are passed over."""
    try:
        names = os.listdir(os.path.join(sdk, "ndk"))
    except (OSError, ValueError):
        return []
    found = [name for name in names if re.fullmatch(r"\d{1,4}\.\d{1,4}\.\d{1,12}", name, re.ASCII)]
    return sorted(found, key=version_key)


def newest_ndk(root: str, build: str = ".") -> Found | None:
    """The newest installed NDK and where it is installed, or None."""
    home = android_home(root, build=build)
    if home is None:
        return None
    revisions = installed_ndks(home[0])
    return Found(revisions[-1], f"newest installed ({home[1]})") if revisions else None
