"""YAML text and `--set` values → `Answers`, with every problem at once."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from scaffold.answers.contradictions import contradictions
from scaffold.answers.keys import BY_NAME, KEYS, Key, Kind, complaint, default_of, normal_folder
from scaffold.answers.model import Answers, Found
from scaffold.answers.yaml_text import Entry, YamlText, read_yaml
from scaffold.errors import Problem, Refusal

Value = str | tuple[str, ...]


class Given(NamedTuple):
    """What was said: key → value, key → place, and what is wrong with the rest."""

    values: dict[str, Value]
    places: dict[str, str]
    problems: tuple[Problem, ...]


def decode_answers(data: bytes, file: str) -> str:
    """The text of an answers file (UTF-8, with or without a byte-order mark).

    Raises Refusal naming the line where the bytes are something else.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem("not UTF-8 text", f"{file}:{line}", "save the file as UTF-8")
        raise Refusal(problem) from None


def read_given(text: str, file: str) -> Given:
    """The answers that a file holds, whatever their number."""
    document: YamlText = read_yaml(text, file)
    values: dict[str, Value] = {}
    places: dict[str, str] = {}
    problems = list(document.problems)
    for entry in document.entries:
        place = f"{file}:{entry.span.line}"
        key = BY_NAME.get(entry.key)
        if key is None:
            problems.append(_unknown(entry.key, f"{file}:{entry.key_span.line}"))
            continue
        places[key.name] = place
        value, wrong = _value(key, entry, file)
        problems.extend(wrong)
        if value is not None:
            values[key.name] = value
    return Given(values, places, tuple(problems))


def read_settings(settings: list[str]) -> Given:
    """`KEY=VALUE` pairs of the command line; lists are separated by commas."""
    values: dict[str, Value] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        place = f"--set {setting}"
        if not equals:
            problems.append(Problem("--set takes KEY=VALUE", place, "for example --set jna=5.18.1"))
            continue
        key = BY_NAME.get(name)
        if key is None:
            problems.append(_unknown(name, place))
            continue
        places[name] = place
        parts = [part.strip() for part in text.split(",")] if text.strip() else []
        if key.kind is Kind.LIST:
            value, wrong = _list(key, [(part, place) for part in parts], place)
        else:
            value, wrong = _scalar(
                key, text.strip() if key.kind is not Kind.FOLDER else text, place
            )
        problems.extend(wrong)
        if value is not None:
            values[name] = value
    return Given(values, places, tuple(problems))


def resolve(*given: Given, found: Mapping[str, Found] | None = None) -> Answers:
    """The answers: a later `given` overrides an earlier one, what was found fills the gaps, then the defaults.

    Raises Refusal with every problem of every source, contradictions included.
    """
    values: dict[str, Any] = {key.name: default_of(key) for key in KEYS}
    values.update({name: item.value for name, item in (found or {}).items()})
    places = {name: item.origin for name, item in (found or {}).items()}
    problems: list[Problem] = []
    bad: set[str] = set()
    for source in given:
        values.update(source.values)
        places.update(source.places)
        problems.extend(source.problems)
        bad |= source.places.keys() - source.values.keys()
        bad -= source.values.keys()
    problems.extend(contradictions(values, places, bad))
    if problems:
        raise Refusal(*problems)
    return Answers(**values)


def read_answers(text: str, place: str, found: Mapping[str, Found] | None = None) -> Answers:
    """The answers of one file, `place` being its name in messages. Raises Refusal."""
    return resolve(read_given(text, place), found=found)


def _unknown(name: str, place: str) -> Problem:
    typed = name.lower().replace("-", "_")
    near = get_close_matches(typed, [key.name for key in KEYS], n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(BY_NAME)}"
    shown = "".join(char if char.isprintable() else "?" for char in name[:60])
    return Problem(f"unknown key {shown}", place, hint)


def _value(key: Key, entry: Entry, file: str) -> tuple[Value | None, list[Problem]]:
    place = f"{file}:{entry.span.line}"
    if key.kind is Kind.LIST:
        if entry.items is not None:
            return _list(key, [(i.text, f"{file}:{i.span.line}") for i in entry.items], place)
        typed = entry.scalar.text if entry.scalar else ""
        if not typed and entry.span.start == entry.span.end:
            return _list(key, [], place)
        hint = f"write {key.name}: [{typed[:60]}]"
        return None, [Problem(f"{key.name}: takes a list", place, hint)]
    if entry.scalar is None:
        example = key.example or (key.choices[0] if key.choices else ".")
        return None, [
            Problem(f"{key.name}: takes one value", place, f"write {key.name}: {example}")
        ]
    return _scalar(key, entry.scalar.text, place)


def _scalar(key: Key, text: str, place: str) -> tuple[Value | None, list[Problem]]:
    wrong = complaint(key, text)
    if wrong:
        return None, [Problem(wrong[0], place, wrong[1])]
    return normal_folder(text) if key.kind is Kind.FOLDER else text, []


def _list(key: Key, items: list[tuple[str, str]], place: str) -> tuple[Value | None, list[Problem]]:
    problems: list[Problem] = []
    seen: list[str] = []
    for text, item_place in items:
        wrong = complaint(key, text)
        if wrong:
            problems.append(Problem(wrong[0], item_place, wrong[1]))
        elif text in seen:
            problems.append(Problem(f"{key.name}: {text} stands twice", item_place, "keep one"))
        seen.append(text)
    if key.least_one and not items:
        hint = f"name at least one of {', '.join(key.choices)}"
        problems.append(Problem(f"{key.name}: none is named", place, hint))
    return (None, problems) if problems else (tuple(seen), [])
