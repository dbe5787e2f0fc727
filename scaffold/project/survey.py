"""The look at a repository that the plan needs, with a record of every file that was looked at."""

import os
from collections.abc import Mapping

from scaffold.answers.model import Answers
from scaffold.artifacts.project import Project
from scaffold.artifacts.starter import starter_candidates
from scaffold.files.reading import line_of, read_text, read_toml, table
from scaffold.gradle.module import read_module
from scaffold.gradle.sources import Sources
from scaffold.probe.cargo import read_crate
from scaffold.probe.host import rustflags_variable

CARGO_CONFIG = ".cargo/config.toml"


def survey(root: str, answers: Answers, environment: Mapping[str, str] = os.environ) -> Project:
    """What the repository at `root` has already. Reads only."""
    candidates = starter_candidates(answers.crate, answers.module)
    present = frozenset(path for path in candidates if os.path.lexists(_at(root, path)))
    return Project(
        name=os.path.basename(os.path.abspath(root)) or "project",
        crate=read_crate(root, answers.crate),
        module=read_module(root, answers.module, answers.plugin),
        present=present,
        legacy_cargo_config=os.path.lexists(_at(root, ".cargo/config")),
        legacy_toolchain=os.path.lexists(_at(root, "rust-toolchain")),
        build_rustflags=_build_rustflags(root),
        rustflags_variable=rustflags_variable(environment),
        path_with_spaces=" " in os.path.abspath(root),
    )


def inputs(
    answers: Answers, root: str = "", written: Mapping[str, bytes | None] | None = None
) -> tuple[str, ...]:
    """The files whose content or absence the survey of `root` depends on, from the root; `written` as in `Sources`."""
    folders = [] if answers.crate == "." else answers.crate.split("/")
    manifests = ["/".join([*folders[:depth], "Cargo.toml"]) for depth in range(len(folders) + 1)]
    # Not src/lib.rs nor the settings file: only a folder without Cargo.toml or build file asks for them.
    builds = ["build.gradle", "build.gradle.kts"]
    module = "" if answers.module == "." else answers.module + "/"
    found = (
        *(module + name for name in builds),
        *manifests,
        "gradle/libs.versions.toml",
        "gradle.properties",
        CARGO_CONFIG,
        ".cargo/config",
        "rust-toolchain",
        "scaffold.yml",
        *_asked(root, answers, written or {}),
    )
    return tuple(dict.fromkeys(found))


def _asked(root: str, answers: Answers, written: Mapping[str, bytes | None]) -> tuple[str, ...]:
    """What the module's build was asked for: settings, catalogues, properties, convention plugins."""
    if not root:
        return ()
    sources = Sources(root, written)
    read_module(root, answers.module, answers.plugin, sources)
    return tuple(sources.asked)


def _build_rustflags(root: str) -> str:
    path = _at(root, CARGO_CONFIG)
    if "rustflags" not in table(read_toml(path), "build"):
        return ""
    return f"{CARGO_CONFIG}:{line_of(read_text(path) or '', 'rustflags')}"


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/"))
