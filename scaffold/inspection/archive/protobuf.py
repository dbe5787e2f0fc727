"""Protocol buffers, as far as bundles use them: fields by number, without a schema."""

from collections.abc import Iterator

from scaffold.inspection.elf.source import Damaged


def fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """(number, value) in the message's order. Raises `Damaged` for what is no protocol buffer."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            item: bytes | int
            item, at = _varint(message, at)
        elif kind in (1, 2, 5):
            length = 8 if kind == 1 else 4
            if kind == 2:
                length, at = _varint(message, at)
            if at + length > len(message):
                raise Damaged("its bundle configuration is cut off")
            item = message[at : at + length]
            at += length
        else:
            raise Damaged("its bundle configuration is damaged")
        yield key >> 3, item


def messages(message: bytes, wanted: int) -> list[bytes]:
    """Every message or text of that field."""
    return [
        item for number, item in fields(message) if number == wanted and isinstance(item, bytes)
    ]


def text(message: bytes, wanted: int) -> str:
    """The last text of that field, "" where there is none."""
    found = messages(message, wanted)
    return found[-1].decode("utf-8", "replace") if found else ""


def number(message: bytes, wanted: int) -> int | None:
    """The last number of that field; None where there is none."""
    found = [item for at, item in fields(message) if at == wanted and isinstance(item, int)]
    return found[-1] if found else None


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise Damaged("its bundle configuration is damaged")
