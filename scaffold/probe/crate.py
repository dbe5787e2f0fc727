"""A Cargo package, as its manifest describes it."""

from typing import NamedTuple

from scaffold.gradle.found import Setting


class Bindgen(NamedTuple):
    """A package's own binary that generates UniFFI's bindings, and the features that it requires."""

    binary: str
    features: tuple[str, ...] = ()


class Crate(NamedTuple):
    """A Cargo package. `crate_types` are those of its `[lib]`, or Cargo's default; without a library, empty.

    `build` is `package.build` where it is set: a path, or False. `own_cpp` and `own_page_flags` are lines of the user's
    own that link a C++ runtime or pass linker flags for 16 KB pages: in build.rs, in the package's .cargo/config.toml.
    `uniffi`: it depends on UniFFI, under whatever name; `uniffi_version`: where it names a plain one; `bindgen`: its
    own uniffi-bindgen; `for_android`: it depends on what only Android has; `bazel`: the file by which Bazel
    builds it. `unread`: why its manifest is not read.
    """

    manifest: str
    name: str = ""
    crate_types: tuple[str, ...] = ("cdylib",)
    rust_version: str | None = None
    build: str | bool | None = None
    cdylib_place: str = ""
    own_cpp: Setting | None = None
    own_page_flags: Setting | None = None
    uniffi: bool = False
    uniffi_version: str = ""
    bindgen: Bindgen | None = None
    for_android: bool = False
    bazel: str = ""
    unread: str = ""

    @property
    def linked_here(self) -> bool:
        """Whether Cargo itself links a library that can be loaded."""
        return "cdylib" in self.crate_types or "dylib" in self.crate_types
