"""`scaffold upgrade`: what is newer, what it would change, and then that change."""

import argparse
import os

from scaffold.answers.reading import read_settings
from scaffold.cli.answers_file import answers_of
from scaffold.cli.outcome import finish
from scaffold.errors import Problem, Refusal
from scaffold.probe.defaults import detect
from scaffold.project.proposal import Proposal, commit, project_root, propose
from scaffold.project.reconcile.model import Options
from scaffold.project.upgrades import Upgrade, upgrades
from scaffold.terminal import console
from scaffold.terminal.printable import printable
from scaffold.terminal.shell import shell_word
from scaffold.terminal.text import folded


def run(args: argparse.Namespace) -> int:
    """0 nothing newer, reported or done; 1 an error finding, 2 bad answers, 3 a conflict was left."""
    root = _root(args.folder)
    before = _propose(root, [])
    found = _upgrades(root, before)
    mine = [one for one in found if one.key]
    for_people = args.format == "text"
    print(_text(root, found) if for_people else _markdown(root, found), flush=True)
    if not mine:
        return 0
    if not args.yes:
        if not (for_people and console.interactive()):
            if for_people:
                where = "" if root == "." else f" {shell_word(root)}"
                print(f"\nTo change all of them: scaffold upgrade{where} --yes")
            return 0
        mine = _chosen(mine)
        if not mine:
            print("Nothing was written.")
            return 0
    return _write(root, mine, args)


def _root(folder: str) -> str:
    root = project_root(folder)
    if not os.path.lexists(os.path.join(root, "scaffold.yml")):
        hint = "run scaffold init to set up a project"
        raise Refusal(Problem("there is no scaffold.yml here", root, hint))
    return root


def _propose(root: str, settings: list[str]) -> Proposal:
    options = Options(add=tuple(read_settings(settings).values))
    return propose(root, answers_of(root, settings), options)


def _upgrades(root: str, proposal: Proposal) -> tuple[Upgrade, ...]:
    targets = detect(root, proposal.answers.values).targets
    return upgrades(proposal.answers, targets, proposal.project.module) if targets else ()


def _changed(root: str, upgrade: Upgrade) -> list[tuple[str, str]]:
    """(path, reason) of each file that the upgrade alone would change."""
    changes = _propose(root, [upgrade.setting]).changes
    return [(c.path, c.reason) for c in changes if c.action in ("create", "update", "delete")]


def _text(root: str, found: tuple[Upgrade, ...]) -> str:
    if not found:
        return "Everything is up to date."
    lines = []
    for one in found:
        lines.append(f"{one.name} {printable(one.now)} → {one.new}")
        rows = {"why": one.why, "but": one.caution, "change it in": "" if one.key else one.place}
        if one.key:
            files = dict.fromkeys(path for path, _ in _changed(root, one))
            rows["changes"] = ", ".join(files) or "nothing"
        lines += [
            folded(text, console.columns(), f"  {about}: ", " " * 4)
            for about, text in rows.items()
            if text
        ]
    return "\n".join(lines)


def _markdown(root: str, found: tuple[Upgrade, ...]) -> str:
    if not found:
        return "Everything is up to date."
    lines = ["| | now | new | why | before you merge |", "|---|---|---|---|---|"]
    for one in found:
        caution = one.caution or (f"change it in `{_cell(one.place)}`" if one.place else "")
        lines.append(f"| {one.name} | {_cell(one.now)} | {one.new} | {one.why} | {caution} |")
    for one in found:
        if one.key:
            lines += ["", f"**{one.name} {_cell(one.now)} → {one.new}**", ""]
            lines += [f"- `{_cell(path)}`: {_cell(why)}" for path, why in _changed(root, one)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text from outside, harmless in a cell or a code span of Markdown."""
    return printable(text).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")


def _chosen(found: list[Upgrade]) -> list[Upgrade]:
    from scaffold.wizard.ask import choose

    every = [("all", "all of them")] if len(found) > 1 else []
    one_by_one = [(one.key, f"{one.name} {one.new}") for one in found]
    choice = choose("Upgrade?", [*every, *one_by_one, ("none", "nothing now")])
    return [one for one in found if choice in ("all", one.key)]


def _write(root: str, chosen: list[Upgrade], args: argparse.Namespace) -> int:
    proposal = _propose(root, [one.setting for one in chosen])
    if args.format == "markdown":
        # What was printed is the whole text of a pull request.
        commit(proposal)
        return proposal.exit_code
    print()
    plan = argparse.Namespace(format="text", check=False, dry_run=False, diff=False)
    return finish([proposal], plan, ask=not args.yes)
