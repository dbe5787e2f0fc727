"""Looks at the machine for `doctor`: the programs, the NDKs, and what Cargo would read. Changes nothing."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.doctor.hosts import ARM64_TOOLS
from scaffold.doctor.rust import builds_windows_arm
from scaffold.doctor.seen import Libcxx, Machine, Subject
from scaffold.files.reading import read_text, read_toml, table
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library, Place
from scaffold.inspection.pages import load_align
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.probe.ndk import android_home, installed_ndks
from scaffold.probe.programs import Programs, Told
from scaffold.probe.rustflags import rustflag_sources

PAGE = 16384
_PLATFORMS = {"linux": "linux", "macos": "darwin", "windows": "win32"}


class Runner(Protocol):
    """Finds and runs programs: `scaffold.probe.programs.Programs`, or what a machine once answered."""

    def find(self, name: str) -> str: ...

    def allowed(self, path: str) -> bool: ...

    def run(self, path: str, *arguments: str, folder: str) -> Told: ...


@dataclass(frozen=True)
class Site:
    """Where to look: `host` as in the answers, `files` the folder in which absolute paths of that host lie."""

    root: str
    host: str
    environment: Mapping[str, str]
    programs: Runner
    files: str = ""
    build: str = "."

    def at(self, path: str) -> str:
        """A path of that host, on this one."""
        return os.path.join(self.files, *re.split(r"[\\/]", path)) if self.files else path


def look(site: Site, subject: Subject, step: Callable[[str], None] = lambda _: None) -> Machine:
    """Everything that the checks of `subject` need; `step` is told what is looked at."""
    crate = os.path.join(site.root, *subject.answers.crate.split("/"))
    folder = os.path.abspath(crate if os.path.isdir(crate) else site.root)
    step("Rust")
    rustc, cargo, targets = _rust(site, folder)
    step("the Android SDK")
    sdk, origin = android_home(site.root, site.environment, _PLATFORMS[site.host], site.build) or (
        "",
        "",
    )
    ndks = tuple(_ndk(os.path.join(sdk, "ndk", name)) for name in installed_ndks(sdk) if sdk)
    ndk_root = site.environment.get("ANDROID_NDK_ROOT", "")
    flags, hidden = rustflag_sources(folder, site.environment, site.root)
    step("Zig, Xcode, Visual Studio")
    zig_place, zig = _zig(site) if subject.answers.linux_targets else ("", Told())
    xcode, clang = _apple(site)
    msvc, links = _msvc(site, subject)
    return Machine(
        host=site.host,
        rustc=rustc,
        cargo=cargo,
        targets=targets,
        sdk=sdk,
        sdk_origin=origin,
        ndks=ndks,
        ndk_root=_ndk(ndk_root) if ndk_root and os.path.isdir(ndk_root) else None,
        libcxx=_libcxx(ndks, subject),
        flags=flags,
        hidden_configs=hidden,
        zig=zig,
        zig_place=zig_place,
        xcode=xcode,
        apple_clang=clang,
        msvc=msvc,
        msvc_links=links,
        deployment_variable=site.environment.get("IPHONEOS_DEPLOYMENT_TARGET"),
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
    wanted = [abi.rust_target for abi in decide.chosen_abis(answers)]
    return () if told.failure else tuple(t for t in wanted if t not in there), ndk


def _rust(site: Site, folder: str) -> tuple[Told, Told, Told]:
    """rustc, cargo and the installed targets, in the folder whose rust-toolchain.toml counts."""
    # rustup runs the toolchain that such a file names by path: a repository could bring its own.
    named = _toolchain_by_path(folder)
    if named:
        refused = Told(failure=f"{named} names a toolchain by its path, which is not run here")
        return refused, refused, refused
    rustc = _asked(site, folder, "rustc", "-vV")
    cargo = _asked(site, folder, "cargo", "--version")
    if rustc.failure:
        return rustc, cargo, Told(failure="rustc cannot be asked")
    if site.programs.find("rustup"):
        targets = _asked(site, folder, "rustup", "target", "list", "--installed")
        if not targets.failure:
            return rustc, cargo, targets
    sysroot = _asked(site, folder, "rustc", "--print", "sysroot")
    if sysroot.failure:
        return rustc, cargo, sysroot
    libraries = os.path.join(site.at(sysroot.text.strip()), "lib", "rustlib")
    names = [n for n in _names(libraries) if os.path.isdir(os.path.join(libraries, n, "lib"))]
    return rustc, cargo, Told("\n".join(names))


def _asked(site: Site, folder: str, name: str, *arguments: str) -> Told:
    path = site.programs.find(name)
    if not path:
        return Told(failure=f"{name} was not found on PATH (the project's own folder is left out)")
    return site.programs.run(path, *arguments, folder=folder)


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


def _libcxx(ndks: tuple[InstalledNdk, ...], subject: Subject) -> tuple[Libcxx, ...]:
    """Those of the answers' NDK, for the chosen 64-bit ABIs."""
    ndk = next((one for one in ndks if one.name == subject.answers.ndk), None)
    if ndk is None or subject.answers.cpp_runtime != "shared":
        return ()
    prebuilt = os.path.join(ndk.folder, "toolchains", "llvm", "prebuilt")
    found = []
    for abi in decide.chosen_abis(subject.answers):
        if abi.bits == 64:
            below = ("sysroot", "usr", "lib", abi.ndk_triple, "libc++_shared.so")
            paths = (os.path.join(prebuilt, host, *below) for host in _names(prebuilt))
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


def _zig(site: Site) -> tuple[str, Told]:
    """Where the wrappers would find Zig (as zig-linker.rs does), and what it says."""
    named = site.environment.get("ZIG", "").strip('"')
    if named:
        path = named if os.path.isabs(named) else site.programs.find(named)
    else:
        path = site.programs.find("zig") or next(
            (place for place in _usual_zig(site) if site.programs.allowed(place)), ""
        )
    if path:
        return path, site.programs.run(path, "version", folder=os.path.abspath(site.root))
    if named:
        return "", Told(failure=f"ZIG={named} is no program on PATH")
    return "", Told(failure="not found: not by ZIG, on PATH, nor in the usual places")


def _usual_zig(site: Site) -> Iterator[str]:
    if site.host == "windows":
        for name, *below in (
            ("LOCALAPPDATA", "Microsoft", "WinGet", "Links"),
            ("ProgramData", "chocolatey", "bin"),
            ("USERPROFILE", "scoop", "shims"),
        ):
            for end in ("exe", "cmd", "bat") if site.environment.get(name) else ():
                yield os.path.join(site.at(site.environment[name]), *below, f"zig.{end}")
        return
    for folder in (
        "/opt/homebrew/bin",
        "/usr/local/bin",
        "/home/linuxbrew/.linuxbrew/bin",
        "/snap/bin",
    ):
        yield site.at(f"{folder}/zig")


def _apple(site: Site) -> tuple[Told, Told]:
    """Xcode and Apple's clang; neither is asked without developer tools, where both would open a window."""
    if site.host != "macos":
        return Told(), Told()
    folder = os.path.abspath(site.root)
    chosen = site.programs.run(site.at("/usr/bin/xcode-select"), "-p", folder=folder)
    if chosen.failure:
        return chosen, chosen
    xcode = site.programs.run(site.at("/usr/bin/xcodebuild"), "-version", folder=folder)
    return xcode, site.programs.run(site.at("/usr/bin/clang"), "--version", folder=folder)


def _msvc(site: Site, subject: Subject) -> tuple[Told, tuple[str, ...]]:
    """vswhere's answer, and the ARM64 linkers in the folder that it names."""
    if not builds_windows_arm(subject, site.host):
        return Told(), ()
    programs = site.environment.get("ProgramFiles(x86)") or r"C:\Program Files (x86)"
    path = os.path.join(site.at(programs), "Microsoft Visual Studio", "Installer", "vswhere.exe")
    asked = ("-latest", "-products", "*", "-requires", ARM64_TOOLS, "-property", "installationPath")
    if not site.programs.allowed(path):
        return Told(failure="the Visual Studio Installer is not installed"), ()
    told = site.programs.run(path, *asked, folder=os.path.abspath(site.root))
    first = told.text.strip().partition("\n")[0].strip()
    tools = os.path.join(site.at(first), "VC", "Tools", "MSVC") if first else ""
    links = [
        os.path.join(tools, version, "bin", host, "arm64", "link.exe")
        for version in (_names(tools) if tools else ())
        for host in _names(os.path.join(tools, version, "bin"))
    ]
    return told, tuple(path for path in links if os.path.isfile(path))


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:200]
    except (OSError, ValueError):
        return []
