"""`scaffold regenerate`: render a project's files again."""

import argparse
import os

from scaffold.answers.key import full_revision
from scaffold.answers.reading import read_settings
from scaffold.cli.answers_file import answers_of
from scaffold.cli.outcome import finish
from scaffold.errors import Problem, Refusal
from scaffold.files import tree
from scaffold.project.proposal import Proposal, project_root, propose
from scaffold.project.reconcile.model import Options
from scaffold.terminal import console as terminal
from scaffold.terminal.printable import printable
from scaffold.terminal.progress import status


def run(args: argparse.Namespace) -> int:
    """0 done or nothing to do, 1 drift or an error finding, 2 bad answers, 3 a conflict was left."""
    if args.format == "github" and not args.check:
        raise Refusal(Problem("--format github needs --check", "", "add --check"))
    folders = args.folders or ["."]
    if args.all:
        folders = [found for folder in folders for found in _below(folder)]
        if not folders:
            raise Refusal(
                Problem(
                    "no scaffold.yml in this folder or below it",
                    "",
                    "run scaffold init to set up a project",
                )
            )
    folders = list({os.path.realpath(folder): folder for folder in reversed(folders)}.values())[
        ::-1
    ]
    settings = [
        *args.settings,
        *([f"ndk={full_revision(args.ndk)}"] if args.ndk is not None else []),
    ]
    return _whole(args, folders, settings)


def _below(folder: str) -> list[str]:
    found = [below for below, files in tree.folders(folder, deepest=20) if "scaffold.yml" in files]
    return sorted(os.path.normpath(os.path.join(folder, below)) for below in found)


def _whole(args: argparse.Namespace, folders: list[str], settings: list[str]) -> int:
    asked = terminal.interactive() and args.format == "text"
    unasked = not (asked or args.yes or args.check or args.dry_run)
    args.dry_run = args.dry_run or (unasked and args.diff)
    quiet = args.check or args.yes or args.dry_run
    proposals = [
        _proposal(args, project_root(folder), settings, ask=asked and not quiet)
        for folder in folders
    ]
    if unasked and not args.diff:
        # After the answers were read: a bad one is worth more than this.
        hint = "add --yes to write, or --check to see what would change"
        raise Refusal(Problem("there is no terminal to ask on", "", hint))
    return finish(proposals, args, ask=asked and not quiet)


def _proposal(args: argparse.Namespace, root: str, settings: list[str], *, ask: bool) -> Proposal:
    file = os.path.join(root, "scaffold.yml")
    if not os.path.lexists(file):
        problem = Problem(
            "there is no scaffold.yml here", root, "run scaffold init to set up a project"
        )
        raise Refusal(problem)
    stated = tuple(read_settings(settings).values)
    options = Options(args.adopt, args.restore, args.conflict, stated, stated)
    with status(f"Reading {printable(root)}"):
        proposal = propose(root, answers_of(root, settings), options)
    mine = _raised_ndk(proposal) if ask and not args.ndk else None
    if mine:
        return _proposal(args, root, [*settings, f"ndk={mine}"], ask=False)
    return proposal


def _raised_ndk(proposal: Proposal) -> str | None:
    """The NDK that the project's own files name, where it is another one and the person wants to follow it."""
    from scaffold.wizard.ask import confirm

    module = proposal.project.module
    own = module and (module.ndk or module.ours_ndk or module.catalogue_ndk)
    if not own or not own.value or own.value == proposal.answers.ndk:
        return None
    question = (
        f"{own.place} says NDK {own.value}, scaffold.yml {proposal.answers.ndk}. Use {own.value}?"
    )
    return own.value if confirm(question) else None
