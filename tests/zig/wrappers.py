"""The Zig wrappers as they are written into a project, with a rustc and a zig that record how they are called."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scaffold.answers.reading import read_answers
from scaffold.artifacts.context import Context
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.artifacts.zig import make

# What it writes: each argument and a NUL; for an @file, "@file", a NUL, and the text of the file.
ZIG = """#!/bin/sh
for argument in "$@"; do
    case $argument in
    @?*) printf '@file\\0' && cat "${argument#@}" && printf '\\0' ;;
    *) printf '%s\\0' "$argument" ;;
    esac
done >"$RECORD"
exit "${STATUS:-0}"
"""
# "Compiles" a program that hands its arguments to the `zig` on PATH, and notes in $BUILDS where it did.
RUSTC = """#!/bin/sh
echo "$0 $*" >>"$BUILDS"
while [ "$1" != -o ]; do shift; done
[ -z "$BROKEN" ] || { echo "error: $BROKEN" >&2; exit 101; }
while [ "$(wc -l <"$BUILDS")" -lt "${TOGETHER:-1}" ]; do sleep 0.02; done
printf '#!/bin/sh\\nexec zig "$@"\\n' >"$2"
chmod +x "$2"
"""


class Call(NamedTuple):
    """How a wrapper ended, what its `zig` was given (@files opened), and what was said."""

    status: int
    arguments: list[str]
    message: str


def write_wrappers(
    project: Path, arch: str = "x86_64", glibc: str = "default", extension: str = "sh"
) -> dict[str, Path]:
    """Writes what scaffold makes of these answers into a project; the paths by the last word of their names."""
    paths = {}
    host = "windows" if extension == "bat" else "macos"
    text = f"hosts: [{host}]\nlinux_targets: [{arch}]\nglibc: {glibc}\n"
    context = Context(read_answers(text, "scaffold.yml"), Project())
    for artifact in make(context):
        path = project / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(artifact), encoding="ascii", newline=artifact.newline)
        path.chmod(artifact.mode)
        paths[path.stem.rpartition("-")[2]] = path
    return paths


def write_program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="ascii", newline="\n")
    (folder / name).chmod(0o755)
    return folder


def call(
    command: Sequence[str | Path],
    record: Path,
    path: Sequence[Path] = (),
    cwd: Path | None = None,
    **environment: str,
) -> Call:
    """Runs a wrapper with `path` in front of PATH and gives back what the recording `zig` saw."""
    record.unlink(missing_ok=True)
    searched = os.pathsep.join([*map(str, path), os.environ["PATH"]])
    inherited = {key: value for key, value in os.environ.items() if key not in ("ZIG", "CARGO")}
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
