"""Defaults for the answers, from the repository and the machine, each with its origin."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from scaffold.answers.keys import ABIS, BY_NAME, complaint
from scaffold.answers.model import Found
from scaffold.plan.project import Module
from scaffold.probe.cargo import read_crate
from scaffold.probe.gradle import (
    ANDROID_PLUGINS,
    GOBLEY_PLUGINS,
    MULTIPLATFORM,
    Catalogue,
    plugin_ids,
    read_module,
)
from scaffold.probe.host import this_host
from scaffold.probe.ndk import newest_ndk
from scaffold.probe.reading import read_text
from scaffold.probe.tree import folders

Value = str | tuple[str, ...]

KOTLIN_PLUGINS = {
    MULTIPLATFORM: "multiplatform",
    "org.jetbrains.kotlin.android": "android",
    "org.jetbrains.kotlin.jvm": "jvm",
}


class Candidate(NamedTuple):
    """A crate or module that the answers may mean. `rank`: the lowest is the likeliest."""

    folder: str
    about: str
    rank: int


class _Build(NamedTuple):
    folder: str
    path: str
    plugins: tuple[str, ...]


def find_defaults(root: str, stated: Mapping[str, Value]) -> dict[str, Found]:
    """What the repository at `root` and this machine say; `stated` are answers that are given already.

    Reads only. What is found but is no valid answer is left out.
    """
    found = {"hosts": Found((this_host(),), "this machine")}
    crate = first(crate_candidates(root))
    module = first(module_candidates(root))
    if crate:
        found["crate"] = Found(crate.folder, f"{_below(crate.folder, 'Cargo.toml')}")
    if module:
        found["module"] = Found(module.folder, module.about)
    folder = str(stated.get("module", found["module"].value if module else "."))
    found |= _of_module(root, folder, stated)
    if "ndk" not in found and "ndk" not in stated:
        newest = newest_ndk(root)
        if newest:
            found["ndk"] = newest
    return {name: item for name, item in found.items() if name not in stated and _valid(name, item)}


def first(candidates: list[Candidate]) -> Candidate | None:
    """The likeliest one; among equals the nearest to the root, then by name."""
    order = sorted(
        candidates, key=lambda c: (c.rank, c.folder.count("/"), c.folder != ".", c.folder)
    )
    return order[0] if order else None


def crate_candidates(root: str) -> list[Candidate]:
    """Every Cargo package: those with a cdylib first, then libraries, then the rest."""
    found = []
    for folder, files in folders(root):
        if "Cargo.toml" in files:
            crate = read_crate(root, folder)
            if crate and crate.name:
                kinds = crate.crate_types
                rank = 0 if "cdylib" in kinds else 1 if kinds else 2
                about = f"{crate.name} ({', '.join(kinds) or 'no library'})"
                found.append(Candidate(folder, about, rank))
    return found


def module_candidates(root: str) -> list[Candidate]:
    """Every Gradle module: those with Gobley's plugin first, then those with a Kotlin or Android plugin."""
    catalogue = Catalogue(root)
    found = []
    for folder, files in folders(root):
        name = next((n for n in ("build.gradle.kts", "build.gradle") if n in files), None)
        if name is None or "buildSrc" in folder.split("/") or "build-logic" in folder.split("/"):
            continue
        build = _build(root, folder, name, catalogue)
        gobley = any(plugin in GOBLEY_PLUGINS for plugin in build.plugins)
        kotlin = any(p in KOTLIN_PLUGINS or p in ANDROID_PLUGINS for p in build.plugins)
        rank = 0 if gobley else 1 if kotlin else 2
        found.append(Candidate(folder, build.path, rank))
    return found


def _build(root: str, folder: str, name: str, catalogue: Catalogue) -> _Build:
    path = _below(folder, name)
    text = read_text(os.path.join(root, *path.split("/")))
    if text is None or name == "build.gradle":
        return _Build(folder, path, ())
    from scaffold.merge.kotlin_scan import scan_kotlin
    from scaffold.merge.result import CannotMerge

    try:
        script = scan_kotlin(text)
    except CannotMerge:
        return _Build(folder, path, ())
    return _Build(folder, path, tuple(id_ for id_, _, _ in plugin_ids(script, catalogue)))


def _of_module(root: str, folder: str, stated: Mapping[str, Value]) -> dict[str, Found]:
    module = read_module(root, folder, str(stated.get("plugin", "multiplatform")))
    if module is None:
        return {}
    found: dict[str, Found] = {}
    if not module.groovy:
        name = module.path.rpartition("/")[2]
        plugins = _build(root, folder, name, Catalogue(root)).plugins
        plugin = _kotlin_plugin(plugins)
        if plugin:
            found["plugin"] = Found(plugin, module.path)
    return found | _settings(module)


def _kotlin_plugin(plugins: tuple[str, ...]) -> str | None:
    for id_ in KOTLIN_PLUGINS:
        if id_ in plugins:
            return KOTLIN_PLUGINS[id_]
    if "com.android.kotlin.multiplatform.library" in plugins:
        return "multiplatform"
    return "android" if any(id_ in ANDROID_PLUGINS for id_ in plugins) else None


def _settings(module: Module) -> dict[str, Found]:
    found: dict[str, Found] = {}
    ndk = next((s for s in (module.ndk, module.catalogue_ndk) if s and s.value), None)
    if ndk and ndk.value:
        found["ndk"] = Found(ndk.value, ndk.place)
    if module.gobley and module.gobley.value:
        found["gobley"] = Found(module.gobley.value, module.gobley.place)
    filters = tuple(abi for abi in ABIS if abi in module.abi_filters)
    if filters:
        found["abis"] = Found(filters, module.abi_place)
    return found


def _valid(name: str, item: Found) -> bool:
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    return not any(complaint(BY_NAME[name], value) for value in values)


def _below(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"
