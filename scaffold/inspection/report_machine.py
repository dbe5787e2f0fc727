"""What `inspect` found, for CI systems: SARIF as GitHub's code scanning asks for it, and annotations of a workflow."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.rules import RULES
from scaffold.inspection.scan import Scan
from scaffold.inspection.verdict import plural, summary_line, verdict_line
from scaffold.terminal.annotations import annotation
from scaffold.terminal.printable import printable
from scaffold.version import VERSION

# GitHub shows ten of a kind for each step, and drops the rest without a word.
_MAX_ANNOTATIONS = 10


def _findings(scan: Scan) -> Iterator[tuple[Library, Finding, bool]]:
    """(library, finding, whether a baseline names it)"""
    for library in scan.libraries:
        yield from ((library, finding, False) for finding in library.findings)
        yield from ((library, finding, True) for finding in library.known)


def sarif_parts(scan: Scan) -> Iterator[str]:
    """SARIF 2.1.0, result by result."""
    levels: dict[Code, Severity] = {}
    for _, finding, _ in _findings(scan):
        if levels.get(finding.code) is not Severity.ERROR:
            levels[finding.code] = finding.severity
    used = sorted(levels, key=lambda code: code.value)
    seen: Counter[str] = Counter()
    driver = {"name": "scaffold", "version": VERSION, "semanticVersion": VERSION}
    yield '{"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [{"tool": '
    yield json.dumps({"driver": {**driver, "rules": [_rule(code, levels[code]) for code in used]}})
    yield ', "results": ['
    for index, (library, finding, known) in enumerate(_findings(scan)):
        result = _result(library, finding, used.index(finding.code), seen, known=known)
        yield (",\n" if index else "\n") + json.dumps(result)
    yield "\n]}]}\n"


def _rule(code: Code, worst: Severity) -> dict[str, object]:
    """`worst` is the rule's default level: what its findings are here, since some are now errors, now warnings."""
    rule = RULES[code]
    return {
        "id": code.value,
        "name": "".join(word.capitalize() for word in code.value.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.meaning},
        "help": {
            "text": f"{rule.meaning} More: {rule.link}",
            "markdown": f"{rule.meaning}\n\n[More]({rule.link})",
        },
        "helpUri": rule.link,
        "defaultConfiguration": {"level": worst.value},
        "properties": {"tags": ["android", "native"], "precision": "very-high"},
    }


def _result(
    library: Library, finding: Finding, rule: int, seen: "Counter[str]", *, known: bool
) -> dict[str, object]:
    """`seen` counts equal fingerprints: two findings of one kind in one library are two alerts."""
    file, _, inside = library.path.partition("!/")
    uri = _uri(file)
    where: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}
    }
    if inside:
        where["logicalLocations"] = [{"fullyQualifiedName": printable(library.path)}]
    same = f"{uri}\n{inside}\n{finding.code.value}".encode("utf-8", "surrogateescape")
    digest = sha256(same).hexdigest()[:32]
    seen[digest] += 1
    result: dict[str, object] = {
        "ruleId": finding.code.value,
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": {
            "text": printable(" ".join(filter(None, (inside, finding.message, finding.hint))))
        },
        "locations": [where],
        # The one name that code scanning reads: without it all findings of an archive's first line are one alert.
        "partialFingerprints": {"primaryLocationLineHash": f"{digest}:{seen[digest]}"},
    }
    if known:
        result["suppressions"] = [{"kind": "external"}]
    return result


def _uri(path: str) -> str:
    """Seen from the working folder, which code scanning takes for the repository; percent-encoded. `urllib.parse`
    costs more to import than a scan."""
    if os.path.isabs(path):
        try:
            below = os.path.relpath(path)
        except ValueError:  # another drive
            below = ".."
        if not below.startswith(".."):
            path = below
    path = path.replace("\\", "/").removeprefix("./")
    safe = b"-._~/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    raw = path.encode("utf-8", "surrogateescape")
    encoded = "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in raw)
    outside = encoded.startswith("/") or os.path.isabs(path)
    return f"file:///{encoded.lstrip('/')}" if outside else encoded


def github_lines(scan: Scan) -> Iterator[str]:
    """Workflow commands that GitHub shows as annotations: one for each code, errors first; then the verdict."""
    groups: dict[tuple[Severity, Code], list[tuple[Library, Finding]]] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        for library, finding, known in _findings(scan):
            if finding.severity is severity and not known:
                groups.setdefault((severity, finding.code), []).append((library, finding))
    for (severity, code), found in list(groups.items())[:_MAX_ANNOTATIONS]:
        file = found[0][0].path.partition("!/")[0]
        one = all(library.path.partition("!/")[0] == file for library, _ in found)
        names = [(one and library.path.partition("!/")[2]) or library.path for library, _ in found]
        title = f"{code.value}: {plural(len(set(names)), 'library', 'libraries')}"
        hints = _some([finding.hint for _, finding in found if finding.hint], 3, " ")
        text = f"{_some(names, 5, ', ')}: {found[0][1].message} {hints}".strip()
        yield annotation(severity.value, title, text, file) + "\n"
    yield verdict_line(scan) + "\n"
    yield summary_line(scan) + "\n"


def _some(words: list[str], most: int, between: str) -> str:
    """The first few of different words, and how many more there are."""
    different = list(dict.fromkeys(words))
    more = f" and {len(different) - most} more" if len(different) > most else ""
    return between.join(different[:most]) + more
