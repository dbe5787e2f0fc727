"""What a shell asks for to complete a command line, and the script that makes it ask."""

import argparse
import os
from collections.abc import Iterator

from scaffold.answers.key import Kind
from scaffold.answers.keys import KEYS
from scaffold.cli.arguments import COMMANDS
from scaffold.facts import load_facts

PROGRAMS = ("scaffold", "gobley-scaffold")

_RULES = {
    "answers": ("yml", "yaml"),
    "paths": ("so", "apk", "aab", "aar", "jar", "zip"),
    "log": ("log", "txt"),
}


def run(args: argparse.Namespace) -> int:
    """Prints argcomplete's script for the shell; 0."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(list(PROGRAMS), shell=args.shell).strip())
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Answers the shell's question, which is in the environment, and ends the process."""
    import argcomplete

    _add_commands(parser)
    argcomplete.autocomplete(parser, always_complete_options="long")


def _add_commands(parser: argparse.ArgumentParser) -> None:
    """The whole command line as one parser."""
    parser.add_argument("--version", action="store_true")
    below = parser.add_subparsers()
    for name, known in COMMANDS.items():
        command = below.add_parser(name, help=known.about)
        known.declare(command)
        for action in command._actions:  # argparse has no other list of them
            _teach(action)


def _teach(action: argparse.Action) -> None:
    completer: object = None
    if action.dest == "settings":
        completer = settings
    elif action.dest == "ndk":
        completer = ndk_revisions
    elif action.dest in ("folder", "folders"):
        completer = _Paths(())
    elif action.dest in _RULES:
        completer = _Paths(_RULES[action.dest])
    if completer:
        action.completer = completer  # type: ignore[attr-defined] # argcomplete's way in


class _Paths:
    """Folders, and files with one of these endings. argcomplete's own asks bash, which Windows lacks."""

    def __init__(self, endings: tuple[str, ...]) -> None:
        self._endings = endings

    def __call__(self, prefix: str, **_: object) -> list[str]:
        folder, _slash, begun = prefix.replace(os.sep, "/").rpartition("/")
        before = prefix[: len(prefix) - len(begun)]
        try:
            with os.scandir(folder or ("/" if prefix.startswith("/") else ".")) as entries:
                found = [(e.name, e.is_dir()) for e in entries if e.name.startswith(begun)]
        except OSError:
            return []
        return sorted(
            f"{before}{name}{'/' * is_folder}"
            for name, is_folder in found
            if name.isprintable()
            and (is_folder or name.rpartition(".")[2] in self._endings)
            and (begun.startswith(".") or not name.startswith("."))
        )


def ndk_revisions(**_: object) -> tuple[str, ...]:
    """Every revision that is known, newest first."""
    return tuple(row.revision for row in reversed(load_facts().ndk))


def settings(prefix: str, **_: object) -> list[str]:
    """`key=` for a key that is begun, then its values; of a list, those that are not there yet."""
    name, equals, _text = prefix.partition("=")
    if not equals:
        return [f"{key}=" for key in KEYS if key != "schema"]
    return [f"{name}={value}" for value in _values(prefix)] if name in KEYS else []


def _values(prefix: str) -> Iterator[str]:
    name, _, text = prefix.partition("=")
    key = KEYS[name]
    known = [*key.choices, *key.suggestions]
    if key.kind is not Kind.LIST:
        yield from known
        return
    chosen = text.split(",")[:-1]
    for value in known:
        if value not in chosen:
            yield ",".join([*chosen, value])
