"""Writes AndroidManifest.xml in the two binary forms that packages hold."""

import struct

_INTEGER, _STRING = 0x10, 0x03


def binary_manifest(*, min_sdk: int | None = None, split: str = "", utf8: bool = True) -> bytes:
    """As aapt2 writes it into an APK: string pool, <manifest split>, <uses-sdk minSdkVersion>."""
    strings = ["manifest", "uses-sdk", "minSdkVersion", "split", "package", "org.example", split]
    attributes = [(4, 5, _STRING, 5)]
    if split:
        attributes.append((3, 6, _STRING, 6))
    body = _pool(strings, utf8) + _element(0, attributes)
    if min_sdk is not None:
        body += _element(1, [(2, 0xFFFFFFFF, _INTEGER, min_sdk)])
    return struct.pack("<2HI", 3, 8, 8 + len(body)) + body


def _pool(strings: list[str], utf8: bool) -> bytes:
    data, offsets = b"", []
    for text in strings:
        offsets.append(len(data))
        if utf8:
            data += bytes([len(text), len(text)]) + text.encode() + b"\0"
        else:
            data += struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"
    data += bytes(-len(data) % 4)
    start = 28 + 4 * len(strings)
    head = struct.pack("<2H6I", 1, 28, start + len(data), len(strings), 0, 0x100 * utf8, start, 0)
    return head + struct.pack(f"<{len(offsets)}I", *offsets) + data


def _element(name: int, attributes: list[tuple[int, int, int, int]]) -> bytes:
    none = 0xFFFFFFFF
    size = 36 + 20 * len(attributes)
    head = struct.pack(
        "<2H3I2I6H", 0x102, 16, size, 1, none, none, name, 20, 20, len(attributes), 0, 0, 0
    )
    return head + b"".join(
        struct.pack("<3IH2BI", none, key, raw, 8, 0, kind, value)
        for key, raw, kind, value in attributes
    )


def bundle_manifest(min_sdk: int, *, split: str = "") -> bytes:
    """As aapt2 writes it into a bundle: a protocol buffer."""
    uses_sdk = _field(3, b"uses-sdk") + _attribute(b"minSdkVersion", str(min_sdk).encode())
    manifest = _field(3, b"manifest") + (_attribute(b"split", split.encode()) if split else b"")
    return _field(1, manifest + _field(5, _field(1, uses_sdk)))


def _attribute(name: bytes, value: bytes) -> bytes:
    return _field(4, _field(2, name) + _field(3, value))


def _field(number: int, value: bytes) -> bytes:
    assert len(value) < 128
    return bytes([number << 3 | 2, len(value)]) + value
