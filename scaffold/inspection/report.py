"""What `inspect` found, for people, for scripts (`json`), and for CI systems (`sarif`, `github`)."""

import json
import sys
from collections.abc import Iterator
from typing import TextIO

from scaffold.findings import Finding, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.missing import MissingAbi, missing_abis
from scaffold.inspection.pages import load_align
from scaffold.inspection.report_table import table
from scaffold.inspection.scan import Scan
from scaffold.terminal.printable import printable
from scaffold.version import VERSION


def exit_code(scan: Scan) -> int:
    """1 where there is an error, else 0: warnings let a build pass."""
    return 1 if _count(scan, Severity.ERROR) else 0


def write(scan: Scan, form: str, out: TextIO, *, colour: bool, columns: int) -> None:
    """Writes one document: `text`, `json`, `sarif` or `github`."""
    parts = {"json": _json, "sarif": _sarif, "github": _github}
    if form in parts:
        for part in parts[form](scan):
            out.write(part)
        out.write("" if form == "github" else "\n")
        return
    for line in table(scan, missing_abis(scan.libraries), colour=colour, columns=columns):
        out.write(line + "\n")
    out.write(summary_line(scan) + "\n")


def summary_line(scan: Scan) -> str:
    """The last line: what was checked, and the verdict."""
    files = _files(scan)
    errors, warnings = _count(scan, Severity.ERROR), _count(scan, Severity.WARNING)
    checked = f"{files} {'library' if files == 1 else 'libraries'} checked"
    if not errors and not warnings:
        return f"{checked}: nothing wrong."
    told = [_plural(errors, "error")] if errors else ["no error"]
    if warnings:
        told.append(_plural(warnings, "warning"))
    return f"{checked}: {', '.join(told)}."


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _files(scan: Scan) -> int:
    return sum(1 for library in scan.libraries if library.name)


def _count(scan: Scan, severity: Severity) -> int:
    return sum(finding.severity is severity for lib in scan.libraries for finding in lib.findings)


def _json(scan: Scan) -> Iterator[str]:
    """Library by library: thousands of them are not held twice."""
    yield '{"schema": 1, "files": ['
    for index, library in enumerate(scan.libraries):
        yield (",\n" if index else "\n") + json.dumps(_json_file(library))
    summary = {
        "files": _files(scan),
        "errors": _count(scan, Severity.ERROR),
        "warnings": _count(scan, Severity.WARNING),
        "missing_abis": [_json_missing(missing) for missing in missing_abis(scan.libraries)],
    }
    yield f'\n], "summary": {json.dumps(summary)}}}'


def _json_file(library: Library) -> dict[str, object]:
    elf = library.elf
    return {
        "path": library.path,
        "abi": library.abi or None,
        "bits": elf.bits if elf else None,
        "load_align": load_align(elf) if elf else None,
        "needed": list(elf.needed) if elf else [],
        "findings": [
            {
                "code": finding.code.value,
                "severity": finding.severity.value,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in library.findings
        ],
    }


def _json_missing(missing: MissingAbi) -> dict[str, object]:
    return {"place": missing.place, "library": missing.library, "abis": list(missing.abis)}


def _findings(scan: Scan) -> Iterator[tuple[Library, Finding]]:
    for library in scan.libraries:
        for finding in library.findings:
            yield library, finding


def _sarif(scan: Scan) -> Iterator[str]:
    """SARIF 2.1.0, with the members that code-scanning services require."""
    used = sorted({finding.code.value for _, finding in _findings(scan)})
    driver = {"name": "scaffold", "version": VERSION, "rules": [{"id": code} for code in used]}
    yield '{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [{"tool": '
    yield json.dumps({"driver": driver}) + ', "results": ['
    for index, (library, finding) in enumerate(_findings(scan)):
        file, _, inside = library.path.partition("!/")
        place: dict[str, object] = {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}}}
        if inside:
            place["logicalLocations"] = [{"fullyQualifiedName": library.path}]
        result = {
            "ruleId": finding.code.value,
            "level": finding.severity.value,
            "message": {"text": " ".join(filter(None, (inside, finding.message, finding.hint)))},
            "locations": [place],
        }
        yield (",\n" if index else "\n") + json.dumps(result)
    yield "\n]}]}"


def _uri(path: str) -> str:
    """Percent-encodes what may not stand in a URI reference; `urllib.parse` costs more to import than a scan."""
    safe = b"-._~/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    raw = path.replace("\\", "/").encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in raw)


def _github(scan: Scan) -> Iterator[str]:
    """Workflow commands, which GitHub shows as annotations; `%`, line ends, `:` and `,` are escaped as it asks."""
    for library, finding in _findings(scan):
        file, _, inside = library.path.partition("!/")
        title = _github_property(f"{finding.code.value} {inside}".strip())
        text = _github_data(f"{finding.message} {finding.hint}".strip())
        yield f"::{finding.severity.value} file={_github_property(file)},title={title}::{text}\n"
    yield summary_line(scan) + "\n"


def _github_data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


class Bar:
    """Progress of a long scan on a terminal's standard error; nothing before half a second has passed."""

    def __init__(self, out: TextIO, columns: int) -> None:
        from time import monotonic

        self._out = out
        self._columns = columns
        self._clock = monotonic
        self._next = monotonic() + 0.5
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = self._clock()
        if now < self._next or total <= 1:
            return
        self._next = now + 0.1
        width = max(10, min(40, self._columns - 30))
        filled = width * done // total
        self._out.write(f"\r[{'#' * filled}{'.' * (width - filled)}] {done}/{total} libraries")
        self._out.flush()
        self._shown = True

    def clear(self) -> None:
        """Leaves the line empty."""
        if self._shown:
            self._out.write("\r" + " " * (self._columns - 1) + "\r")
            self._out.flush()
            self._shown = False


def is_terminal(stream: TextIO) -> bool:
    """False for a stream that is closed or was replaced by something else."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def write_notes(scan: Scan, out: TextIO = sys.stderr) -> None:
    """What was left out, said once; not part of the document."""
    for note in scan.notes:
        out.write(printable(f"note: {note}") + "\n")
