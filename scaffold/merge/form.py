"""A text file's form: byte-order mark and line endings, off before a merge and on again after."""

from typing import Literal, NamedTuple

from scaffold.merge.sequences import hunks
from scaffold.syntax.cannot_merge import CannotMerge

Newline = Literal["\n", "\r\n"]

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Form(NamedTuple):
    """How a text was stored. `newline` is that of most lines, and of every new one.

    `mixed` holds the lines of a file with both endings, each with its own; else it is empty.
    """

    bom: bool = False
    newline: Newline = "\n"
    mixed: tuple[tuple[str, Newline], ...] = ()


def read_form(data: bytes) -> tuple[str, Form]:
    """The text, with LF and without a byte-order mark, and the form that it had.

    Raises `CannotMerge` for what is no UTF-8 text, with the line. A lone CR is no line ending.
    """
    if data.startswith(_UTF_16):
        raise CannotMerge("the file is UTF-16; save it as UTF-8", 1)
    bom = data.startswith(_BOM)
    try:
        text = data[len(_BOM) if bom else 0 :].decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if bom else 0)
        line = data.count(b"\n", 0, at) + 1
        raise CannotMerge(f"the file is not UTF-8: byte 0x{data[at]:02x}", line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CannotMerge("the file is not text: it contains a NUL byte", line)
    crlf = text.count("\r\n")
    lf = text.count("\n") - crlf
    newline: Newline = "\r\n" if crlf > lf else "\n"
    if not crlf or not lf:
        return text.replace("\r\n", "\n"), Form(bom, newline)
    mixed = tuple(_line(raw) for raw in text.split("\n")[:-1])
    return text.replace("\r\n", "\n"), Form(bom, newline, mixed)


def write_form(text: str, form: Form) -> bytes:
    """The bytes of `text` (LF) in this form; lines from before, or in place of as many, keep their ending."""
    if form.mixed:
        text = _mixed(text, form)
    elif form.newline != "\n":
        text = text.replace("\n", form.newline)
    return (_BOM if form.bom else b"") + text.encode("utf-8")


def _line(raw: str) -> tuple[str, Newline]:
    return (raw[:-1], "\r\n") if raw.endswith("\r") else (raw, "\n")


def _mixed(text: str, form: Form) -> str:
    *lines, last = text.split("\n")
    endings: list[Newline] = [form.newline] * len(lines)
    old_done = new_done = 0
    end = (len(form.mixed), len(form.mixed), len(lines), len(lines))
    for old_start, old_end, new_start, new_end in [
        *hunks([line for line, _ in form.mixed], lines),
        end,
    ]:
        endings[new_done:new_start] = [ending for _, ending in form.mixed[old_done:old_start]]
        if old_end - old_start == new_end - new_start:
            endings[new_start:new_end] = [ending for _, ending in form.mixed[old_start:old_end]]
        old_done, new_done = old_end, new_end
    return "".join(line + ending for line, ending in zip(lines, endings, strict=True)) + last
