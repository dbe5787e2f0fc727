"""What `doctor` finds, from values that `probe` saw: every check, its code, and in which order they are told."""

from collections.abc import Callable, Iterator

from scaffold.doctor.android import ndk_checks, version_checks
from scaffold.doctor.hosts import apple_checks, windows_check, zig_check
from scaffold.doctor.project import project_checks
from scaffold.doctor.rust import rust_checks, rustflags_check
from scaffold.doctor.seen import Check, Machine, Subject

# Codes are a contract with scripts: one of each in every document, whatever the machine.
CODES = {
    "answers": "whether the project has answers, or was looked at with defaults",
    "cargo-version": "Cargo reads the `cargo::` directives of build.rs, from 1.77 on",
    "rust-version": "Rust is as new as the UniFFI of this Gobley needs",
    "rust-targets": "the Rust targets of the answers are installed",
    "rustflags-sources": "which source of rustflags wins, and what it hides",
    "ndk-installed": "the NDK of the answers is installed, and is what its folder says",
    "ndk-version": "the project's own lines name the NDK of the answers",
    "ndk-chosen": "which NDK Gobley takes: ndkPath, ndkVersion, newest installed, ANDROID_NDK_ROOT",
    "ndk-libcxx": "that NDK's libc++_shared.so loads on devices with 16 KB pages",
    "agp-version": "the Android Gradle plugin aligns libraries in APKs, and Gobley knows it",
    "jna-version": "the JNA version that wins, and whether it loads with 16 KB pages",
    "zig": "Zig, which links the Linux libraries of this host",
    "xcode": "Xcode, on macOS",
    "ios-deployment-target": "iOS objects and the Rust library are built for the same release",
    "apple-llvm": "Apple's LLVM beside Rust's, as a fact",
    "msvc-arm64": "the MSVC tools for Windows on ARM",
    "cpp-runtimes": "the C++ runtimes that built crates link",
    "cdylib": "the crate makes a library that Gobley can package",
    "drift": "the generated files are as the answers say",
}
_ORDER = {"error": 0, "warning": 1, "ok": 2, "skipped": 3}


def checks(subject: Subject, machine: Machine) -> tuple[Check, ...]:
    """Every check once, in the order of CODES."""
    looks: tuple[Callable[[Subject, Machine], Iterator[Check]], ...] = (
        rust_checks,
        rustflags_check,
        ndk_checks,
        version_checks,
        zig_check,
        apple_checks,
        windows_check,
        project_checks,
    )
    found = {check.code: check for look in looks for check in look(subject, machine)}
    return tuple(found[code] for code in CODES)


def by_urgency(found: tuple[Check, ...]) -> tuple[Check, ...]:
    """Problems first, what was skipped last."""
    return tuple(sorted(found, key=lambda check: _ORDER[check.status]))
