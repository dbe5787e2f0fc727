"""Zig as the linker of Linux targets: one Rust program, and for each tool a few lines that build and run it."""

from collections.abc import Iterator
from hashlib import sha256

from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render

FOLDER = ".cargo/zig"
# The end of the wrapper's name → Zig's command, and what it is for.
TOOLS = {
    "cc": ("cc", "C and linking"),
    "cxx": ("c++", "C++"),
    "ar": ("ar", "static libraries"),
}


def zig_files(answers: Answers) -> Iterator[Artifact]:
    """`.sh` for Linux and macOS, `.bat` for Windows; one of each for C, C++ and ar."""
    targets = [target for target in decide.zig_targets(answers) if target.wired_hosts]
    if not targets:
        return
    program = _file(
        "linker", "zig-linker.rs", "runs Zig; drops or translates arguments that it rejects"
    )
    yield program
    yield _file("gitignore", ".gitignore", "the built program is not committed")
    yield _file("gitattributes", ".gitattributes", "line endings that each host can run")
    # In the name of the built program, so that a new source is built anew.
    source_hash = sha256(render(program).encode()).hexdigest()[:12]
    for target in targets:
        for extension, newline, mode in _shells(answers):
            for tool, (command, purpose) in TOOLS.items():
                id_ = f"zig-{target.rust_triple}-{tool}-{extension}"
                yield Artifact(
                    id_,
                    f"{FOLDER}/{target.rust_triple}-{tool}.{extension}",
                    Format.TEXT,
                    f"{FOLDER}/run.{extension}.j2",
                    {
                        "id": id_,
                        "rust_triple": target.rust_triple,
                        "zig_target": target.zig_target,
                        "tool": command,
                        "source_hash": source_hash,
                    },
                    f"Zig for {target.rust_triple}: {purpose}",
                    newline=newline,
                    mode=mode,
                )


def _file(id_: str, name: str, reason: str) -> Artifact:
    path = f"{FOLDER}/{name}"
    return Artifact(f"zig-{id_}", path, Format.TEXT, f"{path}.j2", {}, reason)


def _shells(answers: Answers) -> Iterator[tuple[str, str, int]]:
    if {"linux", "macos"} & set(answers.hosts):
        yield "sh", "\n", 0o755
    if "windows" in answers.hosts:
        yield "bat", "\r\n", 0o644
