"""Writes the files of one run in a process of its own with one fault at one file-system call.

Started once as a program (`python tests/project/faults.py`), it reads one JSON request a line, forks
for each, and answers with one JSON line. Every `os` function that the writer calls counts as a step.
"""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from scaffold.errors import Refusal
from scaffold.project.write import FileWrite, write_files

CHANGING = (
    *("write", "fsync", "replace", "unlink", "mkdir", "rmdir", "link"),
    *("fchmod", "fchown", "setxattr", "utime"),
)
READING = ("read", "fstat", "lstat", "stat", "listdir", "listxattr", "close")
# What needs room on a disk: this is what goes on failing while it is full.
GROWING = ("write", "fsync", "mkdir", "link")

Tree = dict[str, tuple[bytes | None, int]]
"""Path → bytes and mode of a file, None for a folder."""


class Scenario(NamedTuple):
    """A project before and after one run; `after` is in the order in which files are written."""

    before: dict[str, tuple[bytes, int]]
    after: dict[str, tuple[bytes, int]]

    def writes(self) -> list[FileWrite]:
        made = []
        for path, (data, mode) in self.after.items():
            old = self.before.get(path)
            if old != (data, mode):
                runs = mode == 0o755
                made.append(FileWrite(path, data, old[0] if old else None, runs))
        gone = [FileWrite(p, None, self.before[p][0]) for p in self.before if p not in self.after]
        state = [write for write in (*made, *gone) if write.path.startswith(".scaffold/")]
        files = [write for write in (*made, *gone) if write not in state]
        return [*files, *sorted(state, key=lambda write: write.path.endswith("lock.toml"))]


SCENARIOS = {
    "init": Scenario(
        {"README.md": (b"mine\n", 0o644)},
        {
            "README.md": (b"mine\n", 0o644),
            "scaffold.yml": (b"schema: 1\n", 0o644),
            "crate/build.rs": (b"fn main() {}\n", 0o644),
            ".cargo/zig/cc.sh": (b"#!/bin/sh\n", 0o755),
            ".scaffold/base/build-rs": (b"fn main() {}\n", 0o644),
            ".scaffold/lock.toml": (b"schema = 1\n", 0o644),
        },
    ),
    "upgrade": Scenario(
        {
            "scaffold.yml": (b"ndk: 27\r\n", 0o644),
            "build.rs": (b"// mine\nfn main() {}\n" * 9, 0o600),
            "same.txt": (b"same\n", 0o644),
            "run.sh": (b"#!/bin/sh\n", 0o644),
            ".cargo/zig/old-cc.sh": (b"#!/bin/sh\n", 0o755),
            ".scaffold/base/build-rs": (b"fn main() {}\n", 0o644),
            ".scaffold/base/zig-old": (b"#!/bin/sh\n", 0o644),
            ".scaffold/lock.toml": (b"schema = 1 # old\n", 0o644),
        },
        {
            "scaffold.yml": (b"ndk: 28\r\n", 0o644),
            "build.rs": (b"// mine\nfn main() { run() }\n" * 9, 0o600),
            "same.txt": (b"same\n", 0o644),
            "run.sh": (b"#!/bin/sh\n", 0o755),
            "new folder/zig/cc.sh": (b"#!/bin/sh\n", 0o755),
            ".scaffold/base/build-rs": (b"fn main() { run() }\n", 0o644),
            ".scaffold/lock.toml": (b"schema = 1 # new\n", 0o644),
        },
    ),
}


def write_tree(root: str, files: dict[str, tuple[bytes, int]]) -> None:
    """Make a project with exactly these files."""
    os.makedirs(root)
    for path, (data, mode) in files.items():
        place = os.path.join(root, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(data)
        os.chmod(place, mode)


def read_tree(root: str) -> Tree:
    """All that is below `root`, folders too."""
    found: Tree = {}
    for folder, folders, files in os.walk(root):
        for name in folders:
            found[_below(root, folder, name)] = (None, 0)
        for name in files:
            place = os.path.join(folder, name)
            with open(place, "rb") as file:
                data = file.read()
            # Windows knows only whether a file can be written.
            mode = os.stat(place).st_mode & 0o777 if os.name != "nt" else 0o644
            found[_below(root, folder, name)] = (data, mode)
    return found


def _below(root: str, folder: str, name: str) -> str:
    return os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def tree_of(files: dict[str, tuple[bytes, int]]) -> Tree:
    """What `read_tree` finds after `write_tree`."""
    found: Tree = dict(files)
    for path in files:
        parts = path.split("/")
        found.update({"/".join(parts[:depth]): (None, 0) for depth in range(1, len(parts))})
    return found


class Fault(NamedTuple):
    """What happens at step `at` (from 0): `kill`, `tear` (half of a write, then kill), `interrupt`,
    or an errno.

    `steps` says which functions count; with `until` above 1 the same happens at that many steps in
    a row.
    """

    kind: str
    at: int
    steps: Sequence[str] = CHANGING
    number: int = 0
    until: int = 1


class _Counter:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.steps = 0

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if name == "open" and "open" not in self.fault.steps and not arguments[1] & os.O_CREAT:
                return real(*arguments, **named)
            here = self.steps
            self.steps += 1
            if self.fault.at <= here < self.fault.at + self.fault.until:
                self._strike(name, real, arguments)
            # A killed process loses nothing that it wrote, synced or not; syncing only takes time
            # here.
            return None if name == "fsync" else real(*arguments, **named)

        return step

    def _strike(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if self.fault.kind == "tear" and name == "write":
            real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
        if self.fault.kind in ("kill", "tear"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fault.kind == "interrupt":
            raise KeyboardInterrupt
        if self.fault.kind == "error":
            if name == "close":
                real(*arguments)
            raise OSError(self.fault.number, os.strerror(self.fault.number))


def _child(root: str, scenario: str, fault: Fault) -> dict[str, Any]:
    writes = SCENARIOS[scenario].writes()
    counter = _Counter(fault)
    for name in {*fault.steps, "open"}:
        setattr(os, name, counter.wrap(name, getattr(os, name)))
    answer: dict[str, Any] = {"exit": 0, "problems": []}
    try:
        write_files(root, writes)
    except Refusal as refusal:
        answer = {"exit": refusal.exit_code, "problems": [list(p) for p in refusal.problems]}
    except KeyboardInterrupt:
        answer["exit"] = 130
    return {**answer, "steps": counter.steps}


def _serve() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        fault = Fault(*request.pop("fault"))
        reader, writer = os.pipe()
        process = os.fork()
        if process == 0:
            with contextlib.suppress(BrokenPipeError):
                send, leave = os.write, os._exit
                send(writer, json.dumps(_child(fault=fault, **request)).encode())
                leave(0)
        os.close(writer)
        with open(reader, "rb") as pipe:
            answer = pipe.read()
        _, status = os.waitpid(process, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(answer.decode() or json.dumps({"exit": "killed" if killed else status}), flush=True)


if __name__ == "__main__":
    _serve()
