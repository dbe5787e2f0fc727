"""The page rules of Android for one library: LOAD alignment and RELRO.

As Android Studio (`PageAlign`) and the platform judge it, with one addition on each side: a library without section
headers is judged by its addresses (those two would let it pass, having no sections to compare), and a RELRO that
dies on devices with 4 KB pages is named (`relro-overrun`), which neither looks at.
"""

from collections.abc import Iterator

from scaffold.findings import Code, Finding, Severity
from scaffold.inspection.elf.layout import ElfSection, Segment
from scaffold.inspection.elf.read import Elf

_SMALL_PAGE = 4096


def load_align(elf: Elf) -> int:
    """The smallest alignment of its LOAD segments, in bytes."""
    return min(segment.align for segment in elf.loads)


def page_findings(elf: Elf, sections: tuple[ElfSection, ...], page_size: int) -> Iterator[Finding]:
    """What keeps the library from loading where pages are `page_size` bytes.

    `sections` are asked for where there is a RELRO; a library that has none is judged by its addresses.
    """
    wrong = list(_load_findings(elf, page_size)) if elf.bits == 64 else []
    yield from wrong
    for relro in elf.relros:
        # What has to be linked again needs no second reason.
        if elf.bits == 64 and not wrong:
            yield from _relro_findings(elf, relro, sections, page_size)
        yield from _overrun(elf, relro)


def size_text(size: int) -> str:
    """16384 → "16 KB"."""
    return f"{size // 1024} KB" if size >= 1024 and size % 1024 == 0 else f"{size} bytes"


def _load_findings(elf: Elf, page_size: int) -> Iterator[Finding]:
    align = load_align(elf)
    if align < page_size or align % page_size:
        yield Finding(
            Code.LOAD_ALIGNMENT,
            Severity.ERROR,
            f"LOAD segments are aligned to {size_text(align)}; {size_text(page_size)} is required.",
            "Link it with NDK r28 or newer, which needs no flag; with an older NDK, set `page_size: build-script`"
            " (-Wl,-z,max-page-size=16384).",
        )
        return
    for load in elf.loads:
        distance = load.offset - load.address
        if load.file_size and distance % page_size and not distance % _SMALL_PAGE:
            yield Finding(
                Code.LOAD_ALIGNMENT,
                Severity.ERROR,
                f"LOAD at {load.address:#x} claims an alignment of {size_text(load.align)}, but its file offset"
                f" {load.offset:#x} does not fit it: the header was changed after linking.",
                "Link it again with the right page size: a patched header does not move the bytes.",
            )
            return


def _relro_findings(
    elf: Elf, relro: Segment, sections: tuple[ElfSection, ...], page_size: int
) -> Iterator[Finding]:
    load = _load_of(elf, relro)
    if load is None:
        yield Finding(
            Code.RELRO_START,
            Severity.WARNING,
            f"RELRO {relro.address:#x}–{relro.end:#x} lies in no single LOAD segment; Android Studio rejects that.",
            "Link it again with lld 18 or newer (NDK r27).",
        )
        return
    if _covers(sections, relro, load):
        return
    hint = "Link it with NDK r28 or newer, or with r27 and -Wl,-z,max-page-size=16384 (`page_size: build-script`)."
    if relro.address % page_size and relro.address != load.address:
        yield Finding(
            Code.RELRO_START,
            Severity.ERROR,
            f"RELRO starts at {relro.address:#x}: neither a multiple of {size_text(page_size)} nor the start of its"
            f" LOAD ({load.address:#x}).",
            hint,
        )
    if relro.end % page_size and relro.end != load.end:
        yield Finding(
            Code.RELRO_END,
            Severity.ERROR,
            f"RELRO ends at {relro.end:#x}: neither a multiple of {size_text(page_size)} nor the end of its LOAD"
            f" ({load.end:#x}), so the data after it becomes read-only.",
            hint,
        )


def _load_of(elf: Elf, relro: Segment) -> Segment | None:
    """The LOAD that starts at or before it and whose successor starts at or after its end."""
    before = [load for load in elf.loads if load.address <= relro.address]
    if not before:
        return None
    load = max(before, key=lambda segment: segment.address)
    after = [other.address for other in elf.loads if other.address > load.address]
    beyond = after and relro.end > min(after)
    return None if beyond or relro.address >= _page_end(load) else load


def _covers(sections: tuple[ElfSection, ...], relro: Segment, load: Segment) -> bool:
    """Whether both contain the same sections, so that the LOAD's own alignment decides."""
    inside = _within(sections, load)
    if inside:
        return inside == _within(sections, relro)
    return relro.address <= load.address and relro.end >= load.end


def _within(sections: tuple[ElfSection, ...], segment: Segment) -> list[tuple[int, int]]:
    return sorted(
        (section.address, section.size)
        for section in sections
        if section.address >= segment.address and section.address + section.size <= segment.end
    )


def _overrun(elf: Elf, relro: Segment) -> Iterator[Finding]:
    load = _load_of(elf, relro)
    if load is None or -(-relro.end // _SMALL_PAGE) * _SMALL_PAGE <= _page_end(load):
        return
    yield Finding(
        Code.RELRO_OVERRUN,
        Severity.ERROR,
        f"RELRO reaches {relro.end:#x}, past the last 4 KB page of its LOAD ({_page_end(load):#x}): devices with 4 KB"
        " pages refuse it (can't enable GNU RELRO protection: Out of memory).",
        "With NDK r26 or older, remove -Wl,-z,common-page-size=16384 and keep max-page-size; or use r27 or newer.",
    )


def _page_end(segment: Segment) -> int:
    return -(-segment.end // _SMALL_PAGE) * _SMALL_PAGE
