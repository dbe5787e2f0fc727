"""Whose a library is, and what its user can do about it: "update X to Y", never "link with …" for another's."""

import re

from scaffold.findings import Code, Finding
from scaffold.inspection.coordinates import BETWEEN, coordinates, split_version
from scaffold.inspection.fixed import fixed_version, usual_owner
from scaffold.inspection.library import Library
from scaffold.inspection.project_index import THIS_PROJECT, ProjectIndex

_PAGE_CODES = frozenset({Code.LOAD_ALIGNMENT, Code.RELRO_START, Code.RELRO_END, Code.RELRO_OVERRUN})
# What its author alone can mend.
_AUTHORS_CODES = _PAGE_CODES | {
    Code.CPP_SYMBOL_UNRESOLVED,
    Code.SYMBOL_UNRESOLVED,
    Code.STATIC_BIONIC,
    Code.API_LEVEL,
    Code.CPP_RUNTIME_MIXED,
}
_LIBCPP = (
    "libc++_shared.so comes from the NDK, and r26 or older has one for 4 KB pages: use r27 or newer, or set"
    " `cpp_runtime: static`."
)


def name_owner(library: Library, index: ProjectIndex | None = None) -> Library:
    """The same library with its owner, and with hints that its reader can follow."""
    if not library.name or library.desktop:
        return library
    owner = _owner(library, index)
    findings = tuple(_owned(library, finding, owner) for finding in library.findings)
    return library._replace(owner=owner, findings=findings)


def _owner(library: Library, index: ProjectIndex | None) -> str:
    found = coordinates(library.path) or _listed(library)
    if not found and index:
        found = index.owner(library)
    return found or usual_owner(library.name)


def _listed(library: Library) -> str:
    """What a bundle was built from, where one of it fits the library's name."""
    usual = usual_owner(library.name)
    stem = _plain(library.name.removeprefix("lib").partition(".so")[0])
    for coordinate in library.place.built_from:
        artifact = coordinate.split(":")[1]
        if coordinate.rpartition(":")[0] == usual or (not usual and _plain(artifact) == stem):
            return coordinate
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]|android|jni", "", name.lower())


def _owned(library: Library, finding: Finding, owner: str) -> Finding:
    if finding.code not in _AUTHORS_CODES or owner == THIS_PROJECT:
        return finding
    page = finding.code in _PAGE_CODES
    if library.name == "libc++_shared.so" and not owner:
        return finding._replace(hint=_LIBCPP) if page else finding
    if owner:
        return finding._replace(hint=_update(owner, page=page))
    return finding._replace(
        hint=f"If it is yours: {_lower(finding.hint)} If not, update the dependency that contains it"
        " (`--project DIR` names it)."
    )


def _update(owners: str, *, page: bool) -> str:
    return " ".join(_update_one(owner, page=page) for owner in owners.split(BETWEEN))


def _update_one(owner: str, *, page: bool) -> str:
    coordinate, version = split_version(owner)
    row = fixed_version(coordinate)
    if page and row and row.fixes(version):
        return f"Update {owner} to {row.advice}."
    return f"Update {owner} to a newer version, or ask its authors for one."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
