"""What the plan needs to know of a repository: values that `probe` fills, and that tests write down."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setting:
    """Something the user's files say: `value` where it could be read, `text` as it stands there."""

    value: str | None
    text: str
    place: str


@dataclass(frozen=True)
class Crate:
    """A Cargo package. `crate_types` are those of its `[lib]`, or Cargo's default; without a library, empty.

    `build` is `package.build` where it is set: a path, or False.
    """

    manifest: str
    name: str = ""
    crate_types: tuple[str, ...] = ("cdylib",)
    rust_version: str | None = None
    build: str | bool | None = None
    cdylib_place: str = ""


@dataclass(frozen=True)
class Module:
    """A Gradle module's build file; paths are seen from the project's root.

    `android`: has an Android target. `jvm_source_set`: the main source set of its JVM target, or None.
    `ours_ndk`: what our own block says by now, where somebody edited it.
    """

    path: str
    groovy: bool = False
    android: bool = True
    jvm_source_set: str | None = "jvmMain"
    imports: frozenset[str] = frozenset()
    ndk: Setting | None = None
    ours_ndk: Setting | None = None
    catalogue_ndk: Setting | None = None
    jna: tuple[Setting, ...] = ()
    package_directory: Setting | None = None
    dynamic_cpp: Setting | None = None
    abi_filters: tuple[str, ...] = ()
    abi_place: str = ""
    gobley: Setting | None = None


@dataclass(frozen=True)
class Project:
    """A repository as it stands. `crate` and `module` are None where the folder has no such file yet.

    `present`: those files, of the ones that a starter would make, that are there (paths from the root).
    `rustflags_variable`: the environment variable that hides rustflags of Cargo's configuration, if one is set.
    """

    name: str = "project"
    crate: Crate | None = None
    module: Module | None = None
    present: frozenset[str] = field(default_factory=frozenset)
    legacy_cargo_config: bool = False
    legacy_toolchain: bool = False
    build_rustflags: str = ""
    rustflags_variable: str = ""
    path_with_spaces: bool = False
