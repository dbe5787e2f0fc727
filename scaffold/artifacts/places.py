"""Where each artifact can lie: what a lock, which may be a stranger's word, is held against."""

import re
from collections.abc import Callable

from scaffold.artifacts.model import Format

ZIG_FOLDER = ".cargo/zig/"
STARTER = "starter-"
_ZIG = "zig-"
GROOVY = "build.gradle"  # never written by scaffold: remembered where the user settled its conflict


def format_of(id_: str) -> Format:
    """How the artifact of this id meets what the user has."""
    if id_.startswith(STARTER):
        return Format.ONCE
    return _FORMATS.get(id_, Format.TEXT)


def is_known(id_: str) -> bool:
    """Whether this version makes an artifact of this id, or one before it did."""
    return id_ in _PLACES or id_.startswith((STARTER, _ZIG))


def can_lie(id_: str, path: str) -> bool:
    """Whether the artifact could ever have been written to `path`, seen from the project's root."""
    if id_.startswith(STARTER):
        return True  # the user's from the day that it was made: nothing is done to it
    if id_.startswith(_ZIG):
        return _is_zig_file(id_, path)
    return id_ in _PLACES and _PLACES[id_](path)


def _is_zig_file(id_: str, path: str) -> bool:
    name = _ZIG_FILES.get(id_) or re.sub(r"^zig-(.+)-(sh|bat)$", r"\1.\2", id_)
    return path == ZIG_FOLDER + name


# Beside these there is `<rust triple>-<tool>.<sh or bat>`. `arguments.awk` was written by 0.1.0.
_ZIG_FILES = {
    "zig-arguments": "arguments.awk",
    "zig-gitattributes": ".gitattributes",
    "zig-gitignore": ".gitignore",
    "zig-linker": "zig-linker.rs",
}
_PLACES: dict[str, Callable[[str], bool]] = {
    "answers": lambda path: path == "scaffold.yml",
    "build-rs": lambda path: path.endswith(".rs"),
    "cargo-config": lambda path: path == ".cargo/config.toml",
    "gradle": lambda path: path.rpartition("/")[2] in ("build.gradle.kts", GROOVY),
    "rust-toolchain": lambda path: path == "rust-toolchain.toml",
}
_FORMATS = {
    "answers": Format.ANSWERS,
    "build-rs": Format.RUST,
    "cargo-config": Format.TOML,
    "gradle": Format.KOTLIN,
    "rust-toolchain": Format.TOML,
}
