"""The page rules: LOAD and RELRO, as Android Studio and the platform judge them."""

import pytest

from scaffold.findings import Severity
from scaffold.inspection.elf.layout import read_sections
from scaffold.inspection.elf.read import read_elf
from scaffold.inspection.elf.source import MemorySource
from scaffold.inspection.pages import page_findings, size_text
from tests.inspection.elf.writer import ARM, X86, Range, write_elf


def codes(data: bytes, page_size: int = 16384) -> list[str]:
    source = MemorySource(data)
    found = page_findings(read_elf(source), read_sections(source), page_size)
    return [finding.code.value for finding in found]


LOAD = Range(0x8000, 0xE000)


@pytest.mark.parametrize(
    ("page_size", "good", "bad"),
    [
        (4096, (0x1000, 0x4000, 0x10000), (0, 1, 8, 0x800)),
        (16384, (0x4000, 0x8000, 0x10000, 0x200000), (0, 1, 0x1000, 0x2000, 0x5000)),
        (65536, (0x10000, 0x200000), (0x1000, 0x4000, 0x18000)),
    ],
)
def test_every_load_has_at_least_the_alignment_of_a_page(
    page_size: int, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    for align in good:
        assert codes(write_elf(align=align), page_size) == []
    for align in bad:
        assert codes(write_elf(align=align), page_size) == ["load-alignment"]


def test_the_smallest_load_decides_not_the_first() -> None:
    assert codes(write_elf(loads=(Range(0x8000, 0x9000, 0x1000),))) == ["load-alignment"]


@pytest.mark.parametrize("machine", [ARM, X86])
def test_32_bit_libraries_pass_the_16_kb_rules(machine: int) -> None:
    relros = (Range(0x8100, 0x8900),)
    data = write_elf(bits=32, machine=machine, align=0x1000, loads=(LOAD,), relros=relros)
    assert codes(data) == []


@pytest.mark.parametrize(
    ("relro", "found"),
    [
        (Range(0x8000, 0xC000), []),  # starts with its LOAD, ends on a page
        (Range(0x8000, 0xE000), []),  # the whole LOAD
        (Range(0xC000, 0xE000), []),  # starts on a page, ends with its LOAD
        (Range(0x8000, 0x9000), ["relro-end"]),
        (Range(0x9000, 0xC000), ["relro-start"]),
        (Range(0x9000, 0xA000), ["relro-start", "relro-end"]),
        (Range(0x9000, 0xE000), ["relro-start"]),
    ],
)
def test_relro_starts_and_ends_with_a_page_or_with_its_load(relro: Range, found: list[str]) -> None:
    assert codes(write_elf(loads=(LOAD,), relros=(relro,))) == found


def test_relro_with_the_sections_of_its_load_passes_wherever_it_ends() -> None:
    """lld before 18: RELRO is rounded up to 4 KB, past the sections and the end of its own LOAD."""
    load, relro = Range(0x8100, 0x8B00), Range(0x8100, 0x9000)
    inside = (Range(0x8100, 0x8900), Range(0x8900, 0x8B00))
    assert codes(write_elf(loads=(load,), relros=(relro,), sections=inside)) == []
    # One more section in the LOAD, behind RELRO, would become read-only.
    load = Range(0x8100, 0x9800)
    sections = (*inside, Range(0x9000, 0x9800))
    assert codes(write_elf(loads=(load,), relros=(relro,), sections=sections)) == ["relro-end"]


def test_a_library_without_section_headers_is_judged_by_its_addresses() -> None:
    assert codes(write_elf(loads=(Range(0x8100, 0x8B00),), relros=(Range(0x8100, 0x9000),))) == []
    assert codes(write_elf(loads=(LOAD,), relros=(Range(0x8000, 0x9000),))) == ["relro-end"]


def test_relro_past_the_last_4_kb_page_of_its_load_dies_on_4_kb_devices() -> None:
    load, relro = Range(0x8000, 0xAABC), Range(0x8000, 0xC000)
    assert codes(write_elf(loads=(load,), relros=(relro,))) == ["relro-overrun"]
    within = Range(0x8000, 0xAFFF)
    assert "relro-overrun" not in codes(write_elf(loads=(load,), relros=(within,)))


def test_an_overrun_is_found_in_32_bit_libraries_too() -> None:
    data = write_elf(
        bits=32,
        machine=ARM,
        align=0x1000,
        loads=(Range(0x8000, 0xAABC),),
        relros=(Range(0x8000, 0xC000),),
    )
    assert codes(data) == ["relro-overrun"]


@pytest.mark.parametrize("relro", [Range(0x20000, 0x21000), Range(0xC000, 0x13000)])
def test_relro_outside_every_load_is_a_warning(relro: Range) -> None:
    loads = (LOAD, Range(0x10000, 0x14000))
    elf = read_elf(MemorySource(write_elf(loads=loads, relros=(relro,))))
    found = list(page_findings(elf, (), 16384))
    assert [finding.severity for finding in found] == [Severity.WARNING]
    assert found[0].code.value == "relro-start"


def test_a_load_whose_alignment_was_patched_is_found() -> None:
    data = bytearray(write_elf())
    # p_vaddr of the first LOAD one 4 KB page further than its offset: p_align alone was changed.
    data[64 + 16 : 64 + 24] = (0x1000).to_bytes(8, "little")
    data[64 + 56 : 64 + 60] = b"\0\0\0\0"  # its dynamic section would now lie elsewhere
    assert codes(bytes(data)) == ["load-alignment"]


@pytest.mark.parametrize(
    ("size", "text"), [(16384, "16 KB"), (4096, "4 KB"), (8, "8 bytes"), (1 << 21, "2048 KB")]
)
def test_sizes_are_told_as_people_say_them(size: int, text: str) -> None:
    assert size_text(size) == text
