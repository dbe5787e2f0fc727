"""What the plan needs to know of a repository: values that `project.survey` fills, and that tests write down."""

from typing import NamedTuple

from scaffold.gradle.found import Module
from scaffold.probe.cpp import CppLook
from scaffold.probe.crate import Crate


class Project(NamedTuple):
    """A repository as it stands. `crate` and `module` are None where the folder has no such file yet.

    `present`: those files, of the ones that a starter would make, that are there (paths from the root).
    `settings_above`: a folder above it, up to the repository's root, has Gradle settings.
    `unread`: other files of the Gradle build that are not read, and why.
    `bindings`: the folder of Kotlin that UniFFI generated and the user committed; "" without.
    `cpp`: the C++ runtimes that the crate's dependencies link, looked for where the answers link one.
    `rustflags_variable`: the environment variable that hides rustflags of Cargo's configuration, if one is set.
    """

    name: str = "project"
    crate: Crate | None = None
    module: Module | None = None
    present: frozenset[str] = frozenset()
    settings_above: bool = False
    legacy_cargo_config: bool = False
    legacy_toolchain: bool = False
    build_rustflags: str = ""
    rustflags_variable: str = ""
    path_with_spaces: bool = False
    unread: tuple[tuple[str, str], ...] = ()
    bindings: str = ""
    cpp: CppLook | None = None
