"""One HTML file for whoever decides: the verdict, what to do for each dependency, and where segments lie."""

from collections.abc import Iterator
from html import escape

from scaffold.findings import Severity
from scaffold.inspection.elf.read import Elf
from scaffold.inspection.library import Library
from scaffold.inspection.pages import load_align, size_text
from scaffold.inspection.scan import Scan
from scaffold.inspection.verdict import fails_pages, summary_line, verdict, verdict_line
from scaffold.terminal.printable import printable

_MAX_PICTURES = 20
_MAX_PAGES = 24
_WIDTH = 760
_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
h1.no { color: #b3261e } h1.yes { color: #146c2e }
code, td.path { font-family: ui-monospace, monospace; font-size: 14px }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 } td, th { text-align: left; vertical-align: top;
padding: .35rem .6rem; border-bottom: 1px solid #ddd } .error { color: #b3261e } .warning { color: #8a5a00 }
figure { margin: 1.5rem 0 } figcaption { font-size: 14px } svg { max-width: 100%; height: auto }
"""


def html_parts(scan: Scan) -> Iterator[str]:
    """The document; it refers to nothing outside of itself."""
    found = verdict(scan)
    title = _text(verdict_line(scan))
    yield '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n"
    yield f'<h1 class="{found.support}">{title}</h1>\n<p>{_text(summary_line(scan))}</p>\n'
    yield from _dependencies(scan)
    yield from _pictures(scan)
    yield from _libraries(scan)
    yield "</html>\n"


def _dependencies(scan: Scan) -> Iterator[str]:
    owners: dict[str, list[Library]] = {}
    for library in scan.libraries:
        if library.findings:
            owners.setdefault(library.owner, []).append(library)
    if not owners:
        return
    yield "<h2>What to do</h2>\n<table>\n<tr><th>Dependency<th>Libraries<th>Findings<th>How to fix\n"
    for owner, libraries in sorted(owners.items(), key=lambda item: (not item[0], item[0])):
        names = dict.fromkeys(_text(lib.name or lib.path) for lib in libraries)
        findings = [finding for lib in libraries for finding in lib.findings]
        codes = dict.fromkeys(
            f'<span class="{f.severity.value}">{f.code.value}</span>' for f in findings
        )
        hints = dict.fromkeys(_text(finding.hint) for finding in findings if finding.hint)
        yield f"<tr><td>{_text(owner) or 'not known'}<td>{'<br>'.join(names)}"
        yield f"<td>{'<br>'.join(codes)}<td>{'<br>'.join(hints)}\n"
    yield "</table>\n"


def _pictures(scan: Scan) -> Iterator[str]:
    failing = [lib for lib in scan.libraries if lib.elf and fails_pages(lib)]
    if not failing:
        return
    size = size_text(scan.page_size)
    yield f"<h2>Where the segments lie</h2>\n<p>Vertical lines are {size} apart. LOAD segments are blue; RELRO,"
    yield " which becomes read-only after loading, is orange.</p>\n"
    for library in failing[:_MAX_PICTURES]:
        messages = " ".join(_text(f.message) for f in (*library.findings, *library.known))
        yield f"<figure>\n{_picture(library.elf, scan.page_size)}" if library.elf else ""
        yield f"<figcaption><code>{_text(library.path)}</code><br>{messages}</figcaption>\n</figure>\n"
    if len(failing) > _MAX_PICTURES:
        yield f"<p>… and {len(failing) - _MAX_PICTURES} more.</p>\n"


def _picture(elf: Elf, page: int) -> str:
    """The writable end of the library, where RELRO is; addresses grow to the right."""
    relro = elf.relros[0] if elf.relros else None
    middle = relro or elf.loads[-1]
    last = max([middle.end, *(load.end for load in elf.loads if load.address <= middle.end)])
    start = max(0, middle.address // page - 2) * page
    end = min(-(-last // page) + 1, start // page + _MAX_PAGES) * page
    scale = _WIDTH / (end - start)

    def bar(low: int, high: int, y: int, colour: str, label: str) -> str:
        low, high = max(low, start), min(high, end)
        if high <= low:
            return ""
        width = max(1.0, (high - low) * scale)
        return (
            f'<rect x="{(low - start) * scale:.1f}" y="{y}" width="{width:.1f}" height="26" fill="{colour}">'
            f"<title>{label}</title></rect>\n"
        )

    parts = [f'<svg viewBox="0 0 {_WIDTH} 90" width="{_WIDTH}" height="90" role="img">\n']
    for at in range(start, end + 1, page):
        x = (at - start) * scale
        parts.append(f'<line x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="70" stroke="#999"/>\n')
    for load in elf.loads:
        label = f"LOAD {load.address:#x}–{load.end:#x}, aligned to {size_text(load.align)}"
        parts.append(bar(load.address, load.end, 8, "#8ab4f8", label))
    for one in elf.relros:
        parts.append(
            bar(one.address, one.end, 38, "#f5a623", f"RELRO {one.address:#x}–{one.end:#x}")
        )
    parts.append(f'<text x="0" y="86" font-size="12">{start:#x}</text>\n')
    parts.append(
        f'<text x="{_WIDTH}" y="86" font-size="12" text-anchor="end">{end:#x}</text>\n</svg>\n'
    )
    return "".join(parts)


def _libraries(scan: Scan) -> Iterator[str]:
    yield "<h2>Every library</h2>\n<table>\n<tr><th>Library<th>ABI<th>LOAD alignment<th>Dependency<th>Result\n"
    for library in scan.libraries:
        align = size_text(load_align(library.elf)) if library.elf else ""
        if library.elf and library.elf.bits == 32:
            align = "32-bit: not required"
        yield f'<tr><td class="path">{_text(library.path)}<td>{_text(library.abi)}<td>{align}'
        yield f"<td>{_text(library.owner)}<td>{_outcome(library)}\n"
    yield "</table>\n"


def _outcome(library: Library) -> str:
    if library.findings:
        worst = any(finding.severity is Severity.ERROR for finding in library.findings)
        codes = ", ".join(dict.fromkeys(finding.code.value for finding in library.findings))
        return f'<span class="{"error" if worst else "warning"}">{codes}</span>'
    if library.known:
        return "known"
    return "right" if library.judged else "not judged"


def _text(text: str) -> str:
    return escape(printable(text))
