"""The lock, `.scaffold/lock.toml`: what was generated last, so that the next run knows whose edit
is whose.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from scaffold.errors import Problem, Refusal
from scaffold.project.content import read_file
from scaffold.project.layout import LOCK, base_path, id_fault, path_fault
from scaffold.project.locktext import LockSyntaxError, Table, Value, quote, read_tables
from scaffold.project.paths import safe_path
from scaffold.project.trouble import refusal

SCHEMA = 1
ABSENT = "absent"

_LARGEST_LOCK = 4 * 1024 * 1024
_MODES = (0o644, 0o755)
_HEADER = """\
# Written by scaffold: what it generated last, so that the next run can tell your edits from its own
# text. Commit this file and the folder beside it; change neither by hand.
"""
_RESTORE = (
    "Bring back the committed file (`git checkout -- .scaffold/lock.toml`); after a merge conflict "
    "take either side whole and run `scaffold regenerate`."
)


class Entry(NamedTuple):
    """One artifact. `rendered` and `written` are `content.text_digest`s of the render and of the
    whole file.

    `created`: the file is ours, not merged into one of the user's. `once`: a starter file, the
    user's from the day it was made. `newline` is "lf" or "crlf", `mode` 0o644 or 0o755.
    """

    id: str
    path: str
    rendered: str
    written: str
    newline: str = "lf"
    mode: int = 0o644
    created: bool = True
    once: bool = False


class Inputs(NamedTuple):
    """All that the last plan depended on, as `text_digest`s or `ABSENT`.

    `build` names the templates and facts where the version does not; `files` are relative paths; a
    path of an artifact here takes the place of the `written` of its entry.
    """

    build: str
    files: tuple[tuple[str, str], ...]
    environment: tuple[tuple[str, str], ...]


class Lock(NamedTuple):
    """`tool` is the version that wrote it."""

    schema: int
    tool: str
    entries: tuple[Entry, ...]
    inputs: Inputs | None = None


def lock_bytes(lock: Lock) -> bytes:
    """The file, always the same for the same lock; `Refusal` for what `read_lock` would refuse."""
    text = _HEADER + "".join(_lines(lock))
    read_back = _parsed(text)
    if read_back != _sorted(lock):
        raise ValueError("the lock does not survive being written")
    return text.encode()


def _sorted(lock: Lock) -> Lock:
    inputs = lock.inputs and lock.inputs._replace(
        files=tuple(sorted(lock.inputs.files)), environment=tuple(sorted(lock.inputs.environment))
    )
    return lock._replace(entries=tuple(sorted(lock.entries)), inputs=inputs)


def _lines(lock: Lock) -> Iterator[str]:
    lock = _sorted(lock)
    yield f"schema = {lock.schema}\ntool = {quote(lock.tool)}\n"
    for entry in lock.entries:
        yield f"\n[[artifact]]\nid = {quote(entry.id)}\npath = {quote(entry.path)}\n"
        yield f"rendered = {quote(entry.rendered)}\nwritten = {quote(entry.written)}\n"
        yield f"newline = {quote(entry.newline)}\nmode = 0o{entry.mode:o}\n"
        yield f"created = {str(entry.created).lower()}\nonce = {str(entry.once).lower()}\n"
    if lock.inputs is None:
        return
    yield f"\n[inputs]\nbuild = {quote(lock.inputs.build)}\n"
    for name, values in (("files", lock.inputs.files), ("environment", lock.inputs.environment)):
        yield f"\n[inputs.{name}]\n"
        for key, value in values:
            yield f"{quote(key)} = {quote(value)}\n"


def read_lock(root: str) -> Lock | None:
    """The project's lock, or None where there is none; `Refusal` for one that cannot be trusted."""
    place = safe_path(root, LOCK)
    try:
        data, _ = read_file(place, _LARGEST_LOCK)
        text = data.decode("utf-8").removeprefix("\ufeff")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal("read", LOCK, error) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal(Problem(f"{LOCK} is not UTF-8", f"{LOCK}:{line}", _RESTORE)) from error
    return _parsed(text)


def read_base(root: str, artifact_id: str) -> bytes | None:
    """The last render of an artifact, whole, or None where it was never stored or was lost."""
    if reason := id_fault(artifact_id):
        raise Refusal(Problem(f"the artifact id {artifact_id!r} {reason}", LOCK, _RESTORE))
    relative = base_path(artifact_id)
    try:
        return read_file(safe_path(root, relative))[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise refusal("read", relative, error) from error


def _tables(text: str) -> list[Table]:
    try:
        # A newer schema is told from its first lines, before anything that only it can explain.
        _refuse_newer(read_tables(text.partition("\n[")[0])[0])
        return read_tables(text)
    except LockSyntaxError as error:
        raise _refusal(str(error), error.line) from error


def _refusal(message: str, line: int) -> Refusal:
    return Refusal(Problem(f"{LOCK}: {message}", f"{LOCK}:{line}", _RESTORE))


def _refuse_newer(top: Table) -> None:
    schema = _integer(top, "schema", 0)
    if schema > SCHEMA:
        tool = top.values.get("tool", "")
        by = f" by scaffold {tool}" if isinstance(tool, str) and tool and tool.isprintable() else ""
        problem = Problem(
            f"{LOCK} was written{by} in schema {schema}; this version reads up to schema {SCHEMA}",
            f"{LOCK}:{top.lines['schema']}",
            "Upgrade scaffold, for example with `pip install --upgrade gobley-scaffold`.",
        )
        raise Refusal(problem)


def _parsed(text: str) -> Lock:
    tables = _tables(text)
    schema = _integer(tables[0], "schema", 0)
    if schema < 0:
        raise _refusal("`schema` is not a version", tables[0].lines["schema"])
    for version in range(schema, SCHEMA):
        _MIGRATIONS[version](tables)
    entries = tuple(_entry(table) for table in tables if table.name == "artifact")
    _refuse_twins(entries, [table for table in tables if table.name == "artifact"])
    return Lock(SCHEMA, _text(tables[0], "tool"), entries, _inputs(tables))


def _from_unversioned(tables: list[Table]) -> None:
    """Schema 0: a lock whose `schema` was lost. What is missing takes the value that protects the
    file most.
    """
    tables[0].values.setdefault("tool", "unknown")
    for table in tables:
        if table.name == "artifact":
            for key, value in (("newline", "lf"), ("mode", 0o644)):
                table.values.setdefault(key, value)
            table.values.setdefault("created", False)
            table.values.setdefault("once", False)


_MIGRATIONS: dict[int, Callable[[list[Table]], None]] = {0: _from_unversioned}


def _entry(table: Table) -> Entry:
    artifact_id, path = _text(table, "id"), _text(table, "path")
    if reason := id_fault(artifact_id):
        raise _refusal(f"the id {artifact_id!r} {reason}", _line(table, "id"))
    if reason := path_fault(path) or _state_fault(path):
        raise _refusal(f"the path {path!r} {reason}", _line(table, "path"))
    newline, mode = _text(table, "newline"), _integer(table, "mode", None)
    if newline not in ("lf", "crlf"):
        raise _refusal('`newline` is neither "lf" nor "crlf"', _line(table, "newline"))
    if mode not in _MODES:
        raise _refusal("`mode` is neither 0o644 nor 0o755", _line(table, "mode"))
    hashes = _digest(table, "rendered"), _digest(table, "written")
    flags = _flag(table, "created"), _flag(table, "once")
    return Entry(artifact_id, path, *hashes, newline, mode, *flags)


def _state_fault(path: str) -> str:
    return "is scaffold's own" if path.partition("/")[0].lower() == ".scaffold" else ""


def _refuse_twins(entries: tuple[Entry, ...], tables: list[Table]) -> None:
    seen: set[str] = set()
    for entry, table in zip(entries, tables, strict=True):
        # Base copies are files: two ids that differ only in case would share one on Windows and
        # macOS.
        folded = entry.id.lower()
        if folded in seen:
            raise _refusal(f"the id {entry.id!r} is there twice", _line(table, "id"))
        seen.add(folded)


def _inputs(tables: list[Table]) -> Inputs | None:
    found = {table.name: table for table in tables if table.name.startswith("inputs")}
    if "inputs" not in found:
        return None
    files = found.get("inputs.files", Table("", 0))
    environment = found.get("inputs.environment", Table("", 0))
    for path in files.values:
        if reason := path_fault(path):
            raise _refusal(f"the path {path!r} {reason}", _line(files, path))
    return Inputs(
        _text(found["inputs"], "build"),
        tuple((key, _digest(files, key)) for key in files.values),
        tuple((key, _digest(environment, key)) for key in environment.values),
    )


def _line(table: Table, key: str) -> int:
    return table.lines.get(key, table.start)


def _get(table: Table, key: str, kind: type, meaning: str) -> Value:
    value = table.values.get(key)
    if value is None:
        raise _refusal(f"`{key}` is missing", table.start)
    # A boolean is an integer to `isinstance`, but not to TOML.
    if type(value) is not kind:
        raise _refusal(f"`{key}` is no {meaning}", _line(table, key))
    return value


def _text(table: Table, key: str) -> str:
    value = str(_get(table, key, str, "text"))
    if len(value) > 4096:
        raise _refusal(f"`{key}` is longer than any value that scaffold writes", _line(table, key))
    return value


def _integer(table: Table, key: str, default: int | None) -> int:
    if default is not None and key not in table.values:
        return default
    return int(_get(table, key, int, "integer"))


def _flag(table: Table, key: str) -> bool:
    return bool(_get(table, key, bool, "boolean"))


def _digest(table: Table, key: str) -> str:
    value = _text(table, key)
    is_hash = len(value) == 64 and all(digit in "0123456789abcdef" for digit in value)
    if not is_hash and (value != ABSENT or not table.name.startswith("inputs.")):
        raise _refusal(f"`{key}` is no SHA-256", _line(table, key))
    return value
