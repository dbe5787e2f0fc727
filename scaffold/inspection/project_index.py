"""Which dependency of a project contains a library, by its build id, which survives stripping, else by its name.

Looks into the project's folder, Gradle's cache of dependencies, and Maven's.
"""

import os
from collections.abc import Iterator

from scaffold.inspection.archived import libraries_in
from scaffold.inspection.coordinates import coordinates
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import Damaged, FileSource, Source
from scaffold.inspection.library import Library
from scaffold.inspection.walk import FileBelow, files_below

THIS_PROJECT = "this project"
_MAX_FILES = 20_000


class ProjectIndex:
    """The owners of the libraries that are asked for."""

    def __init__(self, folder: str, names: set[str]) -> None:
        self._by_id: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for owner, file in _candidates(folder):
            self._look(owner, file, names)

    def owner(self, library: Library) -> str:
        """A build id is proof; a name only where no other dependency has it, and then without the version."""
        if library.elf and library.elf.build_id in self._by_id:
            return self._by_id[library.elf.build_id][0]
        owners = self._by_name.get(library.name, [])
        if len(set(owners)) == 1:
            return owners[0]
        without = {owner.rpartition(":")[0] for owner in owners}
        return without.pop() if len(without) == 1 else ""

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
                else:
                    own.append((THIS_PROJECT, file))
    # A build's own copies of what dependencies bring are told apart by the build ids above.
    yield from own


def _node_package(below: str) -> str:
    """`node_modules/@scope/name` → the package's name; "" outside of one."""
    inside = f"/{below}".rpartition("/node_modules/")[2] if "/node_modules/" in f"/{below}" else ""
    parts = inside.split("/")
    return "/".join(parts[: 2 if inside.startswith("@") else 1])
