"""Shows proposals, asks, and writes them."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from scaffold.errors import EXIT_FINDINGS, EXIT_OK
from scaffold.project.commit import commit
from scaffold.project.proposal import Proposal
from scaffold.project.reconcile import Change
from scaffold.terminal import console as terminal


def finish(
    proposals: list[Proposal],
    args: argparse.Namespace,
    *,
    ask: bool,
    then: Callable[[Proposal], str] | None = None,
) -> int:
    """Prints the plan; writes unless this is a dry run or a check, or the person says no.

    `then` tells what is left to do, and is shown after something was written.
    """
    from scaffold.project.report import plan_json, summary

    check = getattr(args, "check", False)
    changes = [change for p in proposals for change in _shown(p, several=len(proposals) > 1)]
    document = ""
    if args.json:
        decisions = [decision for p in proposals for decision in p.plan.decisions]
        findings = [finding for p in proposals for finding in p.plan.findings]
        document = plan_json(changes, decisions, findings)
    else:
        for proposal in proposals:
            _print(proposal, args, several=len(proposals) > 1, check=check)
    code = max((p.exit_code for p in proposals), default=EXIT_OK)
    changing = any(p.writes for p in proposals)
    if check:
        print(document or _verdict(changing, code, summary(changes)))
        return code or (EXIT_FINDINGS if changing else EXIT_OK)
    if args.dry_run:
        print(document or f"\nDry run, nothing written: {summary(changes)}.")
        return code
    if ask and changing and not _allowed(proposals):
        print("Nothing was written.")
        return EXIT_OK
    for proposal in proposals:
        commit(proposal)
    print(document or f"\nDone: {summary(changes)}.")
    if then and changing and not args.json:
        print("\n" + "\n".join(then(proposal) for proposal in proposals))
    sys.stdout.flush()
    return code


def _verdict(changing: bool, code: int, counts: str) -> str:
    if changing:
        return f"\nDrift: {counts}. Run: scaffold regenerate"
    return f"\nUndecided: {counts}." if code else f"\nNo drift: {counts}."


def _allowed(proposals: list[Proposal]) -> bool:
    from scaffold.wizard.ask import may_write

    return may_write(lambda: _print_diffs(proposals))


def _print_diffs(proposals: list[Proposal]) -> None:
    from scaffold.project.report import diff_lines

    for proposal in proposals:
        for change in proposal.changes:
            if change.before != change.after:
                print("\n" + "\n".join(diff_lines(change, colour=terminal.coloured())))
    print()


def _shown(proposal: Proposal, *, several: bool) -> list[Change]:
    if not several:
        return list(proposal.changes)
    return [
        replace(change, path=f"{proposal.root.replace(chr(92), '/')}/{change.path}")
        for change in proposal.changes
    ]


def _print(proposal: Proposal, args: argparse.Namespace, *, several: bool, check: bool) -> None:
    from scaffold.project.report import plan_text

    if several:
        print(f"== {proposal.root}")
    print(
        plan_text(
            proposal.changes,
            proposal.plan.decisions,
            proposal.plan.findings,
            colour=terminal.coloured(),
            diffs=check or getattr(args, "diff", False),
            columns=terminal.columns(),
        )
    )
