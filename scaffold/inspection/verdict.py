"""What a whole scan comes to: does it support the page size, how many errors, which exit code."""

from typing import Literal, NamedTuple

from scaffold.findings import Code, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.pages import size_text
from scaffold.inspection.scan import Scan

Support = Literal["yes", "no", "not-required", "unknown"]
_PAGE_CODES = frozenset({Code.LOAD_ALIGNMENT, Code.RELRO_START, Code.RELRO_END, Code.ZIP_ALIGNMENT})


class PageSupport(NamedTuple):
    """Whether everything that was read supports the page size, and why not."""

    support: Support
    why: str


def exit_code(scan: Scan) -> int:
    """1 where there is an error, else 0: warnings let a build pass."""
    return 1 if count(scan, Severity.ERROR) else 0


def count(scan: Scan, severity: Severity) -> int:
    """Findings that a baseline does not name."""
    return sum(finding.severity is severity for lib in scan.libraries for finding in lib.findings)


def verdict(scan: Scan) -> PageSupport:
    """Also of what a baseline names: it makes a build pass, not a library right."""
    wide = [lib for lib in scan.libraries if lib.judged and lib.elf and lib.elf.bits == 64]
    wrong = [lib for lib in scan.libraries if fails_pages(lib)]
    broken = sum(1 for lib in scan.libraries if _has(lib, Code.UNREADABLE))
    if wrong:
        few = f"{len(wrong)} of {plural(len(wide), '64-bit library', '64-bit libraries')}"
        return PageSupport("no", few if all(lib.name for lib in wrong) else "see below")
    if broken:
        return PageSupport("unknown", f"{plural(broken, 'file')} cannot be read")
    if wide:
        return PageSupport("yes", plural(len(wide), "64-bit library", "64-bit libraries"))
    if any(lib.judged for lib in scan.libraries):
        return PageSupport("not-required", "32-bit libraries only")
    return PageSupport("unknown", "no Android library was checked")


def verdict_line(scan: Scan) -> str:
    """In the words of Google's tools."""
    found = verdict(scan)
    support = found.support.replace("-", " ")
    return f"Supports {size_text(scan.page_size)} pages: {support} ({found.why})"


def summary_line(scan: Scan) -> str:
    """The last line: what was checked, and what came of it."""
    files = sum(1 for library in scan.libraries if library.name)
    errors, warnings = count(scan, Severity.ERROR), count(scan, Severity.WARNING)
    known = sum(len(library.known) for library in scan.libraries)
    told = [plural(errors, "error")] if errors else []
    if warnings:
        told.append(plural(warnings, "warning"))
    if known:
        told.append(f"{known} known from the baseline")
    checked = plural(files, "library", "libraries")
    return f"{checked} checked: {', '.join(told) or 'no problems found'}."


def fails_pages(library: Library) -> bool:
    """Whether it keeps the whole from supporting the page size."""
    return any(
        finding.code in _PAGE_CODES and finding.severity is Severity.ERROR
        for finding in (*library.findings, *library.known)
    )


def plural(number: int, word: str, words: str = "") -> str:
    """1 file, 2 files."""
    return f"{number} {word if number == 1 else words or word + 's'}"


def _has(library: Library, code: Code) -> bool:
    return any(finding.code is code for finding in (*library.findings, *library.known))
