"""What the last run left: `.scaffold/lock.toml` (where each artifact is, and whose the file was) and
`.scaffold/base/` (what was rendered).

All of it may be a stranger's word, as in a pull request: an entry counts only where its artifact can
lie, and a base only where it says that scaffold wrote it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Format
from scaffold.artifacts.registry import kind_of
from scaffold.artifacts.render import toml_key, toml_string
from scaffold.errors import Problem, Refusal
from scaffold.project.content import as_lf, read_file
from scaffold.project.layout import LOCK, STATE, base_path, id_fault, path_fault
from scaffold.project.paths import safe_path
from scaffold.project.trouble import refusal

SCHEMA = 2
Owner = Literal["scaffold", "user"]

_LARGEST_LOCK = 256 * 1024
_MOST_DOTS = 100  # in one line; tomllib's time and memory grow with the square of a key's dots
_HEADER = """\
# Written by scaffold: where each of its artifacts is, and whose the file was before. Commit this file
# and the folder beside it; edit neither. After a merge conflict here, run `scaffold regenerate`.
schema = 2
"""
# Lines that are always there, so that git can merge what two branches put between them.
_SLOTS = ("answers", "build", "cargo", "gradle", "rust", "starter", "zig bat", "zig sh", "zig", "")
_RESTORE = (
    "Bring back the committed file (`git checkout -- .scaffold/lock.toml`), or delete it and run "
    "`scaffold regenerate`."
)


class Record(NamedTuple):
    """One artifact: its path, and whether the file is scaffold's alone or the user's."""

    id: str
    path: str
    owner: Owner


class State(NamedTuple):
    """`records` are those that count, by id; `strange` those that do not, with the reason.

    `text` is the lock as it is on disk (LF), None where there is none.
    """

    text: str | None
    records: Mapping[str, Record]
    strange: tuple[tuple[Record, str], ...] = ()

    def text_with(self, records: Mapping[str, Record]) -> str:
        """The lock that says these records; entries of ids that are unknown here stay in it."""
        unknown = {record.id: record for record, _ in self.strange if not kind_of(record.id)}
        return _written({**unknown, **records})


def read_state(root: str) -> State:
    """The state of the project at `root`; `Refusal` for a lock that cannot be read or is newer."""
    data = _read(root, LOCK, _LARGEST_LOCK)
    if data is None:
        return State(None, {})
    try:
        text = as_lf(data).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("is not UTF-8 text") from None
    records: dict[str, Record] = {}
    strange: dict[str, tuple[Record, str]] = {}
    for side in sides(text):
        for record in _records(side):
            kind = kind_of(record.id)
            if not kind:
                strange.setdefault(record.id, (record, "this version of scaffold does not know it"))
            elif fault := _path_fault(record, kind):
                strange.setdefault(record.id, (record, fault))
            else:
                records.setdefault(record.id, record)
    return State(text, records, tuple(strange.values()))


def read_bases(root: str, artifact_id: str) -> tuple[str, ...]:
    """The last render of an artifact; none where it was lost, and two where git left a conflict."""
    data = _read(root, base_path(artifact_id), None)
    if data is None:
        return ()
    text = as_lf(data).decode("utf-8", "replace")
    kind = kind_of(artifact_id)
    ours = kind is not None and kind.format in (Format.ANSWERS, Format.ONCE)
    return tuple(dict.fromkeys(side for side in sides(text) if ours or "scaffold" in side))


def sides(text: str) -> tuple[str, ...]:
    """The text itself; where git left its conflict markers in it, both sides, ours first."""
    lines = text.splitlines(keepends=True)
    if not any(line.startswith("<<<<<<< ") for line in lines):
        return (text,)
    ours: list[str] = []
    theirs: list[str] = []
    into: tuple[list[str], ...] = (ours, theirs)
    for line in lines:
        if line.startswith("<<<<<<< "):
            into = (ours,)
        elif line.startswith("||||||| "):
            into = ()
        elif line.rstrip() == "=======" and len(into) < 2:
            into = (theirs,)
        elif line.startswith(">>>>>>> "):
            into = (ours, theirs)
        else:
            for side in into:
                side.append(line)
    return "".join(ours), "".join(theirs)


def _read(root: str, path: str, limit: int | None) -> bytes | None:
    place = safe_path(root, path)
    try:
        return read_file(place, *([limit] if limit else []))[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal("read", path, error) from error


def _refused(message: str) -> Refusal:
    return Refusal(Problem(f"{LOCK} {message}", LOCK, _RESTORE))


def _records(text: str) -> Iterator[Record]:
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise _refused("is not a lock that scaffold wrote")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _refused(f"is not valid TOML: {error}") from None
    schema = document.pop("schema", 0)
    if not isinstance(schema, int) or schema < 0:
        raise _refused("has no valid `schema`")
    if schema > SCHEMA:
        raise Refusal(
            Problem(
                f"{LOCK} has schema {schema}; this version of scaffold reads up to {SCHEMA}",
                LOCK,
                "Upgrade scaffold to the version that your project uses.",
            )
        )
    yield from _of_schema_1(document) if schema < 2 else _of_schema_2(document)


def _of_schema_2(document: Mapping[str, Any]) -> Iterator[Record]:
    for id_, row in document.items():
        path, owner = (row.get("path"), row.get("owner")) if isinstance(row, dict) else (None, None)
        yield _record(id_, path, "scaffold" if owner == "scaffold" else "user")


def _of_schema_1(document: Mapping[str, Any]) -> Iterator[Record]:
    """The lock of scaffold 0.1.0, which also held hashes."""
    rows = document.get("artifact", [])
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, dict):
            raise _refused("has an artifact that is not a table")
        created = row.get("created") is True and row.get("once") is not True
        yield _record(row.get("id"), row.get("path"), "scaffold" if created else "user")


def _record(id_: object, path: object, owner: Owner) -> Record:
    if not isinstance(id_, str) or not isinstance(path, str):
        raise _refused("has an artifact without a path")
    if fault := id_fault(id_):
        raise _refused(f"names the id {id_[:100]!r}, which {fault}")
    return Record(id_, path, owner)


def _path_fault(record: Record, kind: ArtifactKind) -> str:
    if fault := path_fault(record.path):
        return f"the path {fault}"
    if record.path.partition("/")[0].lower() == STATE:
        return "the path is in scaffold's own folder"
    return "" if kind.can_lie(record.id, record.path) else "this artifact cannot be there"


def _written(records: Mapping[str, Record]) -> str:
    slots: dict[str, list[Record]] = {slot: [] for slot in _SLOTS}
    for record in sorted(records.values()):
        slots[_slot(record.id)].append(record)
    parts = [_HEADER]
    for slot, inside in slots.items():
        parts.append(f"\n# {slot or 'others'}\n")
        parts.append("\n".join(_table(record) for record in inside))
    return "".join(parts)


def _table(record: Record) -> str:
    path, owner = toml_string(record.path), toml_string(record.owner)
    return f"[{toml_key(record.id)}]\npath = {path}\nowner = {owner}\n"


def _slot(id_: str) -> str:
    words = id_.split("-")
    names = (f"{words[0]} {words[-1]}", words[0])
    return next((name for name in names if name in _SLOTS), "")
