"""Findings that are known already: listed, but not failing; those that are gone are told."""

import json

from scaffold.errors import Problem, Refusal
from scaffold.findings import Code, Finding
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.library import Library
from scaffold.inspection.scan import Scan

_MAX_SIZE = 16 << 20
# A check that checked nothing must not pass.
_NEVER = frozenset({Code.NO_LIBRARIES})
Known = set[tuple[str, str]]


def read_baseline(path: str) -> Known:
    """(path, code) of each finding. Raises `Refusal` for what is no baseline."""
    try:
        with FileSource(path) as source:
            data = source.read(0, min(source.size, _MAX_SIZE))
        rows = json.loads(data)["findings"]
        return {(str(row["path"]), str(row["code"])) for row in rows}
    except (Damaged, OSError, ValueError, KeyError, TypeError, RecursionError):
        raise Refusal(
            Problem(
                "This is not a baseline of `scaffold inspect`.",
                path,
                "Write one with --write-baseline.",
            )
        ) from None


def apply_baseline(scan: Scan, known: Known) -> Scan:
    """The same scan; what the baseline names is `known`."""
    found: Known = set()
    libraries = []
    for library in scan.libraries:
        named = [finding for finding in library.findings if _key(library, finding) in known]
        named = [finding for finding in named if finding.code not in _NEVER]
        found |= {_key(library, finding) for finding in named}
        rest = tuple(finding for finding in library.findings if finding not in named)
        libraries.append(library._replace(findings=rest, known=tuple(named)))
    return scan._replace(libraries=tuple(libraries), gone=tuple(sorted(known - found)))


def write_baseline(scan: Scan, path: str) -> Known:
    """Writes what was found, known or not, and returns it. Raises OSError."""
    known = {
        _key(library, finding)
        for library in scan.libraries
        for finding in (*library.findings, *library.known)
        if finding.code not in _NEVER
    }
    rows = [{"path": where, "code": code} for where, code in sorted(known)]
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps({"schema": 1, "findings": rows}, indent=2) + "\n")
    return known


def _key(library: Library, finding: Finding) -> tuple[str, str]:
    """Inside an archive, whose own name often has a version, the way from its root."""
    path = library.path.replace("\\", "/")
    return path.partition("!/")[2] or path, finding.code.value
