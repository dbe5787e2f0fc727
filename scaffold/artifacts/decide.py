"""Decisions that several artifacts share: which NDK rules hold, how 16 KB pages come about, who links for Linux."""

from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.model import Decision
from scaffold.facts import Abi, load_facts, not_above, version_key

LINUX_ARCH = {"x86_64": "x86_64-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu"}


class PageSizeChoice(NamedTuple):
    """`strategy` is never `auto`; `link_args` are what it passes to the linker, for `abis` (64-bit only)."""

    strategy: str
    link_args: tuple[str, ...]
    abis: tuple[Abi, ...]
    why: str


class ZigTarget(NamedTuple):
    """A Linux target of the answers: `wired_hosts` are those that link it with Zig."""

    arch: str
    rust_triple: str
    zig_target: str
    wired_hosts: tuple[str, ...]


def ndk_release(answers: Answers) -> str:
    """`r27` for 27.x."""
    return f"r{answers.ndk.partition('.')[0]}"


def chosen_abis(answers: Answers) -> tuple[Abi, ...]:
    facts = load_facts()
    return tuple(row for row in facts.abis if row.abi in answers.abis)


def page_size(answers: Answers) -> PageSizeChoice:
    """How the 64-bit libraries come to 16 KB pages with this NDK, and why so."""
    row = not_above(load_facts().page_size, answers.ndk)
    wide = tuple(abi for abi in chosen_abis(answers) if abi.bits == 64)
    release = ndk_release(answers)
    strategy, why = answers.page_size, ""
    if strategy == "auto":
        if row.aligned_by_ndk:
            strategy = "ndk"
        elif not wide:
            strategy, why = "off", "only 64-bit ABIs need 16 KB pages, and none is built"
        else:
            strategy = "build-script"
    if strategy == "ndk":
        return PageSizeChoice(strategy, (), wide, why or row.why)
    if strategy == "off":
        return PageSizeChoice(strategy, (), wide, why or _off(release, row.aligned_by_ndk))
    how = {
        "build-script": "arguments of build.rs reach the linker whatever RUSTFLAGS says",
        "cargo-config": "rustflags of .cargo/config.toml hold for every build, unless RUSTFLAGS is set",
        "gradle": "rustflags of the Gradle tasks hold for builds by Gradle, unless RUSTFLAGS is set",
    }[strategy]
    return PageSizeChoice(strategy, row.link_args, wide, f"{how}; {release}: {row.why}")


def _off(release: str, aligned: bool) -> str:
    if aligned:
        return f"you asked for it; {release} aligns 64-bit libraries all the same"
    return "you asked for it; 64-bit libraries will not load on devices with 16 KB pages"


def cpp_libraries(answers: Answers) -> tuple[str, ...]:
    """What to link, in this order: `c++_static` leaves `__cxa_…` to `c++abi`."""
    return {"shared": ("c++_shared",), "static": ("c++_static", "c++abi"), "none": ()}[
        answers.cpp_runtime
    ]


def cpp_decision(answers: Answers) -> Decision:
    why = {
        "shared": "libc++_shared.so is linked and packaged once for the whole app",
        "static": "libc++ goes into the library, with c++abi for __cxa_…; right only while it is the "
        "one C++ library of the app",
        "none": "no C++ runtime is linked",
    }
    return Decision("cpp_runtime", answers.cpp_runtime, why[answers.cpp_runtime])


def zig_targets(answers: Answers) -> tuple[ZigTarget, ...]:
    """A Linux host's own triple (taken to be x86_64) stays with its own linker unless glibc is pinned: a linker set
    for the host's triple links build scripts and proc macros too."""
    suffix = "" if answers.glibc == "default" else f".{answers.glibc}"
    targets = []
    for arch, triple in LINUX_ARCH.items():
        if arch in answers.linux_targets:
            own = "linux" if arch == "x86_64" and not suffix else ""
            wired = tuple(host for host in answers.hosts if host != own)
            targets.append(ZigTarget(arch, triple, f"{arch}-linux-gnu{suffix}", wired))
    return tuple(targets)


def zig_decision(answers: Answers) -> Decision | None:
    targets = zig_targets(answers)
    if not targets:
        if answers.glibc == "default":
            return None
        return Decision("glibc", answers.glibc, "has no effect: linux_targets is empty")
    where = ".cargo/config.toml" if len(answers.hosts) == 1 else "the Gradle block, by host"
    own = [target.rust_triple for target in targets if "linux" not in target.wired_hosts]
    why = f"linked with Zig, wired in {where}"
    if own and "linux" in answers.hosts:
        why += (
            f"; a Linux host keeps its own linker for {own[0]}, which links build scripts too "
            "(pin glibc to use Zig there)"
        )
    if answers.glibc != "default":
        why += f"; for glibc {answers.glibc} and newer"
    return Decision("linux_targets", ", ".join(t.arch for t in targets), why)


def jna_version(answers: Answers) -> str:
    """The JNA version that the build will have."""
    gobley = not_above(load_facts().gobley, answers.gobley)
    return gobley.jna if answers.jna == "default" else answers.jna


def jna_decision(answers: Answers) -> Decision:
    facts = load_facts()
    brought = not_above(facts.gobley, answers.gobley)
    version = jna_version(answers)
    if answers.jna == "default":
        why = f"Gobley {answers.gobley} brings {brought.jna}"
    else:
        same = version_key(version) == version_key(brought.jna)
        side = "below" if version_key(version) < version_key(brought.jna) else "instead of"
        side = "the same as" if same else side
        why = f"you asked for it, {side} the {brought.jna} that Gobley {answers.gobley} brings"
    row = not_above(facts.jna, version)
    if (row.arm64, row.x86_64) != ("ok", "ok"):
        why += "; its Android libraries fail on devices with 16 KB pages: use 5.17.0 or newer"
    elif row.note:
        why += f"; {version} {row.note}"
    return Decision("jna", version, why)
