"""What a linked library promises its loader, read with pyelftools: independent of scaffold's own reader."""

from pathlib import Path
from typing import NamedTuple

from elftools.elf.constants import SH_FLAGS
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

SMALL, LARGE = 0x1000, 0x4000


class Range(NamedTuple):
    """Addresses of a segment, in bytes; `align` is its `p_align`."""

    start: int
    end: int
    align: int


class Linked(NamedTuple):
    """Needed libraries, LOAD segments, RELRO, sections in memory, symbols by whether they are defined."""

    needed: frozenset[str]
    loads: tuple[Range, ...]
    relro: Range
    sections: frozenset[Range]
    defined: frozenset[str]
    undefined: frozenset[str]

    @property
    def load_align(self) -> int:
        return min(load.align for load in self.loads)

    @property
    def relro_load(self) -> Range:
        """The LOAD that starts at or before RELRO, and whose successor starts at or after its end."""
        ends = [*(load.start for load in self.loads[1:]), None]
        return next(
            load
            for load, end in zip(self.loads, ends, strict=True)
            if load.start <= self.relro.start and (end is None or end >= self.relro.end)
        )

    def relro_fits(self, page: int) -> bool:
        """The platform's rule: the same sections, or borders of pages or of the LOAD (facts/android.md)."""
        load, relro = self.relro_load, self.relro
        if self._within(load) == self._within(relro):
            return True
        starts = relro.start % page == 0 or relro.start == load.start
        return starts and (relro.end % page == 0 or relro.end == load.end)

    def _within(self, segment: Range) -> frozenset[Range]:
        return frozenset(
            part
            for part in self.sections
            if segment.start <= part.start and part.end <= segment.end
        )

    @property
    def relro_overruns(self) -> bool:
        """Whether RELRO reaches past the last 4 KB page that its LOAD maps."""
        return _up(self.relro.end, SMALL) > _up(self.relro_load.end, SMALL)


def read_linked(path: Path) -> Linked:
    with path.open("rb") as file:
        elf = ELFFile(file)
        segments = [(segment["p_type"], segment.header) for segment in elf.iter_segments()]
        ranges = [
            (kind, Range(head.p_vaddr, head.p_vaddr + head.p_memsz, head.p_align))
            for kind, head in segments
        ]
        dynamic = elf.get_section_by_name(".dynamic")
        symbols = elf.get_section_by_name(".symtab") or elf.get_section_by_name(".dynsym")
        assert isinstance(dynamic, DynamicSection)
        assert isinstance(symbols, SymbolTableSection)
        names = [(symbol.name, symbol["st_shndx"]) for symbol in symbols.iter_symbols()]
        return Linked(
            frozenset(vars(tag)["needed"] for tag in dynamic.iter_tags("DT_NEEDED")),
            tuple(part for kind, part in ranges if kind == "PT_LOAD"),
            next(part for kind, part in ranges if kind == "PT_GNU_RELRO"),
            frozenset(
                Range(part["sh_addr"], part["sh_addr"] + part["sh_size"], part["sh_addralign"])
                for part in elf.iter_sections()
                if part["sh_flags"] & SH_FLAGS.SHF_ALLOC
            ),
            frozenset(name for name, section in names if section != "SHN_UNDEF"),
            frozenset(name for name, section in names if section == "SHN_UNDEF"),
        )


def _up(address: int, page: int) -> int:
    return -(-address // page) * page
