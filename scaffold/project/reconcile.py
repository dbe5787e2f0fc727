"""Base, yours and new → what happens to one file. Pure: bytes and texts in, a `Change` out.

The table of states is in CONTRIBUTING.md. Whatever is left undecided leaves the user's file as it is.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Literal

from scaffold.answers.model import Answers
from scaffold.answers.reading import decode_answers, read_given
from scaffold.answers.writing import change_answers
from scaffold.artifacts.model import Artifact, Format
from scaffold.errors import Refusal
from scaffold.merge.form import Form, read_form, write_form
from scaffold.merge.result import Clash, Merged, Prefer
from scaffold.syntax.cannot_merge import CannotMerge

Action = Literal["create", "update", "identical", "keep", "conflict", "delete", "skip"]
Decide = Literal["skip", "markers", "mine", "theirs"]


@dataclass(frozen=True)
class Options:
    """What the user allows: `adopt` takes over files that we did not make, `restore` brings back what was deleted,
    `conflict` says who wins where both sides changed the same thing. `add` are answers to be written out.
    """

    adopt: bool = False
    restore: bool = False
    conflict: Decide = "skip"
    add: Collection[str] = ()

    @property
    def prefer(self) -> Prefer | None:
        return self.conflict if self.conflict in ("mine", "theirs") else None


@dataclass(frozen=True)
class Past:
    """What the lock knows of an artifact: where it was, the last render, and whether the file was ours alone."""

    path: str
    format: Format
    base: str | None
    created: bool


@dataclass(frozen=True)
class Change:
    """What happens to one path. `data` are the bytes to write, None for none; `base` the render to remember from now
    on, None to leave the lock's entry as it was. `before` and `after` are texts for a diff."""

    id: str
    path: str
    action: Action
    reason: str
    data: bytes | None = None
    base: str | None = None
    created: bool = False
    forget: bool = False
    before: str = ""
    after: str = ""
    newline: str = "\n"
    mode: int | None = None
    clashes: tuple[Clash, ...] = ()
    notes: tuple[str, ...] = field(default=())
    paste: str = ""


def reconcile(
    artifact: Artifact, new: str, past: Past | None, mine: bytes | None, options: Options
) -> Change:
    """What becomes of `artifact`, whose text is `new` now; `mine` is the user's file."""
    if artifact.blocked:
        return Change(artifact.id, artifact.path, "conflict", artifact.blocked, paste=new)
    if artifact.format is Format.ANSWERS:
        return _answers(artifact, new, mine, options)
    if mine is None:
        return _absent(artifact, new, past, options)
    if artifact.format is Format.ONCE:
        return Change(artifact.id, artifact.path, "skip", "yours; it is there already", base=new)
    try:
        text, form = read_form(mine)
        return _present(artifact, new, past, text, form, options)
    except CannotMerge as problem:
        return _unmergeable(artifact, new, past, mine, problem, options)


def take_out(id_: str, past: Past, mine: bytes | None, options: Options) -> Change | None:
    """What becomes of an artifact that is no longer wanted; None where there is nothing left to do."""
    if mine is None or past.base is None:
        return None
    reason = "no longer needed"
    gone = Change(id_, past.path, "delete", reason, forget=True)
    try:
        text, form = read_form(mine)
        if past.created and text == past.base:
            return replace(gone, before=text)
        if past.format is Format.TEXT:
            merged = Merged("", (Clash("the file", past.base, text, ""),))
        else:
            merged = _merge(past.format)(past.base, text, "", prefer=options.prefer)
    except CannotMerge as problem:
        return Change(id_, past.path, "conflict", _said(problem))
    if merged.clashes and options.conflict == "mine":
        return replace(
            gone, action="keep", reason="no longer needed, but you edited it: now yours alone"
        )
    if merged.clashes and options.conflict != "theirs":
        why = "no longer needed, but you edited it: delete it, or decide with --conflict=mine or theirs"
        return Change(id_, past.path, "conflict", why, clashes=merged.clashes)
    if past.created and not _without_our_words(merged.text, past.base).strip():
        return replace(gone, before=text)
    if merged.text == text:
        return replace(gone, action="identical", reason="nothing of ours is left in it")
    return replace(
        gone,
        action="update",
        reason="what scaffold wrote is no longer needed and is taken out",
        data=write_form(merged.text, form),
        before=text,
        after=merged.text,
        notes=merged.notes,
    )


def _without_our_words(text: str, base: str) -> str:
    # Comments of the last render are ours, wherever a merge by keys left them.
    ours = {line.strip() for line in base.splitlines() if line.lstrip().startswith(("#", "//"))}
    return "\n".join(line for line in text.splitlines() if line.strip() not in ours)


def _absent(artifact: Artifact, new: str, past: Past | None, options: Options) -> Change:
    made = Change(
        artifact.id,
        artifact.path,
        "create",
        artifact.reason,
        data=write_form(new, Form(newline="\r\n" if artifact.newline == "\r\n" else "\n")),
        base=new,
        created=True,
        after=new,
        newline=artifact.newline,
        mode=artifact.mode,
    )
    if past is None:
        return made
    if options.restore:
        return replace(made, reason=f"brought back: {artifact.reason}")
    return Change(
        artifact.id,
        artifact.path,
        "skip",
        "you deleted it; it stays deleted (--restore brings it back)",
    )


def _present(
    artifact: Artifact, new: str, past: Past | None, text: str, form: Form, options: Options
) -> Change:
    base = past.base if past else None
    change = Change(
        artifact.id,
        artifact.path,
        "identical",
        artifact.reason,
        base=_remembered(artifact.format, base or "", text, new),
        # Without a lock, a file that is word for word our render is ours, as in a clone that lost .scaffold/.
        created=past.created if past else text == new,
        before=text,
        after=text,
        newline=form.newline,
        mode=artifact.mode if artifact.format is Format.TEXT else None,
    )
    if text == new:
        return change
    merge = _merge(artifact.format)
    taken = options.adopt and past is None
    prefer: Prefer | None = "theirs" if taken else options.prefer
    restore = options.restore and artifact.format in (Format.KOTLIN, Format.RUST)
    extra = {"restore": True} if restore else {}
    if options.restore and artifact.format is Format.TOML:
        base = ""  # as on the first day: what is missing is put back
    merged = merge(base or "", text, new, prefer=prefer, **extra)
    if merged.clashes and prefer is None:
        return _clashing(
            change, merge(base or "", text, new, prefer="theirs", **extra), merged, form, options
        )
    if merged.text != text:
        return replace(
            change,
            action="update",
            data=write_form(merged.text, form),
            after=merged.text,
            notes=merged.notes,
            clashes=merged.clashes,
        )
    if artifact.format is Format.TEXT or not _has_all(merge, text, new):
        return replace(
            change, action="keep", reason="you edited it; your edit is kept", notes=merged.notes
        )
    return replace(change, notes=merged.notes)


def _remembered(format_: Format, base: str, mine: str, new: str) -> str:
    if format_ is not Format.KOTLIN:
        return new
    from scaffold.merge.kotlin import to_remember

    return to_remember(base, mine, new)


def _clashing(
    change: Change, theirs: Merged, merged: Merged, form: Form, options: Options
) -> Change:
    conflict = replace(
        change,
        action="conflict",
        base=None,
        after=theirs.text,
        clashes=merged.clashes,
        notes=merged.notes,
        reason=_clash_reason(merged.clashes),
    )
    if options.conflict != "markers":
        return conflict
    from scaffold.merge.lines import with_markers

    marked = with_markers(merged.text, theirs.text)
    return replace(
        conflict,
        data=write_form(marked, form),
        base=change.base,
        after=marked,
        reason=conflict.reason + "; both are in the file now, between markers",
    )


def _clash_reason(clashes: tuple[Clash, ...]) -> str:
    places = ", ".join(clash.where for clash in clashes[:3]) + (
        " and more" if len(clashes) > 3 else ""
    )
    if any(clash.base for clash in clashes):
        return f"you and scaffold changed the same thing: {places}"
    if not places:
        return "a file of yours is there already; --adopt takes it over"
    return f"yours says otherwise: {places}"


def _has_all(merge: Callable[..., Merged], text: str, new: str) -> bool:
    try:
        fresh = merge("", text, new, prefer=None)
    except CannotMerge:
        return False
    return not fresh.clashes and fresh.text == text


def _unmergeable(
    artifact: Artifact,
    new: str,
    past: Past | None,
    mine: bytes,
    problem: CannotMerge,
    options: Options,
) -> Change:
    if options.adopt and past is None:
        made = _absent(artifact, new, None, options)
        before = mine.decode("utf-8", "replace")
        return replace(
            made, action="update", reason=f"taken over: {artifact.reason}", before=before
        )
    return Change(
        artifact.id, artifact.path, "conflict", _said(problem), paste=problem.paste or new
    )


def _said(problem: CannotMerge) -> str:
    return f"line {problem.line}: {problem}" if problem.line else str(problem)


def _merge(format_: Format) -> Callable[..., Merged]:
    # Parsers are heavy: each is loaded for the formats that occur.
    if format_ is Format.TOML:
        from scaffold.merge.toml import merge_toml

        return merge_toml
    if format_ is Format.KOTLIN:
        from scaffold.merge.kotlin import merge_kotlin

        return merge_kotlin
    if format_ is Format.RUST:
        from scaffold.merge.rust import merge_rust

        return merge_rust
    from scaffold.merge.lines import merge_lines

    return merge_lines


def _answers(artifact: Artifact, new: str, mine: bytes | None, options: Options) -> Change:
    answers: Answers = artifact.values["answers"]
    if mine is None:
        return replace(_absent(artifact, new, None, options), created=False)
    change = Change(artifact.id, artifact.path, "identical", artifact.reason)
    try:
        text = decode_answers(mine, artifact.path).replace("\r\n", "\n")
        problems = read_given(text, artifact.path).problems
    except Refusal as refusal:
        text, problems = "", refusal.problems
    if problems:
        if options.adopt:
            return replace(
                _absent(artifact, new, None, options), action="update", reason="taken over"
            )
        return replace(
            change, action="conflict", reason=f"{problems[0].place}: {problems[0].message}"
        )
    form = read_form(mine)[1]
    changed = change_answers(text, answers, options.add)
    change = replace(change, base=changed, before=text, after=changed, newline=form.newline)
    if changed == text:
        return change
    return replace(
        change, action="update", reason="the answers that changed", data=write_form(changed, form)
    )
