"""One question on the terminal."""

import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from scaffold.answers.keys import BY_NAME, Key, Kind, complaint
from scaffold.wizard.questions import Question, Value, shown

OTHER = "another…"


def ask_question(
    question: Question, value: Value, origin: str, choices: Sequence[str] = ()
) -> Value:
    """Asks until the answer is valid; Enter takes `value`. Raises KeyboardInterrupt on ^C."""
    key = BY_NAME[question.key]
    explain(question.why, f"Now: {shown(value)}" + (f" ({origin})" if origin else ""))
    if key.kind is Kind.LIST:
        return _many(question, key, tuple(value))
    current = str(value)
    options = list(
        dict.fromkeys([*choices, *key.choices] if key.kind is not Kind.FOLDER else choices)
    )
    if key.kind is Kind.CHOICE:
        return _one(question, options or [current], current)
    if not options:
        return _text(question.title, key, current)
    if current not in options:
        options.insert(0, current)
    picked = _one(question, [*options, OTHER], current)
    return _text(question.title, key, current) if picked == OTHER else picked


def explain(*paragraphs: str) -> None:
    """Prints text that fits the terminal, at most 76 columns wide."""
    width = min(shutil.get_terminal_size((80, 24)).columns - 2, 76)
    print()
    for paragraph in paragraphs:
        print(textwrap.fill(paragraph, max(width, 30), initial_indent="  ", subsequent_indent="  "))


def ask_yes(question: str, *, default: bool = True) -> bool:
    """Yes or no. Raises KeyboardInterrupt on ^C."""
    import questionary

    return bool(questionary.confirm(question, default=default, **look()).unsafe_ask())


def pick(title: str, choices: Sequence[tuple[str, str]], default: str) -> str:
    """One of (value, text). Raises KeyboardInterrupt on ^C."""
    import questionary

    made = [questionary.Choice(text, value=value) for value, text in choices]
    chosen = next(choice for choice in made if choice.value == default)
    answer = questionary.select(
        title, made, default=chosen, instruction="(arrows, Enter)", **look()
    ).unsafe_ask()
    return str(answer)


def look() -> dict[str, Any]:
    """The same plain look for every prompt: readable on light and dark, and without colour."""
    import os

    import questionary

    if os.environ.get("NO_COLOR"):
        style = [(name, "noinherit") for name in ("qmark", "question", "answer", "instruction")]
        style += [("pointer", "bold"), ("highlighted", "bold"), ("selected", "noinherit")]
    else:
        style = [
            ("qmark", "bold"),
            ("question", "bold"),
            ("answer", "fg:ansiblue bold"),
            ("pointer", "fg:ansiblue bold"),
            ("highlighted", "fg:ansiblue bold"),
            ("selected", "fg:ansiblue"),
            ("instruction", ""),
        ]
    return {"style": questionary.Style(style), "qmark": "?"}


def _many(question: Question, key: Key, value: tuple[str, ...]) -> tuple[str, ...]:
    import questionary

    choices = [
        questionary.Choice(_with_hint(question, name), value=name, checked=name in value)
        for name in key.choices
    ]

    def valid(picked: list[str]) -> bool | str:
        return True if picked or not key.least_one else "choose at least one"

    picked = questionary.checkbox(
        question.title, choices, instruction="(space, Enter)", validate=valid, **look()
    ).unsafe_ask()
    return tuple(picked)


def _one(question: Question, options: Sequence[str], current: str) -> str:
    choices = [(name, _with_hint(question, name)) for name in options]
    return pick(question.title, choices, current if current in options else options[0])


def _with_hint(question: Question, name: str) -> str:
    hint = question.hints.get(name)
    return f"{name}  {hint}" if hint else name


def _text(title: str, key: Key, current: str) -> str:
    import questionary

    def valid(text: str) -> bool | str:
        wrong = complaint(key, text.strip())
        return f"{wrong[0]}: {wrong[1]}" if wrong else True

    answer = questionary.text(title, default=current, validate=valid, **look()).unsafe_ask()
    return str(answer).strip()
