"""The check of desktop libraries: what Gobley links on this host, and with what."""

from scaffold.artifacts.linux import linux_targets
from scaffold.doctor.check import Verdict, listed, ok, rule, skipped, warning
from scaffold.doctor.facts import MachineFacts, ProjectFacts

# By default Gobley embeds every library that it can build on a host (facts/gobley.md): Rust triples.
_LINUX = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
_MINGW = "x86_64-pc-windows-gnu"
GOBLEY_LINKS = {
    "linux": (*_LINUX, _MINGW),
    "macos": ("x86_64-apple-darwin", "aarch64-apple-darwin", *_LINUX, _MINGW),
    "windows": (*_LINUX, "x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"),
}
# What links a target on a host that is not its own; Apple's and Microsoft's are checks of their own.
CROSS_LINKERS = {
    "x86_64-unknown-linux-gnu": "x86_64-linux-gnu-gcc",
    "aarch64-unknown-linux-gnu": "aarch64-linux-gnu-gcc",
    _MINGW: "x86_64-w64-mingw32-gcc",
}


@rule("desktop-targets")
def desktop_targets(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.gobley:
        return skipped(f"rust_build is {project.answers.rust_build}")
    if not project.jvm:
        return skipped("the module has no desktop target")
    if project.embeds:
        return ok("your Gradle build chooses the desktop libraries with embedRustLibrary")
    answers = project.answers
    zig = {t.rust_triple for t in linux_targets(answers) if machine.host in t.wired_hosts}
    links = [
        triple
        for triple in GOBLEY_LINKS[machine.host]
        if not (triple == "aarch64-pc-windows-msvc" and answers.windows_arm64 == "skip")
    ]
    missing = [
        f"{triple} ({CROSS_LINKERS[triple]})"
        for triple in links
        if triple in CROSS_LINKERS and triple not in zig and not _links(triple, machine)
    ]
    if not missing:
        return ok(f"Gobley links on this host: {listed(links, 8)}")
    message = (
        f"desktop builds link {listed(links, 8)} on this host, and it has no linker for "
        f"{listed(missing, 8)}"
    )
    hint = (
        "set embedRustLibrary = false for these targets in cargo { builds { jvm { … } } }, or install "
        "the linkers in parentheses; scaffold regenerate --set linux_targets=… links Linux with Zig"
    )
    return warning(message, hint)


def _links(triple: str, machine: MachineFacts) -> bool:
    own = machine.host == "linux" and triple.startswith(machine.architecture)
    return (own and triple in _LINUX) or CROSS_LINKERS[triple] in machine.cross_linkers
