"""Which dependency of a project contains a library, by its build id, which survives stripping, else by its name.

Looks into the project's folder, Gradle's cache of dependencies, and Maven's.
"""

import os
import re
from collections.abc import Iterator

from scaffold.inspection.archived import libraries_in
from scaffold.inspection.coordinates import BETWEEN, coordinates, split_version
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import Damaged, FileSource, Source
from scaffold.inspection.library import Library
from scaffold.inspection.resolve import SHARED
from scaffold.inspection.walk import FileBelow, files_below

THIS_PROJECT = "this project"
# What a build collected from everywhere, its dependencies too; a compiler's own output is the project's.
_COLLECTED = re.compile(r"/build/(?:.*/)?intermediates/(?!cxx/|cmake/|ndkBuild/)")
_MAX_FILES = 20_000


class ProjectIndex:
    """The owners of the libraries that are asked for."""

    def __init__(self, folder: str, names: set[str]) -> None:
        self._by_id: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for owner, file in _candidates(folder):
            self._look(owner, file, names)

    def owner(self, library: Library) -> str:
        """A build id is proof. A name tells of a dependency alone, not of its version where both have build ids: they
        differ. The NDK's runtime has the same name everywhere."""
        build_id = library.elf.build_id if library.elf else ""
        proven = self._by_id.get(build_id)
        if proven:
            return _newest(proven)
        owners = set() if library.name == SHARED else set(self._by_name.get(library.name, ()))
        if len(owners) != 1 or build_id:
            owners = {split_version(owner)[0] for owner in owners}
        return owners.pop() if len(owners) == 1 else ""

    def _look(self, owner: str, file: FileBelow, names: set[str]) -> None:
        try:
            with FileSource(file.path) as source:
                if source.read(0, min(4, source.size)).startswith(b"PK"):
                    for found in libraries_in(source, file.shown, file.path, 4096):
                        if found.source and found.library.name in names:
                            self._add(owner, found.library.name, found.source)
                elif os.path.basename(file.path) in names:
                    self._add(owner, os.path.basename(file.path), source)
        except (Damaged, OSError):
            return

    def _add(self, owner: str, name: str, source: Source) -> None:
        try:
            build_id = read_elf(source).build_id
        except Damaged:
            return
        if build_id:
            self._by_id.setdefault(build_id, []).append(owner)
        self._by_name.setdefault(name, []).append(owner)


def _candidates(folder: str) -> Iterator[tuple[str, FileBelow]]:
    """(owner, file): packages first, since a build's outputs contain what they bring."""
    home = os.environ.get("GRADLE_USER_HOME") or os.path.join(os.path.expanduser("~"), ".gradle")
    caches = [os.path.join(home, "caches", "modules-2", "files-2.1")]
    caches.append(os.path.join(os.path.expanduser("~"), ".m2", "repository"))
    own: list[tuple[str, FileBelow]] = []
    seen = 0
    for top in [*filter(os.path.isdir, caches), folder]:
        for file in files_below(top, []):
            seen += 1
            if seen > _MAX_FILES:
                return
            below = file.path[len(top) :].replace(os.sep, "/").lstrip("/")
            if file.path.endswith((".aar", ".jar")):
                owner = coordinates(file.path) or below
                if "/build/" not in f"/{below}":
                    yield owner, file
            elif top == folder and file.path.endswith(".so"):
                package = _node_package(below)
                if package:
                    yield package, file
                elif not _COLLECTED.search(f"/{below}"):
                    own.append((THIS_PROJECT, file))
    yield from own


def _newest(owners: list[str]) -> str:
    """The first few that have the same file, each in its newest version; the project itself only where it is alone."""
    versions: dict[str, list[str]] = {}
    for owner in owners:
        what, version = split_version(owner)
        versions.setdefault(what, []).append(version)
    if len(versions) > 1:
        versions.pop(THIS_PROJECT, None)
    named = [
        f"{what}:{newest}" if (newest := max(found, key=_order)) else what
        for what, found in versions.items()
    ]
    return BETWEEN.join(named[:3])


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,9}", version)]


def _node_package(below: str) -> str:
    """`node_modules/@scope/name` → the package's name; "" outside of one."""
    inside = f"/{below}".rpartition("/node_modules/")[2] if "/node_modules/" in f"/{below}" else ""
    parts = inside.split("/")
    return "/".join(parts[: 2 if inside.startswith("@") else 1])
