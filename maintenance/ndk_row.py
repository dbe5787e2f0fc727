"""Writes a row of the NDK table, from an NDK's `source.properties` or from the words of one.

    python -m maintenance.ndk_row …/ndk/31.0.17000000/source.properties --clang 22.0.0
    python -m maintenance.ndk_row r31 31.0.17000000 --clang 22.0.0 --min-api 21

What is not given is taken over from the newest row: a new release seldom changes its lowest API level. `clang` is
`toolchains/llvm/prebuilt/<host>/bin/clang --version`.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import NamedTuple

from maintenance.data_rows import DATA, put_row, row_of
from scaffold.facts import load_facts, not_above

SOURCE = "https://github.com/android/ndk/releases"


class Release(NamedTuple):
    """A release's name, such as r27b, and its revision: the name of its folder below `ndk/`."""

    name: str
    revision: str


def read_properties(text: str) -> Release:
    """The release that a `source.properties` tells of. Raises ValueError for another package's, or a preview's."""
    values = dict(re.findall(r"(?m)^\s*([\w.]+)\s*=\s*(.*?)\s*$", text))
    revision = values.get("Pkg.BaseRevision") or values.get("Pkg.Revision", "")
    if "Android NDK" not in values.get("Pkg.Desc", ""):
        raise ValueError("this is not the source.properties of an NDK")
    if "-" in values.get("Pkg.Revision", ""):
        raise ValueError(f"{values['Pkg.Revision']} is a preview; rows are for releases")
    name = release_name(revision)
    return Release(values.get("Pkg.ReleaseName") or name, revision)


def release_name(revision: str) -> str:
    """`27.1.…` is r27b: what NDKs before r27, which do not tell their name, are called."""
    found = re.fullmatch(r"(\d+)\.(\d+)\.\d+", revision)
    if not found or int(found[2]) > 25:
        raise ValueError(f"{revision!r} is no revision such as 28.2.13676358")
    minor = int(found[2])
    return f"r{found[1]}" + (chr(ord("a") + minor) if minor else "")


def with_release(text: str, release: Release, clang: str | None, min_api: int | None) -> str:
    """The data file's text with that release's row. Raises ValueError where name and revision disagree."""
    if release_name(release.revision) != release.name:
        raise ValueError(f"{release.revision} is not {release.name}")
    nearest = not_above(load_facts().ndk, release.revision)
    same_major = nearest.revision.split(".")[0] == release.revision.split(".")[0]
    old = row_of(text, "release", "revision", release.revision)
    if not (clang or old.get("clang") or same_major):
        raise ValueError(f"{release.name} is a new major release: give its --clang")
    row: dict[str, str | int] = {
        "release": release.name,
        "revision": release.revision,
        "clang": clang or old.get("clang") or nearest.clang,
        "min_api": min_api or nearest.min_api,
        "mark": "C",
        "source": old.get("source") or SOURCE,
    }
    return put_row(text, "release", "revision", row)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="ndk_row", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("release", help="a source.properties, or a release's name")
    parser.add_argument("revision", nargs="?", help="with a name: its revision")
    parser.add_argument("--clang")
    parser.add_argument("--min-api", type=int)
    given = parser.parse_args(arguments)
    path = DATA / "ndk.toml"
    try:
        if given.revision:
            release = Release(given.release, given.revision)
        else:
            release = read_properties(Path(given.release).read_text(encoding="utf-8"))
        text = path.read_text(encoding="utf-8")
        text = with_release(text, release, given.clang, given.min_api)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{given.release}: {error}; nothing was written\n")
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{release.name}: {release.revision}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
