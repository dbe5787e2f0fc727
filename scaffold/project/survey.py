"""The look at a repository that the plan needs."""

import os
from collections.abc import Mapping

from scaffold.answers.model import Answers
from scaffold.artifacts.paths import below
from scaffold.artifacts.project import Project
from scaffold.artifacts.render import render
from scaffold.artifacts.starter import starter_artifacts, starter_candidates, starter_module
from scaffold.files.reading import line_of, read_text, read_toml, table
from scaffold.gradle.build import SETTINGS
from scaffold.gradle.module import read_module
from scaffold.gradle.sources import Sources
from scaffold.probe.cargo import read_crate
from scaffold.probe.cpp import cpp_dependencies
from scaffold.probe.host import rustflags_variable

CARGO_CONFIG = ".cargo/config.toml"


def survey(
    root: str,
    answers: Answers,
    environment: Mapping[str, str] = os.environ,
    written: Mapping[str, bytes | None] | None = None,
) -> Project:
    """What the repository at `root` has already; reads only. `written` as in `Sources`."""
    candidates = starter_candidates(answers)
    present = frozenset(path for path in candidates if os.path.lexists(_at(root, path)))
    sources = Sources(root, written)
    module = read_module(root, answers.module, sources)
    project = Project(
        name=os.path.basename(os.path.abspath(root)) or "project",
        crate=read_crate(root, answers.crate),
        module=module,
        present=present,
        settings_above=_settings_above(root),
        legacy_cargo_config=os.path.lexists(_at(root, ".cargo/config")),
        legacy_toolchain=os.path.lexists(_at(root, "rust-toolchain")),
        build_rustflags=_build_rustflags(root),
        rustflags_variable=rustflags_variable(environment),
        unread=tuple(
            pair for pair in sorted(sources.unread.items()) if module and pair[0] != module.path
        ),
        bindings=_bindings(root, answers.module),
        cpp=cpp_dependencies(root, answers.crate) if answers.cpp_runtime != "none" else None,
        path_with_spaces=" " in os.path.abspath(root),
    )
    return _without_own(root, answers, project) if project.module is None else project


def _without_own(root: str, answers: Answers, project: Project) -> Project:
    """What a run that was cut off has left (the starter's, word for word, and no build file yet) decides nothing."""
    decide = {SETTINGS[0], below(answers.crate, "Cargo.toml")} & project.present
    if not decide:
        return project
    absent = project._replace(present=project.present - decide)
    starters = {one.path: one for one in starter_artifacts(answers, absent)}
    own = {
        path
        for path in decide & starters.keys()
        if read_text(_at(root, path)) == render(starters[path])
    }
    left = project._replace(present=project.present - own)
    return left if starter_module(answers, left) else project


def _settings_above(root: str) -> bool:
    """Whether a folder between the repository's root and this one has Gradle settings; no repository, no."""
    folder, found = os.path.abspath(root), False
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
        found = found or any(os.path.lexists(os.path.join(folder, name)) for name in SETTINGS)
    return found


def _bindings(root: str, module: str) -> str:
    for name in ("main", "androidMain", "commonMain"):
        for language in ("kotlin", "java"):
            path = below(module, f"src/{name}/{language}/uniffi")
            if os.path.isdir(_at(root, path)):
                return path
    return ""


def _build_rustflags(root: str) -> str:
    path = _at(root, CARGO_CONFIG)
    if "rustflags" not in table(read_toml(path), "build"):
        return ""
    return f"{CARGO_CONFIG}:{line_of(read_text(path) or '', 'rustflags')}"


def _at(root: str, path: str) -> str:
    return os.path.join(root, *path.split("/"))
