"""Checks of Cargo, rustc, its targets, and of who gives rustflags."""

from collections.abc import Iterator

from scaffold.artifacts import decide
from scaffold.doctor.seen import Check, Machine, Subject, below, listed, skipped, version_in
from scaffold.facts import load_facts, not_above
from scaffold.probe.programs import Told
from scaffold.probe.rustflags import FlagSource

OLDEST_CARGO = "1.77.0"
RUSTUP = "https://rustup.rs installs it"


def rust_checks(subject: Subject, machine: Machine) -> Iterator[Check]:
    """cargo-version, rust-version, rust-targets."""
    yield _cargo(machine)
    yield _rustc(subject, machine)
    yield _targets(subject, machine)


def rustc_version(machine: Machine) -> str:
    return version_in(machine.rustc.text, r"^rustc") if not machine.rustc.failure else ""


def _cargo(machine: Machine) -> Check:
    version = version_in(machine.cargo.text, r"^cargo")
    if machine.cargo.failure or not version:
        why = machine.cargo.failure or "its version cannot be read"
        return Check("cargo-version", "error", f"Cargo: {why}", _way(machine.cargo))
    if below(version, OLDEST_CARGO):
        return Check(
            "cargo-version",
            "error",
            f"Cargo {version} does not read the `cargo::` directives of build.rs; 1.77 does",
            "rustup update, or set rust_toolchain to a newer release",
        )
    return Check("cargo-version", "ok", f"Cargo {version}")


def _way(told: Told) -> str:
    """To a Rust that answers, by what rustup said."""
    if "is not installed" in told.failure:
        return (
            "rustup toolchain install, in the crate's folder, takes what rust-toolchain.toml names"
        )
    if "no default is configured" in told.failure:
        return "rustup default stable"
    if "by its path" in told.failure:
        return "name a channel in that file, or look at that toolchain yourself"
    return RUSTUP


def _rustc(subject: Subject, machine: Machine) -> Check:
    code, answers = "rust-version", subject.answers
    version = rustc_version(machine)
    if machine.rustc.failure or not version:
        why = machine.rustc.failure or "its version cannot be read"
        return Check(code, "error", f"rustc: {why}", _way(machine.rustc))
    needed = not_above(load_facts().gobley, answers.gobley).min_rust
    crate = subject.project.crate
    if below(version, needed):
        message = f"Rust {version}: the UniFFI of Gobley {answers.gobley} needs {needed}"
        hint = f"rustup update, or scaffold regenerate --set rust_toolchain={needed}"
        return Check(code, "error", message, hint)
    if crate and crate.rust_version and below(version, crate.rust_version):
        return Check(
            code,
            "error",
            f"Rust {version}: {crate.manifest} asks for {crate.rust_version}",
            f"rustup toolchain install {crate.rust_version}",
        )
    wanted = answers.rust_toolchain
    if wanted != "none" and wanted[:1].isdigit() and not _is(version, wanted):
        message = f"Rust {version} is used here, rust_toolchain says {wanted}"
        hint = "a RUSTUP_TOOLCHAIN variable or `rustup override` comes before rust-toolchain.toml"
        return Check(code, "warning", message, hint)
    llvm = version_in(machine.rustc.text, "LLVM version:")
    built = f", LLVM {llvm}" if llvm else ""
    return Check(
        code, "ok", f"Rust {version}{built}; Gobley {answers.gobley} needs {needed} or newer"
    )


def _is(version: str, wanted: str) -> bool:
    return version == wanted or version.startswith(wanted + ".")


def wanted_targets(subject: Subject, host: str) -> tuple[str, ...]:
    """The Rust targets that this host builds for these answers."""
    answers = subject.answers
    android = [abi.rust_target for abi in decide.chosen_abis(answers)] if subject.android else []
    linux = [t.rust_triple for t in decide.zig_targets(answers) if host in t.wired_hosts]
    windows = ["aarch64-pc-windows-msvc"] if builds_windows_arm(subject, host) else []
    return (*android, *linux, *windows)


def builds_windows_arm(subject: Subject, host: str) -> bool:
    """Whether a Windows-on-ARM desktop library is built here."""
    answers, module = subject.answers, subject.project.module
    jvm = answers.plugin != "android" and (
        answers.plugin == "jvm" or module is None or module.jvm_source_set is not None
    )
    return host == "windows" and jvm and answers.windows_arm64 == "build"


def _targets(subject: Subject, machine: Machine) -> Check:
    code = "rust-targets"
    wanted = wanted_targets(subject, machine.host)
    if not wanted:
        return skipped(code, "no target besides this host's own is built")
    if machine.targets.failure:
        return skipped(code, f"the installed targets are not known: {machine.targets.failure}")
    installed = set(machine.targets.text.split())
    missing = [target for target in wanted if target not in installed]
    if not missing:
        return Check(code, "ok", f"installed: {listed(wanted, 8)}")
    message = f"not installed for the toolchain of this project: {listed(missing, 8)}"
    status = "error"
    if subject.rust_plugin:
        status = "warning"
        message += "; the plugin dev.gobley.rust would add them to the active toolchain"
    return Check(code, status, message, f"rustup target add {' '.join(missing)}")


def rustflags_check(subject: Subject, machine: Machine) -> Iterator[Check]:
    """rustflags-sources: the first rank that says anything hides the others, even where it is empty."""
    code = "rustflags-sources"
    pages = decide.page_size(subject.answers)
    ours = pages.strategy in ("cargo-config", "gradle") and bool(pages.link_args and pages.abis)
    shadow = "".join(
        f"; {place} is not read, because .cargo/config lies beside it"
        for place in machine.hidden_configs
    )
    ranks = sorted({source.rank for source in machine.flags})
    if not ranks:
        status = "warning" if shadow else "ok"
        yield Check(code, status, f"no source of rustflags was found{shadow}", _rename(shadow))
        return
    first = [source for source in machine.flags if source.rank == ranks[0]]
    hidden = [source for source in machine.flags if source.rank > ranks[0]]
    message = f"{_named(first)} counts"
    if hidden:
        message += f" and hides {_named(hidden)}"
    if ours and ranks[0] < 2:
        message += f"; the 16 KB flags of page_size: {pages.strategy} do not reach the linker"
        hint = f"unset {first[0].place}, or scaffold regenerate --set page_size=build-script"
        yield Check(code, "error", message + shadow, hint)
    elif hidden or shadow:
        hint = f"unset {first[0].place}" if ranks[0] < 2 else _move(hidden)
        yield Check(code, "warning", message + shadow, hint or _rename(shadow))
    else:
        yield Check(code, "ok", message)


def _move(hidden: list[FlagSource]) -> str:
    return "move what is hidden to the [target.…] tables, which are joined" if hidden else ""


def _rename(shadow: str) -> str:
    return "keep one of the two files, as config.toml" if shadow else ""


def _named(sources: list[FlagSource]) -> str:
    return listed([s.place + (f" (for {s.triple})" if s.triple else "") for s in sources])
