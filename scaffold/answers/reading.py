"""YAML text and `--set` values → `Answers`, with every problem at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from scaffold.answers.contradictions import contradictions
from scaffold.answers.key import Key, Kind, Value, complaint, normal_folder
from scaffold.answers.keys import KEYS, applying, default_of
from scaffold.answers.model import Answers, Detected
from scaffold.answers.yaml_text import Entry, read_yaml
from scaffold.errors import Problem, Refusal

NOTHING = Detected({})


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
    document = read_yaml(text, file)
    values: dict[str, Value] = {}
    places: dict[str, str] = {}
    problems = list(document.problems)
    for entry in document.entries:
        place = f"{file}:{entry.span.line}"
        key = KEYS.get(entry.key)
        if key is None:
            problems.append(_unknown(entry.key, f"{file}:{entry.key_span.line}"))
            continue
        places[key.name] = place
        value, wrong = _value(key, entry, file)
        problems.extend(wrong)
        if value is not None:
            values[key.name] = value
    return Given(values, places, tuple(problems))


def read_settings(settings: Sequence[str]) -> Given:
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
        key = KEYS.get(name)
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


def settle(*given: Given, detect: Callable[[Mapping[str, Value]], Detected]) -> Answers:
    """The answers.

    A later `given` overrides an earlier one. `detect`, told what is stated, fills the gaps; then come the defaults.
    Raises Refusal with every problem of every source, contradictions included.
    """
    stated = {name: value for source in given for name, value in source.values.items()}
    needed = applying({name: default_of(key) for name, key in KEYS.items()} | stated)
    detected = NOTHING if stated.keys() >= set(needed) else detect(stated)
    return resolve(*given, detected=detected)


def resolve(*given: Given, detected: Detected = NOTHING) -> Answers:
    """The answers, where the look at the repository was taken already. Raises Refusal as `settle` does."""
    values = {name: default_of(key) for name, key in KEYS.items()}
    values |= {name: item.value for name, item in detected.defaults.items()}
    places = {name: item.origin for name, item in detected.defaults.items()}
    problems: list[Problem] = []
    bad: set[str] = set()
    for source in given:
        values.update(source.values)
        places.update(source.places)
        problems.extend(source.problems)
        bad |= source.places.keys() - source.values.keys()
        bad -= source.values.keys()
    problems.extend(contradictions(values, detected.targets, places, bad))
    if problems:
        raise Refusal(*problems)
    return Answers(**values)


def read_answers(text: str, place: str, detected: Detected = NOTHING) -> Answers:
    """The answers of one file, `place` being its name in messages. Raises Refusal."""
    return resolve(read_given(text, place), detected=detected)


def _unknown(name: str, place: str) -> Problem:
    typed = name.lower().replace("-", "_")
    from difflib import get_close_matches

    near = get_close_matches(typed, list(KEYS), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(KEYS)}"
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
            problems.append(Problem(f"{key.name}: {text} is listed twice", item_place, "keep one"))
        seen.append(text)
    if key.least_one and not items:
        hint = f"name at least one of {', '.join(key.choices)}"
        problems.append(Problem(f"{key.name}: is empty", place, hint))
    return (None, problems) if problems else (tuple(seen), [])
