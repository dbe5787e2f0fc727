"""Walks a repository for the files that name crates and modules; bounded in depth and number of folders."""

import os
from collections.abc import Iterator

PASSED = frozenset(
    [".git", ".gradle", ".idea", ".scaffold", ".venv", "build", "node_modules", "target", "vendor"]
)
DEEPEST = 6
MOST_FOLDERS = 4000


def folders(root: str) -> Iterator[tuple[str, frozenset[str]]]:
    """(folder from the root with `/`, names of its files), nearest first; links are not followed."""
    level = [""]
    seen = 0
    for _ in range(DEEPEST + 1):
        below: list[str] = []
        for folder in level:
            seen += 1
            if seen > MOST_FOLDERS:
                return
            files, inner = _listed(os.path.join(root, *folder.split("/")) if folder else root)
            yield folder or ".", frozenset(files)
            below += [f"{folder}/{name}" if folder else name for name in inner]
        level = below


def _listed(place: str) -> tuple[list[str], list[str]]:
    files: list[str] = []
    inner: list[str] = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in PASSED and not entry.name.startswith("."):
                        inner.append(entry.name)
                elif entry.is_file():
                    files.append(entry.name)
    except OSError:
        return [], []
    return sorted(files), sorted(inner)
