"""Reads the machine for `doctor`: the programs, the NDKs, and what Cargo would read. Changes nothing."""

import os
from collections.abc import Callable
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.context import chosen_abis
from scaffold.doctor.desktop import CROSS_LINKERS
from scaffold.doctor.facts import MachineFacts, ProjectFacts
from scaffold.doctor.gradle import find_cargo_ndk, read_cargo_ndk
from scaffold.doctor.host import Host
from scaffold.doctor.hosts import read_apple, read_msvc, read_zig
from scaffold.doctor.ndk import read_libcxx, read_ndk
from scaffold.doctor.rust import architecture_of, read_rust, toolchain_by_path
from scaffold.probe.ndk import android_home, installed_ndks
from scaffold.probe.programs import Output, Programs
from scaffold.probe.rustflags import rustflag_sources

_PLATFORMS = {"linux": "linux", "macos": "darwin", "windows": "win32"}


def read_machine(
    host: Host, project: ProjectFacts, step: Callable[[str], None] = lambda _: None
) -> MachineFacts:
    """Everything that the checks of `project` need; `step` is called with what is read."""
    crate = os.path.join(host.root, *project.answers.crate.split("/"))
    folder = os.path.abspath(crate if os.path.isdir(crate) else host.root)
    step("Rust")
    rustc, cargo, targets = read_rust(host, folder)
    step("the Android SDK")
    sdk, origin = android_home(host.root, host.environment, _PLATFORMS[host.name], host.build) or (
        "",
        "",
    )
    ndks = tuple(read_ndk(os.path.join(sdk, "ndk", name)) for name in installed_ndks(sdk) if sdk)
    ndk_root = host.environment.get("ANDROID_NDK_ROOT", "")
    flags, hidden = rustflag_sources(folder, host.environment, host.root)
    step("Zig, Xcode, Visual Studio")
    zig_place, zig = read_zig(host) if project.answers.linux_targets else ("", Output())
    xcode, clang = read_apple(host)
    msvc, links = read_msvc(host, project)
    return MachineFacts(
        host=host.name,
        rustc=rustc,
        cargo=cargo,
        targets=targets,
        sdk=sdk,
        sdk_origin=origin,
        ndks=ndks,
        ndk_root=read_ndk(ndk_root) if ndk_root and os.path.isdir(ndk_root) else None,
        libcxx=read_libcxx(ndks, project),
        cargo_ndk=read_cargo_ndk(host, project, folder),
        architecture=architecture_of(rustc),
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


class Readiness(NamedTuple):
    """What a first build lacks: Rust targets for the ABIs (none where unknown), the NDK, cargo-ndk where it builds."""

    missing_targets: tuple[str, ...] = ()
    ndk: bool = True
    cargo_ndk: bool = True


def readiness(root: str, answers: Answers, *, android: bool) -> Readiness:
    """Cheap enough for every `init`."""
    home = android_home(root)
    ndk = home is not None and answers.ndk in installed_ndks(home[0])
    programs = Programs(root, os.environ)
    folder = os.path.abspath(root)
    cargo_ndk = answers.rust_build != "cargo-ndk" or bool(
        find_cargo_ndk(programs, os.environ, windows=os.name == "nt")
    )
    rustup = programs.find("rustup")
    if not android or not rustup or toolchain_by_path(folder):
        return Readiness((), ndk, cargo_ndk)
    told = programs.run(rustup, "target", "list", "--installed", folder=folder)
    there = set(told.text.split())
    wanted = [abi.rust_target for abi in chosen_abis(answers)]
    missing = () if told.failure else tuple(t for t in wanted if t not in there)
    return Readiness(missing, ndk, cargo_ndk)
