"""One library as found: where, in which ABI's folder, what it says of itself, and what is wrong with it."""

import re
from typing import Literal, NamedTuple

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.elf.machine import ANDROID_ABIS, OLD_ABIS
from scaffold.inspection.elf.read import Elf

# glibc, musl, the BSDs and Solaris number their C libraries; bionic never does.
_DESKTOP_NEEDED = re.compile(
    r"(?:libc|libm|libpthread|libdl|librt|libgcc_s|libstdc\+\+|libthr)\.so\.\d|ld[-\w]*\.so\.|libc\.musl-"
)
_DESKTOP_OS_ABI = frozenset({6, 9, 12})  # Solaris, FreeBSD, OpenBSD
_DESKTOP_FOLDER = re.compile(
    r"(?:^|/)(?:linux|darwin|freebsd|openbsd|dragonfly|sunos|solaris|aix)(?!-?android)[^/]*/", re.I
)
_DESKTOP_NAME = re.compile(r"-linux-(?:gnu|musl)")
_LIBRARY_NAME = re.compile(r"\.so(?:\.\d+)*$")

Kind = Literal["apk", "split", "aab", "aar", "jar", "module", "folder", "flat", ""]


class Place(NamedTuple):
    """Where libraries are installed side by side: `path` tells places apart, `kind` what the path is.

    `apk`, `aab` and `folder` (of ABI folders) are complete; a `split` APK, an `aar`, a `jar` and a library `module`'s
    output may rely on the app; `flat` is a folder of libraries and `""` a single one. `min_sdk` is what its manifest
    says, `built_from` the Maven coordinates that a bundle lists.
    """

    path: str
    kind: Kind
    min_sdk: int | None = None
    built_from: tuple[str, ...] = ()

    @property
    def is_app(self) -> bool:
        """Whether nothing else is installed with it."""
        return self.kind in ("apk", "aab")


class Library(NamedTuple):
    """`path` is what is shown; `name` the file's, empty for an archive or folder that could not be read.

    `folder_abi` is the ABI whose folder it lies in, else ""; `foreign` the system that a file without ELF is for.
    `own_libc` is a reason to believe that it has a C library in it. `imports` are the undefined symbols that Android's
    own libraries do not settle on every device. `known` are the findings that a baseline names.
    """

    path: str
    name: str
    folder_abi: str
    place: Place
    elf: Elf | None = None
    findings: tuple[Finding, ...] = ()
    own_libc: str = ""
    foreign: str = ""
    size: int | None = None
    imports: frozenset[str] = frozenset()
    owner: str = ""
    known: tuple[Finding, ...] = ()

    @property
    def abi(self) -> str:
        """Android's name, else the ELF machine's; "" for what could not be read."""
        if self.elf is None:
            return ""
        # 32-bit ARM had two ABI names, which the file itself does not tell apart.
        both_arm = self.folder_abi == "armeabi" and self.elf.abi == "armeabi-v7a"
        return "armeabi" if both_arm else self.elf.abi

    @property
    def desktop(self) -> bool:
        """Whether it is for another system, to which Android's rules do not apply."""
        if self.elf is None:
            return bool(self.foreign)
        if self.elf.os_abi in _DESKTOP_OS_ABI or any(map(_DESKTOP_NEEDED.match, self.elf.needed)):
            return True
        if self.elf.abi not in ANDROID_ABIS and not self.folder_abi:
            return True
        # A desktop library may need nothing at all; its name tells (Python's modules), or in a jar its folder.
        return _DESKTOP_NAME.search(self.name) is not None or (
            self.place.kind == "jar"
            and _DESKTOP_FOLDER.search(self.path.rpartition("!/")[2]) is not None
        )

    @property
    def judged(self) -> bool:
        """Whether Android's rules were applied to it."""
        return self.elf is not None and not self.desktop and self.abi not in OLD_ABIS

    def with_findings(self, *findings: Finding) -> "Library":
        return self._replace(findings=(*self.findings, *findings)) if findings else self


def is_library_name(name: str) -> bool:
    """`libx.so`, and `libx.so.1.2` of desktop systems."""
    return _LIBRARY_NAME.search(name) is not None


def abi_folder(name: str) -> str:
    """The ABI that a folder of that name is for (`x86_64`, or `android.x86_64` in a prefab package), else ""."""
    abi = name.removeprefix("android.")
    return abi if abi in ANDROID_ABIS else ""


def unreadable(message: str, hint: str = "") -> Finding:
    """A library or archive that cannot be judged."""
    return Finding(Code.UNREADABLE, Severity.ERROR, f"Cannot be read: {message}.", hint)
