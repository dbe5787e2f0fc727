"""A deflated entry as a source: the same bytes in any order, and an end to every bomb."""

import random
import zlib

import pytest

from scaffold.inspection.archive import inflate
from scaffold.inspection.archive.inflate import Budget, InflatedSource, whole
from scaffold.inspection.elf.source import Damaged, MemorySource


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def source(data: bytes, size: int | None = None, budget: Budget | None = None) -> InflatedSource:
    packed = MemorySource(deflated(data))
    return InflatedSource(packed, len(data) if size is None else size, budget or Budget())


@pytest.fixture(scope="module")
def data() -> bytes:
    chance = random.Random(5)
    return b"".join(chance.randbytes(64) * chance.randrange(1, 9) for _ in range(40_000))


def test_ranges_are_the_same_as_of_the_data(data: bytes) -> None:
    chance = random.Random(7)
    for _ in range(12):
        reader = source(data)
        for offset in (chance.randrange(len(data)) for _ in range(4)):
            length = min(chance.choice([0, 1, 64, 5_000, 900_000]), len(data) - offset)
            assert reader.read(offset, length) == data[offset : offset + length]


def test_the_start_can_be_read_again_without_inflating_again(data: bytes) -> None:
    budget = Budget()
    reader = source(data, budget=budget)
    reader.read(len(data) - 10, 10)
    spent = budget.inflated
    assert reader.read(1000, 4_000_000) == data[1000:4_001_000]
    assert budget.inflated == spent


def test_going_back_and_forth_ends(data: bytes) -> None:
    reader = source(data)
    for _ in range(4):
        reader.read(len(data) - 10, 10)
        reader.read(len(data) - 3_000_000, 10)
    reader.read(len(data) - 10, 10)
    with pytest.raises(Damaged, match="scattered"):
        reader.read(len(data) - 3_000_000, 10)


def test_an_entry_shorter_than_it_claims_is_damage() -> None:
    assert source(b"x" * 100, size=200).read(50, 50) == b"x" * 50
    with pytest.raises(Damaged, match="shorter"):
        source(b"x" * 100, size=200).read(50, 100)


def test_what_lies_behind_the_claimed_size_is_never_given() -> None:
    with pytest.raises(Damaged, match="ends at byte 50"):
        source(b"x" * 100, size=50).read(0, 51)


def test_damaged_and_cut_data_is_damage() -> None:
    packed = deflated(random.Random(1).randbytes(100_000))
    for broken in (packed[:1000], b"\xff" * 500, b""):
        with pytest.raises(Damaged):
            InflatedSource(MemorySource(broken), 100_000, Budget()).read(50_000, 50_000)


def test_a_bomb_ends_with_the_budget() -> None:
    budget = Budget()
    budget.inflated = 8 << 20
    reader = source(bytes(40 << 20), budget=budget)
    with pytest.raises(Damaged, match="more than scaffold reads"):
        reader.read((40 << 20) - 1, 1)


def test_more_than_a_gigabyte_is_not_inflated() -> None:
    reader = source(b"x", size=3 << 30)
    with pytest.raises(Damaged, match="gigabyte"):
        reader.read(2 << 30, 1)


def test_an_archive_inside_is_inflated_up_to_a_limit() -> None:
    assert whole(source(b"abc"), 3).read(1, 2) == b"bc"
    with pytest.raises(Damaged, match="unpack it"):
        whole(source(b"abc"), inflate.MAX_ENTRY + 1)


def test_a_large_archive_inside_is_kept_on_disk(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr(inflate, "_MAX_IN_MEMORY", 1000)
    monkeypatch.setattr(inflate, "_COPIED", 70_000)
    kept = whole(source(data), len(data))
    assert not isinstance(kept, MemorySource)
    for offset, length in ((len(data) - 10, 10), (0, 100), (69_000, 5000)):
        assert kept.read(offset, length) == data[offset : offset + length]
    with pytest.raises(Damaged):
        kept.read(len(data), 1)


def test_isal_inflates_the_same(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    isal = pytest.importorskip("isal.isal_zlib", reason="the extra `fast` is not installed")
    assert inflate._zlib() is isal
    with pytest.raises(Damaged):
        InflatedSource(MemorySource(b"\xff" * 500), 100_000, Budget()).read(50_000, 50_000)
