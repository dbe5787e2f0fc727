"""Reading one ELF file: the facts of good ones, and `Damaged` (nothing else) for all others."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.inspection.elf import symbols
from scaffold.inspection.elf.layout import ForeignFile, read_sections
from scaffold.inspection.elf.read import read_elf, read_local_symbols
from scaffold.inspection.elf.source import Damaged, FileSource, MemorySource, PartSource
from tests.inspection.elf.writer import (
    ARM,
    ARM64,
    LOCAL,
    WEAK,
    X86,
    X86_64,
    Range,
    Symbol,
    build_id,
    exported,
    undefined,
    write_elf,
)

ANDROID_NOTE = struct.pack("<3I", 8, 4, 1) + b"Android\0" + struct.pack("<I", 21)
MACHINES = [(ARM64, 64, "arm64-v8a"), (ARM, 32, "armeabi-v7a"), (X86_64, 64, "x86_64")]
MACHINES += [(X86, 32, "x86"), (243, 64, "riscv64"), (8, 32, "mips"), (8, 64, "mips64")]


@pytest.mark.parametrize(("machine", "bits", "abi"), MACHINES)
def test_android_machines_have_their_android_name(machine: int, bits: int, abi: str) -> None:
    elf = read_elf(MemorySource(write_elf(machine=machine, bits=bits)))
    assert (elf.abi, elf.bits) == (abi, bits)


@pytest.mark.parametrize(
    ("machine", "bits", "name"), [(22, 64, "EM_S390"), (62, 32, "EM_X86_64"), (4711, 64, "EM_4711")]
)
def test_other_machines_have_the_name_of_the_elf_specification(
    machine: int, bits: int, name: str
) -> None:
    assert read_elf(MemorySource(write_elf(machine=machine, bits=bits))).abi == name


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("gnu_hash", [True, False])
def test_needed_libraries_soname_and_symbols_are_read(
    bits: int, order: str, gnu_hash: bool
) -> None:
    data = write_elf(
        bits=bits,
        order=order,
        gnu_hash=gnu_hash,
        needed=("libc.so", "libdl.so"),
        soname="libx.so",
        symbols=(
            *undefined("__cxa_throw", "open"),
            Symbol("__cxa_begin_catch", binding=WEAK),
            *exported("__cxa_pure_virtual", "mine"),
            Symbol("__cxa_end_catch", defined=True, visibility=2),
            Symbol("__gxx_personality_v0", defined=True, binding=LOCAL),
        ),
    )
    elf = read_elf(MemorySource(data))
    assert elf.needed == ("libc.so", "libdl.so")
    assert elf.soname == "libx.so"
    assert elf.symbols.undefined == {"__cxa_throw", "open"}
    assert elf.symbols.exported == {"__cxa_pure_virtual"}
    for name, offered in {
        "__cxa_pure_virtual": True,
        "mine": True,
        "open": False,
        "your": False,
    }.items():
        assert (name in elf.symbols.exports) is offered
    assert elf.symbols.defined == {"__cxa_pure_virtual", "__cxa_end_catch", "__gxx_personality_v0"}


def test_symbols_are_found_without_any_hash_table() -> None:
    data = write_elf(symbols=undefined("__cxa_throw"))  # no exported one: the GNU table is empty
    found = read_elf(MemorySource(data)).symbols
    assert found.undefined == {"__cxa_throw"}
    assert "__cxa_throw" not in found.exports


def test_thousands_of_symbols_are_searched_in_every_part_of_the_table() -> None:
    names = [f"name_{number}" for number in range(70_000)]
    data = write_elf(symbols=undefined(*names, "__cxa_throw"), gnu_hash=False)
    assert read_elf(MemorySource(data)).symbols.undefined == {*names, "__cxa_throw"}


def test_a_table_larger_than_any_real_one_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols, "MAX_SYMBOLS", 10)
    elf = read_elf(MemorySource(write_elf(symbols=exported(*map(str, range(20))), gnu_hash=False)))
    assert not elf.symbols.exports.known
    assert elf.symbols.undefined == frozenset()


def test_the_build_id_is_read() -> None:
    note = build_id(bytes(range(20)))
    elf = read_elf(MemorySource(write_elf(note=ANDROID_NOTE + note)))
    assert elf.build_id == bytes(range(20)).hex()
    assert elf.android_note


def test_load_and_relro_segments_and_sections_are_read() -> None:
    data = write_elf(
        loads=(Range(0x8000, 0xC123),),
        relros=(Range(0x8000, 0xC000), Range(0x9000, 0x9000)),
        sections=(Range(0x8000, 0x8100),),
    )
    elf = read_elf(MemorySource(data))
    assert [(load.address, load.end) for load in elf.loads][1:] == [(0x8000, 0xC123)]
    assert [(relro.address, relro.end) for relro in elf.relros] == [(0x8000, 0xC000)]
    assert [(s.address, s.size) for s in read_sections(MemorySource(data))] == [(0x8000, 0x100)]


def test_the_android_note_is_seen() -> None:
    assert read_elf(MemorySource(write_elf(note=ANDROID_NOTE))).android_note
    assert not read_elf(MemorySource(write_elf())).android_note


def patched(offset: int, form: str, value: int) -> bytes:
    data = bytearray(write_elf(relros=(Range(0x8000, 0xC000),), sections=(Range(0, 16),)))
    struct.pack_into(f"<{form}", data, offset, value)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x7fELF", "identification"),
        (b"\x7fELF\x09\x01" + bytes(60), "identification"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n", "git lfs pull"),
        (b"/* GNU ld script */\nINPUT(-lc++_shared)\n", "linker script"),
        (b"just text", "not an ELF file"),
        (patched(16, "H", 1), "object file"),
        (patched(16, "H", 2), "executable"),
        (patched(16, "H", 77), "ELF type 77"),
        (patched(54, "H", 57), "57 bytes each"),
        (patched(56, "H", 0), "no LOAD"),
        (patched(56, "H", 60_000), "60000 program headers"),
        (patched(32, "Q", 1 << 60), "ends at byte"),
        (patched(32, "Q", (1 << 64) - 1), "ends at byte"),
    ],
)
def test_what_is_no_library_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        read_elf(MemorySource(data))


@pytest.mark.parametrize(
    ("magic", "system"),
    [
        (b"MZ", "Windows"),
        (b"\xcf\xfa\xed\xfe", "macOS"),
        (b"\xca\xfe\xba\xbe", "macOS"),
        (b"\x00\x05\x16\x07", "macOS"),
        (b"\x01\xdf", "AIX"),
        (b"\x01\xf7", "AIX"),
    ],
)
def test_files_of_other_systems_are_told_apart_from_damaged_ones(magic: bytes, system: str) -> None:
    with pytest.raises(ForeignFile, match=system):
        read_elf(MemorySource(magic + bytes(200)))


def test_a_load_segment_past_the_end_of_the_file_is_damage() -> None:
    whole = write_elf(text=bytes(5000))
    assert read_elf(MemorySource(whole))
    with pytest.raises(Damaged, match="cut off"):
        read_elf(MemorySource(whole[:-1]))


def test_the_escape_for_many_program_headers_is_followed_and_limited() -> None:
    data = bytearray(write_elf(sections=(Range(0, 16),)))
    struct.pack_into("<H", data, 56, 0xFFFF)
    sections_at = struct.unpack_from("<Q", data, 40)[0]
    struct.pack_into("<I", data, sections_at + 44, 2)  # sh_info of section 0: two segments
    assert len(read_elf(MemorySource(bytes(data))).loads) == 1
    struct.pack_into("<I", data, sections_at + 44, 0xFFFFFFFF)
    with pytest.raises(Damaged, match="4294967295 program headers"):
        read_elf(MemorySource(bytes(data)))


def test_section_headers_that_claim_too_much_count_as_none() -> None:
    source = MemorySource(patched(60, "H", 0xFFFF))
    assert read_sections(source) == ()
    assert read_elf(source).loads


def dynamic_patched(tag: int, value: int) -> MemorySource:
    """The library with another value at that tag of its dynamic section."""
    data = bytearray(write_elf(needed=("libnever.so",)))
    dynamic_at = next(
        struct.unpack_from("<Q", data, at + 8)[0]
        for at in range(64, 64 + 56 * 3, 56)
        if struct.unpack_from("<I", data, at)[0] == 2
    )
    for at in range(dynamic_at, len(data), 16):
        if struct.unpack_from("<Q", data, at)[0] == tag:
            struct.pack_into("<Q", data, at + 8, value)
            return MemorySource(bytes(data))
    raise AssertionError(f"no entry {tag}")


@pytest.mark.parametrize(
    ("tag", "value", "reason"),
    [(1, 5_000, "outside"), (10, 4, "does not end"), (5, 0, "no string table")],
)
def test_names_that_cannot_be_read_are_damage(tag: int, value: int, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        read_elf(dynamic_patched(tag, value))


@pytest.mark.parametrize("tag", [6, 10])
def test_a_table_of_symbols_that_claims_too_much_is_damage_or_ignored(tag: int) -> None:
    assert read_elf(dynamic_patched(tag, 1 << 62)).needed == ("libnever.so",)


def test_a_file_cut_anywhere_is_damage_or_still_a_library() -> None:
    data = write_elf(symbols=undefined("__cxa_throw") + exported("mine"), gnu_hash=False)
    complete = 0
    for length in range(len(data)):
        try:
            read_elf(MemorySource(data[:length]))
            complete += 1
        except Damaged:
            pass
    assert complete == 0


GOOD = write_elf(
    needed=("libc.so", "liblog.so"),
    relros=(Range(0x8000, 0xC000),),
    loads=(Range(0x8000, 0xC123),),
    sections=(Range(0, 16), Range(0x8000, 0x8100)),
    symbols=undefined("__cxa_throw") + exported("__cxa_begin_catch", "malloc"),
)
VALUES = st.sampled_from([0, 1, 7, 0x7F, 0xFF, 0xFFFF, 0xFFFFFFFF, (1 << 63) - 1, (1 << 64) - 1])


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(GOOD) - 1),
            st.sampled_from([1, 2, 4, 8]),
            VALUES | st.integers(0, (1 << 64) - 1),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_mutation_is_a_library_or_damage(changes: list[tuple[int, int, int]]) -> None:
    data = bytearray(GOOD)
    for at, size, value in changes:
        data[at : at + size] = (value % (1 << 8 * size)).to_bytes(size, "little")
    source = MemorySource(bytes(data[: len(GOOD)]))
    with suppress(Damaged):
        elf = read_elf(source)
        read_local_symbols(source)
        assert elf.loads


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_after_the_magic_are_a_library_or_damage(rest: bytes) -> None:
    for start in (b"\x7fELF\x02\x01\x01", b"\x7fELF\x01\x02\x01"):
        with pytest.raises(Damaged):
            read_elf(MemorySource(start + rest))


def test_a_range_is_read_whole_or_not_at_all(tmp_path: object) -> None:
    part = PartSource(MemorySource(b"0123456789"), 2, 4)
    assert part.read(1, 3) == b"345"
    for offset, length in ((0, 5), (-1, 2), (5, 0), (0, -1)):
        with pytest.raises(Damaged):
            part.read(offset, length)


def test_a_file_that_shrinks_while_it_is_read_is_damage(tmp_path: object) -> None:
    path = f"{tmp_path}/lib.so"
    with open(path, "wb") as file:
        file.write(b"x" * 100)
    with FileSource(path) as source:
        with open(path, "wb") as file:
            file.write(b"x" * 10)
        with pytest.raises(Damaged, match="shorter"):
            source.read(50, 50)
