"""Who builds the Rust library for a Gradle module, from which crate, and for which ABIs."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaffold.facts import load_facts
from scaffold.gradle.android import ABIS, CARGO, statements_in
from scaffold.gradle.conventions import Part
from scaffold.gradle.found import Abis, CargoNdkTask, RustBuild, Setting
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Block, Statement

CARGO_PLUGIN = "dev.gobley.cargo"
UNIFFI_PLUGIN = "dev.gobley.uniffi"
GOBLEY_PLUGINS = (CARGO_PLUGIN, UNIFFI_PLUGIN, "dev.gobley.rust")
_GOBLEY_BLOCKS = ("cargo", "uniffi")
RUST_ANDROID_GRADLE = "org.mozilla.rust-android-gradle.rust-android"
_OF_RUST_ANDROID = re.compile(r"(?:^|\.)rust-android(?:-gradle)?$")  # the original and its forks
_OF_CARGO_NDK = re.compile(r"(?:^|\.)cargo-?ndk(?:-\w+)*$")  # there are several

# What rust-android-gradle and cargo ndk call ABIs by.
_ABI_NAMES = {
    **{abi: abi for abi in ABIS},
    "arm64": "arm64-v8a",
    "arm": "armeabi-v7a",
    **{row.rust_target: row.abi for row in load_facts().abis},
}
_COMMAND = re.compile(r"\bcargo(?:\.exe)?(?:[\s\"']+\+[\w.-]+)?(?:[\s\"']+|-)ndk\b(?![-.])")
_CHANGED = re.compile(r"\bcd\s+[\"']?([\w./-]+)")
_TARGETS = re.compile(r"(?:^|\s)(?:-t|--target)(?:\s+|=)([\w,-]+)")
_TARGET_OPTION = re.compile(r"(?:^|\s)(?:-t|--target)\b")
_CARGO = re.compile(r"cargo(?:\.exe)?(?:$|\s+(?:build|rustc)\b)|CARGO_TARGET_\w*LINKER")
_MORE_WORDS = re.compile(
    r"[+*]\s*[A-Za-z_]\w*\b(?!\s*\()"
)  # a list that is added, `+ targets` or `*targets`
_OUTPUT = re.compile(r"(?:^|\s)(?:-o|--output-dir)\b")
_BINDGEN = re.compile(r"\buniffi[-_]bindgen\b")
_MOST_OF_A_TASK = 200  # statements of a block that are looked through
_DEFAULT_ABIS = ("arm64-v8a", "armeabi-v7a")  # of a `cargo ndk` without -t
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
    """A `cargo ndk` command: the words of it that are plain, its statements (that with `ndk` first), and their file."""

    words: str
    statements: tuple[Statement, ...]
    path: str

    @property
    def statement(self) -> Statement:
        return self.statements[0]

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


def cargo_ndk(parts: Sequence[Part]) -> CargoNdk | None:
    """The first `cargo ndk` command that a script of the module runs, with all that its block adds to it."""
    for part in parts:
        for one in part.statements:
            if _is_command(one):
                adds = (s for s in part.statements if s is not one and _adds_to(s, one))
                statements = (one, *adds)
                words = " ".join(token.text for s in statements for token in s.strings)
                return CargoNdk(words, statements, part.path)
    return None


def own_bindgen(parts: Sequence[Part]) -> str:
    """The first line that runs uniffi-bindgen; Gobley's own is none."""
    for one, path in statements_in(parts):
        if any(_BINDGEN.search(token.text) for token in one.strings):
            return f"{path}:{one.line}"
    return ""


def _is_command(one: Statement) -> bool:
    words = " ".join(token.text for token in one.strings)
    if one.heads[-1:] == ("plugins",) or one.name in ("apply", "classpath", "id"):
        return False  # a plugin of that name
    if _COMMAND.search(words):
        return True
    if not (re.match(r"ndk\b", words) and _runs(one)):
        return False
    return bool(re.search(r"cargo", one.text, re.IGNORECASE)) or _executes_cargo(one)


def _runs(one: Statement) -> bool:
    return (
        one.name in ("commandLine", "args", "exec", "listOf", "command", "arguments", "cargo")
        or one.sets
    )


_GIVES = ("args", "environment", "commandLine", "listOf")


def _adds_to(other: Statement, one: Statement) -> bool:
    """Whether it stands in the command's own block, or one in that, and gives it words or variables."""
    head = other.heads[-1] if other.heads else ""
    given = any(
        re.search(rf"\b{name}\b", head) for name in _GIVES
    )  # `args(abis.collectMany { … })`
    if one.block.above is None or not (given or other.name in _GIVES):
        return False
    block = other.block
    while block is not one.block and block.above is not None:
        block = block.above
    return block is one.block


def _executes_cargo(one: Statement) -> bool:
    return any(
        other.name in ("executable", "commandLine") and "cargo" in other.text
        for other in one.block.statements[:_MOST_OF_A_TASK]
    )


def own_cargo_ndk(parts: Sequence[Part], values: Values, command: CargoNdk) -> CargoNdkTask:
    """What the user's `cargo ndk` command does and lacks."""
    words = command.words
    output = bool(_OUTPUT.search(words)) or "CARGO_NDK_OUTPUT_PATH" in words
    return CargoNdkTask(
        command.place,
        groovy=not command.path.endswith((".kts", ".kt")),
        abis=_command_abis(parts, values, command),
        output=output,
        target_folder="--target-dir" in words
        or any(
            "CARGO_TARGET_DIR" in one.text
            for one, path in statements_in(parts)
            if path == command.path
        ),
        alone=any("Exec" in head for head in command.statement.heads[-1:]),
    )


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
            names = _abis(token.text for token in one.strings)
            if names:
                return Abis(names, f"{path}:{one.line}", "targets")
    return own.abis if own else None


def _command_abis(parts: Sequence[Part], values: Values, command: CargoNdk) -> Abis | None:
    """What -t names: in the command, in a list that it or a loop around it goes through, or cargo-ndk's default."""
    told = [name for names in _TARGETS.findall(command.words) for name in names.split(",")]
    names = _abis(told)
    if names:
        return Abis(names, command.place, "cargo-ndk", complete=len(told) == len(names))
    for text, line in _lists_of(command):
        names = _abis(re.findall(r'"([^"]*)"', text))
        if names:
            return Abis(names, f"{command.path}:{line}", "cargo-ndk")
        for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", text))):
            given = values.named(word, command.path)
            names = _abis(re.findall(r'"([^"]*)"', given.text)) if given else ()
            if given and names:
                return Abis(names, given.place, "cargo-ndk")
    if not _TARGET_OPTION.search(command.words) and "CARGO_NDK_TARGET" not in command.words:
        tokens = [t for s in command.statements for a in s.arguments for t in a.tokens]
        more = any(_MORE_WORDS.search(s.text) for s in command.statements)
        if not more and not any(token.kind == "string" and not token.plain for token in tokens):
            return Abis(_DEFAULT_ABIS, command.place, "cargo-ndk")
        return None
    # Targets put together in a way that is not followed: the ABIs that the same file names.
    for one, path in statements_in(parts):
        names = _abis(t.text for t in one.strings) if path == command.path else ()
        if names and "abiFilters" not in one.path and one.heads[-2:] != ("splits", "abi"):
            return Abis(names, f"{path}:{one.line}", "cargo-ndk", complete=False)
    return None


def _lists_of(command: CargoNdk) -> Iterator[tuple[str, int]]:
    """The texts that may hold or name the list of ABIs, with their lines: its own, then the loops around it."""
    for one in command.statements:
        yield one.text, one.line
        block: Block | None = one.block
        while block is not None:
            yield block.head, block.line
            block = block.above


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
