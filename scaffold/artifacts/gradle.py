"""What the managed block of a module's build script says, as values; and the names of Gobley's DSL."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.probe.crate import Bindgen

DSL = "gobley.gradle.cargo.dsl"
HOST = "gobley.gradle.GobleyHost"
TARGETS = "gobley.gradle.rust.targets"

ANDROID_AAR = "@aar"
JNA = "net.java.dev.jna:jna"

# GobleyHost.Platform has no other members.
HOSTS = {"linux": "Linux", "macos": "MacOS", "windows": "Windows"}

LINUX_TARGETS = {
    "x86_64": ("RustPosixTarget.LinuxX64", "x86_64-unknown-linux-gnu"),
    "aarch64": ("RustPosixTarget.LinuxArm64", "aarch64-unknown-linux-gnu"),
}

# What `embedRustLibrary` compares with or lists.
OWN_TARGET = "GobleyHost.current.rustTarget"
WINDOWS_ARM64 = "RustWindowsTarget.Arm64"
_TARGET_SET = re.compile(r"rustTarget in (?:set|list)Of ?\(((?:[\w. ]+,?)*)\)")


class PageSizeTarget(NamedTuple):
    """One 64-bit Android target: its Gobley name and the variable that carries its rustflags."""

    rust_target: str
    variable: str


class PageSizeFlags(NamedTuple):
    """The `gradle` strategy: the same rustflags for each 64-bit target."""

    rustflags: str
    targets: tuple[PageSizeTarget, ...]


class ZigTarget(NamedTuple):
    """A desktop Linux target: variable → wrapper, as a file name without its extension."""

    rust_target: str
    wrappers: tuple[tuple[str, str], ...]


class Zig(NamedTuple):
    """Zig as the linker, chosen by the host at build time.

    `folder` is where the wrappers are, seen from the module. `hosts` are the answer's; any other
    host is left as it is. `own_target`: a Linux host links its own target with Zig too.
    """

    folder: str
    targets: tuple[ZigTarget, ...]
    hosts: tuple[str, ...]
    own_target: bool = False

    @property
    def other_hosts(self) -> tuple[str, ...]:
        """Platforms that keep their own linker, as members of `GobleyHost.Platform`."""
        return tuple(name for host, name in HOSTS.items() if host not in self.hosts)

    @property
    def spares_own_target(self) -> bool:
        return "linux" in self.hosts and not self.own_target

    @property
    def extensions(self) -> tuple[str, ...]:
        """What the chosen hosts' wrappers end in; two only where Windows is one of several."""
        found = {"bat" if host == "windows" else "sh" for host in self.hosts}
        return tuple(sorted(found))


class JnaDependency(NamedTuple):
    """`scope` is a source set of a multiplatform module, else a configuration."""

    scope: str
    notation: str


class Task(NamedTuple):
    """A task of ours that puts libraries into the app.

    `abis` are (Android's name, the NDK's triple). With a `crate` (seen from the module), cargo-ndk builds it, and
    `root` is the project that holds it; `runtime`: libc++_shared.so is packaged; `bindgen` generates Kotlin. `ndk`: the
    NDK, where Android's plugin has no `ndkVersion`, as in a multiplatform library.
    """

    abis: tuple[tuple[str, str], ...]
    runtime: bool
    crate: str | None = None
    root: str = "."
    bindgen: Bindgen | None = None
    ndk: str | None = None


class Block(NamedTuple):
    """Everything the managed block says; what is None, False or empty is left out.

    `gobley`: without an NDK, the newest is taken, else AGP's default. `embedded` are the Rust targets that a desktop
    jar holds beside the host's own; None leaves that to the user.
    """

    plugin: str
    ndk_version: str | None = None
    abi_filters: tuple[str, ...] = ()
    package_directory: str | None = None
    dynamic_cpp: bool = False
    page_size: PageSizeFlags | None = None
    zig: Zig | None = None
    embedded: tuple[str, ...] | None = None
    skip_windows_arm64: bool = False
    jna: tuple[JnaDependency, ...] = ()
    task: Task | None = None
    gobley: bool = False

    @property
    def android(self) -> bool:
        """Whether there is anything to say inside `android {}`."""
        return bool(self.ndk_version or self.abi_filters)

    @property
    def cargo(self) -> bool:
        """Whether there is anything to say inside Gobley's `cargo {}`."""
        said = (self.package_directory, self.dynamic_cpp, self.page_size, self.zig)
        return any(said) or self.skip_windows_arm64 or self.embedded is not None

    @property
    def empty(self) -> bool:
        return not (self.cargo or self.android or self.jna or self.task)

    @property
    def embed_rust_library(self) -> str:
        """The expression for `embedded`."""
        return embedded_expression((OWN_TARGET, *(self.embedded or ())), " " * 8)

    @property
    def imports(self) -> tuple[str, ...]:
        """The imports that the block needs, sorted; the merge leaves out what the user's script has."""
        needed: set[str] = set()
        if self.dynamic_cpp or self.page_size:
            needed.add(f"{DSL}.android")
        if self.page_size:
            needed.add(f"{TARGETS}.RustAndroidTarget")
        if self.zig:
            needed |= {f"{DSL}.linux", f"{TARGETS}.RustPosixTarget"}
            if self.zig.other_hosts or self.zig.spares_own_target or len(self.zig.extensions) > 1:
                needed.add(HOST)
        if self.embedded is not None:
            needed |= {f"{DSL}.jvm"} | embedded_imports((OWN_TARGET, *self.embedded))
        if self.skip_windows_arm64:
            needed |= {f"{DSL}.windows", f"{TARGETS}.RustWindowsTarget"}
        return tuple(sorted(needed))


def cargo_variable(triple: str, setting: str) -> str:
    """Cargo's environment variable for `target.<triple>.<setting>`."""
    return f"CARGO_TARGET_{_underscored(triple).upper()}_{setting}"


def zig_target(architecture: str) -> ZigTarget:
    """One of `linux_targets`; its wrappers are `<triple>-cc`, `-cxx` and `-ar`."""
    rust_target, triple = LINUX_TARGETS[architecture]
    wrappers = (
        (cargo_variable(triple, "LINKER"), f"{triple}-cc"),
        (f"CC_{_underscored(triple)}", f"{triple}-cc"),
        (f"CXX_{_underscored(triple)}", f"{triple}-cxx"),
        (f"AR_{_underscored(triple)}", f"{triple}-ar"),
    )
    return ZigTarget(rust_target, wrappers)


def _underscored(triple: str) -> str:
    return triple.replace("-", "_").replace(".", "_")


def jna_dependencies(
    plugin: str, version: str, *, android: bool = True, jvm_source_set: str | None = "jvmMain"
) -> tuple[JnaDependency, ...]:
    """The forms JNA takes: an AAR for Android, a plain jar for desktop and Android's unit tests.

    `android` and `jvm_source_set` describe a multiplatform module: has it an Android target, and
    what is its JVM target's main source set called (`desktopMain` for `jvm("desktop")`, or None).
    """
    jar = f"{JNA}:{version}"
    if plugin == "jvm":
        return (JnaDependency("implementation", jar),)
    if plugin == "android":
        return (
            JnaDependency("implementation", jar + ANDROID_AAR),
            JnaDependency("testImplementation", jar),
        )
    android_main = (JnaDependency("androidMain", jar + ANDROID_AAR),) if android else ()
    return android_main + ((JnaDependency(jvm_source_set, jar),) if jvm_source_set else ())


def embedded_targets(answers: Answers) -> tuple[str, ...]:
    """The desktop targets that the answers embed beside the host's own."""
    targets = [LINUX_TARGETS[name][0] for name in answers.linux_targets]
    if "windows" in answers.hosts and answers.windows_arm64 == "build":
        targets.append(WINDOWS_ARM64)
    return tuple(targets)


def embedded_in(expression: str) -> tuple[str, ...] | None:
    """The targets that a build script's expression, on one line, embeds; None where it is none of ours."""
    if expression == f"rustTarget == {OWN_TARGET}":
        return (OWN_TARGET,)
    listed = _TARGET_SET.fullmatch(expression)
    if listed is None:
        return None
    return tuple(name for part in listed[1].split(",") if (name := part.strip()))


def embedded_expression(targets: Sequence[str], indent: str) -> str:
    """The Kotlin of it, in a line that is indented so."""
    if tuple(targets) == (OWN_TARGET,):
        return f"rustTarget == {OWN_TARGET}"
    lines = "".join(f"{indent}    {name},\n" for name in targets)
    return f"rustTarget in setOf(\n{lines}{indent})"


def embedded_imports(targets: Iterable[str]) -> set[str]:
    """The classes that such an expression names."""
    classes = {name.partition(".")[0] for name in targets}
    return {HOST if name == "GobleyHost" else f"{TARGETS}.{name}" for name in classes}
