"""Look at this machine and the project for what will break a build: Rust and
its targets, rustflags, the NDK, the Android Gradle plugin, JNA, Zig, Xcode,
Visual Studio, C++ runtimes, drift. Changes nothing.

Exit code 1 where a check is an error; warnings alone are 0.

examples:
  scaffold doctor                  the project in this folder
  scaffold doctor my-app --json    one document, for scripts
"""

import argparse
import os
import sys

from scaffold.errors import EXIT_FINDINGS, EXIT_OK, Problem, Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scaffold.answers.model import Answers
    from scaffold.doctor.report import Progress
    from scaffold.doctor.seen import Check, Drift


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="DIR", help="the project (default: .)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """0 nothing wrong or warnings, 1 an error. Raises Refusal for a bad DIR or bad answers."""
    from scaffold.doctor.report import Progress, as_json, as_text
    from scaffold.terminal import console as terminal

    if not os.path.isdir(args.folder):
        hint = "name the project's folder"
        raise Refusal(Problem("there is no such folder", args.folder, hint))
    progress = Progress(sys.stderr)
    try:
        found = _checks(args.folder, progress)
    finally:
        progress.clear()
    if args.json:
        print(as_json(found))
    else:
        print(as_text(found, terminal.columns(), colour=terminal.coloured()))
    return EXIT_FINDINGS if any(check.status == "error" for check in found) else EXIT_OK


def _checks(root: str, progress: "Progress") -> "tuple[Check, ...]":
    from scaffold.doctor.checks import checks
    from scaffold.doctor.machine import Site, look
    from scaffold.doctor.subject import read_subject
    from scaffold.probe.host import this_host
    from scaffold.probe.programs import Programs

    progress("the project")
    answers, place = _answers(root)
    drift = _drift(root, answers) if place else _no_drift()
    subject, build = read_subject(root, answers, place, drift)
    programs = Programs(root, os.environ)
    site = Site(root, this_host(), os.environ, programs, build=build)
    return checks(subject, look(site, subject, progress))


def _answers(root: str) -> "tuple[Answers, str]":
    """(answers, where they stand); without a file, what is found and the defaults."""
    from scaffold.cli.answers_file import answers_of

    place = "scaffold.yml" if os.path.lexists(os.path.join(root, "scaffold.yml")) else ""
    try:
        return answers_of(root), place
    except Refusal:
        if place:
            raise
        # The NDK that was found has no libc++_shared.so that the defaults could take.
        return answers_of(root, ["cpp_runtime=none"]), place


def _no_drift() -> "Drift":
    from scaffold.doctor.seen import Drift

    return Drift("absent")


def _drift(root: str, answers: "Answers") -> "Drift":
    """What `regenerate` would do, without doing it."""
    from scaffold.doctor.seen import Drift
    from scaffold.project.proposal import propose
    from scaffold.project.reconcile.model import Options

    try:
        proposal = propose(root, answers, Options())
    except Refusal as refusal:
        first = refusal.problems[0]
        details = tuple(
            f"{p.place}: {p.message}" if p.place else p.message for p in refusal.problems
        )
        return Drift("refused", details, first.hint)
    except OSError as error:
        return Drift("refused", (error.strerror or "the file system refuses",))
    if proposal.is_new:
        return Drift("new")
    conflicts = tuple(dict.fromkeys(c.path for c in proposal.changes if c.action == "conflict"))
    if conflicts:
        return Drift("conflict", conflicts)
    if proposal.writes:
        changed = proposal.files or proposal.state
        return Drift("drift", tuple(write.path for write in changed))
    return Drift("none")
