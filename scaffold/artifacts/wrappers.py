"""The Zig wrappers: which files, for which hosts."""

from collections.abc import Iterator

from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.artifacts.model import Artifact, Format

TOOLS = (("cc", "C and linking"), ("cxx", "C++"), ("ar", "archives"))


def zig_wrappers(answers: Answers) -> Iterator[Artifact]:
    """`.sh` for Linux and macOS, `.bat` for Windows; one of each for C, C++ and ar."""
    targets = decide.zig_targets(answers)
    if targets and {"linux", "macos"} & set(answers.hosts):
        yield Artifact(
            "zig-arguments",
            ".cargo/zig/arguments.awk",
            Format.TEXT,
            ".cargo/zig/arguments.awk.j2",
            {},
            "what the shell wrappers leave out or put in words that Zig knows",
        )
    for target in targets:
        for extension, newline, mode in _shells(answers):
            for tool, purpose in TOOLS:
                template = "ar" if tool == "ar" else "cc"
                yield Artifact(
                    f"zig-{target.rust_triple}-{tool}-{extension}",
                    f".cargo/zig/{target.rust_triple}-{tool}.{extension}",
                    Format.TEXT,
                    f".cargo/zig/{template}.{extension}.j2",
                    {
                        "rust_triple": target.rust_triple,
                        "zig_target": target.zig_target,
                        "tool": "c++" if tool == "cxx" else tool,
                        "arch": target.arch,
                    },
                    f"Zig for {target.rust_triple}: {purpose}",
                    newline=newline,
                    mode=mode,
                )


def _shells(answers: Answers) -> Iterator[tuple[str, str, int]]:
    if {"linux", "macos"} & set(answers.hosts):
        yield "sh", "\n", 0o755
    if "windows" in answers.hosts:
        yield "bat", "\r\n", 0o644
