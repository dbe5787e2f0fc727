"""What `inspect` found, in the format that was asked for."""

import json
from collections.abc import Iterator
from typing import Literal, TextIO

from scaffold.findings import Finding, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.missing import missing_abis
from scaffold.inspection.pages import load_align
from scaffold.inspection.report_text import text_lines
from scaffold.inspection.scan import Scan
from scaffold.inspection.verdict import count, verdict
from scaffold.terminal.printable import printable

Format = Literal["text", "json", "sarif", "github", "html"]


def write(
    scan: Scan, form: Format, out: TextIO, *, colour: bool, columns: int, every: bool = False
) -> None:
    """Writes one document; `every` lists the clean libraries in the text, too."""
    if form == "text":
        lines = text_lines(scan, colour=colour, columns=columns, every=every)
        parts: Iterator[str] = (line + "\n" for line in lines)
    elif form == "json":
        parts = _json(scan)
    elif form == "html":
        from scaffold.inspection.report_html import html_parts

        parts = html_parts(scan)
    else:
        from scaffold.inspection.report_machine import github_lines, sarif_parts

        parts = sarif_parts(scan) if form == "sarif" else github_lines(scan)
    for part in parts:
        out.write(part)


def write_notes(scan: Scan, out: TextIO) -> None:
    """What was left out, said once; not part of the document."""
    for note in scan.notes:
        out.write(printable(f"note: {note}") + "\n")


def _json(scan: Scan) -> Iterator[str]:
    """Library by library: thousands of them are not held twice."""
    yield '{"schema": 1, "files": ['
    for index, library in enumerate(scan.libraries):
        yield (",\n" if index else "\n") + json.dumps(_json_file(library))
    summary = {
        "files": len(scan.libraries),
        "errors": count(scan, Severity.ERROR),
        "warnings": count(scan, Severity.WARNING),
        "page_size": scan.page_size,
        "supports": verdict(scan).support,
        "missing_abis": [missing._asdict() for missing in missing_abis(scan.libraries)],
        "gone": [{"path": path, "code": code} for path, code in scan.gone],
    }
    yield f'\n], "summary": {json.dumps(summary)}}}\n'


def _json_file(library: Library) -> dict[str, object]:
    elf = library.elf
    return {
        "path": library.path,
        "abi": library.abi or None,
        "bits": elf.bits if elf else None,
        "load_align": load_align(elf) if elf else None,
        "needed": list(elf.needed) if elf else [],
        "owner": library.owner or None,
        "size": library.size,
        "build_id": elf.build_id or None if elf else None,
        "judged": library.judged,
        "findings": [_json_finding(finding) for finding in library.findings],
        **({"known": [_json_finding(f) for f in library.known]} if library.known else {}),
    }


def _json_finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
    }
