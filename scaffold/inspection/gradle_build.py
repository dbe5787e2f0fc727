"""A Gradle module's `build/` folder holds each library many times: only its last stage is judged.

The Android plugin copies libraries from stage to stage; each variant has its own. Names as of AGP 7 to 9.
"""

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from scaffold.inspection.library import Kind, Library
from scaffold.inspection.walk import FileBelow

# Later stages follow; what is not listed (the output of a compiler, generated folders) comes before all of them.
_STAGES = (
    "merged_jni_libs",
    "merged_native_libs",
    "stripped_native_libs",
    "library_jni",
    "library_and_local_jars_jni",
    "intermediary_bundle",
    "apk",
    "outputs",
)
# In these, an application has everything that it packages.
_WHOLE = ("merged_native_libs", "stripped_native_libs")
_LIBRARY_MARKS = ("outputs/aar", "intermediates/aar_metadata", "intermediates/library_jni")
_APP_MARKS = ("outputs/apk", "outputs/bundle", "intermediates/apk")
_INSIDE = re.compile(r"^(.*?/build)/((?:intermediates|outputs|generated|rustJniLibs)/.*)$", re.S)


class BuildStage(NamedTuple):
    """Where in a build a file stands: the module's `build/`, how late (0 first), and the variants that it may be of."""

    build: str
    rank: int
    name: str
    variants: frozenset[str]


def stage_of(path: str) -> BuildStage | None:
    """None for a file that is not in a module's `build/` folder."""
    found = _INSIDE.match(os.path.abspath(path).replace(os.sep, "/"))
    if found is None:
        return None
    build, below = found.groups()
    parts = below.split("/")
    if parts[0] == "outputs":
        kind, folders, stem = parts[1], parts[2:-1], parts[-1].rpartition(".")[0]
        words = folders if kind != "aar" else stem.split("-")
        if words[:1] == ["androidTest"]:
            words = [*words[1:], words[0]]
        # `core-free-release.aar`: which of these words name the module is not known.
        starts = range(len(words)) if kind == "aar" else (0,)
        names = frozenset("".join(words[start:]).lower() for start in starts)
        return BuildStage(build, len(_STAGES), "outputs", names)
    name = parts[1] if parts[0] == "intermediates" and len(parts) > 3 else ""
    if name not in _STAGES:
        return BuildStage(build, 0, name, frozenset())
    return BuildStage(build, _STAGES.index(name) + 1, name, frozenset({parts[2].lower()}))


def module_kind(stage: BuildStage, found: dict[str, bool]) -> Kind:
    """`folder` for the whole of an application, `module` for what may rely on one. `found` remembers per `build/`."""
    if stage.build not in found:
        has = [
            any(_exists(stage.build, mark) for mark in marks)
            for marks in (_LIBRARY_MARKS, _APP_MARKS)
        ]
        found[stage.build] = has[1] and not has[0]
    return "folder" if found[stage.build] and stage.name in _WHOLE else "module"


def _exists(build: str, mark: str) -> bool:
    return os.path.isdir(os.path.join(build, *mark.split("/")))


def by_stage(files: Iterable[FileBelow]) -> list[FileBelow]:
    """The same files, those of a build folder latest stage first; all others keep their order."""

    def key(file: FileBelow) -> int:
        stage = stage_of(file.path)
        return -stage.rank if stage else -1_000

    return sorted(files, key=key)


class Judged:
    """Which libraries of which variant were judged at a later stage."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str, str], int] = {}
        self.skipped = 0

    def again(self, stage: BuildStage, name: str, abi: str) -> bool:
        """Whether a later stage has the library; counts those."""
        later = any(
            self._seen.get((stage.build, variant, abi, name), -1) > stage.rank
            for variant in stage.variants or {""}
        )
        self.skipped += later
        return later

    def add(self, stage: BuildStage, library: Library) -> None:
        """Remembers it for the earlier stages of this build."""
        for variant in (*stage.variants, ""):
            key = (stage.build, variant, library.folder_abi, library.name)
            self._seen[key] = max(stage.rank, self._seen.get(key, 0))
