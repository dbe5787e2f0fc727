"""The table: U is the user's file now, B the stored base, N the new render.

Whatever is left undecided leaves the user's file, its entry in the lock and its mode as they are.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from scaffold.artifacts.gradle_block import GROOVY
from scaffold.artifacts.model import Artifact, Format
from scaffold.merge.form import Form, read_form, write_form
from scaffold.merge.result import Clash, Merged
from scaffold.project.reconcile.answers import answers_change
from scaffold.project.reconcile.both import said, three_way, unmergeable
from scaffold.project.reconcile.merging import merge_of
from scaffold.project.reconcile.model import FileChange, Options, Past
from scaffold.syntax.cannot_merge import CannotMerge

# A stored base counts only where it names scaffold; what is pasted by hand need not.
_SETTLED = "// Asked for by scaffold, left to the user:\n"


class Files(Protocol):
    """The project's files as they are, and as the run has left them so far."""

    def read(self, path: str) -> bytes | None: ...
    def is_executable(self, path: str) -> bool: ...


def wanted(
    artifact: Artifact, new: str, pasts: Sequence[Past], files: Files, options: Options
) -> list[FileChange]:
    """What becomes of an artifact that the answers make, and whose text is `new`.

    `pasts` is more than one where git left two bases: the first that decides it is taken.
    """
    agreed = _SETTLED + new
    settled = any(past.path == artifact.path and past.base == agreed for past in pasts)
    if artifact.blocked and (settled or options.conflict == "mine"):
        reason = "you keep your file, as you chose --conflict=mine"
        return [FileChange(artifact.id, artifact.path, "keep", reason, base=agreed)]
    known: Sequence[Past | None] = [p for p in pasts if not _groovy(p)] or (None,)
    return _first_decided(_wanted(artifact, new, past, files, options) for past in known)


def unwanted(pasts: Sequence[Past], files: Files, options: Options) -> list[FileChange]:
    """What becomes of an artifact that the answers no longer make; empty where nothing is left to do."""
    if not pasts or pasts[0].format in (Format.ONCE, Format.ANSWERS) or _groovy(pasts[0]):
        return []
    mine = files.read(pasts[0].path)
    return _first_decided([change] if (change := take_out(p, mine, options)) else [] for p in pasts)


def _groovy(past: Past) -> bool:
    """A Groovy file is the user's whatever the state says: nothing was written there."""
    return past.path.rpartition("/")[2] == GROOVY


def _first_decided(tries: Iterable[list[FileChange]]) -> list[FileChange]:
    first: list[FileChange] | None = None
    for changes in tries:
        if not any(change.action == "conflict" for change in changes):
            return changes
        first = first or changes
    return first or []


def _wanted(
    artifact: Artifact, new: str, past: Past | None, files: Files, options: Options
) -> list[FileChange]:
    if artifact.blocked:
        return [
            FileChange(
                artifact.id,
                artifact.path,
                "conflict",
                artifact.blocked,
                paste=artifact.paste or new,
            )
        ]
    mine = files.read(artifact.path)
    if artifact.format is Format.ONCE:
        return [_starter(artifact, new, past, mine, options)]
    if artifact.format is Format.ANSWERS:
        return [answers_change(artifact, new, mine, options)]
    if past and past.path != artifact.path:
        return _moved(artifact, new, past, files, options)
    return [_in_place(artifact, new, past, mine, files, options)]


def _starter(
    artifact: Artifact, new: str, past: Past | None, mine: bytes | None, options: Options
) -> FileChange:
    """Made once, and the user's from then on: it never moves along with an answer."""
    if mine is not None:
        reason = "already exists; left unchanged"
        return FileChange(artifact.id, artifact.path, "skip", reason, base=new)
    here = past if past and past.path == artifact.path else None
    return absent(artifact, new, here, options)._replace(owner="user")


def _in_place(
    artifact: Artifact,
    new: str,
    past: Past | None,
    mine: bytes | None,
    files: Files,
    options: Options,
) -> FileChange:
    if mine is None:
        return absent(artifact, new, past, options)
    try:
        text, form = read_form(mine)
        change = three_way(artifact, new, past, text, form, options)
    except CannotMerge as problem:
        if options.adopt and past is None:
            taken = absent(artifact, new, None, options)
            before = mine.decode("utf-8", "replace")
            return taken._replace(
                action="update",
                reason=f"replaces your file: {artifact.reason}",
                before=before,
            )
        return unmergeable(artifact, new, past, problem)
    if artifact.format is Format.TEXT and change.action != "conflict":
        return _in_form(artifact, change, mine, files)
    return change


def _in_form(artifact: Artifact, change: FileChange, mine: bytes, files: Files) -> FileChange:
    """A whole file that is run as it is: its line endings and its execute bit count as well."""
    change = change._replace(executable=artifact.mode == 0o755)
    form = Form(newline="\r\n" if artifact.newline == "\r\n" else "\n")
    data = write_form(change.after, form)
    quiet = change.action in ("identical", "keep")
    if data != mine:
        name = "CRLF" if form.newline == "\r\n" else "LF"
        reason = f"restores its {name} line endings" if quiet else change.reason
        return change._replace(action="update", reason=reason, data=data)
    if change.executable and not files.is_executable(artifact.path):
        return change._replace(action="update", reason="makes it executable", data=mine)
    return change


def absent(artifact: Artifact, new: str, past: Past | None, options: Options) -> FileChange:
    """There is no such file: it is made, unless the user deleted it."""
    if past and not options.restore:
        reason = "you deleted it; --restore writes it again"
        return FileChange(artifact.id, artifact.path, "skip", reason)
    form = Form(newline="\r\n" if artifact.newline == "\r\n" else "\n")
    return FileChange(
        artifact.id,
        artifact.path,
        "create",
        f"restored: {artifact.reason}" if past else artifact.reason,
        data=write_form(new, form),
        base=new,
        owner="scaffold",
        after=new,
        executable=artifact.mode == 0o755,
    )


def _moved(
    artifact: Artifact, new: str, past: Past, files: Files, options: Options
) -> list[FileChange]:
    """The path changed: what is provably ours goes along, else our part leaves and a new one is made."""
    old, there = files.read(past.path), files.read(artifact.path)
    if old is None:
        here = None if there is None else past  # the user moved it
        return [_in_place(artifact, new, here, there, files, options)]
    if past.owner == "scaffold" and _is_ours(past, old):
        change = _in_place(artifact, new, past, old, files, options)
        if change.action == "conflict":
            return [change._replace(path=past.path)]
        result = change.data or old
        if there in (None, result):  # there already: a run that was cut off wrote it
            reason = f"moves to {artifact.path}"
            gone = FileChange(artifact.id, past.path, "delete", reason, before=change.before)
            made = change._replace(
                action="create" if there is None else "identical",
                reason=artifact.reason,
                data=result,
                before="",
                moved_from=past.path,
            )
            return [gone, made]
    out = take_out(past, old, options)
    made = _in_place(artifact, new, None, there, files, options)
    if out is None:
        return [made]
    if "conflict" in (out.action, made.action):
        return [out if out.action == "conflict" else made]
    return [out._replace(reason=f"scaffold's part moves to {artifact.path}"), made]


def _is_ours(past: Past, old: bytes) -> bool:
    try:
        text, _ = read_form(old)
    except CannotMerge:
        return False
    return text == past.base or f">>> scaffold:{past.id}" in text


def take_out(past: Past, mine: bytes | None, options: Options) -> FileChange | None:
    """What becomes of an artifact that is no longer wanted; None where there is nothing left to do."""
    if mine is None or past.base is None:
        return None
    gone = FileChange(past.id, past.path, "delete", "no longer needed", forget=True)
    try:
        text, form = read_form(mine)
        if past.owner == "scaffold" and text == past.base:
            return gone._replace(before=text)
        if past.format is Format.TEXT:
            merged = Merged("", (Clash("the file", past.base, text, ""),))
        else:
            merged = merge_of(past.format)(past.base, text, "", prefer=options.prefer)
    except CannotMerge as problem:
        return FileChange(past.id, past.path, "conflict", said(problem))
    if merged.clashes and options.conflict == "mine":
        return gone._replace(action="keep", reason="no longer needed; you edited it, so it stays")
    if merged.clashes and options.conflict != "theirs":
        why = "no longer needed, but you edited it: delete it, or decide with --conflict=mine or theirs"
        return FileChange(past.id, past.path, "conflict", why, clashes=merged.clashes)
    if merged.text == text:
        return gone._replace(action="identical", reason="scaffold's part is already gone")
    if past.owner == "scaffold" and not _without_our_words(merged.text, past.base).strip():
        return gone._replace(before=text)
    return gone._replace(
        action="update",
        reason="removes scaffold's part, which is no longer needed",
        data=write_form(merged.text, form),
        before=text,
        after=merged.text,
        notes=merged.notes,
    )


def _without_our_words(text: str, base: str) -> str:
    # Comments of the last render are ours, wherever a merge by keys left them.
    ours = {line.strip() for line in base.splitlines() if line.lstrip().startswith(("#", "//"))}
    return "\n".join(line for line in text.splitlines() if line.strip() not in ours)
