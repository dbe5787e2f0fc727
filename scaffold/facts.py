"""What is known of NDK, JNA, Gobley, Rust and Xcode releases: rows of `data/*.toml`, validated when they are loaded.

Every row carries its source and a mark: C confirmed in that source, M measured, R recalled and not verified.
"""

import os
import tomllib
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints

MARKS = ("C", "M", "R")


class FactsError(Exception):
    """A data file is not what it should be; it names the file and the row."""


class NdkRelease(NamedTuple):
    """One NDK release; `revision` is `Pkg.BaseRevision`, the name of its folder below `ndk/`."""

    release: str
    revision: str
    clang: str
    min_api: int
    mark: str
    source: str

    @property
    def version(self) -> str:
        return self.revision


class NdkPageSize(NamedTuple):
    """How NDKs from `first_major` on come to 16 KB pages; alignments in bytes."""

    first_major: int
    link_args: tuple[str, ...]
    aligned_by_ndk: bool
    libcxx_shared_align: int
    why: str
    mark: str
    source: str

    @property
    def version(self) -> str:
        return str(self.first_major)


class Abi(NamedTuple):
    """An Android ABI as the NDK, Rust and Gobley name it."""

    abi: str
    rust_target: str
    ndk_triple: str
    gobley_target: str
    bits: int
    mark: str
    source: str


class Gobley(NamedTuple):
    """A Gobley release: the JNA it brings, the Rust its UniFFI needs."""

    version: str
    jna: str
    jna_constraint: str
    min_rust: str
    mark: str
    source: str


class StarterVersions(NamedTuple):
    """What a new project is made with, from a Gobley release on; SDKs are API levels."""

    gobley: str
    kotlin: str
    agp: str
    gradle: str
    compile_sdk: int
    min_sdk: int
    uniffi: str
    own_uniffi: str
    omit_checksums: bool
    mark: str
    source: str

    @property
    def version(self) -> str:
        return self.gobley


class Jna(NamedTuple):
    """How JNA's Android libraries stand on 16 KB pages: `ok`, `load` or `relro` by ABI."""

    version: str
    arm64: str
    x86_64: str
    note: str
    mark: str
    source: str


class Rust(NamedTuple):
    """The LLVM that a Rust release was built with."""

    version: str
    llvm: str
    mark: str
    source: str


class Xcode(NamedTuple):
    """The Apple clang of an Xcode, and the upstream LLVM that is said to stand behind it."""

    version: str
    apple_clang: str
    llvm: str
    mark: str
    source: str


class Agp(NamedTuple):
    """The NDK that an Android Gradle plugin takes where no ndkVersion is set."""

    version: str
    ndk: str
    mark: str
    source: str


class Facts(NamedTuple):
    """All rows, each table in ascending order of version."""

    ndk: tuple[NdkRelease, ...]
    page_size: tuple[NdkPageSize, ...]
    abis: tuple[Abi, ...]
    gobley: tuple[Gobley, ...]
    starter: tuple[StarterVersions, ...]
    jna: tuple[Jna, ...]
    rust: tuple[Rust, ...]
    xcode: tuple[Xcode, ...]
    agp: tuple[Agp, ...]

    def default_ndk(self, agp: str | None) -> str | None:
        """The NDK that this Android Gradle plugin takes by itself; None where that is not known."""
        try:
            known = agp is not None and version_key(agp) >= version_key(self.agp[0].version)
        except ValueError:
            return None
        return not_above(self.agp, agp or "").ndk if known else None

    def abi(self, name: str) -> Abi:
        return next(row for row in self.abis if row.abi == name)


class Versioned(Protocol):
    @property
    def version(self) -> str: ...


RowT = TypeVar("RowT")
VersionedT = TypeVar("VersionedT", bound=Versioned)


@lru_cache(1000)
def version_key(version: str) -> tuple[int, ...]:
    """`28.2.13676358` → (28, 2, 13676358); trailing zeros do not count, so that 1.82 equals 1.82.0."""
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def not_above(rows: tuple[VersionedT, ...], version: str) -> VersionedT:
    """The highest row that is not above `version`; the lowest one where all are."""
    below = [row for row in rows if version_key(row.version) <= version_key(version)]
    return below[-1] if below else rows[0]


def told_of_gobley(version: str) -> str:
    """`Gobley 0.3.7`; for a newer one than is known, whose facts stand in for it."""
    newest = load_facts().gobley[-1].version
    if version_key(version) <= version_key(newest):
        return f"Gobley {version}"
    return f"Gobley {newest} (scaffold does not know {version})"


@cache
def load_facts() -> Facts:
    """Every data file, parsed and validated once.

    Raises FactsError where a file does not hold what its row type says.
    """
    ndk = _document("ndk.toml")
    return Facts(
        ndk=_versions(_rows(NdkRelease, ndk, "release", "ndk.toml"), "ndk.toml"),
        page_size=_versions(_rows(NdkPageSize, ndk, "page_size", "ndk.toml"), "ndk.toml"),
        abis=_rows(Abi, _document("abi.toml"), "abi", "abi.toml"),
        gobley=_table(Gobley, "gobley"),
        starter=_table(StarterVersions, "starter"),
        jna=_table(Jna, "jna"),
        rust=_table(Rust, "rust"),
        xcode=_table(Xcode, "xcode"),
        agp=_table(Agp, "agp"),
    )


def _table(row_type: type[VersionedT], name: str) -> tuple[VersionedT, ...]:
    file = f"{name}.toml"
    return _versions(_rows(row_type, _document(file), name, file), file)


def _document(file: str) -> dict[str, Any]:
    # Not importlib.resources, whose import would cost every run more than all the tables.
    with open(os.path.join(os.path.dirname(__file__), "data", file), "rb") as opened:
        document = tomllib.load(opened)
    if document.get("schema") != 1:
        raise FactsError(f"{file}: schema is not 1")
    return document


def _rows(row_type: type[RowT], document: dict[str, Any], key: str, file: str) -> tuple[RowT, ...]:
    raw = document.get(key)
    if not isinstance(raw, list) or not raw:
        raise FactsError(f"{file}: no [[{key}]] rows")
    return tuple(
        _row(row_type, values, f"{file}: [[{key}]] row {number}")
        for number, values in enumerate(raw, 1)
    )


def _row(row_type: type[RowT], values: Any, place: str) -> RowT:
    # TOML hands over anything, and `Row(**values)` would believe it.
    hints = get_type_hints(row_type)
    names = list(row_type._fields)  # type: ignore[attr-defined]
    if not isinstance(values, dict) or sorted(values) != sorted(names):
        raise FactsError(f"{place}: its keys must be exactly {', '.join(names)}")
    checked: dict[str, Any] = {}
    for name in names:
        value = values[name]
        if hints[name] == tuple[str, ...]:
            good = isinstance(value, list) and all(isinstance(item, str) for item in value)
            value = tuple(value) if good else value
        else:
            good = type(value) is hints[name]
        if not good:
            raise FactsError(f"{place}: {name} has the wrong type")
        checked[name] = value
    if checked["mark"] not in MARKS or not checked["source"]:
        raise FactsError(f"{place}: needs a source, and a mark of {', '.join(MARKS)}")
    return row_type(**checked)


def _versions(rows: tuple[VersionedT, ...], file: str) -> tuple[VersionedT, ...]:
    try:
        keys = [version_key(row.version) for row in rows]
    except ValueError as error:
        raise FactsError(f"{file}: a version is not made of numbers: {error}") from None
    if keys != sorted(set(keys)):
        raise FactsError(f"{file}: versions must ascend, each once")
    return rows
