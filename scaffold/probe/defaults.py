"""Defaults for the answers, from the repository and the machine, each with its origin."""

import os
import shutil
from collections.abc import Mapping
from typing import NamedTuple

from scaffold.answers.keys import ABIS, BY_NAME, complaint
from scaffold.answers.model import Found
from scaffold.gradle.module import ANDROID_PLUGINS, KOTLIN_PLUGINS, GradleModule, describe
from scaffold.gradle.sources import Sources
from scaffold.gradle.splits import split_abis
from scaffold.probe.candidates import Candidate, Crates, Modules, first
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
        return self.modules.candidates(crate)

    def crate_candidates(self, module: str | None = None) -> list[Candidate]:
        """Every Cargo package, the likeliest first; the one that `module` builds before all others."""
        chosen = self.modules.at(module) if module is not None else None
        return self.crates.candidates(chosen)

    def defaults(self, stated: Mapping[str, Value]) -> dict[str, Found]:
        """See `find_defaults`."""
        found = {"hosts": Found((this_host(),), "this machine")}
        stated_crate = stated.get("crate")
        module = first(
            self.module_candidates(stated_crate if isinstance(stated_crate, str) else None)
        )
        if module:
            found["module"] = Found(module.folder, module.place)
        folder = str(stated.get("module", module.folder if module else "."))
        crate = first(self.crate_candidates(folder))
        if crate:
            found["crate"] = Found(crate.folder, crate.place)
        chosen = self.modules.at(folder)
        if chosen:
            found |= _settings(
                chosen, str(stated.get("plugin", chosen.kotlin_plugin or "multiplatform"))
            )
        if "ndk" not in found and "ndk" not in stated:
            newest = newest_ndk(self.root, chosen.build.base if chosen else ".")
            if newest:
                found["ndk"] = newest
        return {n: item for n, item in found.items() if n not in stated and _valid(n, item)}

    def sights(self, folder: str, plugin: str) -> tuple[Sight, ...]:
        """What is worth a mention of the module in `folder` and this machine."""
        seen: list[Sight] = []
        module = self.modules.at(folder)
        if module:
            agp = module.version_of(*ANDROID_PLUGINS)
            if agp and agp.value:
                seen.append(Sight("Android Gradle plugin", agp.value, agp.place))
            seen += [
                Sight("JNA", one.value or one.text, one.place)
                for one in describe(module, plugin).jna
            ][:1]
        zig = shutil.which("zig")
        if zig:
            seen.append(Sight("Zig", os.path.basename(zig), zig))
        return tuple(seen)


def find_defaults(root: str, stated: Mapping[str, Value]) -> dict[str, Found]:
    """What the repository at `root` and this machine say; `stated` are answers that are given already.

    Reads only. What is found but is no valid answer is left out.
    """
    return Look(root).defaults(stated)


def crate_candidates(root: str) -> list[Candidate]:
    """Every Cargo package, the likeliest first."""
    return Look(root).crate_candidates()


def module_candidates(root: str) -> list[Candidate]:
    """Every Gradle module, the likeliest first."""
    return Look(root).module_candidates()


def _settings(module: GradleModule, plugin: str) -> dict[str, Found]:
    found: dict[str, Found] = {}
    if module.kotlin_plugin:
        found["plugin"] = Found(module.kotlin_plugin, module.place_of(*KOTLIN_PLUGINS))
    said = describe(module, plugin)
    ndk = next((s for s in (said.ndk, said.catalogue_ndk) if s and s.value), None)
    if ndk and ndk.value:
        found["ndk"] = Found(ndk.value, ndk.place)
    if said.gobley and said.gobley.value:
        found["gobley"] = Found(said.gobley.value, said.gobley.place)
    named = said.abi_filters
    filters, place = (named.names if named.complete else (), named.place) if named else ((), "")
    if not named:
        filters, place = split_abis(module)
    abis = tuple(abi for abi in ABIS if abi in filters)
    if abis:
        found["abis"] = Found(abis, place)
    return found


def _valid(name: str, item: Found) -> bool:
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    return not any(complaint(BY_NAME[name], value) for value in values)
