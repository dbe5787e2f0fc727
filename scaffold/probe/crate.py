"""A Cargo package, as its manifest describes it."""

from dataclasses import dataclass


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
