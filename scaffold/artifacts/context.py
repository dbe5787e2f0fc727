"""Answers, and what the project's own build does → what holds for every artifact."""

import re
from functools import cached_property
from typing import NamedTuple

from scaffold.answers.key import Targets
from scaffold.answers.keys import applying, usual_targets
from scaffold.answers.model import Answers
from scaffold.artifacts.paths import below
from scaffold.artifacts.project import Project
from scaffold.artifacts.refused import Refused, agp_unsupported, gobley_missing
from scaffold.artifacts.starter import STARTER_BINDGEN, makes_crate, starter_module
from scaffold.facts import Abi, load_facts, not_above, version_key
from scaffold.gradle.found import Module, Setting
from scaffold.gradle.rust import CARGO_PLUGIN
from scaffold.probe.crate import Bindgen
from scaffold.probe.defaults import targets_of


class PageSize(NamedTuple):
    """`strategy` is never `auto`; `link_args` are what it passes to the linker, for `abis` (64-bit only)."""

    strategy: str
    link_args: tuple[str, ...]
    abis: tuple[Abi, ...]
    why: str


class Context:
    """What was answered, and the project as it is; what follows from them is worked out once."""

    def __init__(self, given: Answers, project: Project) -> None:
        self.given = given
        self.project = project

    @cached_property
    def module(self) -> Module:
        """The module's build; for a new project, as its starter will be."""
        known = self.project.module or starter_module(self.answers, self.project)
        path = below(self.given.module, "build.gradle.kts")
        return known or Module(path, self.given.module, android=self.android)

    @cached_property
    def targets(self) -> Targets:
        if self.project.module is None:
            return usual_targets(self.given.values)
        return targets_of(self.project.module, self.given.plugin)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The keys that apply here."""
        return applying(self.given.values, self.targets)

    @cached_property
    def answers(self) -> Answers:
        """The answers that apply, and defaults for the others."""
        return self.given.only(self.names)

    def asks(self, name: str) -> bool:
        """Whether this key applies here."""
        return name in self.names

    @property
    def android(self) -> bool:
        return self.targets.android

    @property
    def gobley(self) -> bool:
        """Whether Gobley's DSL may be used in the module's script."""
        return self.answers.rust_build == "gobley" and self.refused is None

    @property
    def no_crate(self) -> str:
        """Why no crate's build script could say anything of the library; "" where one can."""
        if self.project.module is None or self.answers.rust_build != "none":
            return ""
        crate = self.project.crate
        if crate and "staticlib" in crate.crate_types and not crate.linked_here:
            return f"{crate.cdylib_place}: another build links this staticlib"
        if crate and crate.bazel:
            return f"{crate.bazel} builds this crate with Bazel, which runs no build.rs by itself"
        said = crate or makes_crate(self.answers, self.project) or self.module.crate
        return "" if said else f"there is no Cargo package in {self.answers.crate}"

    @property
    def extension(self) -> bool:
        """Whether the script has an `android {}` block of AGP."""
        return self.android and self.module.android_dsl == "extension"

    @property
    def components(self) -> bool:
        """Whether AGP's components take a task of scaffold's; those of its multiplatform plugin are AGP 9's."""
        return self.android and self.module.takes_tasks

    @cached_property
    def refused(self) -> Refused | None:
        """Why nothing can be written into the module's script."""
        if self.project.module is None and not self.module.kotlin:
            return Refused(
                "",
                f"there are Gradle settings, but {self.answers.module} has no build file",
                "name the module's folder: scaffold regenerate --set module=FOLDER",
            )
        if self.module.unread:
            return Refused(
                "unreadable",
                f"{self.module.path} was not read: {self.module.unread}",
                "split that script, with apply(from = …) or a convention plugin",
            )
        if self.answers.rust_build == "gobley" and not self.module.has(CARGO_PLUGIN):
            return gobley_missing(self.module, self.answers, self.project.crate)
        agp = agp_unsupported(self.module) if self.answers.rust_build == "gobley" else None
        if agp:
            return agp
        if self.module.groovy:
            return Refused("", f"{self.module.path} is Groovy, and scaffold's block is Kotlin", "")
        return None

    @property
    def offers_task(self) -> bool:
        """Whether a cargo ndk task of scaffold's is to build the library, be it only as text to paste."""
        new = self.answers.rust_build == "cargo-ndk" and self.module.rust_build != "cargo-ndk"
        return new and self.components and not (self.refused and self.refused.code)

    @property
    def builds_by_task(self) -> bool:
        """Whether that task is what builds the library."""
        return self.offers_task and self.refused is None

    @property
    def bindgen(self) -> Bindgen | None:
        """What that task generates Kotlin with: the crate's own uniffi-bindgen, unless the project does so itself."""
        if not self.offers_task or self.module.own_bindgen or self.project.bindings:
            return None
        if makes_crate(self.answers, self.project):
            return STARTER_BINDGEN
        crate = self.project.crate
        return crate.bindgen if crate and crate.uniffi else None

    @property
    def generates_kotlin(self) -> bool:
        """Whether Kotlin for UniFFI comes from that task, or from the project itself."""
        return bool(self.bindgen or self.module.own_bindgen or self.project.bindings)

    @property
    def jna(self) -> str:
        """The version that scaffold's block adds, where the module has none; "" where it adds none."""
        if self.answers.jna != "default":
            return self.answers.jna
        return load_facts().gobley[-1].jna if self.bindgen else ""

    @cached_property
    def ndk_taken(self) -> str | None:
        """The NDK that the build takes; None where that cannot be read."""
        module = self.module
        if module.ndk_path:
            return None
        if module.ndk:
            return module.ndk.value if _is_version(module.ndk.value) else None
        if self.builds_by_task and not self.extension:
            return self.answers.ndk  # that plugin has no ndkVersion: the task names its NDK itself
        if self.refused or not self.extension:
            by_agp = self.answers.rust_build == "rust-android-gradle" and module.agp
            return load_facts().default_ndk(by_agp.value) if by_agp else None
        if self.answers.rust_build == "none" or module.cargo_ndk:
            return (
                None  # a script and a command of the user's choose theirs, whatever our line says
            )
        ours = module.ours_ndk
        return ours.value if ours and _is_version(ours.value) else self.answers.ndk

    @property
    def ndk_hidden(self) -> Setting | None:
        """The line that decides the module's NDK and cannot be read, nor moved along with the answer."""
        own = self.module.ndk_path or self.module.ndk
        readable = own is self.module.ndk and own and _is_version(own.value)
        return None if readable or not self.android else own

    @property
    def oldest_ndk(self) -> str:
        """The older of the answer and what the build takes: flags have to be right for both."""
        return min(self.answers.ndk, self.ndk_taken or self.answers.ndk, key=version_key)

    @property
    def ndk_release(self) -> str:
        return release(self.oldest_ndk)

    @property
    def abis(self) -> tuple[Abi, ...]:
        """The ABIs of the answers and those that the module names itself."""
        named = {*self.answers.abis, *(self.module.abis.names if self.module.abis else ())}
        return tuple(row for row in load_facts().abis if row.abi in named)

    @cached_property
    def page_size(self) -> PageSize:
        """How the 64-bit libraries come to 16 KB pages, and why so."""
        strategy = self.answers.page_size
        wide = tuple(abi for abi in self.abis if abi.bits == 64)
        row = not_above(load_facts().page_size, self.oldest_ndk)
        known = self.ndk_taken is not None
        if self.no_crate and strategy in ("auto", "build-script"):
            return PageSize(
                "off", (), wide, f"{self.no_crate}: check its libraries with scaffold inspect"
            )
        if strategy == "auto":
            by_ndk = known and row.aligned_by_ndk
            own = self.own_page_flags
            if own and not by_ndk:
                return PageSize(
                    "own", (), wide, f"{own.place} passes {own.value} itself; left unchanged"
                )
            strategy = "ndk" if by_ndk else "build-script" if wide else "off"
        if strategy == "gradle" and not self.gobley:
            strategy = "build-script"
        if strategy == "ndk":
            return PageSize(strategy, (), wide, row.why.format(ndk=self.ndk_release))
        if strategy == "off":
            return PageSize(strategy, (), wide, _off(self, wide))
        args = row.link_args if known else _for_every_ndk()
        why = row.why.format(ndk=self.ndk_release)
        if not known:
            why = "scaffold cannot read the NDK of this build; max-page-size is right for every NDK"
        return PageSize(strategy, args, wide, f"{_HOW[strategy]}; {why}")

    @property
    def own_page_flags(self) -> Setting | None:
        """The user's own linker flags for 16 KB pages, in the crate or in what Gradle gives to Cargo."""
        crate, module = self.project.crate, self.module
        for own in (crate.own_page_flags if crate else None, module.page_flags):
            if own and own.value and _PAGES_16_KB.search(own.value):
                return own
        return None

    @property
    def page_size_flags(self) -> tuple[str, ...]:
        """As rustflags."""
        return tuple(f"-Clink-arg={arg}" for arg in self.page_size.link_args)

    @property
    def own_packaging(self) -> str:
        """The line of the project's own that packages libc++_shared.so; "" where there is none."""
        own = self.module.dynamic_cpp or self.module.packaged_cpp
        return own.place if own else ""

    @property
    def own_cpp(self) -> Setting | None:
        """The line with which the crate itself links a C++ runtime."""
        return self.project.crate.own_cpp if self.project.crate else None

    @property
    def packages_runtime(self) -> bool:
        """Whether scaffold's block packages libc++_shared.so."""
        wanted = self.android and self.answers.cpp_runtime == "shared" and not self.own_packaging
        return (
            wanted
            and self.refused is None
            and (self.gobley or self.extension or self.builds_by_task)
        )

    @property
    def cpp_libraries(self) -> tuple[str, ...]:
        """What build.rs links, in this order: `c++_static` leaves `__cxa_…` to `c++abi`.

        Nothing that nothing packages, nor what the crate's own build script links already.
        """
        if self.own_cpp and self.own_cpp.value == self.answers.cpp_runtime:
            return ()
        if not self.android or self.answers.cpp_runtime == "none" or self.no_crate:
            return ()
        if self.answers.cpp_runtime == "static":
            return ("c++_static", "c++abi")
        return ("c++_shared",) if self.packages_runtime or self.own_packaging else ()


def chosen_abis(answers: Answers) -> tuple[Abi, ...]:
    """The ABIs of the answers."""
    return tuple(row for row in load_facts().abis if row.abi in answers.abis)


_PAGES_16_KB = re.compile(r"max-page-size=(?:16384|65536|0x4000|0x10000)\b")
_HOW = {
    "build-script": "build.rs passes the linker flags; RUSTFLAGS cannot override them",
    "cargo-config": "rustflags in .cargo/config.toml apply unless RUSTFLAGS is set",
    "gradle": "Gobley's Gradle tasks pass rustflags unless RUSTFLAGS is set",
}


def release(ndk: str) -> str:
    """`r27` for 27.x."""
    return f"r{ndk.partition('.')[0]}"


def _off(context: Context, wide: tuple[Abi, ...]) -> str:
    if not wide:
        return "only 64-bit ABIs use 16 KB pages, and your build has none"
    if not_above(load_facts().page_size, context.oldest_ndk).aligned_by_ndk:
        return f"as scaffold.yml says; NDK {context.ndk_release} aligns 64-bit libraries anyway"
    if context.answers.rust_build == "cargo-ndk":
        return "as scaffold.yml says; cargo-ndk 3.5 and newer align 64-bit libraries anyway"
    return "as scaffold.yml says; 64-bit libraries do not load on devices with 16 KB pages"


def _for_every_ndk() -> tuple[str, ...]:
    """The flags that every NDK takes."""
    first, *rest = (row.link_args for row in load_facts().page_size if not row.aligned_by_ndk)
    return tuple(arg for arg in first if all(arg in args for args in rest))


def _is_version(text: str | None) -> bool:
    return text is not None and all(part.isdigit() for part in text.split("."))
