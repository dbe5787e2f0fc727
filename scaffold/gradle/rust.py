"""Who builds the Rust library for a Gradle module, from which crate, and for which ABIs."""

import re
from collections.abc import Sequence

from scaffold.gradle.android import CARGO, statements_in
from scaffold.gradle.cargo_ndk import CargoNdk, abis_named, crate_of_command
from scaffold.gradle.conventions import Part
from scaffold.gradle.folders import folder_of
from scaffold.gradle.found import Abis, CargoNdkTask, RustBuild
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Statement

CARGO_PLUGIN = "dev.gobley.cargo"
UNIFFI_PLUGIN = "dev.gobley.uniffi"
GOBLEY_PLUGINS = (CARGO_PLUGIN, UNIFFI_PLUGIN, "dev.gobley.rust")
_GOBLEY_BLOCKS = ("cargo", "uniffi")
RUST_ANDROID_GRADLE = "org.mozilla.rust-android-gradle.rust-android"
_OF_RUST_ANDROID = re.compile(r"(?:^|\.)rust-android(?:-gradle)?$")  # the original and its forks
_OF_CARGO_NDK = re.compile(r"(?:^|\.)cargo-?ndk(?:-\w+)*$")  # there are several

_CARGO = re.compile(r"cargo(?:\.exe)?(?:$|\s+(?:build|rustc)\b)|CARGO_TARGET_\w*LINKER")
_BINDGEN = re.compile(r"\buniffi[-_]bindgen\b")


def builder(
    plugins: dict[str, str], parts: Sequence[Part], command: CargoNdk | None
) -> tuple[RustBuild, str]:
    """Who builds the library, and the line that says so; `plugins` are ids and the lines that apply them."""
    if CARGO_PLUGIN in plugins:
        return "gobley", plugins[CARGO_PLUGIN]
    for id_, place in plugins.items():
        if _OF_RUST_ANDROID.search(id_):
            return "rust-android-gradle", place
    for id_, place in plugins.items():
        if _OF_CARGO_NDK.search(id_):
            return "cargo-ndk", place
    if command:
        return "cargo-ndk", command.place
    # A plugin that comes by a way that is not seen still shows in what the script itself uses.
    own = list(statements_in(parts[:1]))
    imported = next((f"{p}:{s.line}" for s, p in own if _imports_gobley(s)), "")
    if imported and any(s.path == "cargo" or s.heads[:1] == ("cargo",) for s, _ in own):
        return "gobley", imported
    return "none", ""


def _imports_gobley(one: Statement) -> bool:
    return one.path == "import" and any(a.text.startswith("gobley.") for a in one.arguments)


def builds_rust(plugin: str) -> bool:
    """Whether that plugin builds a Rust library, or belongs to one that does."""
    return plugin in GOBLEY_PLUGINS or bool(_OF_RUST_ANDROID.search(plugin))


def gobley_uses(parts: Sequence[Part]) -> tuple[str, ...]:
    """The user's own imports and blocks that do not compile without Gobley's plugins."""
    found: dict[str, None] = {}
    for one, path in statements_in(parts):
        if _imports_gobley(one):
            found[f"the import {one.arguments[0].text} ({path}:{one.line})"] = None
        elif one.heads[:1] and one.heads[0] in _GOBLEY_BLOCKS:
            found[f"the block {one.heads[0]} {{}} in {path}"] = None
    return tuple(found)


def own_bindgen(parts: Sequence[Part]) -> str:
    """The first line that runs uniffi-bindgen; Gobley's own is none."""
    for one, path in statements_in(parts):
        if any(_BINDGEN.search(token.text) for token in one.strings):
            return f"{path}:{one.line}"
    return ""


def own_rust(parts: Sequence[Part]) -> str:
    """The first line of a script that runs Cargo itself, or gives it a linker."""
    lines = (
        f"{path}:{one.line}"
        for one, path in statements_in(parts)
        if one.heads[-1:] != ("plugins",)
        for token in one.strings
        if _CARGO.match(token.text)
    )
    return next(lines, "")


def rust_abis(parts: Sequence[Part], own: CargoNdkTask | None) -> Abis | None:
    """`targets` of rust-android-gradle or a cargo-ndk plugin, or what `cargo ndk` is told."""
    for one, path in statements_in(parts):
        if one.name == "targets" and _in_cargo(one):
            names = abis_named(token.text for token in one.strings)
            if names:
                return Abis(names, f"{path}:{one.line}", "targets")
    return own.abis if own else None


def _in_cargo(one: Statement) -> bool:
    heads = (*one.heads, one.path.rpartition(".")[0])
    return any(CARGO.search(head) or head == "cargoNdk" for head in heads)


def package_directory(parts: Sequence[Part]) -> tuple[Statement, str] | None:
    """Gobley's `packageDirectory`, and its file."""
    for one, path in statements_in(parts):
        if one.name == "packageDirectory" and one.arguments and _in_cargo(one):
            return one, path
    return None


def crate_of(
    build: RustBuild, parts: Sequence[Part], values: Values, command: CargoNdk | None
) -> tuple[str | None, str]:
    """(folder of the crate from the root, the line that says so); None where nothing does.

    Without `packageDirectory`, Gobley takes the module's own folder.
    """
    if build == "gobley":
        named = package_directory(parts)
        if named:
            one, path = named
            return folder_of(values, one, path), f"{path}:{one.line}"
        return values.folder, ""
    if command and build == "cargo-ndk":
        return crate_of_command(values, command)
    for one, path in statements_in(parts):
        by_cargokit = one.name == "manifestDir" and one.heads[-1:] == ("cargokit",)
        if one.arguments and (by_cargokit or (one.name == "module" and _in_cargo(one))):
            folder = folder_of(values, one, path)
            if build == "cargo-ndk":  # that plugin looks from the root of the Gradle build
                said = one.arguments[0].literal
                folder = values.build.sources.joined(values.build.base, said) if said else None
            return folder, f"{path}:{one.line}"
    return None, ""


def plugin_package(parts: Sequence[Part]) -> str:
    """The package of the first library that a cargo-ndk plugin's `librariesNames` lists."""
    for one, _ in statements_in(parts):
        if one.name == "librariesNames" and _in_cargo(one):
            names = (re.fullmatch(r"lib(\w+)\.so", token.text) for token in one.strings)
            return next((found[1] for found in names if found), "")
    return ""
