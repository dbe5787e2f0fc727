"""Reads the machine for `doctor`: the programs, the NDKs, and what Cargo would read. Changes nothing."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from scaffold.answers.model import Answers
from scaffold.artifacts.context import chosen_abis
from scaffold.doctor.desktop import CROSS_LINKERS
from scaffold.doctor.facts import Libcxx, MachineFacts, ProjectFacts
from scaffold.doctor.hosts import ARM64_TOOLS
from scaffold.doctor.rust import builds_windows_arm
from scaffold.files.reading import read_text, read_toml, table
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library, Place
from scaffold.inspection.pages import load_align
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.probe.ndk import android_home, installed_ndks
from scaffold.probe.programs import Output, Programs
from scaffold.probe.rustflags import cargo_home, rustflag_sources

PAGE = 16384
_PLATFORMS = {"linux": "linux", "macos": "darwin", "windows": "win32"}


class Runner(Protocol):
    """Finds and runs programs: `scaffold.probe.programs.Programs`, or what a machine once answered."""

    def find(self, name: str) -> str: ...

    def allowed(self, path: str) -> bool: ...

    def run(self, path: str, *arguments: str, folder: str) -> Output: ...


@dataclass(frozen=True)
class Host:
    """The machine to read: `name` as in the answers, `files` the folder in which absolute paths of that host lie."""

    root: str
    name: str
    environment: Mapping[str, str]
    programs: Runner
    files: str = ""
    build: str = "."

    def at(self, path: str) -> str:
        """A path of that host, on this one; a drive is a folder here, or it would leave `files`."""
        if not self.files:
            return path
        return os.path.join(self.files, *re.split(r"[\\/]", path.replace(":", "", 1)))


def read_machine(
    host: Host, project: ProjectFacts, step: Callable[[str], None] = lambda _: None
) -> MachineFacts:
    """Everything that the checks of `project` need; `step` is called with what is read."""
    crate = os.path.join(host.root, *project.answers.crate.split("/"))
    folder = os.path.abspath(crate if os.path.isdir(crate) else host.root)
    step("Rust")
    rustc, cargo, targets = _rust(host, folder)
    step("the Android SDK")
    sdk, origin = android_home(host.root, host.environment, _PLATFORMS[host.name], host.build) or (
        "",
        "",
    )
    ndks = tuple(_ndk(os.path.join(sdk, "ndk", name)) for name in installed_ndks(sdk) if sdk)
    ndk_root = host.environment.get("ANDROID_NDK_ROOT", "")
    flags, hidden = rustflag_sources(folder, host.environment, host.root)
    step("Zig, Xcode, Visual Studio")
    zig_place, zig = _zig(host) if project.answers.linux_targets else ("", Output())
    xcode, clang = _apple(host)
    msvc, links = _msvc(host, project)
    return MachineFacts(
        host=host.name,
        rustc=rustc,
        cargo=cargo,
        targets=targets,
        sdk=sdk,
        sdk_origin=origin,
        ndks=ndks,
        ndk_root=_ndk(ndk_root) if ndk_root and os.path.isdir(ndk_root) else None,
        libcxx=_libcxx(ndks, project),
        cargo_ndk=_cargo_ndk(host, project, folder),
        architecture=_architecture(rustc),
        cross_linkers=tuple(name for name in CROSS_LINKERS.values() if host.programs.find(name)),
        flags=flags,
        hidden_configs=hidden,
        zig=zig,
        zig_place=zig_place,
        xcode=xcode,
        apple_clang=clang,
        msvc=msvc,
        msvc_links=links,
        deployment_variable=host.environment.get("IPHONEOS_DEPLOYMENT_TARGET"),
    )


def readiness(root: str, answers: Answers, *, android: bool) -> tuple[tuple[str, ...], bool]:
    """(Rust targets that rustup lacks for the ABIs, whether the NDK is installed); cheap enough for every `init`."""
    home = android_home(root)
    ndk = home is not None and answers.ndk in installed_ndks(home[0])
    programs = Programs(root, os.environ)
    folder = os.path.abspath(root)
    rustup = programs.find("rustup")
    if not android or not rustup or _toolchain_by_path(folder):
        return (), ndk
    told = programs.run(rustup, "target", "list", "--installed", folder=folder)
    there = set(told.text.split())
    wanted = [abi.rust_target for abi in chosen_abis(answers)]
    return () if told.failure else tuple(t for t in wanted if t not in there), ndk


def _rust(host: Host, folder: str) -> tuple[Output, Output, Output]:
    """rustc, cargo and the installed targets, in the folder whose rust-toolchain.toml counts."""
    # rustup runs the toolchain that such a file names by path: a repository could bring its own.
    named = _toolchain_by_path(folder)
    if named:
        refused = Output(failure=f"{named} names a toolchain by its path, which is not run here")
        return refused, refused, refused
    rustc = _asked(host, folder, "rustc", "-vV")
    cargo = _asked(host, folder, "cargo", "--version")
    if rustc.failure:
        return rustc, cargo, Output(failure="rustc cannot be asked")
    if host.programs.find("rustup"):
        targets = _asked(host, folder, "rustup", "target", "list", "--installed")
        if not targets.failure:
            return rustc, cargo, targets
    sysroot = _asked(host, folder, "rustc", "--print", "sysroot")
    if sysroot.failure:
        return rustc, cargo, sysroot
    libraries = os.path.join(host.at(sysroot.text.strip()), "lib", "rustlib")
    names = [n for n in _names(libraries) if os.path.isdir(os.path.join(libraries, n, "lib"))]
    return rustc, cargo, Output("\n".join(names))


def _cargo_ndk(host: Host, project: ProjectFacts, folder: str) -> Output:
    if project.answers.rust_build != "cargo-ndk":
        return Output()
    path = host.programs.find("cargo-ndk")
    if not path:
        # Gradle's daemon and a shell differ in PATH; Cargo itself looks in its home as well.
        name = "cargo-ndk.exe" if host.name == "windows" else "cargo-ndk"
        path = os.path.join(
            cargo_home(host.environment, windows=host.name == "windows"), "bin", name
        )
        if not host.programs.allowed(path):
            return Output(failure="not found on PATH, nor in Cargo's home")
    return host.programs.run(path, "ndk", "--version", folder=folder)


def _architecture(rustc: Output) -> str:
    found = re.search(r"^host: (\w+)-", rustc.text, re.MULTILINE)
    return found[1] if found else "x86_64"


def _asked(host: Host, folder: str, name: str, *arguments: str) -> Output:
    path = host.programs.find(name)
    if not path:
        return Output(
            failure=f"{name} was not found on PATH (the project's own folder is left out)"
        )
    return host.programs.run(path, *arguments, folder=folder)


def _toolchain_by_path(folder: str) -> str:
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


def _ndk(folder: str) -> InstalledNdk:
    text = read_text(os.path.join(folder, "source.properties"), 65536) or ""
    found = re.search(r"^\s*Pkg\.Revision\s*=\s*(\d[\w.-]{0,60})\s*$", text, re.MULTILINE)
    return InstalledNdk(folder, os.path.basename(folder), found[1] if found else "")


def _libcxx(ndks: tuple[InstalledNdk, ...], project: ProjectFacts) -> tuple[Libcxx, ...]:
    """Those of the answers' NDK, for the chosen 64-bit ABIs."""
    ndk = next((one for one in ndks if one.name == project.answers.ndk), None)
    if ndk is None or project.answers.cpp_runtime != "shared":
        return ()
    prebuilt = os.path.join(ndk.folder, "toolchains", "llvm", "prebuilt")
    found = []
    for abi in chosen_abis(project.answers):
        if abi.bits == 64:
            below = ("sysroot", "usr", "lib", abi.ndk_triple, "libc++_shared.so")
            paths = (os.path.join(prebuilt, name, *below) for name in _names(prebuilt))
            path = next((path for path in paths if os.path.isfile(path)), "")
            found.append(_judged(abi.abi, path) if path else Libcxx(abi.abi, 0, missing=True))
    return tuple(found)


def _judged(abi: str, path: str) -> Libcxx:
    blank = Library(path, os.path.basename(path), abi, Place(path, ""))
    try:
        with FileSource(path) as source:
            library = read_library(blank, source, PAGE)
    except (OSError, Damaged) as error:
        return Libcxx(abi, 0, (str(error),))
    align = load_align(library.elf) if library.elf else 0
    return Libcxx(abi, align, tuple(finding.message for finding in library.findings))


def _zig(host: Host) -> tuple[str, Output]:
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
        return "", Output(failure=f"ZIG={named} is no program on PATH")
    return "", Output(failure="not found: not by ZIG, on PATH, nor in the usual places")


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


def _apple(host: Host) -> tuple[Output, Output]:
    """Xcode and Apple's clang; neither is asked without developer tools, where both would open a window."""
    if host.name != "macos":
        return Output(), Output()
    folder = os.path.abspath(host.root)
    chosen = host.programs.run(host.at("/usr/bin/xcode-select"), "-p", folder=folder)
    if chosen.failure:
        return chosen, chosen
    xcode = host.programs.run(host.at("/usr/bin/xcodebuild"), "-version", folder=folder)
    return xcode, host.programs.run(host.at("/usr/bin/clang"), "--version", folder=folder)


def _msvc(host: Host, project: ProjectFacts) -> tuple[Output, tuple[str, ...]]:
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
        for version in (_names(tools) if tools else ())
        for of in _names(os.path.join(tools, version, "bin"))
    ]
    return output, tuple(path for path in links if os.path.isfile(path))


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:200]
    except (OSError, ValueError):
        return []
