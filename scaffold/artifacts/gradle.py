"""What the managed block of a module's `build.gradle.kts` holds, and which imports it needs."""

from collections.abc import Iterable
from typing import NamedTuple

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


class PageSizeTarget(NamedTuple):
    """One 64-bit Android target: its Gobley name and the variable that carries its rustflags."""

    rust_target: str
    variable: str


class PageSize(NamedTuple):
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


class GradleBlock(NamedTuple):
    """Everything the managed block says; what is None, False or empty is left out."""

    plugin: str
    ndk_version: str | None = None
    package_directory: str | None = None
    dynamic_cpp: bool = False
    page_size: PageSize | None = None
    zig: Zig | None = None
    skip_windows_arm64: bool = False
    jna: tuple[JnaDependency, ...] = ()

    @property
    def cargo(self) -> bool:
        """Whether there is anything to say inside `cargo {}`."""
        return bool(
            self.package_directory
            or self.dynamic_cpp
            or self.page_size
            or self.zig
            or self.skip_windows_arm64
        )

    @property
    def empty(self) -> bool:
        return not (self.cargo or self.ndk_version or self.jna)

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
        if self.skip_windows_arm64:
            needed |= {f"{DSL}.windows", f"{TARGETS}.RustWindowsTarget"}
        return tuple(sorted(needed))


def page_size(rustflags: str, targets: Iterable[tuple[str, str]]) -> PageSize | None:
    """From (Gobley target, Rust triple) of the chosen 64-bit ABIs; None where there is none."""
    found = tuple(
        PageSizeTarget(name, cargo_variable(triple, "RUSTFLAGS")) for name, triple in targets
    )
    return PageSize(rustflags, found) if found else None


def zig(
    folder: str, architectures: Iterable[str], hosts: Iterable[str], *, own_target: bool
) -> Zig | None:
    """For the `linux_targets` answer; the wrappers are `<triple>-cc`, `-cxx` and `-ar`."""
    targets = tuple(_zig_target(*LINUX_TARGETS[name]) for name in architectures)
    return Zig(folder, targets, tuple(hosts), own_target) if targets else None


def _zig_target(rust_target: str, triple: str) -> ZigTarget:
    wrappers = (
        (cargo_variable(triple, "LINKER"), f"{triple}-cc"),
        (f"CC_{_underscored(triple)}", f"{triple}-cc"),
        (f"CXX_{_underscored(triple)}", f"{triple}-cxx"),
        (f"AR_{_underscored(triple)}", f"{triple}-ar"),
    )
    return ZigTarget(rust_target, wrappers)


def cargo_variable(triple: str, setting: str) -> str:
    """Cargo's environment variable for `target.<triple>.<setting>`."""
    return f"CARGO_TARGET_{_underscored(triple).upper()}_{setting}"


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
