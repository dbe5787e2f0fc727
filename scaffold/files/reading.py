"""Reads a repository's files: bounded, never a device or a pipe.

Links are followed, as Gradle and Cargo do, but not out of the repository: what a stranger's link names elsewhere
on this machine is not for scaffold to quote.
"""

import os
import re
import stat
import tomllib
from typing import Any

from scaffold.files.links import leads_out

LARGEST = 8 * 1024 * 1024
LARGEST_TOML = 2 * 1024 * 1024  # bytes; the largest Cargo.lock that we know has 600,000
_LONG_KEY = re.compile(r"(?:\.[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*){32}")


def read_bytes(path: str, largest: int = LARGEST) -> bytes | None:
    """A regular file's bytes; None where there is none, or none that a person would have written."""
    try:
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > largest or leads_out(path):
            return None
        with os.fdopen(os.dup(handle), "rb") as file:
            data = file.read(largest + 1)
    except OSError:
        return None
    finally:
        os.close(handle)
    return data if len(data) <= largest else None


def read_text(path: str, largest: int = LARGEST) -> str | None:
    """A text file, whatever its line endings (they become LF); None where it is missing or no UTF-8 text."""
    data = read_bytes(path, largest)
    return None if data is None else as_text(data)


def as_text(data: bytes) -> str | None:
    """UTF-8 with LF, without a byte-order mark; None for what is no such text."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def read_toml(path: str) -> dict[str, Any] | None:
    """A TOML file's document; None where it is missing or cannot be parsed."""
    text = read_text(path, LARGEST_TOML)
    return None if text is None else parse_toml(text)


def parse_toml(text: str) -> dict[str, Any] | None:
    """A TOML document; None where it is none, or none that a person or Cargo would have written.

    A key of many parts costs tomllib the square of their number in time and memory.
    """
    if _LONG_KEY.search(text):
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def toml_limit(path: str) -> str:
    """Why a TOML file that is there is not read: the measure that it is over; "" for any other."""
    if os.path.isfile(path) and read_bytes(path, LARGEST_TOML) is None:
        return f"it is larger than {LARGEST_TOML // 1024 // 1024} MB, or may not be read"
    text = read_text(path, LARGEST_TOML) or ""
    try:
        deep = bool(_LONG_KEY.search(text)) or (tomllib.loads(text) is None)
    except tomllib.TOMLDecodeError:
        return ""
    except RecursionError:
        deep = True
    return "its tables are nested too deeply" if deep else ""


def table(document: Any, *keys: str) -> dict[str, Any]:
    """The table at `keys`; empty where something else, or nothing, stands there."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def text_at(document: Any, *keys: str) -> str | None:
    """The string at `keys`, or None."""
    value = table(document, *keys[:-1]).get(keys[-1])
    return value if isinstance(value, str) else None


def line_of(text: str, *needles: str) -> int:
    """The first line, from 1, that holds every needle; 1 where none does. For messages only."""
    for number, line in enumerate(text.splitlines(), 1):
        if all(needle in line for needle in needles):
            return number
    return 1
