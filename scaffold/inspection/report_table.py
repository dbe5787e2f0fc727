"""The table of `inspect`: by ABI, worst first, readable at 60 columns; each finding explained once.

Written with plain text instead of rich: importing that takes longer than checking a library.
"""

from collections.abc import Callable, Iterable, Iterator

from scaffold.findings import Finding, Severity
from scaffold.inspection.library import Library
from scaffold.inspection.missing import MissingAbi
from scaffold.inspection.pages import load_align, size_text
from scaffold.inspection.scan import Scan
from scaffold.terminal.printable import printable

_MARKS = {2: ("error", "31"), 1: ("warn", "33"), 0: ("ok", "32")}
_ORDER = ("arm64-v8a", "x86_64", "armeabi-v7a", "x86")
_MAX_MISSING = 12
_Paint = Callable[[str, str], str]


def table(
    scan: Scan, missing: Iterable[MissingAbi], *, colour: bool, columns: int
) -> Iterator[str]:
    """The lines, each at most `columns` wide but for words that are longer."""
    columns = max(columns, 50)
    paint = _paint if colour else _plain
    groups: dict[str, list[Library]] = {}
    for library in scan.libraries:
        groups.setdefault(library.abi, []).append(library)
    common = _common([library.path for library in scan.libraries if library.name])
    width = max((len(_short(library, common)) for library in scan.libraries), default=0)
    width = min(width, columns - 28)
    if common:
        yield from (printable(common), "")
    for abi in sorted(groups, key=lambda name: (-_worst(groups[name]), _rank(name), name)):
        yield paint(abi or "not readable", "1")
        for library in sorted(groups[abi], key=lambda lib: (-_severity(lib), lib.path)):
            yield from _row(library, common, width, columns, paint)
        yield ""
    yield from _hint_lines(scan.libraries, columns, paint)
    yield from _missing_lines(list(missing), columns)


def _row(library: Library, common: str, width: int, columns: int, paint: _Paint) -> Iterator[str]:
    mark, code = _MARKS[_severity(library)]
    align = size_text(load_align(library.elf)) if library.elf else ""
    note = "  desktop" if library.desktop else ""
    name = _short(library, common)
    if len(name) > width:
        name = "…" + name[-(width - 1) :]
    yield f"  {paint(f'{mark:<5}', code)}  {name:<{width}}  {align:>7}{note}".rstrip()
    for finding in library.findings:
        yield from _explain(finding, columns, paint)


def _explain(finding: Finding, columns: int, paint: _Paint) -> Iterator[str]:
    colour = _MARKS[2 if finding.severity is Severity.ERROR else 1][1]
    head = finding.code.value
    for index, line in enumerate(_wrap(f"{head}: {finding.message}", columns - 9)):
        shown = paint(head, colour) + line[len(head) :] if index == 0 else line
        yield " " * 9 + shown


def _hint_lines(libraries: Iterable[Library], columns: int, paint: _Paint) -> Iterator[str]:
    """Each hint once, errors first, with what it is for: hundreds of libraries often share one cause."""
    hints: dict[str, dict[str, None]] = {}
    for library in sorted(libraries, key=_severity, reverse=True):
        for finding in sorted(library.findings, key=lambda item: item.severity is Severity.WARNING):
            if finding.hint:
                hints.setdefault(finding.hint, {})[finding.code.value] = None
    if not hints:
        return
    yield paint("What helps", "1")
    for hint, codes in hints.items():
        for index, line in enumerate(_wrap(f"{', '.join(codes)}: {hint}", columns - 4)):
            yield ("  - " if index == 0 else "    ") + line
    yield ""


def _missing_lines(missing: list[MissingAbi], columns: int) -> Iterator[str]:
    if not missing:
        return
    yield "Not there for every ABI"
    for item in missing[:_MAX_MISSING]:
        yield from (
            "  " + line
            for line in _wrap(f"{item.library}: not for {', '.join(item.abis)}", columns - 2)
        )
    if len(missing) > _MAX_MISSING:
        yield f"  and {len(missing) - _MAX_MISSING} more"
    yield ""


def _severity(library: Library) -> int:
    if any(finding.severity is Severity.ERROR for finding in library.findings):
        return 2
    return 1 if library.findings else 0


def _worst(libraries: list[Library]) -> int:
    return max(_severity(library) for library in libraries)


def _rank(abi: str) -> int:
    return _ORDER.index(abi) if abi in _ORDER else len(_ORDER)


def _common(paths: list[str]) -> str:
    """The archive or folder that all libraries share; "" for a single one."""
    if len(paths) < 2:
        return ""
    first, last = min(paths), max(paths)
    length = 0
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return first[: first.rfind("/", 0, length) + 1]


def _short(library: Library, common: str) -> str:
    return printable(library.path.removeprefix(common))


def _wrap(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in printable(text).split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield line


def _plain(text: str, _code: str) -> str:
    return text


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"
