"""The user's own literals, each of which moves along with the answer that it agreed with."""

import re
from collections.abc import Callable
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.gradle import (
    embedded_expression,
    embedded_imports,
    embedded_in,
    embedded_targets,
)
from scaffold.gradle.android import NDK_PREVIEW
from scaffold.gradle.found import Module
from scaffold.merge.form import read_form, write_form
from scaffold.merge.kotlin_imports import imports_of, with_imports, without_imports
from scaffold.project.layout import path_fault
from scaffold.project.reconcile.model import FileChange
from scaffold.project.reconcile.table import Files
from scaffold.syntax.blocks import find_blocks
from scaffold.syntax.cannot_merge import CannotMerge
from scaffold.syntax.tokens import tokens

# A list of plain strings in one kind of quotes, and nothing between them.
_LIST = re.compile(r"""(["'])[\w-]+\1(?:\s*,\s*\1[\w-]+\1)*""")


class _Move(NamedTuple):
    """What becomes of a file's text (LF); `path` is from the root."""

    id: str
    path: str
    reason: str
    edit: Callable[[str], str | None]


Literal = Callable[[Module, Answers, Answers], _Move | None]


def own_literal(
    literal: Literal, module: Module | None, old: Answers | None, new: Answers, files: Files
) -> FileChange | None:
    """The update of the file in which the user wrote what the answer said before; else None."""
    move = literal(module, old, new) if module and old else None
    if move is None or path_fault(move.path):
        return None
    try:
        data = files.read(move.path) or b""
        before, form = read_form(data)
        if move.path.endswith(".kts"):
            find_blocks("kotlin", before)  # a file whose blocks are damaged is left alone
        after = move.edit(before)
    except CannotMerge:
        return None
    if after is None or after == before:
        return None
    changed = write_form(after, form)
    return FileChange(
        move.id, move.path, "update", move.reason, changed, before=before, after=after
    )


def ndk(module: Module, old: Answers, new: Answers) -> _Move | None:
    """`ndkVersion`, in a script, a catalogue or gradle.properties."""
    mine = module.ndk
    if old.ndk == new.ndk or mine is None or mine.value != old.ndk:
        return None
    path, _, number = mine.place.rpartition(":")

    def edit(text: str) -> str | None:
        lines = text.split("\n")
        row = int(number) - 1 if number.isdecimal() else len(lines)
        was = re.compile(re.escape(old.ndk) + NDK_PREVIEW)
        if row >= len(lines) or len(was.findall(lines[row])) != 1:
            return None
        lines[row] = was.sub(new.ndk, lines[row])
        return "\n".join(lines)

    return _Move("ndk-version", path, f"your NDK follows the answer: {old.ndk} → {new.ndk}", edit)


def abis(module: Module, old: Answers, new: Answers) -> _Move | None:
    """`abiFilters`, or the ABIs of `splits`, as one list of plain strings."""
    named = module.abi_filters or module.abis
    span = named.literal if named and named.complete and set(named.names) == set(old.abis) else None
    if span is None or set(old.abis) == set(new.abis):
        return None

    def edit(text: str) -> str | None:
        listed = text[span.start : span.end]
        if not _LIST.fullmatch(listed):
            return None
        quote = listed[0]
        between = re.search(rf"{quote}(\s*,\s*){quote}", listed)
        separator = between[1] if between else ", "
        written = separator.join(f"{quote}{abi}{quote}" for abi in new.abis)
        return text[: span.start] + written + text[span.end :]

    reason = f"your ABIs follow the answer: {', '.join(old.abis)} → {', '.join(new.abis)}"
    return _Move("abi-filters", span.path, reason, edit)


def embedded(module: Module, old: Answers, new: Answers) -> _Move | None:
    """The desktop targets of `embedRustLibrary`, where they are a plain set or the host's own alone."""
    mine = module.embed_rust_library
    listed = embedded_in(mine.text) if mine else None
    was, now = embedded_targets(old), embedded_targets(new)
    if mine is None or listed is None or was == now or not set(was) <= set(listed):
        return None
    kept = [name for name in listed if name in now or name not in was]
    wanted = (*kept, *(name for name in now if name not in kept))
    path, _, line = mine.place.rpartition(":")
    if wanted == listed or not path.endswith(".kts"):
        return None

    def edit(text: str) -> str | None:
        span = _assigned(text, "embedRustLibrary", int(line))
        if span is None or re.search(r"//|/\*", text[slice(*span)]):
            return None
        start = text.rfind("\n", 0, span[0]) + 1
        indent = re.match(r"\s*", text[start:])
        written = embedded_expression(wanted, indent[0] if indent else "")
        moved = text[: span[0]] + written + text[span[1] :]
        moved = with_imports(moved, imports_of(moved).missing(embedded_imports(wanted)))
        return without_imports(moved, embedded_imports(was) - embedded_imports(wanted))

    added = [name for name in wanted if name not in listed]
    dropped = [name for name in listed if name not in wanted]
    parts = [f"adds {', '.join(added)}"] * bool(added)
    parts += [f"removes {', '.join(dropped)}"] * bool(dropped)
    reason = f"your embedRustLibrary follows the answers: {', '.join(parts)}"
    return _Move("embed-rust-library", path, reason, edit)


LITERALS: tuple[Literal, ...] = (ndk, abis, embedded)


def _assigned(text: str, name: str, line: int) -> tuple[int, int] | None:
    """The span of the expression that `name` is set to in that line; it ends with the line, or its parentheses."""
    parts = iter(tokens(text, nested_comments=True))
    for token in parts:
        if token.line == line and token.text == name and next(parts).text == "=":
            break
    start, end, depth = 0, 0, 0
    for token in parts:
        if token.kind == "newline" and start and not depth:
            return start, end
        if token.kind != "newline":
            start, end = start or token.start, token.end
        depth += (token.text == "(") - (token.text == ")")
    return None
