"""A repository's text files, each read once, in all no more than a person would have written."""

import os
import posixpath
from collections.abc import Mapping

from scaffold.files.reading import as_text, read_bytes
from scaffold.syntax.blocks import find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.statements import Script, TooDeep, read_script

LARGEST = 160 * 1024  # bytes of one file; build scripts and catalogues have some thousands
MOST = 480 * 1024  # bytes of all files of one look; the largest repositories have some 200 KB
_HIGHEST = 40  # folders above the project in which its repository is looked for


class Sources:
    """Paths are seen from the project's root; those that begin with `..` lie in the repository around it.

    `written` are files as a run is about to leave them, in place of what is on disk; None for one that goes.
    """

    def __init__(self, root: str, written: Mapping[str, bytes | None] | None = None) -> None:
        self.root = root
        self.written = written or {}
        self.above = repository_above(root)
        self._top = os.path.realpath(os.path.join(root, *[".."] * self.above))
        self._names = [name for name in os.path.abspath(root).split(os.sep) if name]
        self.unread: dict[str, str] = {}  # path → why it is not read
        self._texts: dict[str, str | None] = {}
        self._scripts: dict[tuple[str, bool], Script] = {}
        self._left = MOST

    def text(self, path: str) -> str | None:
        """The file's text; None where it is missing, no text, too long, or the look has read enough."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        place = self.place(path)
        if path in self.written:
            return as_text(self.written[path] or b"")
        most = min(LARGEST, self._left)
        if not self._inside(place):
            self.unread[path] = "it is a link that leaves the repository"
            return None
        data = read_bytes(place, most)
        if data is None:
            if os.path.isfile(place):
                alone, together = (f"{n // 1024} KB" for n in (LARGEST, MOST))
                self.unread[path] = (
                    f"it is larger than {alone}"
                    if most == LARGEST
                    else f"all Gradle files together are larger than {together}"
                )
            return None
        self._left -= len(data)
        text = as_text(data)
        if text is None:
            self.unread[path] = "it is not UTF-8 text"
        return text

    def exists(self, path: str) -> bool:
        """Whether something has that name."""
        ours = path in self.written
        return self.written[path] is not None if ours else os.path.lexists(self.place(path))

    def script(self, path: str, *, ours: bool = False) -> Script:
        """The statements of a script outside of our blocks, with `ours` in them too; none, where there is none."""
        key = (path, ours)
        if key not in self._scripts:
            text = self.text(path) or ""
            skipped = frozenset[int]() if ours else self.our_rows(path)
            groovy = path.endswith((".gradle", ".groovy", ".java"))
            try:
                self._scripts[key] = read_script(text, groovy=groovy, without=skipped)
            except TooDeep:
                self.unread[path] = "its blocks are nested more than 100 levels deep"
                self._scripts[key] = Script()
        return self._scripts[key]

    def our_rows(self, path: str) -> frozenset[int]:
        """The rows of our blocks in a script, counted from 0."""
        try:
            blocks = find_blocks("kotlin", self.text(path) or "")
        except CannotMerge:
            return frozenset()
        return frozenset(row for b in blocks.values() for row in range(b.first, b.last + 1))

    def place(self, path: str) -> str:
        """Where it is on this machine."""
        return os.path.join(self.root, *path.split("/"))

    def joined(self, folder: str, path: str) -> str | None:
        """`path` seen from `folder`, from the project's root; None where it leaves the repository."""
        root = "/".join(("", *self._names))
        found = posixpath.normpath(f"{root}/{folder}/" + path.replace("\\", "/"))
        from_root = posixpath.relpath(found, root)
        return from_root if from_root.split("/").count("..") <= self.above else None

    def settled(self, folder: str) -> str | None:
        """The folder behind a symbolic link, from the root; None where it leaves the repository."""
        real = os.path.realpath(self.place(folder))
        if not self._inside(real):
            return None
        return os.path.relpath(real, os.path.realpath(self.root)).replace(os.sep, "/")

    def _inside(self, place: str) -> bool:
        real = os.path.realpath(place)
        return real == self._top or real.startswith(os.path.join(self._top, ""))


def repository_above(root: str) -> int:
    """How many folders above `root` its repository begins: at `.git`, else at the nearest Gradle settings."""
    nearest = 0
    folder = os.path.abspath(root)
    for height in range(_HIGHEST):
        if os.path.lexists(os.path.join(folder, ".git")):
            return height
        settings = ("settings.gradle", "settings.gradle.kts")
        if not nearest and any(os.path.isfile(os.path.join(folder, name)) for name in settings):
            nearest = height
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return nearest


def below(folder: str, path: str) -> str:
    """`path` in `folder`, both with `/`; `.` is the root."""
    return path if folder == "." else f"{folder}/{path}"
