"""Who builds the Rust library for a Gradle module, from which crate, and for which ABIs."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaffold.facts import load_facts
from scaffold.gradle.android import ABIS, CARGO, statements_in
from scaffold.gradle.conventions import Part
from scaffold.gradle.found import Abis, RustBuild, Setting
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Statement

GOBLEY = "dev.gobley.cargo"
GOBLEY_PLUGINS = (GOBLEY, "dev.gobley.uniffi", "dev.gobley.rust")
RUST_ANDROID_GRADLE = "org.mozilla.rust-android-gradle.rust-android"
CARGO_NDK_PLUGINS = ("com.github.willir.rust.cargo-ndk-android",)

# What rust-android-gradle and cargo ndk call ABIs by.
_ABI_NAMES = {
    **{abi: abi for abi in ABIS},
    "arm64": "arm64-v8a",
    "arm": "armeabi-v7a",
    **{row.rust_target: row.abi for row in load_facts().abis},
}
_COMMAND = re.compile(r"\bcargo(?:\.exe)?(?:[\s\"']+\+[\w.-]+)?(?:[\s\"']+|-)ndk\b")
_CHANGED = re.compile(r"\bcd\s+[\"']?([\w./-]+)")
_TARGETS = re.compile(r"(?:^|\s)(?:-t|--target)(?:\s+|=)([\w-]+)")
_PACKAGE = re.compile(r"(?:^|\s)(?:-p|--package)(?:\s+|=)([\w-]+)")
_MANIFEST = re.compile(r"(?:^|\s)--manifest-path(?:\s+|=)(\S+)")
_OF_ROOT = re.compile(
    r"(?:rootProject\.|rootDir\b|isolated\.rootProject\.|(?:new )?File\((?:project\.)?root(?:Dir|Project)"
    r"|(?:project\.)?rootDir\b|file\((?:project\.)?rootDir)"
)
_IN_TEMPLATE = re.compile(
    r'(?:[fF]ile)? ?\(? ?"\$\{?(rootDir|rootProject\.projectDir|rootProject\.rootDir|projectDir|project\.projectDir)'
    r'(?:\.\w+)?\}?/?([^"$]*)" ?\)?'
)


class CargoNdk(NamedTuple):
    """A `cargo ndk` command: the words of it that are plain, its statement, and the file of that."""

    words: str
    statement: Statement
    path: str

    @property
    def place(self) -> str:
        return f"{self.path}:{self.statement.line}"

    @property
    def package(self) -> str:
        """The package that it builds by name."""
        found = _PACKAGE.search(self.words)
        return found[1] if found else ""


def builder(
    plugins: dict[str, str], parts: Sequence[Part], command: CargoNdk | None
) -> tuple[RustBuild, str]:
    """Who builds the library, and the line that says so; `plugins` are ids and the lines that apply them."""
    if GOBLEY in plugins:
        return "gobley", plugins[GOBLEY]
    if RUST_ANDROID_GRADLE in plugins:
        return "rust-android-gradle", plugins[RUST_ANDROID_GRADLE]
    for id_ in CARGO_NDK_PLUGINS:
        if id_ in plugins:
            return "cargo-ndk", plugins[id_]
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


def cargo_ndk(parts: Sequence[Part]) -> CargoNdk | None:
    """The first `cargo ndk` command that a script of the module runs."""
    for one, path in statements_in(parts):
        words = " ".join(token.text for token in one.strings)
        by_variable = re.match(r"ndk\b", words) and re.search(r"cargo", one.text, re.IGNORECASE)
        if _COMMAND.search(words) or (by_variable and _runs(one)):
            return CargoNdk(words, one, path)
        if re.match(r"ndk\b", words) and _runs(one) and _executes_cargo(one):
            return CargoNdk(words, one, path)
    return None


def _runs(one: Statement) -> bool:
    return one.name in ("commandLine", "args", "exec", "listOf", "command", "arguments") or one.sets


def _executes_cargo(one: Statement) -> bool:
    return any(
        other.name in ("executable", "commandLine") and "cargo" in other.text
        for other in one.block.statements
    )


def rust_abis(parts: Sequence[Part], command: CargoNdk | None) -> Abis | None:
    """`targets` of rust-android-gradle, or what `cargo ndk` is told."""
    for one, path in statements_in(parts):
        if one.name == "targets" and _in_cargo(one):
            names = _abis(token.text for token in one.strings)
            if names:
                return Abis(names, f"{path}:{one.line}", "targets")
    if command is None:
        return None
    names = _abis(_TARGETS.findall(command.words))
    if names:
        return Abis(names, command.place, "cargo-ndk")
    # Targets that a loop puts together: the ABIs that the same file names.
    for one, path in statements_in(parts):
        names = _abis(t.text for t in one.strings) if path == command.path else ()
        if names and "abiFilters" not in one.path and one.heads[-2:] != ("splits", "abi"):
            return Abis(names, f"{path}:{one.line}", "cargo-ndk", complete=False)
    return None


def _abis(names: Iterator[str] | list[str]) -> tuple[str, ...]:
    found = {_ABI_NAMES[name] for name in names if name in _ABI_NAMES}
    return tuple(abi for abi in ABIS if abi in found)


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
        return _crate_of_command(values, command)
    for one, path in statements_in(parts):
        if one.name == "module" and one.arguments and _in_cargo(one):
            return folder_of(values, one, path), f"{path}:{one.line}"
    return None, ""


def _crate_of_command(values: Values, command: CargoNdk) -> tuple[str | None, str]:
    joined = values.build.sources.joined
    manifest = _MANIFEST.search(command.words)
    changed = _CHANGED.search(command.words)
    folder: str | None = None
    place = command.place
    for one in _around(command):
        if one.name in ("workingDir", "workingDirectory") and one.arguments:
            folder, place = folder_of(values, one, command.path), f"{command.path}:{one.line}"
            break
    base = folder or (values.folder if not changed else None) or values.folder
    if manifest:
        return joined(base, manifest[1].removesuffix("Cargo.toml") or "."), command.place
    if changed:
        return joined(base, changed[1]), command.place
    return folder, place if folder else ""


def _around(command: CargoNdk) -> Iterator[Statement]:
    """The statements of the command's own block."""
    yield from command.statement.block.statements


def folder_of(values: Values, one: Statement, path: str) -> str | None:
    """The folder that a statement's argument names, from the root, links followed inside the repository."""
    text = one.arguments[0].text
    sources = values.build.sources
    found = _folder(values, text) if '"' in text or text in _HERE else None
    if found is None:
        setting: Setting = values.setting(one.arguments[0], path, one.line)
        inner = re.search(r"\((\w+)\)$", text)
        looked = values.of(inner[1], path, one.line) if inner and setting.value is None else None
        value = setting.value or (looked.value if looked else None)
        found = sources.joined(values.folder, value) if value else None
        if found is None and re.fullmatch(r"\w+", text):
            given = values.expression(text, path)
            found = _folder(values, given) if given else None
    return sources.settled(found) if found is not None else None


_HERE = {
    "layout.projectDirectory": ".",
    "project.layout.projectDirectory": ".",
    "projectDir": ".",
    "project.projectDir": ".",
}


def _folder(values: Values, text: str) -> str | None:
    joined, base, folder = values.build.sources.joined, values.build.base, values.folder
    if text in _HERE:
        return folder
    template = _IN_TEMPLATE.fullmatch(text)
    if template:
        return joined(base if template[1].startswith("root") else folder, template[2])
    quoted = re.findall(r'"([^"]*)"', text)
    if not quoted or any("$" in one for one in quoted):
        return None
    start = base if _OF_ROOT.match(text) else folder
    if re.fullmatch(r'"[^"]*"', text):
        return joined(start, quoted[0])
    known = (
        r"(?:layout|projectDirectory|dir|file|File|resolve|rootDir|rootProject|projectDir|project|new"
        r"|isolated|asFile|get|toPath|toFile)"
    )
    rest = re.sub(r'"[^"]*"', "", text)
    if re.sub(rf"\b{known}\b|[\s().,/]", "", rest):
        return None
    return joined(start, "/".join(quoted))
