"""What `inspect` tells people: the verdict first, equal findings once, one hint for each dependency."""

from collections.abc import Callable, Iterable, Iterator

from scaffold.findings import Finding, Severity
from scaffold.inspection.coordinates import BETWEEN
from scaffold.inspection.library import Library
from scaffold.inspection.missing import missing_abis
from scaffold.inspection.pages import load_align, size_text
from scaffold.inspection.scan import Scan
from scaffold.inspection.verdict import plural, summary_line, verdict, verdict_line
from scaffold.terminal.printable import printable
from scaffold.terminal.text import folded

_RED, _YELLOW, _GREEN, _BOLD = "31", "33", "32", "1"
_ABIS = ("arm64-v8a", "x86_64", "armeabi-v7a", "x86")
_MAX_LISTED, _MAX_ROWS = 8, 12
_Paint = Callable[[str, str], str]


def text_lines(scan: Scan, *, colour: bool, columns: int, every: bool = False) -> Iterator[str]:
    """The lines, each at most `columns` wide but for words that are longer; `every` lists the clean libraries, too."""
    columns = max(columns, 50) - 1  # a full line would fold in the console of Windows
    paint: _Paint = (
        (lambda text, code: f"\x1b[{code}m{text}\x1b[0m") if colour else (lambda text, _: text)
    )
    common = _common([library.path for library in scan.libraries if library.name])
    supports = {"yes": _GREEN, "no": _RED}.get(verdict(scan).support, _YELLOW)
    yield paint(verdict_line(scan), supports)
    yield folded(_about(scan, common), columns)
    yield ""
    if every:
        yield from _rows(scan.libraries, common, columns)
    known = [lib._replace(findings=lib.known) for lib in scan.libraries if lib.known]
    yield from _groups(scan.libraries, common, columns, paint, every=every)
    if known:
        yield paint("Known from the baseline", _BOLD)
        yield from _groups(known, common, columns, paint, every=every)
    yield from _hints(scan.libraries, columns, paint)
    missing = [
        f"{row.library}: not for {', '.join(row.abis)}" for row in missing_abis(scan.libraries)
    ]
    yield from _listed("Missing for some ABIs", missing, columns)
    gone = [f"{code}: {path}" for path, code in scan.gone]
    yield from _listed("In the baseline and no longer found; remove them from it", gone, columns)
    yield summary_line(scan)


def _about(scan: Scan, common: str) -> str:
    """What is the same for all of them."""
    named = [library for library in scan.libraries if library.name]
    abis = sorted({lib.abi for lib in named if lib.judged}, key=lambda abi: (_rank(abi), abi))
    where = common.removesuffix("/").removesuffix("!") or "Checked"
    parts = [
        plural(len(named), "library", "libraries") + (f" for {', '.join(abis)}" if abis else "")
    ]
    others = sum(1 for library in named if (library.elf and not library.judged) or library.foreign)
    if others:
        parts.append(f"{others} for other systems")
    levels = {library.place.min_sdk for library in named} - {None}
    if len(levels) == 1:
        parts.append(f"minSdk {levels.pop()}")
    return f"{where}: {'; '.join(parts)}"


def _groups(
    libraries: Iterable[Library], common: str, columns: int, paint: _Paint, *, every: bool
) -> Iterator[str]:
    groups: dict[Finding, list[Library]] = {}
    for library in libraries:
        for finding in library.findings:
            groups.setdefault(finding._replace(hint=""), []).append(library)
    ordered = sorted(groups.items(), key=lambda item: item[0].severity is Severity.WARNING)
    for finding, found in ordered:
        word = finding.severity.value
        head = f"{word}: {finding.code.value}: {finding.message}"
        code = _RED if finding.severity is Severity.ERROR else _YELLOW
        yield paint(word, code) + folded(head, columns, "", "  ")[len(word) :]
        shown = found if every else found[:_MAX_LISTED]
        for library in shown:
            yield f"    {_cut(_short(library.path, common), columns - 4)}"
        if len(found) > len(shown):
            yield f"    and {len(found) - len(shown)} more (--all lists them)"
        yield ""


def _hints(libraries: Iterable[Library], columns: int, paint: _Paint) -> Iterator[str]:
    """Each hint once, errors first: hundreds of libraries often share one cause. It stands under the names of its
    libraries where it names their owner, else under the code."""
    hints: dict[str, dict[str, None]] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        for library in libraries:
            for finding in library.findings:
                if finding.severity is severity and finding.hint:
                    owned = library.owner and library.owner.split(BETWEEN)[0] in finding.hint
                    whose = library.name if owned else finding.code.value
                    hints.setdefault(finding.hint, {})[whose] = None
    if not hints:
        return
    yield paint("How to fix", _BOLD)
    for hint, names in hints.items():
        shown = list(names)[:3]
        more = ", …" if len(names) > 3 else ""
        yield folded(f"{', '.join(shown)}{more}: {hint}", columns, "  - ", "    ")
    yield ""


def _rows(libraries: Iterable[Library], common: str, columns: int) -> Iterator[str]:
    named = sorted(
        (library for library in libraries if library.name),
        key=lambda lib: (_rank(lib.abi), lib.abi, lib.path),
    )
    width = max((len(_short(library.path, common)) for library in named), default=0)
    width = min(width, columns - 40)
    for library in named:
        name = _cut(_short(library.path, common), width)
        mark = _mark(library)
        yield f"  {mark:<7}  {name:<{width}}  {_note(library)}".rstrip()
    yield ""


def _mark(library: Library) -> str:
    if any(finding.severity is Severity.ERROR for finding in library.findings):
        return "error"
    return "warning" if library.findings else "ok" if library.judged else "-"


def _note(library: Library) -> str:
    if library.foreign:
        return f"for {library.foreign}"
    if library.elf is None:
        return ""
    if library.desktop:
        return f"desktop, {library.abi}"
    if not library.judged:
        return f"{library.abi}: no longer used"
    align = size_text(load_align(library.elf))
    wide = library.elf.bits == 64
    return f"{library.abi}, {align if wide else '32-bit: not required'}" + (
        f", {printable(library.owner)}" if library.owner else ""
    )


def _listed(title: str, rows: list[str], columns: int) -> Iterator[str]:
    if rows:
        yield title
        yield from (folded(row, columns, "  ", "  ") for row in rows[:_MAX_ROWS])
        if len(rows) > _MAX_ROWS:
            yield f"  and {len(rows) - _MAX_ROWS} more"
        yield ""


def _rank(abi: str) -> int:
    return _ABIS.index(abi) if abi in _ABIS else len(_ABIS)


def _common(paths: list[str]) -> str:
    """The archive or folder that all libraries share; "" for a single one."""
    if len(paths) < 2:
        return ""
    first, last = min(paths), max(paths)
    length = 0
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return first[: first.rfind("/", 0, length) + 1]


def _short(path: str, common: str) -> str:
    return printable(path.removeprefix(common))


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else "…" + name[-(width - 1) :]
