"""AndroidManifest.xml, of which two things matter: the lowest API level, and whether the APK is a split one.

As text (AAR), as binary XML (APK: frameworks/base ResourceTypes.h), and as a protocol buffer (AAB: aapt2's
Resources.proto). A manifest that cannot be read says nothing.
"""

import re
import struct
from contextlib import suppress
from typing import NamedTuple

from scaffold.inspection.archive.protobuf import messages, text
from scaffold.inspection.elf.source import Damaged

_STRING_POOL, _START_ELEMENT, _INTEGER, _HEXADECIMAL = 0x0001, 0x0102, 0x10, 0x11
_UTF8_FLAG = 0x100
_MAX_STRINGS = 50_000
_MAX_CHUNKS, _MAX_ATTRIBUTES = 5_000, 64
_NAMES = ("manifest", "uses-sdk", "minSdkVersion", "split")


class Manifest(NamedTuple):
    """`min_sdk` is None where it is not said, or is the code name of a preview."""

    min_sdk: int | None = None
    split: bool = False


def read_manifest(data: bytes) -> Manifest:
    """Whichever of the three forms it has."""
    with suppress(Damaged, struct.error, IndexError, ValueError):
        if data.startswith(b"\x03\0"):
            return _binary(data)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return _plain(data.decode("utf-8", "replace"))
        return _protobuf(data)
    return Manifest()


def _plain(xml: str) -> Manifest:
    xml = re.sub(r"<!--.*?-->", "", xml, flags=re.DOTALL)
    found = re.search(r"<uses-sdk\b[^>]*?\bandroid:minSdkVersion\s*=\s*[\"'](\d{1,5})[\"']", xml)
    split = re.search(r"<manifest\b[^>]*?\ssplit\s*=\s*[\"'][^\"']", xml)
    return Manifest(int(found[1]) if found else None, split is not None)


def _protobuf(data: bytes) -> Manifest:
    manifest = b"".join(messages(data, 1))
    split = any(text(attribute, 2) == "split" for attribute in messages(manifest, 4))
    for child in messages(manifest, 5):
        element = b"".join(messages(child, 1))
        if text(element, 3) == "uses-sdk":
            for attribute in messages(element, 4):
                value = text(attribute, 3)
                if text(attribute, 2) == "minSdkVersion" and value.isdecimal():
                    return Manifest(int(value[:5]), split)
    return Manifest(None, split)


def _binary(data: bytes) -> Manifest:
    names: dict[int, str] = {}
    min_sdk, split = None, False
    at = struct.unpack_from("<H", data, 2)[0]
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            break
        kind, header_size, size = struct.unpack_from("<2HI", data, at)
        if size < 8:
            break
        if kind == _STRING_POOL and not names:
            names = _pool(data, at)
        elif kind == _START_ELEMENT:
            element, values = _element(data, at + header_size, names)
            if element == "manifest":
                split |= "split" in values
            elif element == "uses-sdk":
                min_sdk = values.get("minSdkVersion") or min_sdk
        at += size
    return Manifest(min_sdk, split)


def _element(data: bytes, at: int, names: dict[int, str]) -> tuple[str, dict[str, int | None]]:
    """(its name, the attributes of interest with their numbers)"""
    _, name, start, size, count = struct.unpack_from("<2I3H", data, at)
    values: dict[str, int | None] = {}
    for index in range(min(count, _MAX_ATTRIBUTES)):
        fields = struct.unpack_from("<3IH2BI", data, at + start + index * size)
        key, kind = names.get(fields[1], ""), fields[5]
        if key:
            values[key] = fields[6] if kind in (_INTEGER, _HEXADECIMAL) else None
    return names.get(name, ""), values


def _pool(data: bytes, at: int) -> dict[int, str]:
    """Index → string, of the few that are asked for."""
    header_size = struct.unpack_from("<H", data, at + 2)[0]
    count, _, flags, strings_at = struct.unpack_from("<4I", data, at + 8)
    offsets = struct.unpack_from(f"<{min(count, _MAX_STRINGS)}I", data, at + header_size)
    encoding = "utf-8" if flags & _UTF8_FLAG else "utf-16-le"
    # Short strings have one length field (UTF-8: two, in characters and in bytes).
    wanted = {name.encode(encoding): name for name in _NAMES}
    found: dict[int, str] = {}
    for index, offset in enumerate(offsets):
        start = at + strings_at + offset
        if flags & _UTF8_FLAG:
            raw = data[start + 2 : start + 2 + data[start + 1]]
        else:
            raw = data[start + 2 : start + 2 + 2 * struct.unpack_from("<H", data, start)[0]]
        if raw in wanted:
            found[index] = wanted[raw]
    return found
