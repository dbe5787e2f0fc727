"""Shows proposals, asks, and writes them."""

import argparse
import sys
from collections.abc import Callable

from scaffold.errors import EXIT_CONFLICT, EXIT_FINDINGS, EXIT_OK, Problem, Refusal
from scaffold.project.layout import STATE
from scaffold.project.proposal import Proposal, commit
from scaffold.project.reconcile.model import FileChange
from scaffold.project.report import (
    annotations,
    diff_lines,
    plan_json,
    plan_text,
    summary,
)
from scaffold.terminal import console as terminal
from scaffold.terminal.printable import printable


def nothing_written() -> int:
    """The end of a run that the person stopped."""
    print("Nothing was written.")
    return EXIT_OK


def finish(
    proposals: list[Proposal],
    args: argparse.Namespace,
    *,
    ask: bool,
    then: Callable[[Proposal], str] | None = None,
    declined: Callable[[], int] = nothing_written,
) -> int:
    """Prints the plan; writes unless this is a dry run or a check, or the person says no.

    `then` tells what is left to do, and is shown after something was written. `declined` is what follows a no.
    """
    check = getattr(args, "check", False)
    several = len(proposals) > 1
    changes = [change for p in proposals for change in _shown(p, several=several)]
    if args.format == "text":
        for proposal in proposals:
            _print(proposal, args, several=several, check=check)
    code = max((p.exit_code for p in proposals), default=EXIT_OK)
    changing = any(p.writes for p in proposals)
    document = _document(proposals, changes, args.format)
    if check:
        verdict = _verdict(changing, code, _counts(proposals, changes, done=False))
        print(document if args.format != "text" else verdict)
        return code or (EXIT_FINDINGS if changing else EXIT_OK)
    if args.dry_run:
        counts = _counts(proposals, changes, done=False)
        print(document or f"\nDry run, nothing written: {counts}.")
        return code
    back = declined is not nothing_written
    if ask and changing and not _allowed(proposals, "no, back to the answers" if back else "no"):
        return declined()
    _write(proposals)
    done = _end(changing, code, _counts(proposals, changes, done=True))
    try:
        print(document or done)
        if then and changing and args.format == "text":
            print("\n" + "\n".join(then(proposal) for proposal in proposals))
        sys.stdout.flush()
    except OSError:
        # The report has no place to go; what became of the files is said all the same.
        print(done.strip(), file=sys.stderr)
        raise
    return code


def _counts(proposals: list[Proposal], changes: list[FileChange], *, done: bool) -> str:
    counts = summary(changes, done=done)
    if any(p.files for p in proposals) or not any(p.state for p in proposals):
        return counts
    return f"{STATE}/ {'updated' if done else 'to update'}, {counts}"


def _end(changing: bool, code: int, counts: str) -> str:
    if changing:
        return f"\nDone: {counts}."
    return f"\nNothing was changed: {counts}." if code else "Everything is up to date."


def _document(proposals: list[Proposal], changes: list[FileChange], form: str) -> str:
    """What a machine reads; empty for people."""
    if form == "text":
        return ""
    findings = [finding for p in proposals for finding in p.findings]
    if form == "github":
        state = [f"{p.root}/{write.path}" for p in proposals for write in p.state]
        return annotations(changes, findings, state)
    decisions = [decision for p in proposals for decision in p.plan.decisions]
    return plan_json(changes, decisions, findings)


def _write(proposals: list[Proposal]) -> None:
    written: list[str] = []
    for proposal in proposals:
        try:
            commit(proposal)
        except Refusal as refusal:
            if not written:
                raise
            done = Problem(
                f"the run stopped at {proposal.root}; these folders were written before: "
                + ", ".join(written),
                proposal.root,
                "Fix the cause and run it again to finish the others.",
            )
            raise Refusal(*refusal.problems, done, exit_code=refusal.exit_code) from refusal
        if proposal.writes:
            written.append(proposal.root)


def _verdict(changing: bool, code: int, counts: str) -> str:
    if changing:
        return f"\nDrift: {counts}. Run: scaffold regenerate"
    if code == EXIT_CONFLICT:
        return f"\nUndecided: {counts}."
    return f"\nNo drift, but an error: {counts}." if code else f"No drift: {counts}."


def _allowed(proposals: list[Proposal], no: str) -> bool:
    from scaffold.wizard.ask import may_write

    files = sum(len(proposal.files) for proposal in proposals)
    return may_write(files, lambda: _print_diffs(proposals), no)


def _print_diffs(proposals: list[Proposal]) -> None:
    for proposal in proposals:
        for change in proposal.changes:
            if change.before != change.after:
                print("\n" + "\n".join(diff_lines(change, colour=terminal.coloured())))
    print()


def _shown(proposal: Proposal, *, several: bool) -> list[FileChange]:
    if not several:
        return list(proposal.changes)
    return [
        change._replace(path=f"{proposal.root.replace(chr(92), '/')}/{change.path}")
        for change in proposal.changes
    ]


def _print(proposal: Proposal, args: argparse.Namespace, *, several: bool, check: bool) -> None:
    quiet = not proposal.writes and proposal.exit_code != EXIT_CONFLICT
    left = [change for change in proposal.changes if change.action in ("keep", "skip")]
    changes = [] if quiet and check else left if quiet else proposal.changes
    if quiet and not changes and not proposal.findings:
        return
    if several:
        print(f"== {printable(proposal.root)}")
    print(
        plan_text(
            changes,
            () if quiet else proposal.plan.decisions,
            proposal.findings,
            [write.path for write in proposal.state],
            colour=terminal.coloured(),
            diffs=check or getattr(args, "diff", False),
            columns=terminal.columns(),
        )
    )
