"""Defaults for the answers, from the repository and the machine, each with its origin."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from scaffold.answers.key import Targets, complaint
from scaffold.answers.keys import KEYS
from scaffold.answers.model import Detected, Found
from scaffold.facts import load_facts, not_above
from scaffold.files.reading import line_of, read_text, read_toml, table
from scaffold.gradle.found import Module
from scaffold.gradle.module import KOTLIN_PLUGINS
from scaffold.gradle.rust import GOBLEY_PLUGINS
from scaffold.gradle.sources import Sources
from scaffold.probe.candidates import NO_LIBRARY, Candidate, Crates, Modules, first
from scaffold.probe.cargo import read_crate
from scaffold.probe.cpp import cpp_dependencies, suggest_runtime
from scaffold.probe.elsewhere import rust_elsewhere
from scaffold.probe.host import this_host
from scaffold.probe.ndk import newest_ndk

Value = str | tuple[str, ...]


class Sight(NamedTuple):
    """Something that was seen and is no answer by itself: what it is, its value, and where."""

    about: str
    value: str
    origin: str


class Look:
    """One look at the repository at `root`: every crate and module, read once. Reads only."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.sources = Sources(root)
        self.modules = Modules(self.sources)
        self.crates = Crates(root)

    def module_candidates(self, crate: str | None = None) -> list[Candidate]:
        """Every Gradle module, the likeliest first; with `crate`, the one that builds it before its equals."""
        likely = first(self.crates.candidates())
        near = crate or (likely.folder if likely and likely.rank < NO_LIBRARY else ".")
        return self.modules.candidates(crate, near)

    def crate_candidates(self, module: str | None = None) -> list[Candidate]:
        """Every Cargo package, the likeliest first; the one that `module` builds before all others."""
        chosen = self.modules.at(module) if module is not None else None
        return self.crates.candidates(chosen)

    def detect(self, stated: Mapping[str, Value]) -> Detected:
        """See `detect`."""
        found = {"hosts": Found((this_host(),), "this machine")}
        stated_crate = stated.get("crate")
        module = first(
            self.module_candidates(stated_crate if isinstance(stated_crate, str) else None)
        )
        if module:
            found["module"] = Found(module.folder, module.place)
        folder = str(stated.get("module", module.folder if module else "."))
        chosen = self.modules.at(folder)
        crate = self._crate(folder, chosen)
        if crate:
            found["crate"] = crate
        elif chosen:
            found["crate"] = Found("rust", "beside your Gradle build")
        if chosen:
            found |= _settings(chosen)
            found |= _rust_build(self.root, chosen, self._has_crate(stated, crate))
        if chosen and chosen.ios:
            found |= _ios_of_cargo(self.root)
        if "ndk" not in found and "ndk" not in stated:
            newest = newest_ndk(self.root, chosen.build if chosen else ".")
            if newest:
                found["ndk"] = newest
        ndk = str(stated.get("ndk") or (found["ndk"].value if "ndk" in found else ""))
        folder = str(stated.get("crate", crate.value if crate else "."))
        found |= self._runtime(folder, chosen, ndk)
        kept = {n: item for n, item in found.items() if n not in stated and _valid(n, item)}
        return Detected(kept, targets_of(chosen, str(stated.get("plugin", ""))) if chosen else None)

    def _crate(self, folder: str, module: Module | None) -> Found | None:
        """The crate that the module's build names, be it there yet (a submodule may not be), else the likeliest."""
        likely = first(self.library_candidates(folder))
        if module and module.crate and not module.crate.startswith(".."):
            if module.crate_place and (likely is None or likely.rank > 0):
                return Found(module.crate, module.crate_place)
            if module.rust_build == "gobley" and likely is None:
                return Found(module.crate, module.rust_place)
        return Found(likely.folder, likely.place) if likely else None

    def library_candidates(self, module: str | None = None) -> list[Candidate]:
        """Those that are libraries, and a package in the root itself: a lone tool is not what an app loads."""
        every = self.crate_candidates(module)
        return [one for one in every if one.rank < NO_LIBRARY or one.folder == "."]

    def _has_crate(self, stated: Mapping[str, Value], found: Found | None) -> bool:
        if "crate" in stated:
            return os.path.lexists(os.path.join(self.root, str(stated["crate"]), "Cargo.toml"))
        # scaffold's own starter says nothing yet of who builds it.
        starter = os.path.join(self.root, ".scaffold", "base", "starter-cargo-toml")
        return found is not None and not os.path.lexists(starter)

    def _runtime(self, crate: str, module: Module | None, ndk: str) -> dict[str, Found]:
        """The `cpp_runtime` that the project itself or its dependencies link."""
        package = read_crate(self.root, crate)
        linked = package.own_cpp if package else None
        if linked and linked.value:
            return {"cpp_runtime": Found(linked.value, linked.place)}
        own = module and (module.dynamic_cpp or module.packaged_cpp)
        if package and package.bazel and not own:
            return {"cpp_runtime": Found("none", f"{package.bazel} builds the crate")}
        uses = cpp_dependencies(self.root, crate)
        suggested = suggest_runtime(uses) if uses else None
        # CMake packages it for C++ code of its own; what the crate links, its dependencies say.
        for_cmake = own and "ANDROID_STL" in own.text
        if own and not (for_cmake and suggested and suggested.value != "shared"):
            return {"cpp_runtime": Found("shared", own.place)}
        if uses is None or suggested is None:
            return {}
        unsure = not any(use.runtime in ("shared", "mixed") for use in uses.uses)
        if suggested.value == "shared" and unsure and _ships_small_pages(ndk):
            old = f"{suggested.origin}; the libc++_shared.so of NDK {ndk} is a 4 KB one"
            suggested = Found("static", old)
        return {"cpp_runtime": suggested}

    def sights(self, folder: str) -> tuple[Sight, ...]:
        """What is worth a mention of the module in `folder` and this machine."""
        seen: list[Sight] = []
        module = self.modules.at(folder)
        if module:
            agp = module.agp
            if agp and agp.value:
                seen.append(Sight("Android Gradle plugin", agp.value, agp.place))
            seen += [Sight("JNA", one.value or one.text, one.place) for one in module.jna][:1]
        import shutil

        zig = shutil.which("zig")
        if zig:
            seen.append(Sight("Zig", os.path.basename(zig), zig))
        return tuple(seen)


def detect(root: str, stated: Mapping[str, Value]) -> Detected:
    """What the repository at `root` and this machine say; `stated` are answers that are given already.

    Reads only. What is found but is no valid answer is left out.
    """
    return Look(root).detect(stated)


def crate_candidates(root: str) -> list[Candidate]:
    """Every Cargo package, the likeliest first."""
    return Look(root).crate_candidates()


def module_candidates(root: str) -> list[Candidate]:
    """Every Gradle module, the likeliest first."""
    return Look(root).module_candidates()


def targets_of(module: Module, plugin: str = "") -> Targets:
    """What a module builds for, `plugin` being the answer where it is given."""
    plugin = plugin or module.kotlin or "multiplatform"
    shared = plugin == "multiplatform"
    return Targets(
        android=plugin == "android" or (shared and module.android),
        desktop=plugin == "jvm" or (shared and module.jvm_source_set is not None),
        ios=shared and bool(module.ios),
    )


def _rust_build(root: str, module: Module, has_crate: bool) -> dict[str, Found]:
    if module.rust_build != "none":
        return {"rust_build": Found(module.rust_build, module.rust_place or module.path)}
    if module.ours_cargo_ndk:
        return {"rust_build": Found("cargo-ndk", module.ours_cargo_ndk)}
    if module.android and not has_crate and not module.has(*GOBLEY_PLUGINS):
        elsewhere = rust_elsewhere(root, module)
        if elsewhere:
            return {"rust_build": Found("none", elsewhere)}
        reason = f"{module.path} builds no Rust yet"
        return {"rust_build": Found("cargo-ndk", reason)}
    return {"rust_build": Found("none", f"{module.path} applies no plugin that builds Rust")}


def _settings(module: Module) -> dict[str, Found]:
    found: dict[str, Found] = {}
    if module.kotlin:
        found["plugin"] = Found(module.kotlin, module.place_of(*KOTLIN_PLUGINS))
    ios = module.ios_deployment_target
    if ios and ios.value:
        found["ios_deployment_target"] = Found(ios.value, ios.place)
    elif module.ios:
        found["ios_deployment_target"] = Found("13.0", module.ios)
    ndk = next((s for s in (module.ndk, module.catalogue_ndk) if s and s.value), None)
    if ndk and ndk.value:
        found["ndk"] = Found(ndk.value, ndk.place)
    elif module.agp and _takes_agps_ndk(module):
        default = load_facts().default_ndk(module.agp.value)
        if default:
            found["ndk"] = Found(default, f"AGP {module.agp.value}'s default ({module.agp.place})")
    if module.gobley and module.gobley.value:
        found["gobley"] = Found(module.gobley.value, module.gobley.place)
    abis = tuple(abi for abi in KEYS["abis"].choices if module.abis and abi in module.abis.names)
    if module.abis and abis:
        found["abis"] = Found(abis, module.abis.place)
    return found


def _ships_small_pages(ndk: str) -> bool:
    """Whether that NDK's libc++_shared.so cannot load on 16 KB pages."""
    try:
        return bool(ndk) and not_above(load_facts().page_size, ndk).libcxx_shared_align < 16384
    except ValueError:
        return False


def _takes_agps_ndk(module: Module) -> bool:
    """Whether a plugin builds Rust with AGP's own NDK; Gobley takes the newest that is installed."""
    plugin = module.rust_build == "cargo-ndk" and module.cargo_ndk is None
    unset = module.ndk is None and module.ndk_path is None
    return unset and (plugin or module.rust_build == "rust-android-gradle")


def _ios_of_cargo(root: str) -> dict[str, Found]:
    """The deployment target of `[env]` in the project's Cargo configuration."""
    name, config = "IPHONEOS_DEPLOYMENT_TARGET", ".cargo/config.toml"
    path = os.path.join(root, ".cargo", "config.toml")
    value = table(read_toml(path), "env").get(name)
    value = value.get("value") if isinstance(value, dict) else value
    if not isinstance(value, str):
        return {}
    place = f"{config}:{line_of(read_text(path) or '', name)}"
    return {"ios_deployment_target": Found(value, place)}


def _valid(name: str, item: Found) -> bool:
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    return not any(complaint(KEYS[name], value) for value in values)
