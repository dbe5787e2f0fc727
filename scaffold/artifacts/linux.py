"""Who links desktop Linux libraries: each host's own linker, or Zig."""

from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.context import Context

ZIG_FOLDER = ".cargo/zig"
TRIPLES = {"x86_64": "x86_64-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu"}


class LinuxTarget(NamedTuple):
    """A Linux target of the answers: `wired_hosts` are those that link it with Zig."""

    arch: str
    rust_triple: str
    zig_target: str
    wired_hosts: tuple[str, ...]


def linux_targets(answers: Answers) -> tuple[LinuxTarget, ...]:
    """A Linux host's own triple (taken to be x86_64) stays with its own linker unless glibc is pinned: a linker set
    for the host's triple links build scripts and proc macros too."""
    suffix = "" if answers.glibc == "default" else f".{answers.glibc}"
    targets = []
    for arch, triple in TRIPLES.items():
        if arch in answers.linux_targets:
            own = "linux" if arch == "x86_64" and not suffix else ""
            wired = tuple(host for host in answers.hosts if host != own)
            targets.append(LinuxTarget(arch, triple, f"{arch}-linux-gnu{suffix}", wired))
    return tuple(targets)


def wired_by_cargo(context: Context) -> bool:
    """With one host, the lines in .cargo/config.toml also serve a cargo that is run by hand."""
    return len(context.answers.hosts) == 1


def wired(context: Context) -> tuple[LinuxTarget, ...]:
    """The targets that some host links with Zig, and whose wrappers something refers to."""
    if not wired_by_cargo(context) and not context.gobley:
        return ()
    return tuple(target for target in linux_targets(context.answers) if target.wired_hosts)
