"""Bytes of a log, as programs and shells write them → bytes that hold ASCII as it is, without ANSI sequences."""

import codecs
import re
from collections.abc import Iterable, Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# CSI, OSC (titles, links), and two-byte sequences, each bounded; a lone ESC goes as well.
_ANSI = re.compile(
    rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[ -/]{0,4}[0-Z\\^_`a-~])?"
)
_LONGEST_ESCAPE = 4200
# Numbers of a log copied from GitHub's page, which makes links of them.
_STEP_LINK = re.compile(
    rb"\[(\d{1,6})\]\(https://github\.com/[\w./-]{1,200}#step:\d{1,4}:\d{1,7}\)"
)


def plain(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """`chunks` as UTF-8 where a byte-order mark says UTF-16 or UTF-32, else as they are; ANSI sequences taken out.

    UTF-16 without a mark becomes ASCII by leaving its NUL bytes out.
    """
    yield from _without_ansi(chunk.replace(b"\0", b"") for chunk in _decoded(iter(chunks)))


def _decoded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= 4:
            break
    mark, encoding = next((row for row in _BOMS if head.startswith(row[0])), (b"", "utf-8"))
    head = head[len(mark) :]
    if encoding == "utf-8":
        yield head
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(head).encode("utf-8", "replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _without_ansi(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A sequence that a chunk's end cuts waits for the next chunk."""
    held = b""
    for chunk in chunks:
        data = held + chunk if held else chunk
        held = b""
        escape = data.rfind(b"\x1b", max(0, len(data) - _LONGEST_ESCAPE))
        if escape >= 0 and _unfinished(data[escape:]):
            data, held = data[:escape], data[escape:]
        if b"#step:" in data:
            data = _STEP_LINK.sub(rb"\1", data)
        yield _stripped(data) if b"\x1b" in data else data
    if held:
        yield _stripped(held)


def _stripped(data: bytes) -> bytes:
    """Few different sequences make up nearly all: each is replaced everywhere, which is faster than one by one."""
    for _ in range(32):
        found = _ANSI.search(data)
        if found is None:
            return data
        if len(found[0]) == 1:
            break
        data = data.replace(found[0], b"")
    return _ANSI.sub(b"", data)


def _unfinished(tail: bytes) -> bool:
    if len(tail) >= _LONGEST_ESCAPE:
        return False
    found = _ANSI.match(tail)
    return found is None or found.end() == 1 or found.end() == len(tail)
