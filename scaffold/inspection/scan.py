"""PATHs → libraries, read and judged: files, folders and archives, in a stable order."""

import os
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from scaffold.errors import Problem, Refusal
from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.archived import (
    MAX_LIBRARIES,
    Found,
    archive_kind,
    libraries_in,
    packing_findings,
)
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library, Place, abi_folder, is_library_name, unreadable
from scaffold.inspection.owner import name_owner
from scaffold.inspection.pool import Pool
from scaffold.inspection.project_index import ProjectIndex
from scaffold.inspection.runtime import judge_together

# What may be kept of names that files give, in bytes, so that crafted ones cannot fill the memory.
_MAX_KEPT = 16 << 20
_TOO_MUCH = "together with the others it names more libraries and symbols than is sensible"
Progress = Callable[[int, int], None]


class Scan(NamedTuple):
    """Every library, judged; `notes` say what was left out, such as links that were not followed."""

    libraries: tuple[Library, ...]
    notes: tuple[str, ...]


<<<<<<< HEAD
def scan(paths: list[str], page_size: int, progress: Progress | None = None) -> Scan:
    """Reads and judges everything at `paths`. Raises `Refusal` for those that do not exist."""
=======
def scan(
    paths: list[str],
    page_size: int,
    progress: Progress | None = None,
    *,
    min_sdk: int | None = None,
    abis: tuple[str, ...] = (),
    project: str = "",
) -> Scan:
    """Reads and judges everything at `paths`. Raises `Refusal` for those that do not exist.

    `min_sdk` is the lowest API level that has to run it, instead of what manifests say; `abis`, where there are any,
    are the only ones that count; `project` is a folder whose dependencies are asked whose a library is.
    """
    paths = expanded(paths)
>>>>>>> 71021ee (inspect names the dependency and the version that fixes it, and is read in one look)
    problems = [
        Problem(
            "There is no such file or folder.",
            path,
            "Give a .so, .apk, .aar, .aab, .jar, .zip or a folder.",
        )
        for path in paths
        if not os.path.lexists(path) or not os.path.exists(path)
    ]
    if project and not os.path.isdir(project):
        problems.append(Problem("There is no such folder.", project, "Give the project's folder."))
    if problems:
        raise Refusal(*problems)
    run = _Run(page_size, progress)
<<<<<<< HEAD
    libraries: list[Library] = []
    for path in paths:
        libraries += run.path(path) or [_none(path)]
    return Scan(
        tuple(name_owner(library) for library in judge_together(libraries)), tuple(run.notes)
    )
=======
    libraries = run.paths(paths, abis)
    judged = judge_together(libraries, min_sdk)
    names = {library.name for library in judged if library.judged}
    index = ProjectIndex(project, names) if project else None
    named = tuple(name_owner(library, index) for library in judged)
    return Scan(named, tuple(run.notes), page_size)
>>>>>>> 71021ee (inspect names the dependency and the version that fixes it, and is read in one look)


def _none(path: str) -> Library:
    finding = Finding(
        Code.NO_LIBRARIES,
        Severity.ERROR,
        "There is no native library in it, so nothing was checked.",
        "Give what the build packages: an APK, AAB or AAR, or the folder of its jniLibs.",
    )
    return Library(path, "", "", Place(path, ""), None, (finding,))


class _Run:
    """One scan: its settings, what it has kept so far, and what it left out."""

    def __init__(self, page_size: int, progress: Progress | None) -> None:
        self.notes: list[str] = []
        self._page_size = page_size
        self._progress = progress
        self._kept = 0
        self._count = 0

    def path(self, path: str) -> list[Library]:
        if not os.path.isdir(path):
            return self._file(path, path, Place(path, ""), _folder_place(path)[1])
        libraries: list[Library] = []
        for file, name in self._walk(path.rstrip(f"{os.sep}/") or path):
            if isinstance(file, Library):
                libraries.append(file)
                continue
            place, folder_abi = _folder_place(file)
            libraries += self._file(file.replace(os.sep, "/"), name, place, folder_abi)
            if self._count > MAX_LIBRARIES:
                message = f"it holds more than {MAX_LIBRARIES} libraries; the rest was not read"
                return [*libraries, Library(path, "", "", place, None, (unreadable(message),))]
        return libraries

    def _file(self, path: str, name: str, place: Place, folder_abi: str = "") -> list[Library]:
        name = name.replace("\\", "/").rpartition("/")[2]
        library = Library(path, name if is_library_name(name) else "", folder_abi, place)
        try:
            with FileSource(path) as source:
                start = source.read(0, min(4, source.size))
                if start.startswith(b"PK") or archive_kind(name):
                    found = libraries_in(source, path, name, self._page_size)
                    # One archive at a time: those inside others may be held in memory while they are read.
                    batches = groupby(found, key=lambda item: item.library.path.rpartition("!/")[0])
                    return [
                        library for _, batch in batches for library in self._read_all(list(batch))
                    ]
                if start == b"\x7fELF" or library.name:
                    named = library._replace(name=name)
                    return self._read_all([Found(named, source)])
                return []
        except Damaged as damage:
            return [library.with_findings(unreadable(str(damage)))]
        except OSError as error:
            return [library.with_findings(unreadable(error.strerror or "the file system refuses"))]

    def _walk(self, top: str) -> Iterator[tuple[str | Library, str]]:
        """(path, name) of the files that may matter, sorted; links are not followed."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    children = sorted(listing, key=lambda child: child.name)
            except OSError as error:
                message = error.strerror or "the file system refuses"
                library = Library(
                    folder, "", "", Place(folder, "flat"), None, (unreadable(message),)
                )
                yield library, ""
                continue
            folders = []
            for child in children:
                matters = is_library_name(child.name) or bool(archive_kind(child.name))
                if child.is_symlink():
                    if matters or child.is_dir():
                        self._note_link(child.path)
                elif child.is_dir(follow_symlinks=False):
                    folders.append(child.path)
                elif matters:
                    yield child.path, child.name
            waiting += reversed(folders)

    def _note_link(self, path: str) -> None:
        if len(self.notes) < 20:
            self.notes.append(f"{path}: a link, not followed")

    def _read_all(self, found: list[Found]) -> list[Library]:
        """In the order given; compressed ones by several threads, since zlib works outside the interpreter's lock."""
        read: list[Library] = [item.library for item in found]
        waiting: list[Found | None] = list(
            found
        )  # what is read is let go: its source holds megabytes
        found.clear()
        packed = [index for index, item in enumerate(waiting) if item and item.packed]
        done = 0

        def one(index: int) -> None:
            nonlocal done
            item, waiting[index] = waiting[index], None
            if item is not None:
                read[index] = self._read(item)
            done += 1

        pool = Pool(packed, one) if len(packed) > 1 else None
        for index in range(len(read)):
            item = waiting[index]
            if item is not None and not (pool and item.packed):
                one(index)
                self._tell(done, len(read))
        while pool and pool.working(0.1):
            self._tell(done, len(read))
        return read

    def _read(self, found: Found) -> Library:
        self._count += 1
        if found.source is None:
            return found.library
        if self._kept > _MAX_KEPT:
            return found.library.with_findings(unreadable(_TOO_MUCH))
        library = read_library(found.library, found.source, self._page_size)
        return self._keep(library.with_findings(*packing_findings(found, library, self._page_size)))

    def _keep(self, library: Library) -> Library:
        """Counts what the file makes us remember; beyond the limit only that it exists."""
        elf = library.elf
        if elf is None:
            return library
        names = (*elf.needed, elf.soname, *elf.symbols.undefined, *elf.symbols.defined)
        self._kept += sum(map(len, names)) + 64 * len(names)
        if self._kept > _MAX_KEPT:
            return library._replace(elf=None).with_findings(unreadable(_TOO_MUCH))
        return library

    def _tell(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total)


def _folder_place(file: str) -> tuple[Place, str]:
    """A library's place: the folder above its ABI's folder, else its own folder."""
    folder = os.path.dirname(os.path.abspath(file))
    abi = abi_folder(os.path.basename(folder))
    return (Place(os.path.dirname(folder), "folder"), abi) if abi else (Place(folder, "flat"), "")
