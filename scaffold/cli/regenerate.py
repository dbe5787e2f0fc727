"""Render a project's files again: after an edit of scaffold.yml, an NDK upgrade,
or a new scaffold.

What you changed yourself stays; what both changed is a conflict, left as it was
(exit 3).

examples:
  scaffold regenerate --ndk 28.2.13676358 --diff
  scaffold regenerate --set cpp_runtime=static --yes
  scaffold regenerate --check               exit 1 and a diff where it drifted
  scaffold regenerate --all --check         every scaffold.yml below this folder
  scaffold regenerate --conflict=theirs     decide what both changed
"""

import argparse
import os

from scaffold.errors import Problem, Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scaffold.project.proposal import Proposal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="*", metavar="DIR", help="the projects (default: .)")
    parser.add_argument("--all", action="store_true", help="every scaffold.yml below DIR")
    parser.add_argument(
        "--ndk", metavar="REV", help="the new NDK revision; short for --set ndk=REV"
    )
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one answer; lists with commas; may be repeated",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if anything would change"
    )
    parser.add_argument("--diff", action="store_true", help="show what changes in each file")
    parser.add_argument("--dry-run", action="store_true", help="show the plan, write nothing")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--adopt", action="store_true", help="replace files that cannot be merged")
    parser.add_argument("--restore", action="store_true", help="write again what you deleted")
    parser.add_argument(
        "--conflict",
        choices=("skip", "markers", "mine", "theirs"),
        default="skip",
        help="if you and scaffold changed the same thing: skip it (default), write markers, keep mine, take theirs",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="json: one document, for scripts; github: annotations in a workflow, with --check",
    )
    parser.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="the same as --format json",
    )


def run(args: argparse.Namespace) -> int:
    """0 done or nothing to do, 1 drift or an error finding, 2 bad answers, 3 a conflict was left."""
    if args.format == "github" and not args.check:
        raise Refusal(Problem("--format github needs --check", "", "add --check"))
    folders = args.folders or ["."]
    if args.all:
        folders = [found for folder in folders for found in _below(folder)]
        if not folders:
            raise Refusal(
                Problem("no scaffold.yml below here", "", "scaffold init sets up a project")
            )
    folders = list({os.path.realpath(folder): folder for folder in reversed(folders)}.values())[
        ::-1
    ]
    settings = [*args.settings, *([f"ndk={_revision(args.ndk)}"] if args.ndk is not None else [])]
    return _whole(args, folders, settings)


def _revision(ndk: str) -> str:
    """`r29` or `29.0.14206865` → the revision; anything else as it is, for the message."""
    from scaffold.facts import load_facts

    known = {row.release: row.revision for row in load_facts().ndk}
    return known.get(ndk, ndk)


def _below(folder: str) -> list[str]:
    from scaffold.files.tree import folders

    found = [below for below, files in folders(folder, deepest=20) if "scaffold.yml" in files]
    return sorted(os.path.normpath(os.path.join(folder, below)) for below in found)


def _whole(args: argparse.Namespace, folders: list[str], settings: list[str]) -> int:
    from scaffold.cli.outcome import finish
    from scaffold.project.proposal import project_root
    from scaffold.terminal import console as terminal

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


def _proposal(args: argparse.Namespace, root: str, settings: list[str], *, ask: bool) -> "Proposal":
    from scaffold.answers.reading import read_settings
    from scaffold.cli.answers_file import answers_of
    from scaffold.project.proposal import propose
    from scaffold.project.reconcile.model import Options
    from scaffold.terminal.printable import printable
    from scaffold.terminal.progress import status

    file = os.path.join(root, "scaffold.yml")
    if not os.path.lexists(file):
        problem = Problem("there is no scaffold.yml here", root, "scaffold init sets up a project")
        raise Refusal(problem)
    stated = tuple(read_settings(settings).values)
    options = Options(args.adopt, args.restore, args.conflict, stated)
    with status(f"Reading {printable(root)}"):
        proposal = propose(root, answers_of(root, settings), options)
    mine = _raised_ndk(proposal) if ask and not args.ndk else None
    if mine:
        return _proposal(args, root, [*settings, f"ndk={mine}"], ask=False)
    return proposal


def _raised_ndk(proposal: "Proposal") -> str | None:
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
