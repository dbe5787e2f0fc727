"""A log → what went wrong and how to fix it, in the words of the project where there is one."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scaffold.explain.linkage import links, summary, switches
from scaffold.explain.log import LogReading, read_log
from scaffold.explain.signatures import EVERYWHERE, Signature, SignatureTable
from scaffold.explain.window import Occurrence
from scaffold.probe.build_outputs import BuildOutput
from scaffold.terminal.printable import printable

# A follow-on error stands within so many lines of what led to it, and in the same paragraph.
NEAR = 12
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Explanation(NamedTuple):
    """A failure that was recognized; `line` counts from 1 in the raw log."""

    code: str
    line: int
    text: str
    title: str
    cause: str
    fix: tuple[str, ...]


class ProjectContext(NamedTuple):
    """The project around the log: its answers as text, how to name their file, what its build scripts printed."""

    answers: Mapping[str, str]
    file: str = "scaffold.yml"
    own_crate: str = ""
    outputs: tuple[BuildOutput, ...] = ()


def explain(
    chunks: Iterable[bytes], table: SignatureTable, context: ProjectContext | None = None
) -> tuple[Explanation, ...]:
    """Each failure once, at the first line that shows it, in order of lines."""
    return explained(read_log(chunks, table), table, context)


def explained(
    reading: LogReading, table: SignatureTable, context: ProjectContext | None = None
) -> tuple[Explanation, ...]:
    """The same for a log that was read."""
    places: dict[str, list[Occurrence]] = {}
    for occurrence in reading.occurrences:
        places.setdefault(occurrence.code, []).append(occurrence)
    values = dict(EVERYWHERE)
    if len(reading.ndks) == 1:
        values["ndk_seen"] = f" The log shows NDK {next(iter(reading.ndks))}."
    if context is not None:
        values["apply"] = "scaffold regenerate"
    rows = []
    for signature in table.signature:
        causes = [place for other in signature.follows for place in places.get(other, ())]
        kept = [
            place
            for place in places.get(signature.code, ())
            if not any(_led_to(cause, place) for cause in causes)
        ]
        if kept:
            rows.append(_explanation(signature, kept, values, reading.tools, table, context))
    return tuple(sorted(rows, key=lambda row: row.line))


def _led_to(cause: Occurrence, place: Occurrence) -> bool:
    first, second = sorted((cause, place))
    return second.line - first.line <= NEAR and second.line <= first.until


def _explanation(
    signature: Signature,
    places: list[Occurrence],
    values: Mapping[str, str],
    tools: frozenset[str],
    table: SignatureTable,
    context: ProjectContext | None,
) -> Explanation:
    values = {**values, **signature.defaults, **_captured(places)}
    cause = signature.cause
    first: list[str] = []
    if context is not None:
        tools |= {context.answers.get("rust_build", "")}
        if signature.linkage:
            added, first = _linkage(table, context)
            cause += added
        for row in signature.advice:
            answer = context.answers.get(row.answer)
            if row.applies(answer):
                here = {**values, "file": context.file, "answer": answer or ""}
                first.append(_filled(row.say, here))
    fixes = [_filled(fix.say, values) for fix in signature.fix if fix.fits(tools)]
    return Explanation(
        signature.code,
        places[0].line,
        printable(places[0].text),
        _filled(signature.title, values),
        _filled(cause, values),
        (*first, *fixes),
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


def _filled(text: str, values: Mapping[str, str]) -> str:
    return printable(_PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text))


def _linkage(table: SignatureTable, context: ProjectContext) -> tuple[str, list[str]]:
    """Who links which runtime in this project, and the switch of each crate that differs from the answer."""
    found = links(context.outputs)
    answer = context.answers.get("cpp_runtime", "")
    said = summary(found)
    wanted = answer if answer in ("shared", "static") else "shared"
    differing = switches(found, wanted, context.own_crate, table.knob)
    fix = [
        f"`cpp_runtime` is {answer or 'not set'} in {context.file}, {item}" for item in differing
    ]
    other = {"shared": "static", "static": "shared"}[wanted]
    if differing and answer in ("shared", "static") and all(link.kind == other for link in found):
        fix.append(f"Or follow the crates: `scaffold regenerate --set cpp_runtime={other}`.")
    return (f" {said}" if said else ""), [printable(item) for item in fix]
