"""What is known of a machine and of a project when the checks begin: values, read once."""

from typing import Literal, NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.project import Project
from scaffold.explain.linkage import Link
from scaffold.probe.cpp import CppLook
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.probe.programs import NOT_ASKED, Output
from scaffold.probe.rustflags import FlagSource

Builder = Literal["Gobley", "cargo-ndk", "rust-android-gradle", "your build"]
_BUILDERS: dict[str, Builder] = {
    "gobley": "Gobley",
    "cargo-ndk": "cargo-ndk",
    "rust-android-gradle": "rust-android-gradle",
}
DriftState = Literal["none", "drift", "conflict", "absent", "new", "refused"]


class Libcxx(NamedTuple):
    """An ABI's libc++_shared.so in the NDK of the answers; `complaints` of its pages; `missing` from its place."""

    abi: str
    align: int
    complaints: tuple[str, ...] = ()
    missing: bool = False


class Drift(NamedTuple):
    """Whether `regenerate` would change files; `edited`, those with edits of the user's that it keeps.

    `absent`: no scaffold.yml; `new`: its files were never generated.
    """

    state: DriftState
    details: tuple[str, ...] = ()
    hint: str = ""
    edited: tuple[str, ...] = ()


NO_DRIFT = Drift("none")


class MachineFacts(NamedTuple):
    """Programs' outputs are as they came; folders are shown, never opened again."""

    host: str
    architecture: str = "x86_64"
    rustc: Output = NOT_ASKED
    cargo: Output = NOT_ASKED
    targets: Output = NOT_ASKED
    cargo_ndk: Output = NOT_ASKED
    cross_linkers: tuple[str, ...] = ()
    sdk: str = ""
    sdk_origin: str = ""
    ndks: tuple[InstalledNdk, ...] = ()
    ndk_root: InstalledNdk | None = None
    libcxx: tuple[Libcxx, ...] = ()
    flags: tuple[FlagSource, ...] = ()
    hidden_configs: tuple[str, ...] = ()
    zig: Output = NOT_ASKED
    zig_place: str = ""
    xcode: Output = NOT_ASKED
    apple_clang: Output = NOT_ASKED
    msvc: Output = NOT_ASKED
    msvc_links: tuple[str, ...] = ()
    deployment_variable: str | None = None


class ProjectFacts(NamedTuple):
    """The project: its answers, its files, what was built. `answers_place` is "" where defaults stand in.

    `cpp` is None where no Cargo.lock could be read; `embeds` says that the module's script (or our block
    in it) chooses the desktop libraries.
    """

    answers: Answers
    project: Project
    answers_place: str = "scaffold.yml"
    cpp: CppLook | None = None
    embeds: bool = False
    links: tuple[Link, ...] = ()
    crate_name: str = ""
    drift: Drift = NO_DRIFT

    @property
    def android(self) -> bool:
        """Whether there is anything to build for Android."""
        module = self.project.module
        return self.answers.plugin != "jvm" and (module is None or module.android)

    @property
    def wants(self) -> str:
        """Begins what an answer says: without a scaffold.yml it is what was found, or a default."""
        return "scaffold.yml sets" if self.answers_place else "the checks use"

    @property
    def command(self) -> str:
        """What takes `--set`: there is nothing to regenerate without a scaffold.yml."""
        return "scaffold regenerate" if self.answers_place else "scaffold init"

    @property
    def gobley(self) -> bool:
        return self.answers.rust_build == "gobley"

    @property
    def builder(self) -> Builder:
        """Who builds the Rust library, for messages."""
        return _BUILDERS.get(self.answers.rust_build, "your build")

    @property
    def jvm(self) -> bool:
        """Whether desktop libraries are built."""
        module = self.project.module
        return self.answers.plugin == "jvm" or (
            self.answers.plugin == "multiplatform"
            and (module is None or module.jvm_source_set is not None)
        )


NO_ANDROID = "nothing is built for Android here"
