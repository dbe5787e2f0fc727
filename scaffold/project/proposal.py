"""From answers to what would happen on disk, and then to disk: the same way for `init` and `regenerate`."""

import os
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

from scaffold.answers.model import Answers
from scaffold.answers.reading import read_answers
from scaffold.artifacts.changes import explain
from scaffold.artifacts.model import Artifact, Format, Plan
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.errors import EXIT_CONFLICT, EXIT_OK, Problem, Refusal
from scaffold.files.reading import LARGEST
from scaffold.project.lockfile import (
    Entry,
    Lock,
    read_base,
    read_lock,
)
from scaffold.project.paths import safe_path
from scaffold.project.plan import make_plan
from scaffold.project.reconcile import Change, Options, Past, reconcile, take_out
from scaffold.project.survey import survey

FORMATS = {
    "answers": Format.ANSWERS,
    "build-rs": Format.RUST,
    "cargo-config": Format.TOML,
    "gradle": Format.KOTLIN,
    "rust-toolchain": Format.TOML,
}


@dataclass(frozen=True)
class Proposal:
    """All that one run would do to the project at `root`."""

    root: str
    answers: Answers
    project: Project
    plan: Plan
    changes: tuple[Change, ...]
    lock: Lock | None
    disk: Mapping[str, bytes | None]
    files: Mapping[str, bytes | None]
    complete: bool

    @property
    def writes(self) -> bool:
        """Whether a file of the user's would change."""
        return any(self.disk[path] != data for path, data in self.files.items()) or any(
            change.mode == 0o755 and change.data is not None for change in self.changes
        )

    @property
    def exit_code(self) -> int:
        conflict = any(change.action == "conflict" for change in self.changes)
        return EXIT_CONFLICT if conflict else EXIT_OK


class _Files:
    """The project's files as they are on disk, and as this run would leave them."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.disk: dict[str, bytes | None] = {}
        self.now: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes | None:
        if path not in self.now:
            place = safe_path(self.root, path)
            self.disk[path] = self.now[path] = read_existing(place, path)
        return self.now[path]

    def executable(self, path: str) -> bool:
        return os.name == "nt" or os.access(os.path.join(self.root, path), os.X_OK)


def read_existing(place: str, path: str) -> bytes | None:
    """A file's bytes, or None where there is none; Refusal (exit 74) where it cannot be read.

    `path` is the name that the refusal gives it.
    """
    from scaffold.project.content import read_file
    from scaffold.project.trouble import refusal

    try:
        return read_file(place, LARGEST)[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal("read", path, error) from error


def propose(
    root: str,
    answers: Answers,
    options: Options,
    *,
    complete: bool = True,
    environment: Mapping[str, str] = os.environ,
) -> Proposal:
    """Plans, renders and reconciles; writes nothing. `complete`: every answer is written out in `scaffold.yml`."""
    lock = read_lock(root)
    old = _last_answers(root) if lock else None
    project = _without_last_ndk(survey(root, answers, environment), old)
    plan = make_plan(answers, project)
    files = _Files(root)
    why = explain(old, make_plan(old, project), answers, plan) if old else {}
    places = {artifact.id: artifact.path for artifact in plan.artifacts}
    changes = tuple(
        _explained(change, why) if places.get(change.id) in (None, change.path) else change
        for change in _changes(root, plan, lock, files, options)
    )
    return Proposal(root, answers, project, plan, changes, lock, files.disk, files.now, complete)


def _last_answers(root: str) -> Answers | None:
    """Those of the last run, whose renders are the base copies."""
    base = read_base(root, "answers")
    try:
        return read_answers(base.decode("utf-8"), "") if base else None
    except (Refusal, UnicodeDecodeError):
        return None


def _without_last_ndk(project: Project, old: Answers | None) -> Project:
    # What our own block says is worth a word only where somebody edited it.
    module = project.module
    if module and module.ours_ndk and (old is None or module.ours_ndk.value == old.ndk):
        return replace(project, module=replace(module, ours_ndk=None))
    return project


def _explained(change: Change, why: Mapping[str, str]) -> Change:
    if change.action in ("update", "delete", "conflict") and change.id in why:
        own = f"; {change.reason}" if change.action == "conflict" else ""
        return replace(change, reason=why[change.id] + own)
    return change


def _changes(
    root: str, plan: Plan, lock: Lock | None, files: _Files, options: Options
) -> Iterator[Change]:
    entries = {entry.id: entry for entry in lock.entries} if lock else {}
    wanted: set[str] = set()
    skipped: set[str] = set()
    for artifact in plan.artifacts:
        new = render(artifact)
        if not new:
            continue
        wanted.add(artifact.id)
        entry = entries.get(artifact.id)
        past = _past(root, entry) if entry else None
        for change in _artifact(artifact, new, past, files, options, skipped):
            if change.action == "skip":
                skipped.add(change.path)
            yield change
    for entry in entries.values():
        if entry.id not in wanted and not entry.once and entry.id != "answers":
            past = _past(root, entry)
            gone = take_out(entry.id, past, files.read(entry.path), options)
            if gone:
                yield _noted(gone, files)


def _artifact(
    artifact: Artifact,
    new: str,
    past: Past | None,
    files: _Files,
    options: Options,
    skipped: set[str],
) -> Iterator[Change]:
    if past and past.path != artifact.path and artifact.format is Format.ONCE:
        past = (
            None  # the user's from the day it was made: it stays, and the new folder gets its own
        )
    elif past and past.path != artifact.path and not artifact.blocked:
        past = yield from _moved(artifact, past, files, options)
    mine = files.read(artifact.path)
    if mine is None and artifact.path in skipped:
        yield Change(artifact.id, artifact.path, "skip", "you deleted the file; it stays deleted")
        return
    change = reconcile(artifact, new, past, mine, options)
    made_now = mine is not None and files.disk[artifact.path] is None
    if made_now and change.action in ("update", "identical", "keep"):
        # By this very run: a starter file, or ours on its way from another folder.
        change = replace(change, action="create", data=change.data or mine)
    if (
        change.action == "identical"
        and artifact.mode == 0o755
        and not files.executable(artifact.path)
    ):
        change = replace(change, action="update", reason="made executable", data=mine)
    yield _noted(change, files)


def _moved(
    artifact: Artifact, past: Past, files: _Files, options: Options
) -> Generator[Change, None, Past | None]:
    """The file is to be elsewhere: it goes along where it is ours, else only our part does."""
    old, there = files.read(past.path), files.read(artifact.path)
    if old is None:
        return past if there is not None else None
    if past.created and there is None:
        files.now[past.path], files.now[artifact.path] = None, old
        yield Change(artifact.id, past.path, "delete", f"moves to {artifact.path}", forget=True)
        return past
    change = take_out(artifact.id, past, old, options)
    if change:
        moves = replace(change, reason=f"what scaffold wrote moves to {artifact.path}")
        yield _noted(change if change.action == "conflict" else moves, files)
    return None


def _noted(change: Change, files: _Files) -> Change:
    if change.data is not None:
        files.now[change.path] = change.data
    elif change.action == "delete":
        files.now[change.path] = None
    return change


def _past(root: str, entry: Entry) -> Past:
    base = read_base(root, entry.id)
    # Git may have given the base copies other line endings.
    text = None if base is None else base.decode("utf-8", "replace").replace("\r\n", "\n")
    return Past(entry.path, FORMATS.get(entry.id, Format.TEXT), text, entry.created)


def project_root(folder: str) -> str:
    """The project's folder as given; Refusal where something else has its name."""
    if not folder or (os.path.lexists(folder) and not os.path.isdir(folder)):
        raise Refusal(
            Problem(
                f"{folder or 'an empty name'} is no folder", folder, "name the project's folder"
            )
        )
    return folder
