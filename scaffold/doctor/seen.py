"""What `probe` saw of a machine and a project, as values; and what a check says of them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.project import Project
from scaffold.explain.linkage import Link
from scaffold.facts import version_key
from scaffold.gradle.found import Setting
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.probe.programs import UNASKED, Told
from scaffold.probe.rustflags import FlagSource


class Check(NamedTuple):
    """One check: `status` is ok, warning, error or skipped; `hint` is what to run or change, if anything."""

    code: str
    status: str
    message: str
    hint: str = ""


class Libcxx(NamedTuple):
    """An ABI's libc++_shared.so in the NDK of the answers; `complaints` of its pages; `missing` from its place."""

    abi: str
    align: int
    complaints: tuple[str, ...] = ()
    missing: bool = False


class Drift(NamedTuple):
    """`state`: none, drift, conflict, absent (no scaffold.yml), new (never written), refused."""

    state: str
    details: tuple[str, ...] = ()
    hint: str = ""


NO_DRIFT = Drift("none")


@dataclass(frozen=True)
class Machine:
    """A machine as `probe` saw it. Programs' outputs are as they came; folders are shown, never opened again."""

    host: str
    rustc: Told = UNASKED
    cargo: Told = UNASKED
    targets: Told = UNASKED
    sdk: str = ""
    sdk_origin: str = ""
    ndks: tuple[InstalledNdk, ...] = ()
    ndk_root: InstalledNdk | None = None
    libcxx: tuple[Libcxx, ...] = ()
    flags: tuple[FlagSource, ...] = ()
    hidden_configs: tuple[str, ...] = ()
    zig: Told = UNASKED
    zig_place: str = ""
    xcode: Told = UNASKED
    apple_clang: Told = UNASKED
    msvc: Told = UNASKED
    msvc_links: tuple[str, ...] = ()
    deployment_variable: str | None = None


@dataclass(frozen=True)
class Subject:
    """The project: its answers, its files, what was built. `answers_place` is "" where defaults stand in."""

    answers: Answers
    project: Project
    answers_place: str = "scaffold.yml"
    agp: Setting | None = None
    agp_plugin: str = ""
    ndk_path: str = ""
    rust_plugin: bool = False
    ios: str = ""
    links: tuple[Link, ...] = ()
    crate_name: str = ""
    drift: Drift = NO_DRIFT

    @property
    def android(self) -> bool:
        """Whether there is anything to build for Android."""
        module = self.project.module
        return self.answers.plugin != "jvm" and (module is None or module.android)


NO_ANDROID = "nothing is built for Android here"


def skipped(code: str, why: str) -> Check:
    return Check(code, "skipped", why)


def key_of(version: str) -> tuple[int, ...] | None:
    """The numbers that a version begins with (`9.0.0-beta01` → 9.0); None where it begins with none."""
    found = re.match(r"\d{1,9}(?:\.\d{1,12}){0,5}", version, re.ASCII)
    return version_key(found[0]) if found else None


def version_in(text: str, before: str) -> str:
    """The version that follows `before` in a program's output; "" where there is none."""
    found = re.search(
        rf"{before}\s*v?(\d{{1,9}}(?:\.\d{{1,9}}){{1,3}}(?:[-+][\w.]{{1,40}})?)", text, re.ASCII
    )
    return found[1] if found else ""


def below(version: str, other: str) -> bool:
    """Whether `version` is older; False where either is none."""
    one, two = key_of(version), key_of(other)
    return one is not None and two is not None and one < two


def listed(items: tuple[str, ...] | list[str], most: int = 6) -> str:
    """`a, b, c`, with the rest counted."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
