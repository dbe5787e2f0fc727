"""The machine that `doctor` looks at, or one that was recorded: its name, environment, programs and files."""

import os
import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from scaffold.probe.programs import Output


class Runner(Protocol):
    """Finds and runs programs: `scaffold.probe.programs.Programs`, or what a machine once answered."""

    def find(self, name: str) -> str: ...

    def allowed(self, path: str) -> bool: ...

    def run(self, path: str, *arguments: str, folder: str) -> Output: ...


class Host(NamedTuple):
    """The machine to read: `name` as in the answers, `files` the folder in which absolute paths of that host lie."""

    root: str
    name: str
    environment: Mapping[str, str]
    programs: Runner
    files: str = ""
    build: str = "."

    def at(self, path: str) -> str:
        """A path of that host, on this one; a drive is a folder here, or it would leave `files`."""
        if not self.files:
            return path
        return os.path.join(self.files, *re.split(r"[\\/]", path.replace(":", "", 1)))

    def ask(self, name: str, *arguments: str, folder: str) -> Output:
        """What a program on PATH prints, in the folder whose configuration counts."""
        path = self.programs.find(name)
        if not path:
            missing = f"{name} was not found on PATH (the project's own folder is left out)"
            return Output(failure=missing)
        return self.programs.run(path, *arguments, folder=folder)


def names_in(folder: str) -> list[str]:
    """What a folder lists, bounded; nothing where it cannot be read."""
    try:
        return sorted(os.listdir(folder))[:200]
    except (OSError, ValueError):
        return []
