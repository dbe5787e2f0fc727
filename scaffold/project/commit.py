"""Writes a proposal in one transaction, and the lock that lets the next run tell whose edit is whose."""

import os

from scaffold.answers.schema import schema_text
from scaffold.artifacts.model import Format
from scaffold.errors import Refusal
from scaffold.probe.host import RUSTFLAGS_VARIABLES
from scaffold.project.content import digest, text_digest
from scaffold.project.fresh import environment_digest
from scaffold.project.layout import ANSWERS_SCHEMA, base_path
from scaffold.project.lockfile import ABSENT, SCHEMA, Entry, Inputs, Lock, lock_bytes
from scaffold.project.paths import safe_path
from scaffold.project.proposal import Proposal, read_existing
from scaffold.project.survey import inputs
from scaffold.project.transaction import ANY, Remove, Write, apply_changes
from scaffold.version import VERSION


def commit(proposal: Proposal) -> None:
    """Writes the proposal in one transaction, the lock last. Raises Refusal with nothing changed."""
    writes: list[Write | Remove] = []
    modes = {change.path: change.mode for change in proposal.changes if change.data is not None}
    for path, data in proposal.files.items():
        before = proposal.disk[path]
        expected = None if before is None else digest(before)
        if data is None and before is not None:
            writes.append(Remove(path, expected))
        elif data is not None and (data != before or modes.get(path) == 0o755):
            writes.append(Write(path, data, expected, modes.get(path)))
    lock = _next_lock(proposal)
    kept = {entry.id for entry in lock.entries}
    for change in proposal.changes:
        if change.base is not None:
            writes.append(Write(base_path(change.id), change.base.encode(), ANY))
    # scaffold.yml names it in its first line, for editors.
    writes.append(Write(ANSWERS_SCHEMA, schema_text().encode(), ANY))
    for entry in proposal.lock.entries if proposal.lock else ():
        if entry.id not in kept:
            writes.append(Remove(base_path(entry.id), ANY))
    apply_changes(proposal.root, writes, lock_bytes(lock))


def _next_lock(proposal: Proposal) -> Lock:
    entries = {entry.id: entry for entry in proposal.lock.entries} if proposal.lock else {}
    once = {a.id for a in proposal.plan.artifacts if a.format is Format.ONCE}
    wanted = {artifact.id for artifact in proposal.plan.artifacts}
    wanted |= {change.id for change in proposal.changes}
    entries = {id_: entry for id_, entry in entries.items() if id_ in wanted or entry.once}
    for change in proposal.changes:
        if change.forget:
            entries.pop(change.id, None)
        elif change.base is not None:
            data = proposal.files[change.path] or b""
            entries[change.id] = Entry(
                change.id,
                change.path,
                text_digest(change.base.encode()),
                text_digest(data),
                "crlf" if change.newline == "\r\n" else "lf",
                change.mode or 0o644,
                change.created,
                change.id in once,
            )
    return Lock(SCHEMA, VERSION, tuple(entries.values()), _inputs(proposal))


def _inputs(proposal: Proposal) -> Inputs | None:
    """What the next `--check` compares; None where only a whole plan can tell."""
    if not proposal.complete or proposal.exit_code:
        return None
    recorded: dict[str, str] = {}
    starters = {a.id for a in proposal.plan.artifacts if a.format is Format.ONCE}
    made = [c.path for c in proposal.changes if c.id not in starters and c.action != "delete"]
    for path in (*inputs(proposal.answers, proposal.root, proposal.files), *made):
        if path in proposal.files:
            data = proposal.files[path]
        else:
            try:
                data = read_existing(safe_path(proposal.root, path), path)
            except Refusal:
                return None
        recorded[path] = ABSENT if data is None else text_digest(data)
    variables = [(name, environment_digest(os.environ.get(name))) for name in RUSTFLAGS_VARIABLES]
    return Inputs("", tuple(sorted(recorded.items())), tuple(variables))
