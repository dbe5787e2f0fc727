"""The project that a log belongs to, and what its crates' build scripts printed under target/."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.files.reading import read_bytes, read_toml, text_at


class BuildOutput(NamedTuple):
    """What a crate's build script printed, for the target in whose folder it was found (empty: the host)."""

    target: str
    crate: str
    text: str


ANSWERS = "scaffold.yml"
LARGEST_OUTPUT = 1 << 21
MOST_OUTPUTS = 5000
MOST_BYTES = 1 << 26


def project_above(folder: str) -> str | None:
    """The nearest folder at or above `folder` that holds a scaffold.yml."""
    folder = os.path.abspath(folder)
    while not os.path.isfile(os.path.join(folder, ANSWERS)):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def package_name(project: str, crate: str) -> str:
    """The name in the crate's Cargo.toml; empty where there is none."""
    return text_at(read_toml(os.path.join(project, crate, "Cargo.toml")), "package", "name") or ""


def build_outputs(project: str, crate: str) -> tuple[BuildOutput, ...]:
    """The outputs of build scripts in the crate's target folder, or in the workspace's above it.

    At most MOST_OUTPUTS files and MOST_BYTES bytes are read; what cannot be read is left out.
    """
    found: list[BuildOutput] = []
    size = 0
    for target in _target_folders(project, crate):
        for triple, name, path in _output_files(target):
            data = read_bytes(path, LARGEST_OUTPUT)
            if data is not None:
                size += len(data)
                found.append(BuildOutput(triple, name, data.decode("utf-8", "replace")))
            if len(found) >= MOST_OUTPUTS or size >= MOST_BYTES:
                return tuple(found)
    return tuple(found)


def _target_folders(project: str, crate: str) -> Iterator[str]:
    """What the environment names; from the crate up to the project: what Cargo's configuration names, and `target`."""
    for variable in ("CARGO_BUILD_BUILD_DIR", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"):
        if named := os.environ.get(variable):
            yield os.path.join(project, named)
    project = os.path.abspath(project)
    folder = os.path.abspath(os.path.join(project, crate))
    while True:
        config = read_toml(os.path.join(folder, ".cargo", "config.toml"))
        for key in ("build-dir", "target-dir"):
            named = text_at(config, "build", key) or ""
            path = os.path.normpath(os.path.join(folder, named.replace("{workspace-root}", folder)))
            # A stranger's configuration does not send us out of the project.
            if named and "{" not in path and path.startswith(project + os.sep):
                yield path
        yield os.path.join(folder, "target")
        parent = os.path.dirname(folder)
        if folder == project or parent == folder:
            return
        folder = parent


def _output_files(target: str) -> Iterator[tuple[str, str, str]]:
    """Triple (empty for the host), package and path of what build scripts printed.

    `[<triple>/]<profile>/build/<package>-<hash>/output`; from Cargo 1.100 on `…/build/<package>/<hash>/run/stdout`.
    """
    for first in _folders(target):
        for build, triple in (
            (os.path.join(target, first, "build"), ""),
            *_by_triple(target, first),
        ):
            for folder in _folders(build):
                path = os.path.join(build, folder, "output")
                if os.path.isfile(path):
                    yield triple, _package(folder), path
                    continue
                for inner in _folders(os.path.join(build, folder)):
                    for name in ("output", os.path.join("run", "stdout")):
                        path = os.path.join(build, folder, inner, name)
                        if os.path.isfile(path):
                            yield triple, folder, path


def _by_triple(target: str, triple: str) -> Iterator[tuple[str, str]]:
    if triple.count("-") >= 2:
        for profile in _folders(os.path.join(target, triple)):
            yield os.path.join(target, triple, profile, "build"), triple


def _package(folder: str) -> str:
    name, _, tail = folder.rpartition("-")
    return name if name and len(tail) == 16 else folder


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
