"""What a shell offers after <Tab>: loaded only when it asks, so that nobody else waits for it.

eval "$(register-python-argcomplete scaffold)"      in .bashrc or .zshrc; docs/completion.md has the others
"""

import argparse
import os
from collections.abc import Iterator, Mapping
from importlib import import_module

_RULES = {
    "answers": ("yml", "yaml"),
    "paths": ("so", "apk", "aab", "aar", "jar", "zip"),
    "log": ("log", "txt"),
}


def complete(parser: argparse.ArgumentParser, commands: Mapping[str, str]) -> None:
    """Answers the shell's question, which is in the environment, and ends the process."""
    import argcomplete

    typed = os.environ.get("COMP_LINE", "").split()
    _add_commands(parser, commands, typed)
    argcomplete.autocomplete(parser, always_complete_options="long")


def _add_commands(
    parser: argparse.ArgumentParser, commands: Mapping[str, str], typed: list[str]
) -> None:
    """The whole command line as one parser; only the command that was typed is loaded."""
    parser.add_argument("--version", action="store_true")
    below = parser.add_subparsers()
    for name, about in commands.items():
        command = below.add_parser(name, help=about)
        if name not in typed:
            continue
        import_module(f"scaffold.cli.{name}").add_arguments(command)
        for action in command._actions:  # argparse has no other list of them
            _teach(action)


def _teach(action: argparse.Action) -> None:
    from argcomplete.completers import DirectoriesCompleter, FilesCompleter

    completer: object = None
    if action.dest == "settings":
        completer = settings
    elif action.dest == "ndk":
        completer = ndk_revisions
    elif action.dest in ("folder", "folders"):
        completer = DirectoriesCompleter()
    elif action.dest in _RULES:
        completer = FilesCompleter(_RULES[action.dest])
    if completer:
        action.completer = completer  # type: ignore[attr-defined] # argcomplete's way in


def ndk_revisions(**_: object) -> tuple[str, ...]:
    """Every revision that is known, newest first."""
    from scaffold.facts import load_facts

    return tuple(row.revision for row in reversed(load_facts().ndk))


def settings(prefix: str, **_: object) -> list[str]:
    """`key=` for a key that is begun, then its values; of a list, those that are not there yet."""
    from scaffold.answers.keys import BY_NAME, KEYS

    name, equals, _text = prefix.partition("=")
    if not equals:
        return [f"{key.name}=" for key in KEYS if key.name != "schema"]
    return [f"{name}={value}" for value in _values(prefix)] if name in BY_NAME else []


def _values(prefix: str) -> Iterator[str]:
    from scaffold.answers.keys import BY_NAME, Kind
    from scaffold.facts import load_facts

    name, _, text = prefix.partition("=")
    key = BY_NAME[name]
    known = [*key.choices, *(key.suggestions(load_facts()) if key.suggestions else ())]
    if key.kind is not Kind.LIST:
        yield from known
        return
    chosen = text.split(",")[:-1]
    for value in known:
        if value not in chosen:
            yield ",".join([*chosen, value])
