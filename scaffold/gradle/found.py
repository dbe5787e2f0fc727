"""What a Gradle module's files say, as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """Something the user's files say: `value` where it could be read, `text` as it stands there."""

    value: str | None
    text: str
    place: str


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
