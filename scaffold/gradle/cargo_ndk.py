"""The user's own task that runs `cargo ndk`: its command, ABIs and crate."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaffold.facts import load_facts
from scaffold.gradle.android import ABIS, statements_in
from scaffold.gradle.conventions import Part
from scaffold.gradle.folders import folder_of
from scaffold.gradle.found import Abis, CargoNdkTask
from scaffold.gradle.values import Values
from scaffold.syntax.statements import Block, Statement

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
# A list that is added: `+ targets` or `*targets`.
_MORE_WORDS = re.compile(r"[+*]\s*[A-Za-z_]\w*\b(?!\s*\()")
_OUTPUT = re.compile(r"(?:^|\s)(?:-o|--output-dir)\b")
_MOST_OF_A_TASK = 200  # statements of a block that are looked through
_DEFAULT_ABIS = ("arm64-v8a", "armeabi-v7a")  # of a `cargo ndk` without -t
_PACKAGE = re.compile(r"(?:^|\s)(?:-p|--package)(?:\s+|=)([\w-]+)")
_MANIFEST = re.compile(r"(?:^|\s)--manifest-path(?:\s+|=)(\S+)")


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


def command_in(parts: Sequence[Part]) -> CargoNdk | None:
    """The first `cargo ndk` command that a script of the module runs, with all that its block adds to it."""
    for part in parts:
        for one in part.statements:
            if _is_command(one):
                adds = (s for s in part.statements if s is not one and _adds_to(s, one))
                statements = (one, *adds)
                words = " ".join(token.text for s in statements for token in s.strings)
                return CargoNdk(words, statements, part.path)
    return None


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


def own_task(parts: Sequence[Part], values: Values, command: CargoNdk) -> CargoNdkTask:
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


def _command_abis(parts: Sequence[Part], values: Values, command: CargoNdk) -> Abis | None:
    """What -t names: in the command, in a list that it or a loop around it goes through, or cargo-ndk's default."""
    told = [name for names in _TARGETS.findall(command.words) for name in names.split(",")]
    names = abis_named(told)
    if names:
        return Abis(names, command.place, "cargo-ndk", complete=len(told) == len(names))
    for text, line in _lists_of(command):
        names = abis_named(re.findall(r'"([^"]*)"', text))
        if names:
            return Abis(names, f"{command.path}:{line}", "cargo-ndk")
        for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", text))):
            given = values.named(word, command.path)
            names = abis_named(re.findall(r'"([^"]*)"', given.text)) if given else ()
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
        names = abis_named(t.text for t in one.strings) if path == command.path else ()
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


def abis_named(names: Iterator[str] | list[str]) -> tuple[str, ...]:
    found = {_ABI_NAMES[name] for name in names if name in _ABI_NAMES}
    return tuple(abi for abi in ABIS if abi in found)


def crate_of_command(values: Values, command: CargoNdk) -> tuple[str | None, str]:
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
