"""Walks a repository for the files that name crates and modules; bounded in depth and number of folders."""

import os
from collections.abc import Iterator

from scaffold.files.links import entry_is_link

PASSED = frozenset(
    [".git", ".gradle", ".idea", ".scaffold", ".venv", "build", "node_modules", "target", "vendor"]
)
DEEPEST = 6
MOST_FOLDERS = 4000
MOST_FILES = 2000  # in one folder; the rest of its names is not looked at


def folders(
    root: str, start: str = ".", deepest: int = DEEPEST, passed: frozenset[str] = PASSED
) -> Iterator[tuple[str, frozenset[str]]]:
    """(folder from the root with `/`, names of its files) at and below `start`, nearest first.

    Links are not followed, nor are folders whose names are `passed`.
    """
    level = [start]
    seen = 0
    for _ in range(deepest + 1):
        below: list[str] = []
        for folder in level:
            seen += 1
            if seen > MOST_FOLDERS:
                return
            files, inner = _listed(os.path.join(root, *folder.split("/")), passed)
            yield folder, frozenset(files)
            below += [name if folder == "." else f"{folder}/{name}" for name in inner]
        level = below


def _listed(place: str, passed: frozenset[str]) -> tuple[list[str], list[str]]:
    files: list[str] = []
    inner: list[str] = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if _is_folder(entry):
                    if entry.name not in passed and not entry.name.startswith("."):
                        inner.append(entry.name)
                elif len(files) < MOST_FILES and _is_file(entry):
                    files.append(entry.name)
    except OSError:
        return [], []
    return sorted(files), sorted(inner)[:MOST_FILES]


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        # A junction of Windows is a folder that may lead back to where it is.
        return entry.is_dir(follow_symlinks=False) and not entry_is_link(entry)
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    # A link to itself is an error of its own, and no reason to pass over its neighbours.
    try:
        return entry.is_file()
    except OSError:
        return False
