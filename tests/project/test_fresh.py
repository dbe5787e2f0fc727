import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.project.content import text_digest
from scaffold.project.fresh import environment_digest, unchanged
from scaffold.project.lockfile import Entry, Inputs, Lock, lock_bytes
from scaffold.project.transaction import ANY, Write, apply_changes

FILES = {
    'crate "a"/build.rs': b"fn main() {}\n",
    ".cargo/zig/cc.sh": b"#!/bin/sh\n",
    "merged.toml": b"a = 1\r\nb = 2\r\n",
    "starter.txt": b"x\n",
}
ENVIRONMENT = {"RUSTFLAGS": "-g", "OTHER": "x"}


INPUTS = Inputs(
    "b",
    (("Cargo.toml", text_digest(b"[package]\n")), ("no", "absent")),
    (("ABSENT", "absent"), ("RUSTFLAGS", environment_digest("-g"))),
)


def lock(tool: str = "1.0", inputs: Inputs | None = INPUTS) -> bytes:
    entries = []
    for number, (path, data) in enumerate(FILES.items()):
        mode = 0o755 if path.endswith(".sh") else 0o644
        written = text_digest(data)
        entry = Entry(f"id-{number}", path, text_digest(b"base"), written, mode=mode)
        entries.append(entry._replace(once=path == "starter.txt"))
    return lock_bytes(Lock(1, tool, tuple(entries), inputs))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    changes = [Write(f".scaffold/base/id-{n}", b"base", ANY) for n in range(3)]
    for path, data in FILES.items():
        changes.append(Write(path, data, None, 0o755 if path.endswith(".sh") else None))
    apply_changes(str(root), [*changes, Write("Cargo.toml", b"[package]\n", None)], lock())
    return root


def is_unchanged(root: Path, environ: dict[str, str] = ENVIRONMENT) -> bool:
    return unchanged(str(root), "1.0", environ, "b")


def test_a_project_as_the_last_run_left_it_is_unchanged(project: Path) -> None:
    assert is_unchanged(project)


def test_line_endings_that_git_converted_are_no_change(project: Path) -> None:
    for path in project.rglob("*"):
        if path.is_file():
            data = path.read_bytes().replace(b"\r\n", b"\n")
            path.write_bytes(data.replace(b"\n", b"\r\n"))
    assert is_unchanged(project)


def append(name: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        with (root / name).open("ab") as file:
            file.write(b" ")

    return change


def instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        (root / name).rename(root / "aside")
        make(root / name)

    return change


def relock(data: bytes) -> Callable[[Path], object]:
    return lambda root: (root / ".scaffold/lock.toml").write_bytes(data)


def to_aside(place: Path) -> None:
    place.symlink_to(place.parent / "aside")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an artifact edited": append('crate "a"/build.rs'),
    "an artifact gone": lambda root: (root / "merged.toml").unlink(),
    "an input edited": append("Cargo.toml"),
    "an input gone": lambda root: (root / "Cargo.toml").unlink(),
    "an input that appeared": lambda root: (root / "no").touch(),
    "a base copy edited": append(".scaffold/base/id-0"),
    "a base copy gone": lambda root: (root / ".scaffold/base/id-2").unlink(),
    "an interrupted run": lambda root: (root / ".scaffold/undo.json").touch(),
    "a run not cleared up": lambda root: (root / ".scaffold/done.json").touch(),
    "no lock": lambda root: (root / ".scaffold/lock.toml").unlink(),
    "no state": lambda root: shutil.rmtree(root / ".scaffold"),
    "a lock that ends early": relock(lock()[:-30]),
    "a lock that is no text": relock(b"\xff"),
    "another schema": relock(lock().replace(b"schema = 1", b"schema = 2")),
    "true as schema": relock(lock().replace(b"schema = 1", b"schema = true")),
    "another version": relock(lock(tool="1.1")),
    "no inputs recorded": relock(lock(inputs=None)),
    "a path that leaves": relock(lock().replace(b"merged.toml", b"../merged.toml")),
    "a path that is a number": relock(lock().replace(b'"merged.toml"', b"5")),
    "a huge artifact": lambda root: os.truncate(root / "merged.toml", 10_000_000_000),
    "a folder in its place": instead("merged.toml", Path.mkdir),
}
if os.name != "nt":
    CHANGES |= {
        "a script that cannot be run": lambda root: (root / ".cargo/zig/cc.sh").chmod(0o644),
        "a link to the same bytes": instead("merged.toml", to_aside),
        "a folder that became a link": instead(".cargo", to_aside),
        "a pipe": instead("merged.toml", os.mkfifo),
        "a device": instead("Cargo.toml", lambda place: place.symlink_to("/dev/zero")),
    }


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_is_doubt(project: Path, name: str) -> None:
    CHANGES[name](project)
    assert not is_unchanged(project)


@pytest.mark.parametrize("environ", [{}, {"RUSTFLAGS": ""}, {"RUSTFLAGS": "-g", "ABSENT": ""}])
def test_a_variable_that_differs_is_doubt(project: Path, environ: dict[str, str]) -> None:
    assert not is_unchanged(project, environ)


def test_another_tool_or_build_is_doubt(project: Path) -> None:
    assert not unchanged(str(project), "1.1", ENVIRONMENT, "b")
    assert not unchanged(str(project), "1.0", ENVIRONMENT, "c")


def test_a_starter_file_is_the_users(project: Path) -> None:
    (project / "starter.txt").unlink()
    assert is_unchanged(project)


def test_an_edit_that_the_last_run_saw_and_kept_is_no_change(project: Path) -> None:
    (project / "merged.toml").write_bytes(b"edited\n")
    inputs = Inputs(
        "b", (("merged.toml", text_digest(b"edited\n")), (".cargo/zig/cc.sh", "absent")), ()
    )
    (project / ".scaffold/lock.toml").write_bytes(lock(inputs=inputs))
    assert not is_unchanged(project)
    (project / ".cargo/zig/cc.sh").unlink()
    assert is_unchanged(project)


def test_nothing_is_written(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (project, *project.rglob("*"))}
    is_unchanged(project)
    assert {path: path.stat().st_mtime_ns for path in (project, *project.rglob("*"))} == before


def test_the_fast_path_imports_nothing_heavy() -> None:
    program = (
        "import sys; before = set(sys.modules); import scaffold.project.fresh; "
        "print(*(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    loaded = {name for name in run.stdout.split() if not name.startswith("scaffold")}
    assert loaded <= {"errno", "stat", "_sha2", "_sha256", "_hashlib"}
    assert "scaffold.errors" not in run.stdout
