"""A log → what went wrong and what mends it, in the words of the project where there is one."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scaffold.explain.linkage import links, summary, switches
from scaffold.explain.log import occurrences
from scaffold.explain.signatures import Advice, Signature, Table
from scaffold.explain.window import Occurrence
from scaffold.probe.build_outputs import BuildOutput

# A follow-on error stands within so many lines of what led to it, and in the same paragraph.
NEAR = 12
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Match(NamedTuple):
    """A failure that was recognised; `line` counts from 1 in the raw log."""

    code: str
    line: int
    text: str
    title: str
    cause: str
    fix: tuple[str, ...]


class Context(NamedTuple):
    """The project around the log: its answers as text, how to name their file, what its build scripts printed."""

    answers: Mapping[str, str]
    file: str = "scaffold.yml"
    own_crate: str = ""
    outputs: tuple[BuildOutput, ...] = ()


def explain(
    chunks: Iterable[bytes], table: Table, context: Context | None = None
) -> tuple[Match, ...]:
    """Each failure once, at the first line that shows it, in order of lines."""
    rows = {signature.code: signature for signature in table.signatures}
    places: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences(chunks, table):
        places.setdefault(occurrence.code, []).append(occurrence)
    told = []
    for code, found in places.items():
        signature = rows[code]
        causes = [place for other in signature.follows for place in places.get(other, ())]
        kept = [place for place in found if not any(_led_to(cause, place) for cause in causes)]
        if kept:
            told.append(_match(signature, kept, table, context))
    order = [signature.code for signature in table.signatures]
    return tuple(sorted(told, key=lambda match: (match.line, order.index(match.code))))


def _led_to(cause: Occurrence, place: Occurrence) -> bool:
    first, second = sorted((cause, place))
    return second.line - first.line <= NEAR and second.line <= first.until


def _match(
    signature: Signature, places: list[Occurrence], table: Table, context: Context | None
) -> Match:
    values = dict(signature.defaults) | _captured(places)
    cause, fix = signature.cause, list(signature.fix)
    if context is not None:
        here = {**values, "file": context.file}
        fix[:0] = [
            _fill(row.say, {**here, "answer": context.answers.get(row.answer, "")})
            for row in signature.advice
            if _applies(row, context.answers.get(row.answer))
        ]
        if signature.linkage:
            added, first = _linkage(table, context)
            cause += added
            fix[:0] = first
    first_place = places[0]
    return Match(
        signature.code,
        first_place.line,
        first_place.text,
        _fill(signature.title, values),
        _fill(cause, values),
        tuple(_fill(item, values) for item in fix),
    )


def _captured(places: list[Occurrence]) -> dict[str, str]:
    """What the patterns captured first; of targets all, since one command installs them."""
    values: dict[str, str] = {}
    targets: list[str] = []
    for place in places:
        for name, value in place.captured:
            values.setdefault(name, value)
            if name == "target" and value not in targets:
                targets.append(value)
    return values | ({"target": " ".join(targets[:8])} if targets else {})


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _applies(advice: Advice, answer: str | None) -> bool:
    if answer is None:
        return False
    if advice.below:
        major = answer.partition(".")[0]
        return major.isascii() and major.isdigit() and int(major) < advice.below
    return answer in advice.is_ if advice.is_ else answer not in advice.isnt


def _linkage(table: Table, context: Context) -> tuple[str, list[str]]:
    """Who links which runtime in this project, and the switch of each crate that differs from the answer."""
    found = links(context.outputs)
    answer = context.answers.get("cpp_runtime", "")
    said = summary(found)
    wanted = answer if answer in ("shared", "static") else "shared"
    differing = switches(found, wanted, context.own_crate, table.knobs)
    fix = [
        f"`cpp_runtime` is {answer or 'not set'} in {context.file}, {item}" for item in differing
    ]
    other = {"shared": "static", "static": "shared"}[wanted]
    if differing and answer in ("shared", "static") and all(link.kind == other for link in found):
        fix.append(f"Or follow the crates: `scaffold regenerate --set cpp_runtime={other}`.")
    return (f" {said}" if said else ""), fix
