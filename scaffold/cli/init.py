"""`scaffold init`: look, ask or read, show the plan, write."""

import argparse
import os

from scaffold.answers.keys import KEYS
from scaffold.answers.reading import Given, read_settings
from scaffold.cli.answers_file import answers_of, own_answers
from scaffold.cli.outcome import finish, nothing_written
from scaffold.cli.refusal import problems_text
from scaffold.errors import EXIT_USAGE, Problem, Refusal
from scaffold.probe.place import refuse_unclear_place
from scaffold.project.proposal import Proposal, project_root, propose
from scaffold.project.reconcile.model import Options
from scaffold.terminal import console as terminal
from scaffold.terminal.progress import status


def run(args: argparse.Namespace) -> int:
    """0 done, 1 with an error finding, 2 bad answers, 3 where a conflict was left."""
    root = project_root(args.folder)
    asked = terminal.interactive() and args.format == "text"
    existing = os.path.lexists(os.path.join(root, "scaffold.yml"))
    given = [*own_answers(root, args.answers), read_settings(args.settings)]
    if not (args.answers or args.defaults or existing or asked):
        hint = "use --answers FILE, or --defaults (with --set KEY=VALUE)"
        wrong = [problem for one in given for problem in one.problems]
        raise Refusal(*wrong, Problem("there is no terminal to ask questions on", "", hint))
    quiet = args.yes or args.dry_run
    if asked and not args.answers and not args.defaults and not quiet:
        return _interview(args, root, given)
    if not existing:
        refuse_unclear_place(root, {name: v for one in given for name, v in one.values.items()})
    with status("Reading the project"):
        proposal = propose(root, answers_of(root, args.settings, args.answers), _options(args))
    return finish([proposal], args, ask=asked and not quiet, then=_next_steps)


def _interview(args: argparse.Namespace, root: str, given: list[Given]) -> int:
    from scaffold.wizard.ask import Interview

    with status("Reading the project"):
        interview = Interview(root, given)

    def ask() -> int:
        answers = interview.answers()
        if answers is None:
            return nothing_written()
        try:
            with status("Making the plan"):
                proposal = propose(root, answers, _options(args))
        except Refusal as refusal:
            if refusal.exit_code != EXIT_USAGE:
                raise
            print(f"\n{problems_text(refusal.problems)}")
            return ask()
        print()
        return finish([proposal], args, ask=True, then=_next_steps, declined=ask)

    return ask()


def _options(args: argparse.Namespace) -> Options:
    return Options(adopt=args.adopt, add=tuple(KEYS))


def _next_steps(proposal: Proposal) -> str:
    from scaffold.artifacts.starter import WRAPPER_ID, Starter
    from scaffold.cli.next_steps import FirstBuild, next_steps
    from scaffold.doctor.read_machine import readiness

    root, answers, module = proposal.root, proposal.answers, proposal.project.module
    android = answers.plugin != "jvm" and (module is None or module.android)
    ready = readiness(root, answers, android=android)
    made = proposal.plan.values(WRAPPER_ID)
    first = None
    if isinstance(made, Starter):
        runs = answers.plugin == "jvm" and made.calls
        by_hand = answers.crate if runs and answers.rust_build == "none" else None
        first = FirstBuild(made.versions.gradle, "run" if runs else "build", by_hand)
    return next_steps(root, answers.module, answers.ndk, ready, android=android, first_build=first)
