"""The rows in which there is a file of the user's and a render: both may have changed."""

from collections.abc import Callable

from scaffold.artifacts.model import Artifact, Format
from scaffold.merge.form import Form, write_form
from scaffold.merge.result import Clash, Merged, Prefer
from scaffold.project.reconcile.merging import merge_of
from scaffold.project.reconcile.model import FileChange, Options, Past
from scaffold.syntax.cannot_merge import CannotMerge


def three_way(
    artifact: Artifact, new: str, past: Past | None, text: str, form: Form, options: Options
) -> FileChange:
    """What becomes of the user's `text`; raises `CannotMerge` where there is no telling."""
    base = (past.base if past else None) or ""
    change = FileChange(
        artifact.id,
        artifact.path,
        "identical",
        artifact.reason,
        base=new,
        # Word for word our render: ours, as in a clone that lost `.scaffold/`.
        owner=past.owner if past else "scaffold" if text == new else "user",
        before=text,
        after=text,
    )
    if text == new:
        return change
    merge = merge_of(artifact.format)
    if change.base == base and artifact.format is not Format.TEXT and _has_all(merge, text, new):
        return change  # the usual case, with one merge
    prefer: Prefer | None = "theirs" if options.adopt and past is None else options.prefer
    extra = {}
    if options.restore and artifact.format in (Format.KOTLIN, Format.RUST):
        extra = {"restore": True}
    if options.restore and artifact.format is Format.TOML:
        base = ""  # as on the first day: what is missing is put back
    merged = merge(base, text, new, prefer=prefer, **extra)
    if merged.clashes and prefer is None:
        theirs = merge(base, text, new, prefer="theirs", **extra)
        return _clashing(change, past, theirs, merged, form, options)
    if merged.text != text:
        return change._replace(
            action="update",
            data=write_form(merged.text, form),
            after=merged.text,
            notes=merged.notes,
            clashes=merged.clashes,
        )
    change = change._replace(notes=merged.notes)
    if artifact.format is Format.TEXT or not _has_all(merge, text, new):
        return change._replace(action="keep", reason="you edited it; scaffold keeps your edit")
    return change


def _clashing(
    change: FileChange,
    past: Past | None,
    theirs: Merged,
    merged: Merged,
    form: Form,
    options: Options,
) -> FileChange:
    conflict = change._replace(
        action="conflict",
        base=None,
        after=theirs.text,
        clashes=merged.clashes,
        notes=merged.notes,
        reason=_clash_reason(merged.clashes, past),
    )
    if options.conflict != "markers":
        return conflict
    from scaffold.merge.lines import with_markers

    marked = with_markers(merged.text, theirs.text)
    return conflict._replace(
        data=write_form(marked, form),
        base=change.base,
        after=marked,
        reason=conflict.reason + "; the file now has both, between markers",
    )


def _clash_reason(clashes: tuple[Clash, ...], past: Past | None) -> str:
    places = ", ".join(clash.where for clash in clashes[:3]) + (
        " and more" if len(clashes) > 3 else ""
    )
    if not places:
        reason = "your file already exists"
    elif any(clash.base for clash in clashes):
        reason = f"you and scaffold changed the same thing: {places}"
    else:
        reason = f"your file sets a different value: {places}"
    return reason if past else f"{reason}; --adopt takes it over"


def _has_all(merge: Callable[..., Merged], text: str, new: str) -> bool:
    try:
        fresh = merge("", text, new, prefer=None)
    except CannotMerge:
        return False
    return not fresh.clashes and fresh.text == text


def unmergeable(
    artifact: Artifact, new: str, past: Past | None, problem: CannotMerge
) -> FileChange:
    """The file cannot be read as what it is, or has no place for our part."""
    reason = said(problem) if past else f"{said(problem)} (--adopt replaces the file)"
    return FileChange(artifact.id, artifact.path, "conflict", reason, paste=problem.paste or new)


def said(problem: CannotMerge) -> str:
    """The problem, with its line where it has one."""
    return f"line {problem.line}: {problem}" if problem.line else str(problem)
