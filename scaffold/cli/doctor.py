"""`scaffold doctor`: what of this machine and project will break a build."""

import argparse
import os
import sys

from scaffold.answers.model import Answers
from scaffold.cli.answers_file import answers_of
from scaffold.doctor.check import Check
from scaffold.doctor.checks import checks
from scaffold.doctor.facts import Drift
from scaffold.doctor.host import Host
from scaffold.doctor.read_machine import read_machine
from scaffold.doctor.read_project import read_project
from scaffold.doctor.report import as_annotations, as_json, as_text
from scaffold.errors import EXIT_FINDINGS, EXIT_OK, Problem, Refusal
from scaffold.probe.host import this_host
from scaffold.probe.programs import Programs
from scaffold.project.proposal import propose
from scaffold.project.reconcile.model import Options
from scaffold.terminal import console
from scaffold.terminal.progress import StatusLine


def run(args: argparse.Namespace) -> int:
    """0 for no problem or warnings, 1 for an error. Raises Refusal for a bad DIR or bad answers."""
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


def _checks(root: str, status: StatusLine) -> tuple[Check, ...]:
    status("Reading the project")
    answers, place = _answers(root)
    drift = _drift(root, answers) if place else _no_drift()
    project = read_project(root, answers, place, drift)
    build = project.project.module.build if project.project.module else "."
    programs = Programs(root, os.environ)
    host = Host(root, this_host(), os.environ, programs, build=build)
    machine = read_machine(host, project, lambda what: status(f"Reading {what}"))
    return checks(project, machine)


def _answers(root: str) -> tuple[Answers, str]:
    """(answers, where they stand); without a file, what is found and the defaults."""
    place = "scaffold.yml" if os.path.lexists(os.path.join(root, "scaffold.yml")) else ""
    try:
        return answers_of(root), place
    except Refusal:
        if place:
            raise
        # The NDK that was found has no libc++_shared.so that the defaults could take.
        return answers_of(root, ["cpp_runtime=none"]), place


def _no_drift() -> Drift:
    return Drift("absent")


def _drift(root: str, answers: Answers) -> Drift:
    """What `regenerate` would do, without doing it."""
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
