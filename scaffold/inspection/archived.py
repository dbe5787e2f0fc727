"""The libraries of one archive, with what its other entries tell of it. Nothing is extracted."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.inspection.archive.bundle import dependencies, packed_alignment
from scaffold.inspection.archive.directory import (
    DEFLATED,
    STORED,
    ZipDirectory,
    ZipEntry,
    data_offset,
    entries,
    find_directory,
    method_name,
)
from scaffold.inspection.archive.inflate import Budget, InflatedSource, whole
from scaffold.inspection.archive.manifest import Manifest, read_manifest
from scaffold.inspection.elf.source import Damaged, PartSource, Source
from scaffold.inspection.library import (
    Kind,
    Library,
    Place,
    abi_folder,
    is_library_name,
    unreadable,
)
from scaffold.inspection.packing import bundle_finding

_MAX_NAME = 1024
_MAX_TEXT = 4 << 20
_KINDS: dict[str, Kind] = {
    ".apk": "apk",
    ".aab": "aab",
    ".aar": "aar",
    ".jar": "jar",
    ".zip": "jar",
}
_CONTAINERS = (".apks", ".xapk", ".apkm", ".war", ".ear")
_MANIFESTS = ("AndroidManifest.xml", "base/manifest/AndroidManifest.xml")
_DEPENDENCIES = "BUNDLE-METADATA/com.android.tools.build.libraries/dependencies.pb"


class Unread(NamedTuple):
    """A library that is still to be read; without `source`, its findings already say why not.

    `twin_of` is the path of an entry with the same bytes, read before it.
    """

    library: Library
    source: Source | None = None
    packed: bool = False
    data_at: int | None = None
    twin_of: str = ""


def archive_kind(name: str) -> Kind:
    """`apk`, `aab`, `aar` or `jar` (any other archive), "" where the name is no archive's."""
    lower = name.lower()
    if lower.endswith(_CONTAINERS):
        return "jar"
    return _KINDS.get(lower[-4:], "")


def libraries_in(
    source: Source, path: str, name: str, page_size: int, budget: Budget | None = None
) -> Iterator[Unread]:
    """Everything in the archive `path`, archives inside it opened one level deep."""
    budget = budget or Budget()
    budget.open_archive(source.size)
    try:
        yield from _Archive(source, path, budget, page_size).found(name)
    except Damaged as damage:
        yield _broken(Library(path, "", "", Place(path, "")), str(damage))


def _broken(library: Library, message: str) -> Unread:
    return Unread(library.with_findings(unreadable(message)))


class _Contents(NamedTuple):
    """The entries that matter, and what the names of the others tell about the archive."""

    libraries: list[ZipEntry]
    archives: list[ZipEntry]
    told: dict[str, ZipEntry]
    classes: bool
    too_many: bool


class _Archive:
    """One archive that is being read: its bytes, where its directory is, what it may cost."""

    def __init__(self, source: Source, path: str, budget: Budget, page_size: int) -> None:
        self._source = source
        self._path = path
        self._budget = budget
        self._page_size = page_size
        self._directory: ZipDirectory = find_directory(source)

    def found(self, name: str, outer: Place | None = None) -> Iterator[Unread]:
        """`outer` is the place of the archive around it, where there is one: what lies deeper is not opened."""
        contents = self._contents()
        place = self._place(name, contents, outer)
        yield from self._own(contents.libraries, place)
        config = contents.told.get("BundleConfig.pb")
        if config and place.kind == "aab" and _has_64_bit(contents):
            yield from self._bundle(config, place)
        if contents.too_many:
            yield _broken(
                Library(self._path, "", "", place),
                "it holds more libraries or archives than scaffold reads; the rest was skipped",
            )
        if outer is None:
            for entry in contents.archives:
                yield from self._nested(entry, place)
        else:
            # An AAR's jars hold classes; what else lies in here may hold libraries.
            deeper = [entry for entry in contents.archives if not entry.name.endswith(".jar")]
            self._budget.unopened += len(deeper)

    def _contents(self) -> _Contents:
        libraries: list[ZipEntry] = []
        archives: list[ZipEntry] = []
        told: dict[str, ZipEntry] = {}
        classes = too_many = False
        for entry in entries(self._source, self._directory):
            name = entry.name
            if is_library_name(name[-40:]):
                if self._budget.libraries > 0:
                    self._budget.libraries -= 1
                    libraries.append(entry)
                else:
                    too_many = True
            elif archive_kind(name):
                if self._budget.archives > 0:
                    self._budget.archives -= 1
                    archives.append(entry)
                else:
                    too_many = True
            elif name in _MANIFESTS or name in ("BundleConfig.pb", _DEPENDENCIES):
                told[name] = entry
            classes |= name in ("classes.dex", "resources.arsc")
        return _Contents(libraries, archives, told, classes, too_many)

    def _place(self, name: str, contents: _Contents, outer: Place | None) -> Place:
        kind = _kind(name, contents)
        if outer and kind == "jar" and outer.kind == "aar":
            return outer  # the jar of an AAR belongs to it
        manifest = Manifest()
        if kind != "jar":
            for told in _MANIFESTS:
                if told in contents.told:
                    manifest = read_manifest(self._text(contents.told[told]))
        if outer and kind == "apk":
            # Split APKs are installed together; where only some are given, the base may be missing.
            return Place(outer.path, kind, manifest.min_sdk)
        if manifest.split and kind == "apk":
            kind = "split"
        built_from: tuple[str, ...] = ()
        if kind == "aab" and _DEPENDENCIES in contents.told:
            try:
                built_from = dependencies(self._text(contents.told[_DEPENDENCIES]))
            except Damaged:
                built_from = ()
        return Place(self._path, kind, manifest.min_sdk, built_from)

    def _text(self, entry: ZipEntry) -> bytes:
        """The entry whole; nothing where it cannot be read, since it only tells of others."""
        try:
            source, _ = self._open(entry)
            return source.read(0, min(source.size, _MAX_TEXT))
        except Damaged:
            return b""

    def _own(self, listed: list[ZipEntry], place: Place) -> Iterator[Unread]:
        seen: set[str] = set()
        twins: dict[tuple[int, int, int, str], tuple[str, int]] = {}
        end = 0
        for entry in sorted(listed, key=lambda item: item.header_at):
            library = _library(self._path, entry, place)
            refusal = _name_refusal(entry, seen)
            if refusal:
                yield _broken(library, refusal)
                continue
            try:
                source, at = self._open(entry)
                if at < end:
                    raise Damaged("its bytes overlap those of another entry")
            except Damaged as damage:
                yield _broken(library, str(damage))
                continue
            end = at + entry.compressed_size
            if entry.method == STORED:
                yield Unread(library, source, data_at=at)
                continue
            key = (entry.checksum, entry.size, entry.compressed_size, library.folder_abi)
            twin, twin_at = twins.setdefault(key, (library.path, at))
            same = twin_at != at and self._same(twin_at, at, entry.compressed_size)
            yield Unread(library, source, packed=True, twin_of=twin if same else "")

    def _same(self, first: int, second: int, size: int) -> bool:
        """Whether two ranges hold the same bytes: a checksum alone could be made to match."""
        return all(
            self._source.read(first + at, min(_MAX_TEXT, size - at))
            == self._source.read(second + at, min(_MAX_TEXT, size - at))
            for at in range(0, size, _MAX_TEXT)
        )

    def _open(self, entry: ZipEntry) -> tuple[Source, int]:
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

    def _nested(self, entry: ZipEntry, place: Place) -> Iterator[Unread]:
        path = f"{self._path}!/{entry.name[:_MAX_NAME]}"
        try:
            source, _ = self._open(entry)
            if entry.method == DEFLATED:
                source = whole(source, entry.size)
            inner = _Archive(source, path, self._budget, self._page_size)
            yield from inner.found(entry.name, place)
        except Damaged as damage:
            yield _broken(Library(path, "", "", place), str(damage))

    def _bundle(self, entry: ZipEntry, place: Place) -> Iterator[Unread]:
        library = Library(f"{self._path}!/{entry.name}", "", "", place)
        try:
            source, _ = self._open(entry)
            packed = packed_alignment(source.read(0, min(source.size, _MAX_TEXT)))
        except Damaged as damage:
            yield _broken(library, str(damage))
            return
        if packed is not None and packed < self._page_size:
            yield Unread(library.with_findings(bundle_finding(packed, self._page_size)))


def _has_64_bit(contents: _Contents) -> bool:
    return any(
        "lib/arm64-v8a/" in entry.name or "lib/x86_64/" in entry.name
        for entry in contents.libraries
    )


def _kind(name: str, contents: _Contents) -> Kind:
    kind = _KINDS.get(name.lower()[-4:], "jar")
    if kind != "jar" or name.lower().endswith((".jar", *_CONTAINERS)):
        return kind
    # A .zip, or a name that says nothing: the contents do.
    if "BundleConfig.pb" in contents.told:
        return "aab"
    return "apk" if "AndroidManifest.xml" in contents.told and contents.classes else "jar"


def _library(archive: str, entry: ZipEntry, place: Place) -> Library:
    name = entry.name[:_MAX_NAME]
    parts = name.split("/")
    return Library(
        f"{archive}!/{name}", parts[-1], abi_folder(parts[-2]) if len(parts) > 1 else "", place
    )


def _name_refusal(entry: ZipEntry, seen: set[str]) -> str:
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
