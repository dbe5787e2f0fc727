"""Zig as the linker of Linux targets: one Rust program, and for each tool a few lines that build and run it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.linux import ZIG_FOLDER, wired
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render

# The end of the wrapper's name → Zig's command, and what it is for.
TOOLS = {
    "cc": ("cc", "C and linking"),
    "cxx": ("c++", "C++"),
    "ar": ("ar", "static libraries"),
}


class Wrapper(NamedTuple):
    """What one wrapper builds and runs."""

    id: str
    rust_triple: str
    zig_target: str
    tool: str
    source_hash: str


def make(context: Context) -> Iterator[Artifact]:
    """`.sh` for Linux and macOS, `.bat` for Windows; one of each for C, C++ and ar."""
    targets = wired(context)
    if not targets:
        return
    from hashlib import sha256

    program = _file(
        "linker", "zig-linker.rs", "runs Zig; drops or translates arguments that it rejects"
    )
    yield program
    yield _file("gitignore", ".gitignore", "the built program is not committed")
    yield _file("gitattributes", ".gitattributes", "line endings that each host can run")
    # In the name of the built program, so that a new source is built anew.
    source_hash = sha256(render(program).encode()).hexdigest()[:12]
    for target in targets:
        for extension, newline, mode in _shells(set(context.answers.hosts)):
            for tool, (command, purpose) in TOOLS.items():
                id_ = f"zig-{target.rust_triple}-{tool}-{extension}"
                yield Artifact(
                    id_,
                    f"{ZIG_FOLDER}/{target.rust_triple}-{tool}.{extension}",
                    Format.TEXT,
                    f"{ZIG_FOLDER}/run.{extension}.j2",
                    Wrapper(id_, target.rust_triple, target.zig_target, command, source_hash),
                    f"Zig for {target.rust_triple}: {purpose}",
                    newline=newline,
                    mode=mode,
                )


def _file(id_: str, name: str, reason: str) -> Artifact:
    path = f"{ZIG_FOLDER}/{name}"
    return Artifact(f"zig-{id_}", path, Format.TEXT, f"{path}.j2", None, reason)


def _shells(hosts: set[str]) -> Iterator[tuple[str, str, int]]:
    if {"linux", "macos"} & hosts:
        yield "sh", "\n", 0o755
    if "windows" in hosts:
        yield "bat", "\r\n", 0o644


def explain(old: Context, new: Context, before: object, after: object) -> Iterator[str]:
    if before and after and old.answers.glibc != new.answers.glibc:
        yield f"glibc {old.answers.glibc} → {new.answers.glibc}"
    elif before and not after:
        yield "linux_targets or hosts no longer ask for it"


# `arguments.awk` was written by 0.1.0.
_FILES = {
    "zig-arguments": "arguments.awk",
    "zig-gitattributes": ".gitattributes",
    "zig-gitignore": ".gitignore",
    "zig-linker": "zig-linker.rs",
}


def _can_lie(id_: str, path: str) -> bool:
    """Beside the files above there is `<rust triple>-<tool>.<sh or bat>`."""
    name = _FILES.get(id_) or re.sub(r"^zig-(.+)-(sh|bat)$", r"\1.\2", id_)
    return path == f"{ZIG_FOLDER}/{name}"


KIND = ArtifactKind("zig-", Format.TEXT, _can_lie, make, explain)
