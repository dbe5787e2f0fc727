"""Checks of what only some hosts need: Zig, Xcode, Microsoft's linker."""

from collections.abc import Iterator

from scaffold.artifacts import decide
from scaffold.doctor.rust import builds_windows_arm, rustc_version
from scaffold.doctor.seen import Check, Machine, Subject, below, skipped, version_in
from scaffold.facts import load_facts, not_above

# The oldest and the newest Zig that the wrappers were run with (tests/toolchain/test_zig.py).
TRIED_ZIG = ("0.13.0", "0.17.1")
ARM64_TOOLS = "Microsoft.VisualStudio.Component.VC.Tools.ARM64"
_ZIG_INSTALL = {
    "linux": "https://ziglang.org/download, or pip install ziglang and ZIG=<its folder>/ziglang/zig",
    "macos": "brew install zig",
    "windows": "winget install -e --id zig.zig, or choco install zig",
}
# rustc links for iOS 10.0 from this release on, unless told otherwise (facts: hosts.md).
_IOS_RUST, _IOS_SAFE = "1.83.0", "13.0"


def zig_check(subject: Subject, machine: Machine) -> Iterator[Check]:
    """zig."""
    yield _zig(subject, machine)


def _zig(subject: Subject, machine: Machine) -> Check:
    code, answers = "zig", subject.answers
    if not answers.linux_targets:
        return skipped(code, "linux_targets is empty")
    wired = [t for t in decide.zig_targets(answers) if machine.host in t.wired_hosts]
    if not wired:
        return skipped(code, "this host links its Linux libraries with its own linker")
    install = _ZIG_INSTALL[machine.host]
    if machine.zig.failure:
        return Check(code, "error", f"Zig: {machine.zig.failure}", install)
    version = version_in(machine.zig.text, "^")
    seen = f"Zig {version} ({machine.zig_place})"
    if not version:
        message = f"{machine.zig_place} does not tell its version, as `zig version` would"
        return Check(code, "error", message, install)
    if below(version, "0.12"):
        message = f"{seen} refuses arguments that rustc passes to every link"
        return Check(code, "error", message, f"{TRIED_ZIG[1]}: {install}")
    if below(version, TRIED_ZIG[0]):
        message = f"{seen} is older than any that the wrappers were tried with ({TRIED_ZIG[0]})"
        return Check(code, "warning", message, f"{TRIED_ZIG[1]}: {install}")
    if below(TRIED_ZIG[1], version):
        message = f"{seen} is newer than any that the wrappers were tried with ({TRIED_ZIG[1]})"
        return Check(code, "warning", message, "if a link fails, give its log to scaffold explain")
    return Check(code, "ok", f"{seen} links {', '.join(t.rust_triple for t in wired)}")


def apple_checks(subject: Subject, machine: Machine) -> Iterator[Check]:
    """xcode, ios-deployment-target, apple-llvm."""
    if machine.host != "macos":
        why = "this host is no Mac"
        yield from (skipped(c, why) for c in ("xcode", "ios-deployment-target", "apple-llvm"))
        return
    yield _xcode(subject, machine)
    yield _deployment(subject, machine)
    yield _llvm(machine)


def _xcode(subject: Subject, machine: Machine) -> Check:
    version = version_in(machine.xcode.text, "^Xcode")
    if version:
        return Check("xcode", "ok", f"Xcode {version}")
    why = machine.xcode.failure or "its version cannot be read"
    status = "error" if _builds_ios(subject) else "warning"
    hint = "install Xcode, then sudo xcode-select -s /Applications/Xcode.app"
    return Check("xcode", status, f"Xcode: {why}", hint)


def _builds_ios(subject: Subject) -> bool:
    return bool(subject.ios) or subject.answers.ios_deployment_target != "none"


def _deployment(subject: Subject, machine: Machine) -> Check:
    code, answer = "ios-deployment-target", subject.answers.ios_deployment_target
    variable, rust = machine.deployment_variable, rustc_version(machine)
    if not _builds_ios(subject):
        return skipped(code, "no iOS target was found in the module")
    name = "IPHONEOS_DEPLOYMENT_TARGET"
    if variable is not None and answer not in ("none", variable):
        message = f"{name}={variable} in this environment comes before the answer {answer}"
        return Check(code, "warning", message, f"unset {name}")
    value = variable if variable is not None else answer
    new_rust = not rust or not below(rust, _IOS_RUST)
    hint = f"scaffold regenerate --set ios_deployment_target={_IOS_SAFE}"
    if value == "none" and new_rust:
        message = (
            f"{subject.ios} has iOS targets and no {name}: rustc links for iOS 10.0, C code may be built for a "
            "newer one (___chkstk_darwin)"
        )
        return Check(code, "warning", message, hint)
    if value != "none" and below(value, _IOS_SAFE):
        message = f"{name} {value} is below {_IOS_SAFE}: C code may need ___chkstk_darwin"
        return Check(code, "warning", message, hint)
    return Check(code, "ok", f"{name}: {value}")


def _llvm(machine: Machine) -> Check:
    rust = version_in(machine.rustc.text, "LLVM version:")
    apple = version_in(machine.apple_clang.text, "Apple clang version")
    xcode = version_in(machine.xcode.text, "^Xcode")
    if not apple and not xcode:
        return skipped("apple-llvm", "Apple's clang does not tell its version")
    told = f"Apple clang {apple}" if apple else f"Xcode {xcode}"
    if xcode:
        row = not_above(load_facts().xcode, xcode)
        known = not apple or row.apple_clang == apple
        llvm = f"LLVM {row.llvm}" + (", not verified" if row.mark == "R" else "")
        told += f" (Xcode {xcode}; {llvm if known else 'of an LLVM that is not known here'})"
    beside = f" beside LLVM {rust} of Rust" if rust else ""
    return Check("apple-llvm", "ok", f"{told}{beside}: a fact, not the cause of ___chkstk_darwin")


def windows_check(subject: Subject, machine: Machine) -> Iterator[Check]:
    """msvc-arm64."""
    yield _msvc(subject, machine)


def _msvc(subject: Subject, machine: Machine) -> Check:
    code = "msvc-arm64"
    if machine.host != "windows":
        return skipped(code, "this host is no Windows")
    if subject.answers.windows_arm64 == "skip":
        return skipped(code, "windows_arm64: skip")
    if not builds_windows_arm(subject, machine.host):
        return skipped(code, "the module has no desktop target")
    hint = (
        f"in the Visual Studio Installer add {ARM64_TOOLS}; "
        "or scaffold regenerate --set windows_arm64=skip"
    )
    if machine.msvc.failure:
        return Check(code, "error", f"vswhere: {machine.msvc.failure}", hint)
    folder = machine.msvc.text.strip().partition("\n")[0].strip()
    if not folder:
        message = "no Visual Studio or Build Tools has the ARM64 tools"
        return Check(code, "error", message, hint)
    if not machine.msvc_links:
        message = f"{folder} claims the ARM64 tools, and has no link.exe for arm64"
        return Check(code, "error", message, f"repair it; {hint}")
    return Check(code, "ok", machine.msvc_links[-1])
