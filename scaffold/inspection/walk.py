"""The files below a folder that may matter to `inspect`, in a stable order; links are not followed."""

import os
from collections.abc import Iterator
from glob import glob
from typing import NamedTuple

from scaffold.files.links import entry_is_link
from scaffold.inspection.archived import archive_kind
from scaffold.inspection.library import is_library_name

_MAX_NOTES = 20


class FileBelow(NamedTuple):
    """`shown` is the folder as given and the way below it, with `/`; `problem` says why a folder was not read."""

    path: str
    shown: str
    size: int = 0
    problem: str = ""


def expanded(paths: list[str]) -> list[str]:
    """Wildcards resolved, as a shell does; Windows' cmd leaves that to its programs."""
    found: list[str] = []
    for path in paths:
        matches = [] if os.path.lexists(path) else sorted(glob(path))
        found += matches or [path]
    return found


def files_below(top: str, notes: list[str]) -> Iterator[FileBelow]:
    """Libraries and archives by name; `notes` gets what was left out."""
    start = top.rstrip(f"{os.sep}/") or top[:1]
    waiting = [(start, start.rstrip("/"))]
    while waiting:
        folder, shown = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                children = sorted(listing, key=lambda child: child.name)
        except OSError as error:
            yield FileBelow(folder, shown, 0, error.strerror or "the file system refuses")
            continue
        folders = []
        for child in children:
            matters = is_library_name(child.name) or bool(archive_kind(child.name))
            way = f"{shown}/{child.name}"
            if entry_is_link(child):
                if (matters or child.is_dir()) and len(notes) < _MAX_NOTES:
                    notes.append(f"{way}: a link, not followed")
            elif child.is_dir(follow_symlinks=False):
                folders.append((child.path, way))
            elif matters:
                yield FileBelow(child.path, way, _size(child))
        waiting += reversed(folders)


def _size(child: "os.DirEntry[str]") -> int:
    try:
        return child.stat(follow_symlinks=False).st_size
    except OSError:
        return 0
