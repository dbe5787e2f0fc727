"""A project's files as they are on disk, and as a run would leave them."""

import os
import stat

from scaffold.project.content import LARGEST_FILE, read_file
from scaffold.project.paths import safe_path
from scaffold.project.reconcile.model import FileChange
from scaffold.project.trouble import refusal
from scaffold.project.write import FileWrite

_DECIDERS = ("Cargo.toml", "settings.gradle.kts", "build.gradle.kts")


class Workspace:
    """`disk` and `now` hold what was asked for: bytes by path, None for no file."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.disk: dict[str, bytes | None] = {}
        self.now: dict[str, bytes | None] = {}
        self._status: dict[str, os.stat_result] = {}

    def read(self, path: str) -> bytes | None:
        """The file as the run has left it so far; Refusal (exit 74) where it cannot be read."""
        if path not in self.now:
            place = safe_path(self.root, path)
            data = None
            try:
                data, self._status[path] = read_file(place, LARGEST_FILE)
            except FileNotFoundError:
                pass
            except OSError as error:
                raise refusal("read", path, error) from error
            self.disk[path] = self.now[path] = data
        return self.now[path]

    def is_executable(self, path: str) -> bool:
        """Whether its owner may run the file, where the system has such a thing."""
        status = self._status.get(path)
        return os.name == "nt" or status is None or bool(status.st_mode & stat.S_IXUSR)

    def links(self, path: str) -> int:
        """How many names the file has."""
        status = self._status.get(path)
        return status.st_nlink if status else 0

    def note(self, change: FileChange) -> None:
        """Take what `change` does to its file as done."""
        if change.data is not None:
            self.read(change.path)
            self.now[change.path] = change.data
        elif change.action == "delete":
            self.now[change.path] = None

    def writes(self, changes: tuple[FileChange, ...]) -> list[FileWrite]:
        """What is left to do on disk, in an order that a rerun can finish.

        `scaffold.yml` decides about all others, so it is first; a file goes only after those that
        take its place; a starter's Cargo.toml or build file says that its folder needs no others.
        """
        runs = {c.path for c in changes if c.executable and c.data is not None}
        moved = {c.path: c.moved_from for c in changes if c.moved_from}
        starters = {c.path for c in changes if c.id.startswith("starter-")}
        made = [
            FileWrite(path, data, self.disk[path], path in runs, like=moved.get(path, ""))
            for path, data in self.now.items()
            if data != self.disk[path] or (path in runs and not self.is_executable(path))
        ]

        def rank(write: FileWrite) -> int:
            if write.path in starters:
                name = write.path.rpartition("/")[2]
                return 4 + _DECIDERS.index(name) if name in _DECIDERS else 3
            if write.data is None:
                return 2
            return 0 if write.path == "scaffold.yml" else 1

        return sorted(made, key=rank)
