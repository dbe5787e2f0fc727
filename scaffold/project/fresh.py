"""The fast path of `regenerate --check`: is everything as the last run left it?

Answers from the lock's `inputs` without planning or rendering anything. It may say no without need,
never yes without right, and imports only `os` and its own light neighbours: whatever it would
import costs every check.
"""

import os
import stat

from scaffold.project.content import read_file, text_digest
from scaffold.project.layout import DONE, LOCK, UNDO, base_path, id_fault, path_fault
from scaffold.project.locktext import Table, read_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA = 1
_LARGEST_LOCK = 4 * 1024 * 1024
_ABSENT = "absent"


def unchanged(root: str, tool: str, environ: "Mapping[str, str]", build: str = "") -> bool:
    """Whether `regenerate` would change nothing, as far as can be told cheaply; False whenever in
    doubt.

    True: the lock is of this schema, `tool` and `build`; every input file and variable is as
    recorded; so is every artifact (line endings apart) with its base copy and executable bit; no
    run was interrupted.
    """
    try:
        data, _ = read_file(_join(root, LOCK), _LARGEST_LOCK)
        tables = read_tables(data.decode("utf-8"))
        top = tables[0].values
        if top.get("schema") is not _SCHEMA or top.get("tool") != tool:
            return False
        project = _Project(root)
        if project.exists(UNDO) or project.exists(DONE):
            return False
        files = _inputs_hold(project, tables, environ, build)
        return files is not None and all(
            _entry_holds(project, table, files) for table in tables if table.name == "artifact"
        )
    except (OSError, ValueError):
        return False


def environment_digest(value: str | None) -> str:
    """What the lock records of an environment variable, which may hold a secret: only its hash."""
    return _ABSENT if value is None else text_digest(value.encode("utf-8", "surrogateescape"))


class _Project:
    """Looks at files below `root`; each folder on the way is looked at once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.plain_folders: dict[str, bool] = {"": True}

    def exists(self, path: str) -> bool:
        return os.path.lexists(_join(self.root, path))

    def state(self, path: str) -> tuple[str, int]:
        """Hash and mode of a file, or `_ABSENT`; `ValueError` for a path that is not to be
        followed.
        """
        if path_fault(path) or not self._is_plain(path.rpartition("/")[0]):
            raise ValueError(path)
        try:
            data, status = read_file(_join(self.root, path))
        except FileNotFoundError:
            return _ABSENT, 0
        return text_digest(data), status.st_mode

    def _is_plain(self, folder: str) -> bool:
        known = self.plain_folders.get(folder)
        if known is None:
            known = self._is_plain(folder.rpartition("/")[0])
            if known:
                try:
                    mode = os.lstat(_join(self.root, folder)).st_mode
                    known = stat.S_ISDIR(mode)
                except FileNotFoundError:
                    known = True
            self.plain_folders[folder] = known
        return known


def _join(root: str, path: str) -> str:
    return os.path.join(root, path)


def _inputs_hold(
    project: _Project, tables: list[Table], environ: "Mapping[str, str]", build: str
) -> "set[str] | None":
    """The paths of the input files where every input is as recorded, None where one is not or none
    are recorded.
    """
    found = {table.name: table.values for table in tables if table.name.startswith("inputs")}
    if "inputs" not in found or found["inputs"].get("build") != build:
        return None
    for name, recorded in found.get("inputs.environment", {}).items():
        if recorded != environment_digest(environ.get(name)):
            return None
    files = found.get("inputs.files", {})
    for path, recorded in files.items():
        if recorded != project.state(path)[0]:
            return None
    return set(files)


def _entry_holds(project: _Project, table: Table, inputs: "set[str]") -> bool:
    values = table.values
    artifact_id, path, once = values.get("id"), values.get("path"), values.get("once")
    if not isinstance(artifact_id, str) or not isinstance(path, str) or id_fault(artifact_id):
        return False
    if once is True:
        return True
    if project.state(base_path(artifact_id))[0] != values.get("rendered"):
        return False
    found, mode = project.state(path)
    if path not in inputs and found != values.get("written"):
        return False
    must_run = values.get("mode") == 0o755 and os.name != "nt"
    return found == _ABSENT or not must_run or bool(mode & stat.S_IXUSR)
