"""The Zig wrappers as they are written into a project, and a `zig` that records what it is given."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render

# What it writes: each argument and a NUL; for an @file, "@file", a NUL, and the text of the file.
RECORDER = """#!/bin/sh
for argument in "$@"; do
    case $argument in
    @?*) printf '@file\\0' && cat "${argument#@}" && printf '\\0' ;;
    *) printf '%s\\0' "$argument" ;;
    esac
done >"$RECORD"
if [ -n "$LINGER" ]; then sleep "$LINGER"; fi
exit "${STATUS:-0}"
"""


class Call(NamedTuple):
    """How a wrapper ended, what its `zig` was given (@files opened), and what was said."""

    status: int
    arguments: list[str]
    message: str


def write_wrappers(
    folder: Path, arch: str = "x86_64", glibc: str = "", extension: str = "sh"
) -> dict[str, Path]:
    """Writes cc, cxx and ar (and what they need) for `arch`; by tool name."""
    folder.mkdir(parents=True, exist_ok=True)
    triple = f"{arch}-unknown-linux-gnu"
    zig_target = f"{arch}-linux-gnu" + (f".{glibc}" if glibc else "")
    paths = {}
    for name in ("cc", "cxx", "ar"):
        tool = "c++" if name == "cxx" else name
        template = f".cargo/zig/{'ar' if name == 'ar' else 'cc'}.{extension}.j2"
        values = {"rust_triple": triple, "zig_target": zig_target, "tool": tool, "arch": arch}
        paths[name] = folder / f"{triple}-{name}.{extension}"
        _write(paths[name], template, values)
        paths[name].chmod(0o755)
    if extension == "sh":
        _write(folder / "arguments.awk", ".cargo/zig/arguments.awk.j2", {})
    return paths


def _write(path: Path, template: str, values: Mapping[str, str]) -> None:
    text = render(Artifact("zig", path.name, Format.TEXT, template, values, ""))
    path.write_text(text, encoding="ascii", newline="\r\n" if path.suffix == ".bat" else "\n")


def write_recorder(folder: Path) -> Path:
    """A folder for the front of PATH, with the recording `zig` in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "zig").write_text(RECORDER, encoding="ascii", newline="\n")
    (folder / "zig").chmod(0o755)
    return folder


def call(
    command: Sequence[str | Path],
    record: Path,
    path: Sequence[Path] = (),
    cwd: Path | None = None,
    **environment: str,
) -> Call:
    """Runs a wrapper with `path` in front of PATH and gives back what the recorder saw."""
    record.unlink(missing_ok=True)
    searched = os.pathsep.join([*map(str, path), os.environ["PATH"]])
    inherited = {key: value for key, value in os.environ.items() if key != "ZIG"}
    done = subprocess.run(
        [os.fsencode(word) for word in command],
        cwd=cwd,
        env=inherited | {"PATH": searched, "RECORD": str(record)} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    seen = record.read_bytes() if record.exists() else b""
    message = (done.stdout + done.stderr).decode("utf-8", "replace")
    return Call(done.returncode, list(recorded(os.fsdecode(seen))), message)


def recorded(text: str) -> Iterator[str]:
    """The arguments in a recorder's file; those of an @file as Zig reads them."""
    words = iter(text.split("\0")[:-1])
    for word in words:
        if word == "@file":
            yield from zig_words(next(words, ""))
        else:
            yield word


def zig_words(text: str) -> Iterator[str]:
    """A response file as Zig 0.13 to 0.17 reads it (lib/std/process: both quotes open and close, either ends
    the other; backslashes count only before a quote; `\\'` gives `"`; `#` begins a comment)."""
    position = 0
    while position < len(text):
        if text[position] in " \t\r\n":
            position += 1
        elif text[position] == "#":
            position = (text + "\n").index("\n", position)
        else:
            word, position = _zig_word(text, position)
            yield word


def _zig_word(text: str, position: int) -> tuple[str, int]:
    word, backslashes, quoted = "", 0, False
    while position < len(text):
        char = text[position]
        if char == "\\":
            backslashes += 1
        elif char in "\"'":
            word += "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
            backslashes = 0
        else:
            word += "\\" * backslashes
            backslashes = 0
            if char in " \t\r\n" and not quoted:
                return word, position
            word += char
        position += 1
    return word + "\\" * backslashes, position


def rustc_response_file(arguments: Sequence[str]) -> str:
    """As rustc writes it for a compiler that links: a word a line, a backslash before space and backslash."""
    escaped = (word.replace("\\", "\\\\").replace(" ", "\\ ") for word in arguments)
    return "".join(f"{word}\n" for word in escaped)
