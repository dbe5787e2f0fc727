"""Rust that something other than Gradle builds, from a crate that is not in this repository."""

import os
import re
from collections.abc import Iterator

from scaffold.files.reading import read_bytes, read_text
from scaffold.files.tree import folders
from scaffold.gradle.android import ABIS
from scaffold.gradle.found import Module
from scaffold.gradle.sources import below

_SCRIPT = re.compile(
    r".+\.(?:sh|bash|ps1|bat|cmd|py|mk|gradle|gradle\.kts)|[Mm]akefile|GNUmakefile|\.?[Jj]ustfile"
)
_BUILDS = re.compile(
    r"\bcargo[ \t\"',+\w.-]*[ \t\"',-]ndk\b|\b(?:cargo|cross)\b[^\n]*\b\w+-linux-android(?:eabi)?\b"
    r"|\bcargo\b[^\n]*\bbuild\b[^\n]*\bandroid\b"
)
_JNI_LIBS = re.compile(r"([\w./${}-]*?)/?\bsrc/\w+/jniLibs\b")
# What rustc leaves in every library: the folder of its own sources, and std's names.
_OF_RUST = re.compile(
    rb"/rustc/[0-9a-f]{40}/|rust_eh_personality|\x00rust_panic\x00|RUST_BACKTRACE"
)
_LARGEST_SCRIPT = 256 * 1024
_LARGEST_LIBRARY = 64 * 1024 * 1024
_MOST_LIBRARIES = 8
_MOST_SCRIPTS = 300


def rust_elsewhere(root: str, module: Module) -> str:
    """What shows that the module's libraries are built elsewhere: a library, generated Kotlin, a script; else ""."""
    return next(_seen(root, module), "")


def _seen(root: str, module: Module) -> Iterator[str]:
    for _, path in zip(range(_MOST_LIBRARIES), _libraries(root, module), strict=False):
        if _OF_RUST.search(read_bytes(_at(root, path), _LARGEST_LIBRARY) or b""):
            yield path
    for folder, files in folders(root, below(module.folder, "src"), deepest=12):
        if folder.rpartition("/")[2] == "uniffi" or "/uniffi/" in folder:
            yield from (below(folder, name) for name in sorted(files) if name.endswith(".kt"))
    yield from (f"{path}:{row}" for path, row, _ in _building(root))


def filled_by_scripts(root: str) -> tuple[str, ...]:
    """The folders of modules whose jniLibs a script fills that builds Rust, as far as its paths tell: their ends."""
    found: dict[str, None] = {}
    for path, _, text in _building(root):
        for before in _JNI_LIBS.findall(text):
            parts = [p for p in before.split("/") if p not in ("", ".", "..") and "$" not in p]
            folder = path.rpartition("/")[0] or "."
            found["/".join(parts) or folder] = None
    return tuple(found)


def _building(root: str) -> Iterator[tuple[str, int, str]]:
    """(script, row, text) of the scripts that build Rust for Android, at the first line that does."""
    for _, path in zip(range(_MOST_SCRIPTS), _scripts(root), strict=False):
        text = read_text(_at(root, path), _LARGEST_SCRIPT) or ""
        for row, line in enumerate(text.split("\n"), 1):
            if _BUILDS.search(line) and not line.lstrip().startswith(("#", "//", "echo", "print")):
                yield path, row, text
                break


def _libraries(root: str, module: Module) -> Iterator[str]:
    for parent in ("src/main/jniLibs", "src/androidMain/jniLibs", "libs"):
        for abi in ABIS:
            folder = below(module.folder, f"{parent}/{abi}")
            for _, files in folders(root, folder, deepest=0):
                yield from (below(folder, name) for name in sorted(files) if name.endswith(".so"))


def _scripts(root: str) -> Iterator[str]:
    workflows = ".github/workflows"
    for folder, files in (*folders(root, workflows, deepest=0), *folders(root, deepest=3)):
        for name in sorted(files):
            if _SCRIPT.fullmatch(name) or (
                folder == workflows and name.endswith((".yml", ".yaml"))
            ):
                yield below(folder, name)


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/"))
