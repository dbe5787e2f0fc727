"""The user's own `ndkVersion`, which moves along with the answer that it agreed with."""

from scaffold.answers.model import Answers
from scaffold.gradle.found import Module
from scaffold.merge.form import read_form
from scaffold.project.layout import path_fault
from scaffold.project.reconcile.model import FileChange
from scaffold.project.reconcile.table import Files
from scaffold.syntax.blocks import find_blocks
from scaffold.syntax.cannot_merge import CannotMerge


def ndk_change(
    module: Module | None, old: Answers | None, new: Answers, files: Files
) -> FileChange | None:
    """The update of the file in which the user wrote the NDK that the answer said before; else None."""
    mine = module.ndk if module else None
    if old is None or old.ndk == new.ndk or mine is None or mine.value != old.ndk:
        return None
    path, _, number = mine.place.rpartition(":")
    if path_fault(path) or not number.isdecimal():
        return None
    try:
        data = files.read(path) or b""
        text, _ = read_form(data)
        if path.endswith(".kts"):
            find_blocks("kotlin", text)  # a file whose blocks are damaged is left alone
    except CannotMerge:
        return None
    # In the bytes: a line keeps its own end where a file has both kinds.
    lines = data.split(b"\n")
    row, was = int(number) - 1, old.ndk.encode()
    if row >= len(lines) or lines[row].count(was) != 1:
        return None
    lines[row] = lines[row].replace(was, new.ndk.encode())
    changed = b"\n".join(lines)
    reason = f"your NDK follows the answer: {old.ndk} → {new.ndk}"
    return FileChange(
        "ndk-version",
        path,
        "update",
        reason,
        changed,
        before=text,
        after=read_form(changed)[0],
    )
