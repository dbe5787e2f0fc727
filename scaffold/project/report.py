"""A plan and its changes, for people and for scripts."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from scaffold.artifacts.plan import Decision
from scaffold.findings import Code, Finding, Severity
from scaffold.project.layout import STATE
from scaffold.project.reconcile.model import FileChange
from scaffold.terminal.annotations import annotation
from scaffold.terminal.printable import printable

SIGNS = {
    "create": "+",
    "update": "~",
    "identical": "=",
    "keep": "=",
    "conflict": "!",
    "delete": "-",
    "skip": ".",
}
COLOURS = {"create": "32", "update": "36", "conflict": "31", "delete": "31"}
COLOURS |= {"error": "1;31", "warning": "33"}
_TO_DO = {"create": "to create", "update": "to update", "delete": "to delete"}
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "conflict": "in conflict"}
_DONE |= {"keep": "kept", "skip": "skipped", "identical": "unchanged"}
# As what a file counts to which several things happen.
_FIRST = ("conflict", *(action for action in _DONE if action != "conflict"))


def plan_json(
    changes: Iterable[FileChange], decisions: Iterable[Decision], findings: Iterable[Finding]
) -> str:
    """The document of `init --json` and `regenerate --json`."""
    import json

    document: dict[str, Any] = {
        "schema": 1,
        "changes": [
            {"id": c.id, "path": c.path, "action": c.action, "reason": c.reason} for c in changes
        ],
        "decisions": [{"about": d.about, "value": d.value, "why": d.why} for d in decisions],
        "findings": [
            {
                "code": f.code.value,
                "severity": f.severity.value,
                "message": f.message,
                "hint": f.hint,
            }
            for f in findings
        ],
    }
    return json.dumps(document, indent=2)


def annotations(
    changes: Iterable[FileChange], findings: Iterable[Finding], state: Sequence[str]
) -> str:
    """`regenerate --check --format github`: an annotation for each finding and each file that drifted."""
    lines = []
    for finding in findings:
        message = f"{finding.message}\n{finding.hint}".strip()
        lines.append(annotation(finding.severity.value, finding.code.value, message))
    for change in changes:
        if change.action == "conflict":
            lines.append(annotation("error", "conflict", change.reason, change.path))
        elif change.action in ("create", "update", "delete"):
            message = f"{change.action}: {change.reason}. Run: scaffold regenerate"
            lines.append(annotation("error", "drift", message, change.path))
    if state and not lines:
        message = "scaffold's own state is not up to date. Run: scaffold regenerate"
        lines.append(annotation("error", "drift", message, state[0]))
    return "\n".join(lines)


def plan_text(
    changes: Sequence[FileChange],
    decisions: Iterable[Decision],
    findings: Sequence[Finding],
    state: Sequence[str] = (),
    *,
    colour: bool = False,
    diffs: bool = False,
    columns: int = 80,
) -> str:
    """Decisions, what happens to each file, warnings, conflicts, errors: what a person has to act on comes last.

    That a build cannot work with Gobley at all is said before everything. Files that stay as they are have no line.
    """
    errors = [one for one in findings if one.severity is Severity.ERROR]
    first = [one for one in errors if one.code is Code.AGP_UNSUPPORTED]
    lines = findings_lines(first, columns, colour=colour)
    lines += [""] * bool(lines) + _decisions(list(decisions), columns)
    changing = [change for change in changes if change.action != "identical"]
    lines += [""] if lines and (changing or state) else []
    rows = _by_file(changing)
    for change, following in zip_longest(rows, rows[1:]):
        lines += _change(change, following, columns, colour=colour)
    if state:
        lines.append(f"~ state      {STATE}/: {_state_files(state)}")
    for change in changing:
        if diffs and change.action != "conflict" and change.before != change.after:
            lines += ["", *diff_lines(change, colour=colour)]
    lines += findings_lines([one for one in findings if one not in errors], columns, colour=colour)
    for change in changing:
        if change.action == "conflict":
            lines += ["", *_conflict(change, columns, colour=colour)]
    lines += findings_lines([e for e in errors if e not in first], columns, colour=colour)
    return "\n".join(lines[1:] if lines[:1] == [""] else lines)


def findings_lines(findings: Iterable[Finding], columns: int, *, colour: bool = False) -> list[str]:
    """Every finding with its hint, a blank line before each."""
    lines: list[str] = []
    for finding in findings:
        label = finding.severity.value
        first, *rest = _wrapped(f"{label} {finding.code.value}: ", finding.message, columns)
        if colour:
            first = f"\x1b[{COLOURS[label]}m{label}\x1b[0m{first[len(label):]}"
        lines += ["", first, *rest]
        lines += _wrapped("  → ", finding.hint, columns) if finding.hint else []
    return lines


def _state_files(paths: Sequence[str]) -> str:
    bases = sum(path.startswith(f"{STATE}/base/") for path in paths)
    names = [path.rpartition("/")[2] for path in paths if not path.startswith(f"{STATE}/base/")]
    names += [f"{bases} base file{'s' if bases > 1 else ''}"] if bases else []
    return ", ".join(names)


def summary(changes: Sequence[FileChange], *, done: bool) -> str:
    """`3 files created, 1 updated, 2 unchanged`; before anything is done, `3 files to create, …`."""
    files: dict[str, set[str]] = {}
    for change in changes:
        files.setdefault(change.path, set()).add(change.action)
    first_of = [next(action for action in _FIRST if action in those) for those in files.values()]
    counts = {action: first_of.count(action) for action in _DONE}
    words = _DONE if done else _DONE | _TO_DO
    parts = [f"{count} {words[action]}" for action, count in counts.items() if count]
    first, _, rest = ", ".join(parts).partition(" ")
    return f"{first} file{'' if first == '1' else 's'} {rest}" if parts else "no files"


def diff_lines(change: FileChange, *, colour: bool = False) -> list[str]:
    """A unified diff of what happens to one file."""
    from difflib import unified_diff

    old = "/dev/null" if change.action == "create" else f"a/{printable(change.path)}"
    new = "/dev/null" if change.action == "delete" else f"b/{printable(change.path)}"
    after = "" if change.action == "delete" else change.after
    lines = [
        line.rstrip("\n")
        for line in unified_diff(
            change.before.splitlines(keepends=True), after.splitlines(keepends=True), old, new
        )
    ]
    shown = [printable(line.replace("\t", "    ")) for line in lines]
    return [_tinted(line) for line in shown] if colour else shown


def _tinted(line: str) -> str:
    code = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return f"\x1b[{code}m{line}\x1b[0m" if code else line


def _decisions(decisions: Sequence[Decision], columns: int) -> list[str]:
    width = max((len(one.about) for one in decisions), default=0)
    return [
        line
        for one in decisions
        for line in _wrapped(
            f"{one.about:<{width}}  ", f"{one.value}: {one.why}", columns, width + 2
        )
    ]


def _by_file(changes: Iterable[FileChange]) -> list[FileChange]:
    """One row for a file, with all reasons of an update; of a starter that holds a block, the block's reason alone."""
    rows: dict[tuple[str, str, str], FileChange] = {}
    for change in changes:
        key = (change.path, change.action, change.id * (change.action == "conflict"))
        earlier = rows.pop(key, None)
        if earlier and change.action != "create":
            reason = f"{earlier.reason}; {change.reason}"
            change = change._replace(reason=reason, notes=(*earlier.notes, *change.notes))
        rows[key] = change
    return list(rows.values())


def _change(
    change: FileChange, following: FileChange | None, columns: int, *, colour: bool
) -> list[str]:
    """The file, and why: once for neighbours of which the same is true, and for a conflict further below."""
    lines = [f"{_head(change, colour=colour)} {printable(change.path)}"]
    same = following and (following.action, following.reason) == (change.action, change.reason)
    if change.action != "conflict" and not same:
        lines += _wrapped(" " * 13, change.reason, columns)
    for note in change.notes:
        lines += _wrapped(" " * 13, note, columns)
    return lines


def _head(change: FileChange, *, colour: bool) -> str:
    head = f"{SIGNS[change.action]} {change.action:<9} "
    if colour and change.action in COLOURS:
        head = f"\x1b[{COLOURS[change.action]}m{head}\x1b[0m"
    return head


def _conflict(change: FileChange, columns: int, *, colour: bool) -> list[str]:
    lines = [f"{_head(change, colour=colour)} {printable(change.path)}"]
    lines += _wrapped("  ", change.reason, columns)
    for clash in change.clashes:
        lines.append(f"  {printable(clash.where)}")
        for name, text in (("was", clash.base), ("yours", clash.mine), ("scaffold", clash.theirs)):
            shown = [printable(line) for line in text.splitlines()] or ["(nothing)"]
            lines += [
                f"    {name + ':':<10}{shown[0]}",
                *(f"              {line}" for line in shown[1:20]),
            ]
    if change.clashes:
        lines.append(
            "  → keep your text with --conflict=mine, take scaffold's with --conflict=theirs, or edit the file"
        )
    if change.before != change.after:
        lines += ["  scaffold would change this:", *(f"    {line}" for line in diff_lines(change))]
    if change.paste:
        lines.append("  → paste this:")
        lines += [f"    {printable(line)}" for line in change.paste.splitlines()]
    return lines


def _wrapped(head: str, text: str, columns: int, indent: int = 13) -> list[str]:
    from textwrap import wrap

    indent = min(len(head), indent)
    return wrap(
        head + printable(text),
        max(columns, 40),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
