"""From answers to what would happen on disk: the same way for `init` and `regenerate`."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.answers.reading import read_answers, read_given
from scaffold.answers.schema import schema_text
from scaffold.artifacts.plan import Plan
from scaffold.artifacts.project import Project
from scaffold.artifacts.registry import explain, kind_of
from scaffold.artifacts.render import render
from scaffold.artifacts.starter import CRATE_ID
from scaffold.errors import EXIT_CONFLICT, EXIT_FINDINGS, EXIT_OK, Problem, Refusal
from scaffold.findings import Finding, Severity
from scaffold.project.content import as_lf
from scaffold.project.layout import ANSWERS_SCHEMA, ATTRIBUTES, LOCK, base_path
from scaffold.project.not_applied import without_effect
from scaffold.project.own_literals import LITERALS, own_literal
from scaffold.project.own_task import stale_after_ndk
from scaffold.project.plan import make_plan
from scaffold.project.reconcile.model import FileChange, Options, Past
from scaffold.project.reconcile.table import unwanted, wanted
from scaffold.project.state import Record, State, read_bases, read_state
from scaffold.project.survey import survey
from scaffold.project.workspace import Workspace
from scaffold.project.write import FileWrite
from scaffold.terminal.shell import shell_word


class Proposal(NamedTuple):
    """All that one run would do to the project at `root`.

    `files` and `state` are what would be written, in this order; `is_new`: no run was here before.
    """

    root: str
    answers: Answers
    project: Project
    plan: Plan
    findings: tuple[Finding, ...]
    changes: tuple[FileChange, ...]
    files: tuple[FileWrite, ...]
    state: tuple[FileWrite, ...]
    is_new: bool

    @property
    def writes(self) -> bool:
        """Whether anything would change on disk."""
        return bool(self.files or self.state)

    @property
    def exit_code(self) -> int:
        """That of a run that writes the proposal."""
        if any(change.action == "conflict" for change in self.changes):
            return EXIT_CONFLICT
        wrong = any(finding.severity is Severity.ERROR for finding in self.findings)
        return EXIT_FINDINGS if wrong else EXIT_OK


def propose(
    root: str, answers: Answers, options: Options, environment: Mapping[str, str] = os.environ
) -> Proposal:
    """Plans, renders and reconciles; writes nothing."""
    state = read_state(root)
    old = _last_answers(root) if state.records else None
    workspace = Workspace(root)
    project = survey(root, answers, environment)
    moved = []
    for literal in LITERALS:
        change = own_literal(literal, project.module, old, answers, workspace)
        if change:
            workspace.note(change)
            moved.append(change)
            project = survey(root, answers, environment, workspace.now)
    project = _without_last_ndk(project, old)
    plan = make_plan(answers, project)
    changes = tuple(_changes(root, plan, state, workspace, options))
    if old and old != answers:
        changes = _explained(changes, plan, explain(make_plan(old, project), plan))
    changes = (*moved, *changes)
    findings = plan.findings
    files = tuple(workspace.writes(changes))
    if findings and files:
        # What this very run settles is worth no word.
        after = _without_last_ndk(survey(root, answers, environment, workspace.now), answers)
        left = {_without_lines(finding) for finding in make_plan(answers, after).findings}
        findings = tuple(finding for finding in findings if _without_lines(finding) in left)
    relinked = any(
        c.id == "build-rs" and c.action in ("create", "update", "delete") for c in changes
    )
    if old and not relinked:
        findings += stale_after_ndk(plan.context, old.ndk)
    findings += tuple(without_effect(plan.context, options.stated))
    return Proposal(
        root,
        answers,
        project,
        plan,
        findings,
        tuple(_noted(change, workspace) for change in changes),
        files,
        tuple(_state_writes(root, plan, _runtime_answered(state, old, answers, options), changes)),
        is_new=state.text is None,
    )


def _runtime_answered(
    state: State, old: Answers | None, answers: Answers, options: Options
) -> State:
    """Without the record of the starter's crate once somebody or something answered its `cpp_runtime`."""
    answered = old and (old.cpp_runtime != answers.cpp_runtime or "cpp_runtime" in options.stated)
    if not answered:
        return state
    left = {id_: record for id_, record in state.records.items() if id_ != CRATE_ID}
    return state._replace(records=left)


def _without_lines(finding: Finding) -> str:
    return re.sub(r":\d+", "", f"{finding.code} {finding.message}")


def _last_answers(root: str) -> Answers | None:
    """Those of the last run, whose renders are the bases."""
    for base in read_bases(root, "answers"):
        try:
            return read_answers(base, "")
        except Refusal:
            continue
    return None


def _without_last_ndk(project: Project, old: Answers | None) -> Project:
    # What our own block says is worth a word only where somebody edited it.
    module = project.module
    if module and module.ours_ndk and (old is None or module.ours_ndk.value == old.ndk):
        return project._replace(module=module._replace(ours_ndk=None))
    return project


def _explained(
    changes: tuple[FileChange, ...], plan: Plan, why: Mapping[str, str]
) -> tuple[FileChange, ...]:
    places = {artifact.id: artifact.path for artifact in plan.artifacts}

    def one(change: FileChange) -> FileChange:
        told = change.action in ("update", "delete", "conflict") and change.id in why
        if not told or places.get(change.id) not in (None, change.path):
            return change
        own = f"; {change.reason}" if change.action == "conflict" else ""
        return change._replace(reason=why[change.id] + own)

    return tuple(one(change) for change in changes)


def _changes(
    root: str, plan: Plan, state: State, workspace: Workspace, options: Options
) -> Iterator[FileChange]:
    made: set[str] = set()
    deleted: set[str] = set()
    for artifact in plan.artifacts:
        new = render(artifact)
        if not new:
            continue
        made.add(artifact.id)
        if artifact.path in deleted and workspace.read(artifact.path) is None:
            reason = "you deleted the file; it stays deleted"
            yield FileChange(artifact.id, artifact.path, "skip", reason)
            continue
        pasts = _pasts(root, state.records.get(artifact.id))
        for change in wanted(artifact, new, pasts, workspace, options):
            if change.action == "skip":
                deleted.add(change.path)
            yield _done(change, workspace)
    for record in sorted(state.records.values()):
        if record.id not in made:
            for change in unwanted(_pasts(root, record), workspace, options):
                yield _done(change, workspace)
    for record, why in state.strange:
        yield FileChange(record.id, record.path, "skip", f"listed in {LOCK}; left unchanged: {why}")


def _pasts(root: str, record: Record | None) -> list[Past]:
    kind = kind_of(record.id) if record else None
    if record is None or kind is None:
        return []
    bases = read_bases(root, record.id) or (None,)
    return [Past(record.id, record.path, kind.format, base, record.owner) for base in bases]


def _done(change: FileChange, workspace: Workspace) -> FileChange:
    by_this_run = (
        workspace.read(change.path) is not None and workspace.disk[change.path] is None
        if change.action in ("update", "identical", "keep")
        else False
    )
    if by_this_run:
        # A starter file, or ours on its way from another folder.
        change = change._replace(action="create", data=change.data or workspace.read(change.path))
    workspace.note(change)
    return change


def _noted(change: FileChange, workspace: Workspace) -> FileChange:
    notes = list(change.notes)
    if change.data is not None and workspace.links(change.path) > 1:
        others = workspace.links(change.path) - 1
        notes.append(f"the file has {others} more hard link(s), which keep the old text")
    if os.name == "nt" and change.executable and change.data is not None:
        notes.append(
            f"run `git update-index --chmod=+x {shell_word(change.path)}` so that it can be executed"
        )
    return change._replace(notes=tuple(notes))


def _state_writes(
    root: str, plan: Plan, state: State, changes: tuple[FileChange, ...]
) -> Iterator[FileWrite]:
    """The bases, then the lock; only what differs from what is there, line endings apart."""
    records, gone = _records(plan, state, changes)
    # GitHub then folds these files in a pull request, and leaves them out of a repository's languages.
    files = {ATTRIBUTES: "* linguist-generated\n", ANSWERS_SCHEMA: schema_text()}
    for change in changes:
        if change.base is not None and not _says_the_same(root, change):
            files[base_path(change.id)] = change.base
    workspace = Workspace(root)
    for path, text in files.items():
        before = workspace.read(path)
        if before is None or as_lf(before) != text.encode():
            yield FileWrite(path, text.encode(), before, ours=True)
    for id_ in gone:
        if workspace.read(base_path(id_)) is not None:
            yield FileWrite(base_path(id_), None, ours=True)
    lock = state.text_with(records)
    if lock != state.text:
        yield FileWrite(LOCK, lock.encode(), ours=True)


def _says_the_same(root: str, change: FileChange) -> bool:
    """Whether a hand edit of `scaffold.yml` left every answer as it was."""
    if change.id != "answers" or change.base is None:
        return False
    last = read_bases(root, "answers")
    if len(last) != 1 or last[0] == change.base:
        return len(last) == 1
    return read_given(last[0], "").values == read_given(change.base, "").values


def _records(
    plan: Plan, state: State, changes: tuple[FileChange, ...]
) -> tuple[dict[str, Record], list[str]]:
    """The records after the run, and the ids that leave with it."""
    stay = {artifact.id for artifact in plan.artifacts}
    stay |= {change.id for change in changes if not change.forget}
    records = {
        id_: record
        for id_, record in state.records.items()
        if id_ in stay or id_.startswith("starter-")
    }
    for change in changes:
        if change.forget:
            records.pop(change.id, None)
        elif change.base is not None:
            records[change.id] = Record(change.id, change.path, change.owner)
    return records, [id_ for id_ in state.records if id_ not in records and kind_of(id_)]


def project_root(folder: str) -> str:
    """The project's folder as given; Refusal where something else has its name."""
    if not folder or (os.path.lexists(folder) and not os.path.isdir(folder)):
        raise Refusal(
            Problem(
                f"{folder or 'an empty name'} is not a folder", folder, "name the project's folder"
            )
        )
    return folder


def commit(proposal: Proposal) -> None:
    """Writes the proposal. Raises Refusal with nothing changed."""
    from scaffold.project.write import write_files

    # By its base, detection knows the crate for scaffold's own; so a run that is cut off after the crate is finished.
    crate = [one for one in proposal.state if one.path == base_path(CRATE_ID) and one.data]
    rest = [one for one in proposal.state if one not in crate]
    write_files(proposal.root, (*crate, *proposal.files, *rest))
