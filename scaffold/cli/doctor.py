"""Check this machine and the project for what will break a build: Rust and its
targets, rustflags, the NDK, Gobley or cargo-ndk, the Android Gradle plugin,
JNA, Zig, Xcode, Visual Studio, C++ runtimes, drift. Changes nothing.

Exit code 1 if a check is an error; warnings alone exit 0.

examples:
  scaffold doctor                  the project in this folder
  scaffold doctor my-app --json    one document, for scripts
  scaffold doctor --format github  annotations in a GitHub workflow
"""

import argparse
import os
import sys

from scaffold.errors import EXIT_FINDINGS, EXIT_OK, Problem, Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from scaffold.answers.model import Answers
    from scaffold.doctor.check import Check
    from scaffold.doctor.facts import Drift
    from scaffold.terminal.progress import StatusLine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="DIR", help="the project (default: .)"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print the checks (default: text)",
    )
    parser.add_argument(
        "--json",
        dest="format",
        action="store_const",
        const="json",
        help="the same as --format json",
    )


def run(args: argparse.Namespace) -> int:
    """0 for no problem or warnings, 1 for an error. Raises Refusal for a bad DIR or bad answers."""
    from scaffold.doctor.report import as_annotations, as_json, as_text
    from scaffold.terminal import console
    from scaffold.terminal.progress import StatusLine

    if not os.path.isdir(args.folder):
        raise Refusal(Problem("no such folder", args.folder, "name the project's folder"))
    status = StatusLine(sys.stderr)
    try:
        found = _checks(args.folder, status)
    finally:
        status.clear()
    if args.format == "json":
        print(as_json(found))
    elif args.format == "github":
        print(as_annotations(found))
    else:
        print(as_text(found, console.columns(), colour=console.coloured()))
    return EXIT_FINDINGS if any(check.status == "error" for check in found) else EXIT_OK


def _checks(root: str, status: "StatusLine") -> "tuple[Check, ...]":
    from scaffold.doctor.checks import checks
    from scaffold.doctor.host import Host
    from scaffold.doctor.read_machine import read_machine
    from scaffold.doctor.read_project import read_project
    from scaffold.probe.host import this_host
    from scaffold.probe.programs import Programs

    status("Reading the project")
    answers, place = _answers(root)
    drift = _drift(root, answers) if place else _no_drift()
    project = read_project(root, answers, place, drift)
    build = project.project.module.build if project.project.module else "."
    programs = Programs(root, os.environ)
    host = Host(root, this_host(), os.environ, programs, build=build)
    machine = read_machine(host, project, lambda what: status(f"Reading {what}"))
    return checks(project, machine)


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
    from scaffold.doctor.facts import Drift

    return Drift("absent")


def _drift(root: str, answers: "Answers") -> "Drift":
    """What `regenerate` would do, without doing it."""
    from scaffold.doctor.facts import Drift
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
    edited = tuple(dict.fromkeys(c.path for c in proposal.changes if c.action == "keep"))
    return Drift("none", edited=edited)
