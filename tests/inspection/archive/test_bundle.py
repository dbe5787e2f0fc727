"""The page alignment that a bundle asks for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.inspection.archive.bundle import asked_alignment
from scaffold.inspection.elf.source import Damaged


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def config(native: bytes) -> bytes:
    tool = field(1, field(2, b"1.18.1"))
    return tool + field(2, field(1, b"\x0a\x02\x08\x01") + field(2, native)) + field(8, 0)


@pytest.mark.parametrize(("value", "alignment"), [(1, 4096), (2, 16384), (3, 65536)])
def test_the_alignment_is_read(value: int, alignment: int) -> None:
    assert asked_alignment(config(field(1, 1) + field(2, value))) == alignment


@pytest.mark.parametrize(
    "data", [b"", config(b""), config(field(1, 1)), config(field(2, 0)), config(field(2, 9))]
)
def test_a_bundle_that_does_not_say_asks_for_nothing(data: bytes) -> None:
    assert asked_alignment(data) is None


def test_parts_of_a_message_are_joined_and_the_last_value_wins() -> None:
    assert asked_alignment(config(field(2, 1)) + config(field(2, 2))) == 16384


@pytest.mark.parametrize("data", [b"\x12", b"\x12\x05ab", b"\x13", b"\xff" * 20, b"\x09abc"])
def test_what_is_no_protocol_buffer_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        asked_alignment(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_damage(data: bytes) -> None:
    with suppress(Damaged):
        assert asked_alignment(data) in (None, 4096, 16384, 65536)
