"""What a package links by its own lines, outside of our block: a C++ runtime, flags for 16 KB pages."""

import os
import re
from collections.abc import Iterator

from scaffold.files.reading import read_text
from scaffold.gradle.found import Setting
from scaffold.gradle.sources import below
from scaffold.syntax.blocks import find_blocks
from scaffold.syntax.cannot_merge import CannotMerge

_CPP = re.compile(r"(?:rustc-link-lib=(?:[\w:+,-]+=)?|-l)c\+\+_(shared|static)\b")
_PAGES = re.compile(r"(max-page-size=\w+)")
BASE = ".scaffold/base/cargo-config"
_LARGEST = 512 * 1024


def own_linking(root: str, folder: str, build: str) -> tuple[Setting | None, Setting | None]:
    """(C++ runtime, page flags): the first line of each in the package's build script and Cargo configuration."""
    lines = list(_lines(root, folder, build))
    return _first(_CPP, lines), _first(_PAGES, lines)


def _first(pattern: re.Pattern[str], lines: list[tuple[str, str]]) -> Setting | None:
    for place, line in lines:
        found = pattern.search(line)
        if found:
            return Setting(found[1], line.strip()[:200], place)
    return None


def _lines(root: str, folder: str, build: str) -> Iterator[tuple[str, str]]:
    """(place, line) of what is code. The project's own .cargo/config.toml counts until scaffold writes flags there."""
    config = ".cargo/config.toml"
    base = read_text(os.path.join(root, *BASE.split("/"))) or ""
    names = [(below(folder, build), "//")]
    # Tauri's own rustflags replace those of every configuration.
    if not os.path.lexists(os.path.join(root, *folder.split("/"), "tauri.conf.json")):
        names += [(below(folder, config), "#")] * (folder != ".")
        names += [(config, "#")] * (not _PAGES.search(base))
    for path, comment in names:
        text = read_text(os.path.join(root, *path.split("/")), _LARGEST) or ""
        every = enumerate(text.split("\n"))
        lines: Iterator[tuple[int, str]] = own_lines(text) if comment == "//" else every
        for row, line in lines:
            if not line.lstrip().startswith(comment):
                yield f"{path}:{row + 1}", line


def own_lines(script: str) -> Iterator[tuple[int, str]]:
    """(row, line) of a build script outside of our blocks, counted from 0."""
    try:
        ours = [*find_blocks("rust", script).values()]
    except CannotMerge:
        ours = []
    skipped = {row for block in ours for row in range(block.first, block.last + 1)}
    return ((row, line) for row, line in enumerate(script.split("\n")) if row not in skipped)
