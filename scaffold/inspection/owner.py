"""Whose a library is, where its name or its archive tells, and what its user can do about it."""

import re

from scaffold.findings import Code, Finding
from scaffold.inspection.library import Library

_PAGE_CODES = frozenset({Code.LOAD_ALIGNMENT, Code.RELRO_START, Code.RELRO_END, Code.RELRO_OVERRUN})
# JNA's release notes, and its AARs measured: 5.17.0 is the first whose 64-bit libraries pass.
_JNA = (
    "libjnidispatch.so is JNA's, and passes from 5.17.0 on: use 5.18.1, or 5.19.1 and newer (`jna` in scaffold.yml;"
    " 5.16 to 5.17 can deadlock, 5.19.0 breaks Android below 8)."
)
_LIBCPP = "libc++_shared.so is the NDK's; r26 and older ship a 4 KB one: use r27 or newer, or `cpp_runtime: static`."
_GRADLE_CACHE = re.compile(
    r"files-2\.1/([^/]+)/([^/]+)/([^/]+)/[0-9a-f]{30,}/[^/]+\.(?:aar|jar)(?:!|$)"
)
_MAVEN_LOCAL = re.compile(r"/repository/(.+)/([^/]+)/([^/]+)/\2-\3[^/]*\.(?:aar|jar)(?:!|$)")
_VERSIONED = re.compile(r"(?:^|/)([\w.-]+?-\d+(?:\.\d+)+[\w.-]*\.(?:aar|jar))(?:!|$)")


def coordinates(path: str) -> str:
    """`group:artifact:version` from a Gradle or Maven cache, a versioned file name otherwise, else ""."""
    path = path.replace("\\", "/")
    cached = _GRADLE_CACHE.search(path)
    if cached:
        return ":".join(cached.groups())
    local = _MAVEN_LOCAL.search(path)
    if local:
        return f"{local[1].replace('/', '.')}:{local[2]}:{local[3]}"
    versioned = _VERSIONED.search(path)
    return versioned[1] if versioned else ""


def name_owner(library: Library) -> Library:
    """The same library; hints that only its builder could follow are replaced by what its user can do."""
    if not library.findings:
        return library
    return library._replace(
        findings=tuple(_owned(library, finding) for finding in library.findings)
    )


def _owned(library: Library, finding: Finding) -> Finding:
    page = finding.code in _PAGE_CODES
    if page and library.name == "libjnidispatch.so":
        return finding._replace(hint=_JNA)
    if page and library.name == "libc++_shared.so":
        return finding._replace(hint=_LIBCPP)
    owner = coordinates(library.path)
    if owner and (page or finding.code in (Code.CPP_SYMBOL_UNRESOLVED, Code.STATIC_BIONIC)):
        return finding._replace(
            hint=f"{library.name} comes with {owner}: look for a newer version, or ask its authors. {finding.hint}"
        )
    return finding
