"""What a bundle's own files say: how its APKs are packed, and what it was built from."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.inspection.archive.bundle import dependencies, packed_alignment
from scaffold.inspection.elf.source import Damaged


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def config(native: bytes | None, tool: bytes = b"1.18.1") -> bytes:
    asked = b"" if native is None else field(2, native)
    optimizations = field(2, field(1, b"\x0a\x02\x08\x01") + asked)
    return field(1, field(2, tool)) + optimizations + field(8, 0)


STORED = field(1, 1)


@pytest.mark.parametrize(("value", "alignment"), [(1, 4096), (2, 16384), (3, 65536)])
def test_the_alignment_is_read(value: int, alignment: int) -> None:
    assert packed_alignment(config(STORED + field(2, value))) == alignment


@pytest.mark.parametrize("native", [field(2, 1), field(1, 0) + field(2, 1), b""])
def test_compressed_libraries_need_no_alignment(native: bytes) -> None:
    assert packed_alignment(config(native, b"1.15.6")) is None


@pytest.mark.parametrize(
    ("tool", "alignment"),
    [
        (b"0.5.9", None),
        (b"0.6.0", 4096),
        (b"1.15.6", 4096),
        (b"1.16.99", 4096),
        (b"1.17.0", None),
        (b"1.18.1-alpha", None),
        (b"", None),
        (b"unknown", None),
    ],
)
def test_a_bundle_that_does_not_ask_gets_what_its_bundletool_does(
    tool: bytes, alignment: int | None
) -> None:
    assert packed_alignment(config(None, tool)) == alignment


def test_stored_libraries_without_an_alignment_get_that_of_the_bundletool() -> None:
    assert packed_alignment(config(STORED, b"1.16.0")) == 4096
    assert packed_alignment(config(STORED, b"1.17.0")) is None
    assert packed_alignment(b"") is None


def test_parts_of_a_message_are_joined_and_the_last_value_wins() -> None:
    twice = config(STORED + field(2, 1)) + config(field(2, 2))
    assert packed_alignment(twice) == 16384


@pytest.mark.parametrize("data", [b"\x12", b"\x12\x05ab", b"\x13", b"\xff" * 20, b"\x09abc"])
def test_what_is_no_protocol_buffer_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        packed_alignment(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_damage(data: bytes) -> None:
    with suppress(Damaged):
        assert packed_alignment(data) in (None, 4096, 16384, 65536)
    with suppress(Damaged):
        dependencies(data)


def test_the_maven_libraries_of_a_bundle_are_listed() -> None:
    maven = field(1, b"com.tencent") + field(2, b"mmkv") + field(5, b"1.3.9")
    listed = field(1, field(1, maven)) + field(1, field(2, b"digest")) + field(2, b"\x08\x01")
    assert dependencies(listed) == ("com.tencent:mmkv:1.3.9",)
