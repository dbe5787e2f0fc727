"""One question on the terminal."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scaffold.answers.key import Key, Kind, Value, complaint
from scaffold.facts import load_facts
from scaffold.terminal.console import coloured, columns
from scaffold.terminal.printable import printable

if TYPE_CHECKING:
    import questionary

OTHER = "another…"


def ask_question(key: Key, value: Value, origin: str, offers: Mapping[str, str]) -> Value:
    """Asks until the answer is valid; Enter takes `value`. `offers` are value → hint, beside the key's words.

    Raises KeyboardInterrupt on ^C.
    """
    explain(key.text(key.why), f"Suggested: {shown(value)}" + (f" ({origin})" if origin else ""))
    if key.kind is Kind.LIST:
        return _many(key, tuple(value))
    current = str(value)
    words = _words(key)
    if key.kind is Kind.CHOICE:
        return _one(key.title, words, current)
    options = {**words, **offers}
    if not options:
        return _text(key.title, key, current)
    if current not in options:
        options = {current: "", **options}
    picked = _one(key.title, {**options, OTHER: ""}, current)
    return _text(key.title, key, current) if picked == OTHER else picked


def shown(value: Value) -> str:
    """A value as the summary shows it."""
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _words(key: Key) -> dict[str, str]:
    return {name: key.text(hint) for name, hint in key.words(load_facts()).items()}


def listing(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Prints (what, value, where it is from), each on lines of its own where they are narrow."""
    width = _width()
    print(f"\n  {title}")
    for what, value, origin in rows:
        text = printable(f"{what}: {value}  ({origin})")
        print(textwrap.fill(text, width, initial_indent="    ", subsequent_indent="      "))


def explain(*paragraphs: str) -> None:
    """Prints text that fits the terminal, at most 76 columns wide."""
    print()
    for paragraph in paragraphs:
        text = printable(paragraph)
        print(textwrap.fill(text, _width(), initial_indent="  ", subsequent_indent="  "))


def _width() -> int:
    return max(30, min(columns() - 2, 76))


def ask_yes(question: str, *, default: bool = True) -> bool:
    """Yes or no. Raises KeyboardInterrupt on ^C."""
    import questionary

    return bool(_answer(questionary.confirm(question, default=default, **look())))


def pick(
    title: str, choices: Sequence[tuple[str, str]], default: str, *, value_only: bool = False
) -> str:
    """One of (value, text). What is left on the screen is the text, or the value alone.

    Raises KeyboardInterrupt on ^C.
    """
    import questionary

    made = [questionary.Choice(printable(text), value=value) for value, text in choices]
    chosen = next(choice for choice in made if choice.value == default)
    instruction = "(arrows, Enter)"
    answer = _answer(
        questionary.select(
            title, made, default=chosen, instruction=instruction, erase_when_done=True, **look()
        )
    )
    text = str(answer) if value_only else next(t for v, t in choices if v == answer)
    _echo(title, " ".join(text.split()))
    return str(answer)


def look() -> dict[str, Any]:
    """The same plain look for every prompt: readable on light and dark, and without colour."""
    import questionary

    if not coloured():
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


def _many(key: Key, value: tuple[str, ...]) -> tuple[str, ...]:
    import questionary

    choices = [
        questionary.Choice(f"{name}  {hint}" if hint else name, value=name, checked=name in value)
        for name, hint in _words(key).items()
    ]

    def valid(picked: list[str]) -> bool | str:
        return True if picked or not key.least_one else "choose at least one"

    picked = _answer(
        questionary.checkbox(
            key.title,
            choices,
            instruction="(Space toggles, Enter)",
            validate=valid,
            erase_when_done=True,
            **look(),
        )
    )
    _echo(key.title, shown(tuple(picked)))
    return tuple(picked)


def _echo(title: str, answer: str) -> None:
    # questionary would leave the hint there too, which breaks the line on a narrow terminal.
    print(f"? {title} {printable(answer)}")


def _one(title: str, options: Mapping[str, str], current: str) -> str:
    width = max(len(name) for name in options)
    choices = [
        (name, f"{name:<{width}}  {hint}" if hint else name) for name, hint in options.items()
    ]
    default = current if current in options else next(iter(options))
    return pick(title, choices, default, value_only=True)


def _text(title: str, key: Key, current: str) -> str:
    import questionary

    def valid(text: str) -> bool | str:
        wrong = complaint(key, text.strip())
        return f"{wrong[0]}: {wrong[1]}" if wrong else True

    answer = _answer(questionary.text(title, default=current, validate=valid, **look()))
    return str(answer).strip()


def _answer(question: "questionary.Question") -> Any:
    try:
        return question.unsafe_ask()
    except EOFError:
        # ^D, or a terminal that was closed.
        raise KeyboardInterrupt from None
