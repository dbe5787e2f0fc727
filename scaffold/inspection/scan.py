"""PATHs → libraries, read and judged: files, folders and archives, in a stable order."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from scaffold.errors import Problem, Refusal
from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.archive.inflate import Budget
from scaffold.inspection.archived import Unread, archive_kind, libraries_in
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.gradle_build import Judged, by_stage, module_kind, stage_of
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library, Place, abi_folder, is_library_name, unreadable
from scaffold.inspection.owner import name_owner
from scaffold.inspection.packing import packing_findings
from scaffold.inspection.project_index import ProjectIndex
from scaffold.inspection.runtime import judge_together
from scaffold.inspection.walk import FileBelow, expanded, files_below
from scaffold.terminal.progress import status

# What may be kept of names that files give, in bytes, so that crafted ones cannot fill the memory.
_MAX_KEPT = 128 << 20
_TOO_MUCH = "together with the others it names more libraries and symbols than scaffold reads"
# Each holds some 10 MB while it inflates.
_MAX_THREADS = 4
Progress = Callable[[int, int], None]


class Scan(NamedTuple):
    """Every library, judged; `notes` say what was left out, such as links that were not followed.

    `gone` are the findings of a baseline that are not found any more.
    """

    libraries: tuple[Library, ...]
    notes: tuple[str, ...]
    page_size: int = 16384
    gone: tuple[tuple[str, str], ...] = ()


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
    problems = [
        Problem(
            "There is no such file or folder.",
            path,
            "Give a .so, .apk, .aar, .aab, .jar, .zip or a folder.",
        )
        for path in paths
        if not os.path.exists(path)
    ]
    if project and not os.path.isdir(project):
        problems.append(Problem("There is no such folder.", project, "Give the project's folder."))
    if problems:
        raise Refusal(*problems)
    run = _Run(page_size, progress)
    libraries = run.paths(paths, abis)
    judged = judge_together(libraries, min_sdk)
    index = None
    if project:
        with status("Looking for the libraries of the project's dependencies"):
            index = ProjectIndex(project, {library.name for library in judged if library.judged})
    named = tuple(name_owner(library, index) for library in judged)
    return Scan(named, tuple(run.notes), page_size)


def _none(path: str, abis: tuple[str, ...]) -> Library:
    which = f" for {', '.join(abis)}" if abis else ""
    finding = Finding(
        Code.NO_LIBRARIES,
        Severity.ERROR,
        f"There is no native library{which} in it, so nothing was checked.",
        "Give what the build packages: an APK, AAB or AAR, or the folder of its jniLibs.",
    )
    return Library(path, "", "", Place(path, ""), None, (finding,))


class _Run:
    """One scan: its settings, what it has kept so far, and what it left out."""

    def __init__(self, page_size: int, progress: Progress | None) -> None:
        self.notes: list[str] = []
        self._page_size = page_size
        self._progress = progress
        self._budget = Budget()
        self._kept = 0
        self._judged = Judged()
        self._modules: dict[str, bool] = {}
        self._done = self._total = 0

    def paths(self, paths: list[str], abis: tuple[str, ...]) -> list[Library]:
        below = {path: self._files(path) for path in dict.fromkeys(paths)}
        self._total = sum(file.size for files in below.values() for file in files)
        libraries: list[Library] = []
        for path, files in below.items():
            found = self._path(path, files)
            wanted = [
                lib
                for lib in found
                if not abis or not lib.name or (lib.folder_abi or lib.abi) in abis
            ]
            libraries += wanted or [_none(path, abis)]
        if self._judged.skipped:
            self.notes.append(
                f"{self._judged.skipped} copies in earlier stages of a Gradle build were not judged again"
            )
        if self._budget.unopened:
            self.notes.append(
                f"archives more than one level deep were not opened ({self._budget.unopened}):"
                " unpack the outer one first"
            )
        return libraries

    def _files(self, path: str) -> list[FileBelow]:
        if os.path.isdir(path):
            return by_stage(files_below(path, self.notes))
        return [FileBelow(path, path, os.path.getsize(path))]

    def _path(self, path: str, files: list[FileBelow]) -> list[Library]:
        is_folder = os.path.isdir(path)
        libraries: list[Library] = []
        for file in files:
            if file.problem:
                place = Place(file.path, "flat")
                libraries.append(_unread(Library(file.shown, "", "", place), file.problem))
            elif is_folder:
                libraries += self._in_folder(file)
            else:
                libraries += self._file(file, Place(path, ""), _folder_place(path)[1])
            self._done += file.size
            if self._budget.libraries < 0:
                message = "it holds more libraries than scaffold reads; the rest was skipped"
                return [*libraries, _unread(Library(path, "", "", Place(path, "")), message)]
        return libraries

    def _in_folder(self, file: FileBelow) -> list[Library]:
        place, folder_abi = _folder_place(file.path)
        stage = stage_of(file.path)
        if stage is None:
            return self._file(file, place, folder_abi)
        if place.kind == "folder":
            place = place._replace(kind=module_kind(stage, self._modules))
        name = os.path.basename(file.path)
        if is_library_name(name) and self._judged.again(stage, name, folder_abi):
            return []
        found = self._file(file, place, folder_abi)
        if not is_library_name(name):
            found = [
                lib
                for lib in found
                if not lib.name or not self._judged.again(stage, lib.name, lib.folder_abi)
            ]
        for library in found:
            self._judged.add(stage, library)
        return found

    def _file(self, file: FileBelow, place: Place, folder_abi: str) -> list[Library]:
        name = file.shown.replace("\\", "/").rpartition("/")[2]
        library = Library(file.shown, name if is_library_name(name) else "", folder_abi, place)
        try:
            with FileSource(file.path) as source:
                start = source.read(0, min(4, source.size))
                if start.startswith(b"PK") or archive_kind(name):
                    found = libraries_in(source, file.shown, name, self._page_size, self._budget)
                    # One archive at a time: those inside others may be held in memory while they are read.
                    batches = groupby(found, key=lambda item: item.library.path.rpartition("!/")[0])
                    return [
                        library
                        for _, batch in batches
                        for library in self._read_all(list(batch), file.size)
                    ]
                if start == b"\x7fELF" or library.name:
                    self._budget.libraries -= 1
                    named = library._replace(name=name)
                    return self._read_all([Unread(named, source)], file.size)
                return []
        except Damaged as damage:
            return [_unread(library, str(damage))]
        except OSError as error:
            return [_unread(library, error.strerror or "the file system refuses")]

    def _read_all(self, found: list[Unread], size: int) -> list[Library]:
        """In the order given; several compressed ones by threads: zlib works outside the interpreter's lock."""
        count = len(found)
        twins = {index: item for index, item in enumerate(found) if item.twin_of}
        packed = sum(item.packed for item in found) - len(twins)
        found.reverse()
        # What is read is let go: its source holds megabytes.
        items = (found.pop() for _ in range(count))
        read: list[Library] = []
        for library in self._in_threads(items) if packed > 1 else map(self._read, items):
            read.append(library)
            self._tell(size * len(read) // count)
        self._copy_twins(read, twins)
        return read

    def _in_threads(self, items: Iterable[Unread]) -> Iterator[Library]:
        from concurrent.futures import (
            ThreadPoolExecutor,
        )  # costs more to import than most archives to read

        pool = ThreadPoolExecutor(min(_MAX_THREADS, os.cpu_count() or 1))
        try:
            yield from pool.map(self._read, items)
        finally:
            pool.shutdown(cancel_futures=True)

    def _copy_twins(self, read: list[Library], twins: dict[int, Unread]) -> None:
        """Entries of the same bytes are inflated once; only how they are packed is their own."""
        by_path = {library.path: library for library in read} if twins else {}
        for index, item in twins.items():
            own, twin = item.library, by_path[item.twin_of]
            packing = {finding for finding in twin.findings if finding.code is Code.ZIP_COMPRESSED}
            copy = twin._replace(
                path=own.path,
                name=own.name,
                findings=tuple(finding for finding in twin.findings if finding not in packing),
            )
            read[index] = self._keep(self._packed(item, copy))

    def _read(self, found: Unread) -> Library:
        if found.source is None or found.twin_of:
            return found.library
        if self._kept > _MAX_KEPT:
            return _unread(found.library, _TOO_MUCH)
        library = read_library(found.library, found.source, self._page_size)
        return self._keep(self._packed(found, library))

    def _packed(self, found: Unread, library: Library) -> Library:
        return library.with_findings(
            *packing_findings(library, self._page_size, packed=found.packed, data_at=found.data_at)
        )

    def _keep(self, library: Library) -> Library:
        """Counts what the file makes us remember; beyond the limit only that it exists."""
        elf = library.elf
        if elf is None:
            return library
        names = (*elf.needed, elf.soname, *library.imports, *elf.symbols.defined)
        self._kept += sum(map(len, names)) + 64 * len(names) + elf.symbols.exports.kept
        if self._kept > _MAX_KEPT:
            return _unread(library._replace(elf=None, imports=frozenset()), _TOO_MUCH)
        return library

    def _tell(self, part: int) -> None:
        if self._progress:
            self._progress(self._done + part, self._total)


def _unread(library: Library, message: str) -> Library:
    return library.with_findings(unreadable(message))


def _folder_place(file: str) -> tuple[Place, str]:
    """A library's place: the folder above its ABI's folder, else its own folder."""
    folder = os.path.dirname(os.path.abspath(file))
    abi = abi_folder(os.path.basename(folder))
    return (Place(os.path.dirname(folder), "folder"), abi) if abi else (Place(folder, "flat"), "")
