"""One question on the terminal."""

import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scaffold.answers.key import Key, Kind, Value, complaint, full_revision
from scaffold.facts import load_facts
from scaffold.terminal.console import coloured, columns
from scaffold.terminal.printable import printable

if TYPE_CHECKING:
    import questionary

OTHER = "other…"
MOVE, TOGGLE, TYPE = (
    "[arrows: move, Enter: choose, Ctrl-C: cancel]",
    "[arrows: move, Space: on or off, Enter: done]",
    "[Enter: done, empty: keep it, Ctrl-C: cancel]",
)
_PLACE = re.compile(r":\d+$")


def ask_question(
    key: Key, value: Value, origin: str, offers: Mapping[str, str], progress: str = ""
) -> Value:
    """Asks until the answer is valid; Enter takes `value`. `offers` are value → hint, beside the key's words; of a key
    with fixed words, those that make sense here.

    Raises KeyboardInterrupt on ^C.
    """
    why = [key.text(key.why)]
    if origin not in ("default", "your answer"):
        why.append(f"Suggested: {shown(value)} ({origin})")
    if key.kind is Kind.LIST:
        return _many(key, tuple(value), why, progress)
    current = str(value)
    words = _words(key)
    if key.kind is Kind.CHOICE:
        words = {name: hint for name, hint in words.items() if name in (offers or words)}
        return _one(key.title, words, current, why, progress)
    options = {**words, **offers}
    if not options:
        return _text(key, current, why, progress)
    if current not in options:
        options = {current: "", **options}
    picked = _one(key.title, {**options, OTHER: ""}, current, why, progress)
    return _text(key, current, why, progress) if picked == OTHER else picked


def shown(value: Value) -> str:
    """A value as one text."""
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _words(key: Key) -> dict[str, str]:
    return {name: key.text(hint) for name, hint in key.words(load_facts()).items()}


def table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Each (what, value, where it is from) as one line that fits the terminal."""
    room = max(40, columns() - 5)  # beside the pointer, and not to the last column
    first = max(len(what) for what, _, _ in rows)
    second = min(max(len(value) for _, value, _ in rows), max(14, (room - first) // 2))
    left = room - first - second - 4
    return [
        f"{what:<{first}}  {_cut(value, second):<{second}}  {_cut(origin, left)}".rstrip()
        for what, value, origin in rows
    ]


def _cut(text: str, width: int) -> str:
    """The text in `width` characters: of a place its end, of other text its beginning."""
    text = printable(text)
    if len(text) <= width:
        return text
    return "…" + text[1 - width :] if _PLACE.search(text) else text[: width - 1] + "…"


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
    title: str,
    choices: Sequence[tuple[str, str]],
    default: str,
    *below: str,
    progress: str = "",
    value_only: bool = False,
    silent: Collection[str] = (OTHER,),
) -> str:
    """One of (value, text), with `below` under the question. What is left on the screen is the text, or the value;
    nothing after a value in `silent`, which another question follows.

    Raises KeyboardInterrupt on ^C.
    """
    import questionary

    made = [questionary.Choice(printable(text), value=value) for value, text in choices]
    chosen = next(choice for choice in made if choice.value == default)
    answer = _answer(
        questionary.select(
            title,
            made,
            default=chosen,
            instruction=_below(progress, below, MOVE),
            erase_when_done=True,
            **look(),
        )
    )
    if str(answer) not in silent:
        text = str(answer) if value_only else next(t for v, t in choices if v == answer)
        _echo(title, " ".join(text.split()))
    return str(answer)


def _below(progress: str, paragraphs: Sequence[str], keys: str) -> str:
    """What stands after and under a question: how far one is, what it means, which keys work."""
    lines = [f"({progress})"] if progress else [""]
    for paragraph in paragraphs:
        lines += textwrap.wrap(printable(paragraph), _width())
    return "\n  ".join([*lines, keys])


def look() -> dict[str, Any]:
    """The same plain look for every prompt: readable on light and dark, and without colour."""
    import questionary

    if not coloured():
        style = [(name, "noinherit") for name in ("qmark", "question", "answer", "instruction")]
        style += [("pointer", "bold"), ("highlighted", "bold"), ("selected", "noinherit")]
        style += [("placeholder", ""), ("validation-toolbar", "noinherit")]
    else:
        style = [
            ("qmark", "bold"),
            ("question", "bold"),
            ("answer", "fg:ansiblue bold"),
            ("pointer", "fg:ansiblue bold"),
            ("highlighted", "fg:ansiblue bold"),
            ("selected", "fg:ansiblue"),
            ("instruction", ""),
            ("placeholder", "fg:ansibrightblack"),
        ]
    return {"style": questionary.Style(style), "qmark": "?"}


def _many(key: Key, value: tuple[str, ...], why: Sequence[str], progress: str) -> tuple[str, ...]:
    import questionary

    choices = [
        questionary.Choice(text, value=name, checked=name in value)
        for name, text in _columns(_words(key))
    ]

    def valid(picked: list[str]) -> bool | str:
        return True if picked or not key.least_one else "Choose at least one."

    picked = _answer(
        questionary.checkbox(
            key.title,
            choices,
            instruction=_below(progress, why, TOGGLE),
            validate=valid,
            erase_when_done=True,
            **look(),
        )
    )
    _echo(key.title, shown(tuple(picked)))
    return tuple(picked)


def _echo(title: str, answer: str) -> None:
    """Leaves question and answer on one line, the question dimmed."""
    answer = printable(answer)
    if coloured():
        title, answer = f"\x1b[2m{title}\x1b[0m", f"\x1b[36m{answer}\x1b[0m"
    print(f"? {title} {answer}")


def _one(
    title: str, options: Mapping[str, str], current: str, why: Sequence[str], progress: str
) -> str:
    default = current if current in options else next(iter(options))
    return pick(title, _columns(options), default, *why, progress=progress, value_only=True)


def _columns(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """(value, value and hint in two columns)"""
    width = max(len(name) for name in options)
    return [(name, f"{name:<{width}}  {hint}".rstrip()) for name, hint in options.items()]


def _text(key: Key, current: str, why: Sequence[str], progress: str) -> str:
    import questionary

    def meant(text: str) -> str:
        return full_revision(text.strip()) if key.name == "ndk" else text.strip()

    def valid(text: str) -> bool | str:
        wrong = complaint(key, meant(text)) if text.strip() else None
        return f"{wrong[0]}: {wrong[1]}" if wrong else True

    typed = _answer(
        questionary.text(
            key.title,
            instruction=_below(progress, why, TYPE) + "\n  >",
            placeholder=[("class:placeholder", printable(current))],
            validate=valid,
            erase_when_done=True,
            **look(),
        )
    )
    answer = meant(str(typed)) or current
    _echo(key.title, answer)
    return answer


def _answer(question: "questionary.Question") -> Any:
    try:
        return question.unsafe_ask()
    except EOFError:
        # ^D, or a terminal that was closed.
        raise KeyboardInterrupt from None
