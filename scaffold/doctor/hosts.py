"""Checks of what only some hosts need: Zig, Xcode, Microsoft's linker."""

import os
from collections.abc import Iterator

from scaffold.artifacts.linux import linux_targets
from scaffold.doctor.check import Verdict, below, error, ok, rule, skipped, version_in, warning
from scaffold.doctor.facts import MachineFacts, ProjectFacts
from scaffold.doctor.host import Host, names_in
from scaffold.doctor.rust import builds_windows_arm, rustc_version
from scaffold.facts import load_facts, not_above
from scaffold.probe.programs import Output

# The oldest and the newest Zig that the wrappers were run with (tests/toolchain/test_zig.py).
TRIED_ZIG = ("0.13.0", "0.17.1")
ARM64_TOOLS = "Microsoft.VisualStudio.Component.VC.Tools.ARM64"
_ZIG_INSTALL = {
    "linux": "https://ziglang.org/download, or pip install ziglang and ZIG=<its folder>/ziglang/zig",
    "macos": "brew install zig",
    "windows": "winget install -e --id zig.zig, or choco install zig",
}
# rustc links for iOS 10.0 from this release on, unless told otherwise (facts: hosts.md).
_MACS = "checked on macOS only"
_IOS_RUST, _IOS_SAFE = "1.83.0", "13.0"


@rule("zig")
def zig(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    answers = project.answers
    if not answers.linux_targets:
        return skipped("linux_targets is empty")
    wired = [t for t in linux_targets(answers) if machine.host in t.wired_hosts]
    if not wired:
        return skipped("this host links its Linux libraries with its own linker")
    install = _ZIG_INSTALL[machine.host]
    if machine.zig.failure:
        return error(f"Zig: {machine.zig.failure}", install)
    version = version_in(machine.zig.text, "^")
    seen = f"Zig {version} ({machine.zig_place})"
    if not version:
        message = f"{machine.zig_place} prints no version for `zig version`"
        return error(message, install)
    if below(version, "0.12"):
        message = f"{seen} refuses arguments that rustc passes to every link"
        return error(message, f"{TRIED_ZIG[1]}: {install}")
    if below(version, TRIED_ZIG[0]):
        message = (
            f"{seen} is older than the versions that scaffold was tested with ({TRIED_ZIG[0]})"
        )
        return warning(message, f"{TRIED_ZIG[1]}: {install}")
    if below(TRIED_ZIG[1], version):
        message = (
            f"{seen} is newer than the versions that scaffold was tested with ({TRIED_ZIG[1]})"
        )
        return warning(message, "if a link fails, give its log to scaffold explain")
    return ok(f"{seen} links {', '.join(t.rust_triple for t in wired)}")


@rule("xcode")
def xcode(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if machine.host != "macos":
        return skipped(_MACS)
    version = version_in(machine.xcode.text, "^Xcode")
    if version:
        return ok(f"Xcode {version}")
    why = machine.xcode.failure or "its version cannot be read"
    hint = "install Xcode, then sudo xcode-select -s /Applications/Xcode.app"
    return (error if _builds_ios(project) else warning)(f"Xcode: {why}", hint)


def _ios_place(project: ProjectFacts) -> str:
    return project.project.module.ios if project.project.module else ""


def _builds_ios(project: ProjectFacts) -> bool:
    return bool(_ios_place(project)) or project.answers.ios_deployment_target != "none"


@rule("ios-deployment-target")
def ios_deployment_target(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if machine.host != "macos":
        return skipped(_MACS)
    answer = project.answers.ios_deployment_target
    variable, rust = machine.deployment_variable, rustc_version(machine)
    if not _builds_ios(project):
        return skipped("no iOS target was found in the module")
    name = "IPHONEOS_DEPLOYMENT_TARGET"
    if variable is not None and answer not in ("none", variable):
        message = f"{name}={variable} in this environment overrides the answer {answer}"
        return warning(message, f"unset {name}")
    value = variable if variable is not None else answer
    new_rust = not rust or not below(rust, _IOS_RUST)
    hint = f"scaffold regenerate --set ios_deployment_target={_IOS_SAFE}"
    if value == "none" and new_rust:
        message = (
            f"{_ios_place(project)} has iOS targets and no {name}: rustc links for iOS 10.0, C code may be built for a "
            "newer one (___chkstk_darwin)"
        )
        return warning(message, hint)
    if value != "none" and below(value, _IOS_SAFE):
        message = f"{name} {value} is below {_IOS_SAFE}: C code may need ___chkstk_darwin"
        return warning(message, hint)
    return ok(f"{name}: {value}")


@rule("apple-llvm")
def apple_llvm(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if machine.host != "macos":
        return skipped(_MACS)
    rust = version_in(machine.rustc.text, "LLVM version:")
    apple = version_in(machine.apple_clang.text, "Apple clang version")
    xcode = version_in(machine.xcode.text, "^Xcode")
    if not apple and not xcode:
        return skipped("Apple's clang does not report its version")
    told = f"Apple clang {apple}" if apple else f"Xcode {xcode}"
    if xcode:
        row = not_above(load_facts().xcode, xcode)
        known = not apple or row.apple_clang == apple
        llvm = f"LLVM {row.llvm}" + (", not verified" if row.mark == "R" else "")
        told += f" (Xcode {xcode}; {llvm if known else 'with an LLVM that scaffold does not know'})"
    beside = f" beside LLVM {rust} of Rust" if rust else ""
    return ok(f"{told}{beside}; for information only, not the cause of ___chkstk_darwin")


@rule("msvc-arm64")
def msvc_arm64(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if machine.host != "windows":
        return skipped("checked on Windows only")
    if project.answers.windows_arm64 == "skip":
        return skipped("windows_arm64 is skip")
    if not builds_windows_arm(project, machine.host):
        return skipped("the module has no desktop target")
    hint = (
        f"in the Visual Studio Installer add {ARM64_TOOLS}; "
        "or scaffold regenerate --set windows_arm64=skip"
    )
    if machine.msvc.failure:
        return error(f"vswhere: {machine.msvc.failure}", hint)
    folder = machine.msvc.text.strip().partition("\n")[0].strip()
    if not folder:
        message = "no Visual Studio or Build Tools has the ARM64 tools"
        return error(message, hint)
    if not machine.msvc_links:
        message = f"{folder} lists the ARM64 tools, but has no link.exe for arm64"
        return error(message, f"repair it; {hint}")
    return ok(machine.msvc_links[-1])


def read_zig(host: Host) -> tuple[str, Output]:
    """Where the wrappers would find Zig (as zig-linker.rs does), and its version."""
    named = host.environment.get("ZIG", "").strip('"')
    if named:
        path = named if os.path.isabs(named) else host.programs.find(named)
    else:
        path = host.programs.find("zig") or next(
            (place for place in _usual_zig(host) if host.programs.allowed(place)), ""
        )
    if path:
        return path, host.programs.run(path, "version", folder=os.path.abspath(host.root))
    if named:
        return "", Output(failure=f"ZIG={named} is not a program on PATH")
    return "", Output(failure="not found through ZIG, on PATH, or in the usual places")


def _usual_zig(host: Host) -> Iterator[str]:
    if host.name == "windows":
        for name, *below in (
            ("LOCALAPPDATA", "Microsoft", "WinGet", "Links"),
            ("ProgramData", "chocolatey", "bin"),
            ("USERPROFILE", "scoop", "shims"),
        ):
            for end in ("exe", "cmd", "bat") if host.environment.get(name) else ():
                yield os.path.join(host.at(host.environment[name]), *below, f"zig.{end}")
        return
    for folder in (
        "/opt/homebrew/bin",
        "/usr/local/bin",
        "/home/linuxbrew/.linuxbrew/bin",
        "/snap/bin",
    ):
        yield host.at(f"{folder}/zig")


def read_apple(host: Host) -> tuple[Output, Output]:
    """Xcode and Apple's clang; neither is asked without developer tools, where both would open a window."""
    if host.name != "macos":
        return Output(), Output()
    folder = os.path.abspath(host.root)
    chosen = host.programs.run(host.at("/usr/bin/xcode-select"), "-p", folder=folder)
    if chosen.failure:
        return chosen, chosen
    xcode = host.programs.run(host.at("/usr/bin/xcodebuild"), "-version", folder=folder)
    return xcode, host.programs.run(host.at("/usr/bin/clang"), "--version", folder=folder)


def read_msvc(host: Host, project: ProjectFacts) -> tuple[Output, tuple[str, ...]]:
    """vswhere's answer, and the ARM64 linkers in the folder that it names."""
    if not builds_windows_arm(project, host.name):
        return Output(), ()
    programs = host.environment.get("ProgramFiles(x86)") or r"C:\Program Files (x86)"
    path = os.path.join(host.at(programs), "Microsoft Visual Studio", "Installer", "vswhere.exe")
    asked = (
        "-utf8",
        "-latest",
        "-products",
        "*",
        "-requires",
        ARM64_TOOLS,
        "-property",
        "installationPath",
    )
    if not host.programs.allowed(path):
        return Output(failure="the Visual Studio Installer is not installed"), ()
    output = host.programs.run(path, *asked, folder=os.path.abspath(host.root))
    first = output.text.strip().partition("\n")[0].strip()
    tools = os.path.join(host.at(first), "VC", "Tools", "MSVC") if first else ""
    links = [
        os.path.join(tools, version, "bin", of, "arm64", "link.exe")
        for version in (names_in(tools) if tools else ())
        for of in names_in(os.path.join(tools, version, "bin"))
    ]
    return output, tuple(path for path in links if os.path.isfile(path))
