"""The libraries of one archive, with the rules about how they are packed. Nothing is extracted."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.archive.bundle import asked_alignment
from scaffold.inspection.archive.directory import (
    DEFLATED,
    STORED,
    Directory,
    Entry,
    data_offset,
    entries,
    find_directory,
    method_name,
)
from scaffold.inspection.archive.inflate import Budget, InflatedSource, whole
from scaffold.inspection.elf.source import Damaged, PartSource, Source
from scaffold.inspection.library import Library, Place, abi_folder, is_library_name, unreadable
from scaffold.inspection.pages import size_text

MAX_LIBRARIES = 20_000
_MAX_NAME = 1024
_MAX_ARCHIVES = 500
_MAX_TEXT = 1 << 20
_KINDS = {".apk": "apk", ".aab": "aab", ".aar": "aar", ".jar": "jar", ".zip": "jar"}
_CONTAINERS = (".apks", ".xapk", ".apkm", ".war", ".ear")


class Found(NamedTuple):
    """A library that is still to be read; without `source`, its findings already say why not."""

    library: Library
    source: Source | None = None
    packed: bool = False
    data_at: int | None = None


def archive_kind(name: str) -> str:
    """`apk`, `aab`, `aar` or `jar` (any other archive), "" where the name is no archive's."""
    lower = name.lower()
    if lower.endswith(_CONTAINERS):
        return "jar"
    return _KINDS.get(lower[-4:], "")


def libraries_in(source: Source, path: str, name: str, page_size: int) -> Iterator[Found]:
    """Everything in the archive `path`, archives inside it opened one level deep."""
    try:
        yield from _Archive(source, path, Budget(), page_size).found(name)
    except Damaged as damage:
        place = Place(path, "")
        yield _broken(Library(path, "", "", place), str(damage))


def _broken(library: Library, message: str) -> Found:
    return Found(library.with_findings(unreadable(message)))


class _Contents(NamedTuple):
    """The entries that matter, and what the names of the others tell about the archive."""

    libraries: list[Entry]
    archives: list[Entry]
    bundle_config: Entry | None
    manifest: bool
    classes: bool
    too_many: bool


class _Archive:
    """One archive that is being read: its bytes, where its directory is, what it may cost."""

    def __init__(self, source: Source, path: str, budget: Budget, page_size: int) -> None:
        self._source = source
        self._path = path
        self._budget = budget
        self._page_size = page_size
        self._directory: Directory = find_directory(source)

    def found(self, name: str, outer: Place | None = None) -> Iterator[Found]:
        """`outer` is the place of the archive around it, where there is one: what lies deeper is not opened."""
        contents = self._contents()
        kind = _kind(name, contents)
        place = Place(self._path, kind)
        # Split APKs are installed together, and the jar of an AAR belongs to it.
        if outer and kind == "apk":
            place = Place(outer.path, kind)
        elif outer and kind == "jar" and outer.kind == "aar":
            place = outer
        yield from self._own(contents.libraries, place)
        wide = any(
            "lib/arm64-v8a/" in e.name or "lib/x86_64/" in e.name for e in contents.libraries
        )
        if contents.bundle_config and kind == "aab" and wide:
            yield from self._bundle(contents.bundle_config, place)
        if contents.too_many:
            yield _broken(
                Library(self._path, "", "", place),
                f"it holds more than {MAX_LIBRARIES} libraries or {_MAX_ARCHIVES} archives",
            )
        if outer is None:
            for entry in contents.archives:
                yield from self._nested(entry, place)

    def _contents(self) -> _Contents:
        libraries: list[Entry] = []
        archives: list[Entry] = []
        bundle_config = None
        manifest = classes = too_many = False
        for entry in entries(self._source, self._directory):
            name = entry.name
            if is_library_name(name[-40:]):
                too_many |= len(libraries) >= MAX_LIBRARIES
                if not too_many:
                    libraries.append(entry)
            elif archive_kind(name):
                too_many |= len(archives) >= _MAX_ARCHIVES
                if not too_many:
                    archives.append(entry)
            if name == "BundleConfig.pb":
                bundle_config = entry
            manifest |= name == "AndroidManifest.xml"
            classes |= name in ("classes.dex", "resources.arsc")
        return _Contents(libraries, archives, bundle_config, manifest, classes, too_many)

    def _own(self, listed: list[Entry], place: Place) -> Iterator[Found]:
        seen: set[str] = set()
        ends: list[tuple[int, int]] = []
        for entry in sorted(listed, key=lambda item: item.header_at):
            library = _library(self._path, entry, place)
            refusal = _name_refusal(entry, seen)
            if refusal:
                yield _broken(library, refusal)
                continue
            try:
                source, at = self._open(entry)
                if ends and at < ends[-1][1]:
                    raise Damaged("its bytes overlap those of another entry")
            except Damaged as damage:
                yield _broken(library, str(damage))
                continue
            ends.append((at, at + entry.compressed_size))
            packed = entry.method != STORED
            yield Found(library, source, packed=packed, data_at=None if packed else at)

    def _open(self, entry: Entry) -> tuple[Source, int]:
        """(the entry's bytes, where they begin in the archive)"""
        if entry.encrypted:
            raise Damaged("it is encrypted")
        if entry.method not in (STORED, DEFLATED):
            raise Damaged(
                f"it is compressed with {method_name(entry.method)}, which Android does not read either"
            )
        at = data_offset(self._source, self._directory, entry)
        part = PartSource(self._source, at, entry.compressed_size)
        if entry.method == DEFLATED:
            return InflatedSource(part, entry.size, self._budget), at
        if entry.size != entry.compressed_size:
            raise Damaged("the archive gives it two different sizes")
        return part, at

    def _nested(self, entry: Entry, place: Place) -> Iterator[Found]:
        path = f"{self._path}!/{entry.name[:_MAX_NAME]}"
        try:
            source, _ = self._open(entry)
            if entry.method == DEFLATED:
                source = whole(source, entry.size)
            inner = _Archive(source, path, self._budget, self._page_size)
            yield from inner.found(entry.name, place)
        except Damaged as damage:
            yield _broken(Library(path, "", "", place), str(damage))

    def _bundle(self, entry: Entry, place: Place) -> Iterator[Found]:
        library = Library(f"{self._path}!/{entry.name}", "", "", place)
        try:
            source, _ = self._open(entry)
            asked = asked_alignment(source.read(0, min(source.size, _MAX_TEXT)))
        except Damaged as damage:
            yield _broken(library, str(damage))
            return
        if asked is not None and asked < self._page_size:
            finding = Finding(
                Code.ZIP_ALIGNMENT,
                Severity.ERROR,
                f"The bundle asks for APKs whose libraries are aligned to {size_text(asked)};"
                f" {size_text(self._page_size)} is required.",
                "Build it with AGP 8.5.1 or newer, or set PAGE_ALIGNMENT_16K in the bundle's configuration.",
            )
            yield Found(library.with_findings(finding))


def _kind(name: str, contents: _Contents) -> str:
    kind = _KINDS.get(name.lower()[-4:], "jar")
    if kind != "jar" or name.lower().endswith((".jar", *_CONTAINERS)):
        return kind
    # A .zip, or a name that says nothing: the contents do.
    if contents.bundle_config:
        return "aab"
    return "apk" if contents.manifest and contents.classes else "jar"


def _library(archive: str, entry: Entry, place: Place) -> Library:
    name = entry.name[:_MAX_NAME]
    parts = name.split("/")
    return Library(
        f"{archive}!/{name}", parts[-1], abi_folder(parts[-2]) if len(parts) > 1 else "", place
    )


def _name_refusal(entry: Entry, seen: set[str]) -> str:
    name = entry.name
    if len(name) > _MAX_NAME:
        return "its name is longer than any system allows"
    if (
        name.startswith(("/", "\\"))
        or ".." in name.replace("\\", "/").split("/")
        or name[1:2] == ":"
    ):
        return "its name leads out of the archive"
    if any(character < " " or character == "\x7f" for character in name):
        return "its name contains control characters"
    if name in seen:
        return "the archive holds two entries of that name, which Android refuses"
    seen.add(name)
    return ""


def packing_findings(found: Found, library: Library, page_size: int) -> Iterator[Finding]:
    """The rules about how a library stands in an APK; in AAR, AAB and jar, compression is normal."""
    inside = library.path.rpartition("!/")[2].split("/")
    if library.place.kind != "apk" or library.elf is None or library.desktop:
        return
    if len(inside) != 3 or inside[0] != "lib":
        return
    if found.packed:
        yield Finding(
            Code.ZIP_COMPRESSED,
            Severity.WARNING,
            "It is compressed in the APK: Android has to extract it at installation.",
            "`useLegacyPackaging = false` stores it (AGP 8.5.1 or newer aligns it, too).",
        )
    elif library.elf.bits == 64 and found.data_at is not None and found.data_at % page_size:
        yield Finding(
            Code.ZIP_ALIGNMENT,
            Severity.ERROR,
            f"It is stored at byte {found.data_at} of the APK, which is no multiple of {size_text(page_size)}.",
            "Package with AGP 8.5.1 or newer, or `zipalign -P 16 4`; an older AGP needs `useLegacyPackaging = true`.",
        )
