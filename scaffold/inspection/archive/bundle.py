"""BundleConfig.pb of an AAB: which page alignment the bundle asks for.

Field numbers from bundletool's config.proto: 2 optimizations, in it 2 uncompress_native_libraries, in it 2 alignment
with 1 = 4 KB, 2 = 16 KB, 3 = 64 KB. A bundle that does not say leaves the choice to the tool that makes the APKs.
"""

from scaffold.inspection.elf.source import Damaged

_ALIGNMENT = {1: 4096, 2: 16384, 3: 65536}


def asked_alignment(config: bytes) -> int | None:
    """Bytes; None where the bundle does not say. Raises `Damaged` for what is no protocol buffer."""
    optimizations = _last(config, 2)
    native = _last(optimizations, 2) if isinstance(optimizations, bytes) else None
    alignment = _last(native, 2) if isinstance(native, bytes) else None
    return _ALIGNMENT.get(alignment) if isinstance(alignment, int) else None


def _last(message: bytes, wanted: int) -> bytes | int | None:
    """The last field of that number wins; parts of a message are joined, as the format asks."""
    value: bytes | int | None = None
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
        if key >> 3 == wanted:
            joined = isinstance(value, bytes) and isinstance(item, bytes)
            value = value + item if joined else item  # type: ignore[operator]
    return value


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
