"""A run that is cut off after any file, and then run again, ends as one that was not disturbed."""

import os
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from scaffold.cli.main import main
from scaffold.project import write as writer
from scaffold.project.write import FileWrite
from tests.test_golden import CASES, overlay

Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def settled(files: Tree) -> Tree:
    """The files, with what the state says of all but starters.

    A starter that is there already is the user's: the run that finishes has no need to remember it. Nor can it tell
    whose an import is that it finds in the script; so much of the block's base is left out.
    """
    kept = {p: d for p, d in files.items() if not p.startswith(".scaffold/base/starter-")}
    if ".scaffold/base/gradle" in kept:
        block = kept[".scaffold/base/gradle"]
        kept[".scaffold/base/gradle"] = block[block.index(b"// >>> scaffold:gradle") :]
    lock = tomllib.loads(kept[".scaffold/lock.toml"].decode())
    rows = {id_: row for id_, row in lock.items() if not id_.startswith("starter-")}
    return {**kept, ".scaffold/lock.toml": repr(rows).encode()}


def restore(folder: Path, files: Tree) -> None:
    os.chdir(folder.parent)  # Windows removes no folder that is somebody's own
    shutil.rmtree(folder)
    folder.mkdir()
    os.chdir(folder)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def do(folder: Path, writes: Sequence[FileWrite]) -> None:
    for write in writes:
        place = folder / write.path
        if write.data is None:
            place.unlink(missing_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(write.data)
        if write.executable:
            place.chmod(0o755)


def recorded(monkeypatch: pytest.MonkeyPatch, words: Sequence[str]) -> tuple[int, list[FileWrite]]:
    """The exit code of a command, and what it wrote, in order."""
    seen: list[FileWrite] = []
    real = writer.write_files

    def record(root: str, writes: Sequence[FileWrite]) -> None:
        seen.extend(writes)
        real(root, writes)

    with monkeypatch.context() as patch:
        patch.setattr(writer, "write_files", record)
        return main([*words, "--json"]), seen


# The logic is the same on Windows, where a run costs several times as much: a sample shows that its paths are.
SAMPLE = CASES[::8] if os.name == "nt" else CASES


@pytest.mark.parametrize("case", SAMPLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_beginning_of_a_run_is_finished_by_the_next(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my-app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"):
        monkeypatch.delenv(name, raising=False)
    overlay(case / "before", folder)
    words = ["init", "--answers", str(case / "answers.yml")]
    if (case / "regenerate.txt").exists():
        assert main([*words, "--json"]) in (0, 1, 3)
        overlay(case / "edits", folder)
        words = ["regenerate", *(case / "regenerate.txt").read_text(encoding="utf-8").split()]
    before = tree(folder)
    code, writes = recorded(monkeypatch, words)
    if not writes:
        return
    after = tree(folder)
    files = sum(not write.path.startswith(".scaffold/") for write in writes)
    # Of the state, whose files come last, the first and the last beginning show as much as all.
    for count in sorted({*range(1, files + 2), len(writes) - 1} - {0, len(writes)}):
        restore(folder, before)
        do(folder, writes[:count])
        assert main([*words, "--json"]) == code
        assert settled(tree(folder)) == settled(after), f"cut off after {writes[count - 1].path}"
