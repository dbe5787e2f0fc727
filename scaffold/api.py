"""What build scripts may call: answers, plan, rendered files, inspection, as values.

Nothing here asks, prints or writes. What the user did wrong is a `Refusal`, whose `problems` hold message, place and
hint, as on the command line.
"""

import os
from typing import NamedTuple

from scaffold.answers.model import Answers
from scaffold.artifacts.plan import Plan
from scaffold.errors import Problem, Refusal
from scaffold.findings import Finding, Severity

__all__ = [
    "Answers",
    "Finding",
    "InspectedLibrary",
    "Plan",
    "Problem",
    "Refusal",
    "RenderedFile",
    "Severity",
    "inspect",
    "make_plan",
    "read_answers",
    "render_files",
]

PathLike = str | os.PathLike[str]


class RenderedFile(NamedTuple):
    """What one artifact says: the whole of a file that scaffold owns, else the part that goes into the user's.

    `path` is seen from the project's root, with `/`; `text` has LF line endings; `mode` as for `chmod`.
    """

    id: str
    path: str
    text: str
    mode: int


class InspectedLibrary(NamedTuple):
    """One library of `inspect`, with the members of its JSON document.

    `load_align` and `size` are in bytes; `abi` is "", and `bits` and `load_align` None, where the file could not be
    read. `owner` is the dependency that contains it, "" where that is not known.
    """

    path: str
    abi: str
    bits: int | None
    load_align: int | None
    needed: tuple[str, ...]
    owner: str
    size: int | None
    build_id: str
    judged: bool
    findings: tuple[Finding, ...]


def read_answers(file: PathLike = "scaffold.yml", **settings: str) -> Answers:
    """The answers in `file`; a missing key takes what its folder's files say, else the default.

    `settings` override single answers, written as for `--set`: `read_answers(abis="arm64-v8a,x86_64")`.
    Raises Refusal with every problem at once.
    """
    from scaffold.cli.answers_file import answers_of

    path = os.fspath(file)
    stated = [f"{name}={value}" for name, value in settings.items()]
    return answers_of(os.path.dirname(path) or ".", stated, path)


def make_plan(answers: Answers, folder: PathLike = ".") -> Plan:
    """Every artifact, decision and doubt for the project in `folder`, whose files are looked at and left alone."""
    from scaffold.project.plan import make_plan as decide
    from scaffold.project.survey import survey

    return decide(answers, survey(os.fspath(folder), answers))


def render_files(plan: Plan) -> tuple[RenderedFile, ...]:
    """The text of every artifact, in the plan's order; an artifact with nothing to say is left out."""
    from scaffold.artifacts.render import render

    rendered = (RenderedFile(a.id, a.path, render(a), a.mode) for a in plan.artifacts)
    return tuple(file for file in rendered if file.text)


def inspect(*paths: PathLike, page_size: int = 16384) -> tuple[InspectedLibrary, ...]:
    """Every library in `paths` (.so, .apk, .aar, .aab, .jar, .zip, folders), with what is wrong with it.

    `page_size` is in bytes, a power of two. Raises Refusal for a path that does not exist.
    """
    from scaffold.inspection.pages import load_align
    from scaffold.inspection.scan import scan

    if page_size < 4096 or page_size & (page_size - 1):
        raise Refusal(
            Problem(
                f"{page_size} is not a valid page size", "", "give a power of two, such as 16384"
            )
        )
    libraries = scan([os.fspath(path) for path in paths], page_size).libraries
    return tuple(
        InspectedLibrary(
            library.path,
            library.abi,
            library.elf.bits if library.elf else None,
            load_align(library.elf) if library.elf else None,
            library.elf.needed if library.elf else (),
            library.owner,
            library.size,
            library.elf.build_id if library.elf else "",
            library.judged,
            library.findings,
        )
        for library in libraries
    )
