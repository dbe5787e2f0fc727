"""Checks of Cargo, rustc, its targets, and of who gives rustflags."""

import os
import re

from scaffold.artifacts.context import Context, chosen_abis
from scaffold.artifacts.linux import linux_targets
from scaffold.doctor.check import (
    Verdict,
    below,
    error,
    listed,
    ok,
    rule,
    skipped,
    version_in,
    warning,
)
from scaffold.doctor.facts import MachineFacts, ProjectFacts
from scaffold.doctor.host import Host, names_in
from scaffold.facts import load_facts, not_above, told_of_gobley
from scaffold.files.reading import read_bytes, read_text, read_toml, table
from scaffold.probe.programs import Output
from scaffold.probe.rustflags import FlagSource
from scaffold.terminal.shell import shell_word

OLDEST_CARGO = "1.77.0"
_MOST_CONFIGS = 100
RUSTUP = "install it from https://rustup.rs"


def rustc_version(machine: MachineFacts) -> str:
    return version_in(machine.rustc.text, r"^rustc") if not machine.rustc.failure else ""


@rule("cargo-version")
def cargo_version(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    version = version_in(machine.cargo.text, r"^cargo")
    if machine.cargo.failure or not version:
        why = machine.cargo.failure or "its version cannot be read"
        return error(f"Cargo: {why}", _way(machine.cargo))
    if below(version, OLDEST_CARGO):
        return error(
            f"Cargo {version} does not read the `cargo::` directives of build.rs; 1.77 does",
            "rustup update, or set rust_toolchain to a newer release",
        )
    return ok(f"Cargo {version}")


def _way(told: Output) -> str:
    """To a Rust that answers, by what rustup said."""
    if "is not installed" in told.failure:
        return "rustup toolchain install, in the crate's folder, installs what rust-toolchain.toml names"
    if "no default is configured" in told.failure:
        return "rustup default stable"
    if "would read" in told.failure:
        return "replace it with a text file, or remove it"
    if "by its path" in told.failure:
        return "name a channel in that file, or look at that toolchain yourself"
    return RUSTUP


@rule("rust-version")
def rust_version(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    answers = project.answers
    version = rustc_version(machine)
    if machine.rustc.failure or not version:
        why = machine.rustc.failure or "its version cannot be read"
        return error(f"rustc: {why}", _way(machine.rustc))
    needed = not_above(load_facts().gobley, answers.gobley).min_rust if project.gobley else ""
    crate = project.project.crate
    if needed and below(version, needed):
        message = f"Rust {version}: the UniFFI of Gobley {answers.gobley} needs {needed}"
        hint = f"rustup update, or scaffold regenerate --set rust_toolchain={needed}"
        return error(message, hint)
    if crate and crate.rust_version and below(version, crate.rust_version):
        return error(
            f"Rust {version}: {crate.manifest} requires {crate.rust_version}",
            f"rustup toolchain install {shell_word(crate.rust_version)}",
        )
    wanted = answers.rust_toolchain
    if wanted != "none" and wanted[:1].isdigit() and not _is(version, wanted):
        message = f"Rust {version} is used here, rust_toolchain says {wanted}"
        hint = "a RUSTUP_TOOLCHAIN variable or `rustup override` overrides rust-toolchain.toml"
        return warning(message, hint)
    llvm = version_in(machine.rustc.text, "LLVM version:")
    built = f", LLVM {llvm}" if llvm else ""
    least = f"; {told_of_gobley(answers.gobley)} needs {needed} or newer" if needed else ""
    return ok(f"Rust {version}{built}{least}")


def _is(version: str, wanted: str) -> bool:
    return version == wanted or version.startswith(wanted + ".")


def wanted_targets(project: ProjectFacts, host: str) -> tuple[str, ...]:
    """The Rust targets that this host builds for these answers."""
    answers = project.answers
    android = [abi.rust_target for abi in chosen_abis(answers)] if project.android else []
    linux = [t.rust_triple for t in linux_targets(answers) if host in t.wired_hosts]
    windows = ["aarch64-pc-windows-msvc"] if builds_windows_arm(project, host) else []
    return (*android, *linux, *windows)


def builds_windows_arm(project: ProjectFacts, host: str) -> bool:
    """Whether a Windows-on-ARM desktop library is built here."""
    return host == "windows" and project.jvm and project.answers.windows_arm64 == "build"


@rule("rust-targets")
def rust_targets(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    wanted = wanted_targets(project, machine.host)
    if not wanted:
        return skipped("no target besides this host's own is built")
    if machine.targets.failure:
        return skipped(f"the installed targets are not known: {machine.targets.failure}")
    installed = set(machine.targets.text.split())
    missing = [target for target in wanted if target not in installed]
    if not missing:
        return ok(f"installed: {listed(wanted, 8)}")
    message = f"not installed for the toolchain of this project: {listed(missing, 8)}"
    hint = f"rustup target add {' '.join(missing)}"
    module = project.project.module
    if module and module.has("dev.gobley.rust"):
        return warning(f"{message}; the plugin dev.gobley.rust adds them when it builds", hint)
    return error(message, hint)


@rule("rustflags-sources")
def rustflags_sources(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    """The first rank that says anything hides the others, even where it is empty."""
    pages = Context(project.answers, project.project).page_size
    ours = pages.strategy in ("cargo-config", "gradle") and bool(pages.link_args and pages.abis)
    shadow = "".join(
        f"; {place} is ignored, because .cargo/config is beside it"
        for place in machine.hidden_configs
    )
    ranks = sorted({source.rank for source in machine.flags})
    if not ranks:
        message = f"nothing sets rustflags{shadow}"
        return warning(message, _rename(shadow)) if shadow else ok(message)
    first = [source for source in machine.flags if source.rank == ranks[0]]
    hidden = [source for source in machine.flags if source.rank > ranks[0]]
    message = f"{_named(first)} counts"
    if hidden:
        message += f" and hides {_named(hidden)}"
    if ours and ranks[0] < 2:
        message += f"; the 16 KB flags of page_size: {pages.strategy} do not reach the linker"
        hint = f"unset {first[0].place}, or scaffold regenerate --set page_size=build-script"
        return error(message + shadow, hint)
    if hidden or shadow:
        hint = f"unset {first[0].place}" if ranks[0] < 2 else _move(hidden)
        return warning(message + shadow, hint or _rename(shadow))
    return ok(message)


def _move(hidden: list[FlagSource]) -> str:
    return "move what is hidden to the [target.…] tables, which are joined" if hidden else ""


def _rename(shadow: str) -> str:
    return "keep one of the two files, as config.toml" if shadow else ""


def _named(sources: list[FlagSource]) -> str:
    return listed([s.place + (f" (for {s.triple})" if s.triple else "") for s in sources])


def read_rust(host: Host, folder: str) -> tuple[Output, Output, Output]:
    """rustc, cargo and the installed targets, in the folder whose rust-toolchain.toml counts."""
    # rustup runs the toolchain that such a file names by path: a repository could bring its own.
    named = toolchain_by_path(folder)
    if named:
        refused = Output(failure=f"{named} names a toolchain by its path, which is not run here")
        return refused, refused, refused
    rustc = host.ask("rustc", "-vV", folder=folder)
    endless = _unread_config(folder)
    if endless:
        why = f"not asked, because rustc would read {endless}, which is not a text file of this repository"
        cargo = Output(failure=why)
    else:
        cargo = host.ask("cargo", "--version", folder=folder)
    if rustc.failure:
        return rustc, cargo, Output(failure="rustc cannot be run")
    if host.programs.find("rustup"):
        targets = host.ask("rustup", "target", "list", "--installed", folder=folder)
        if not targets.failure:
            return rustc, cargo, targets
    sysroot = host.ask("rustc", "--print", "sysroot", folder=folder)
    if sysroot.failure:
        return rustc, cargo, sysroot
    libraries = os.path.join(host.at(sysroot.text.strip()), "lib", "rustlib")
    names = [n for n in names_in(libraries) if os.path.isdir(os.path.join(libraries, n, "lib"))]
    return rustc, cargo, Output("\n".join(names))


def architecture_of(rustc: Output) -> str:
    found = re.search(r"^host: (\w+)-", rustc.text, re.MULTILINE)
    return found[1] if found else "x86_64"


def _unread_config(folder: str) -> str:
    """A configuration that Cargo would read whatever it is asked, and that may have no end: a link to a device."""
    waiting = []
    while True:
        waiting += [os.path.join(folder, ".cargo", name) for name in ("config.toml", "config")]
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in seen or not os.path.lexists(path):
            continue
        seen.add(path)
        if read_bytes(path) is None or len(seen) > _MOST_CONFIGS:
            return path
        included = (read_toml(path) or {}).get("include", [])
        for item in included if isinstance(included, list) else [included]:
            other = item.get("path") if isinstance(item, dict) else item
            if isinstance(other, str) and "\0" not in other:
                waiting.append(os.path.normpath(os.path.join(os.path.dirname(path), other)))
    return ""


def toolchain_by_path(folder: str) -> str:
    """The file at or above `folder` that names a toolchain by path, or may do so in a way that we cannot read."""
    while True:
        for name in ("rust-toolchain.toml", "rust-toolchain"):
            path = os.path.join(folder, name)
            if os.path.lexists(path) and not _only_a_channel(path):
                return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent


def _only_a_channel(path: str) -> bool:
    # rustup's TOML is more lenient than Python's: what cannot be parsed here may mean something to it.
    document = read_toml(path)
    if document is not None:
        return "path" not in table(document, "toolchain")
    return re.fullmatch(r"\s*[\w.+-]+\s*", read_text(path) or "") is not None
