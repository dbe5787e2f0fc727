"""A repository's text files, each read once, in all no more than a person would have written."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scaffold.files.reading import as_text, read_text

if TYPE_CHECKING:
    from scaffold.gradle.script import KotlinScript
    from scaffold.syntax.kotlin_tree import Seen

LARGEST = 512 * 1024  # bytes of one file; build scripts and catalogues have some thousands
MOST = 2 * 1024 * 1024  # bytes of all files of one look; the grammar takes some 5 s for them


class Sources:
    """Paths are seen from the root. `asked` is every path that was looked for, found or not.

    `written` are files as a run is about to leave them, in place of what is on disk; None for one that goes.
    """

    def __init__(self, root: str, written: Mapping[str, bytes | None] | None = None) -> None:
        self.root = root
        self.written = written or {}
        self.asked: dict[str, bool] = {}
        self._texts: dict[str, str | None] = {}
        self._scripts: dict[str, KotlinScript] = {}
        self._seen: dict[str, tuple[Seen, ...]] = {}
        self._left = MOST

    def text(self, path: str) -> str | None:
        """The file's text; None where it is missing, no text, too long, or the look has read enough."""
        if path not in self._texts:
            text = self._read(path)
            self._left -= len(text or "")
            self.asked[path] = text is not None
            self._texts[path] = text
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        most = min(LARGEST, self._left)
        if path not in self.written:
            return read_text(self._place(path), most)
        data = self.written[path]
        return None if data is None or len(data) > most else as_text(data)

    def exists(self, path: str) -> bool:
        """Whether something has that name."""
        ours = path in self.written
        found = self.written[path] is not None if ours else os.path.lexists(self._place(path))
        self.asked.setdefault(path, found)
        return found

    def script(self, path: str) -> "KotlinScript":
        """What a Kotlin script sets outside of our blocks; nothing, where there is none."""
        if path not in self._scripts:
            from scaffold.gradle.script import scan_kotlin

            self._scripts[path] = scan_kotlin(self.text(path) or "")
        return self._scripts[path]

    def seen(self, path: str) -> "tuple[Seen, ...]":
        """Every node of a Kotlin file's syntax tree outside of our blocks; none, where it cannot be read."""
        if path not in self._seen:
            self._seen[path] = _nodes(self.text(path) or "")
        return self._seen[path]

    def _place(self, path: str) -> str:
        return os.path.join(self.root, *path.split("/"))


def _nodes(text: str) -> "tuple[Seen, ...]":
    from scaffold.syntax.cannot_merge import CannotMerge
    from scaffold.syntax.kotlin_tree import seen_in
    from scaffold.syntax.syntax import parse

    try:
        return tuple(seen_in(parse("kotlin", text), text, ours=False))
    except CannotMerge:
        return ()


def below(folder: str, path: str) -> str:
    """`path` in `folder`, both with `/`; `.` is the root."""
    return path if folder == "." else f"{folder}/{path}"


def joined(folder: str, path: str) -> str | None:
    """`path` seen from `folder`, as a path from the root; None where it leaves the root."""
    parts = [] if folder == "." else folder.split("/")
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."
