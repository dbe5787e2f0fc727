"""`rust-toolchain.toml`: one Rust for all machines."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.artifacts.context import Context
from scaffold.artifacts.kind import ArtifactKind
from scaffold.artifacts.model import Artifact, Format

ID = "rust-toolchain"
PATH = "rust-toolchain.toml"


class RustToolchain(NamedTuple):
    """The channel that is pinned."""

    channel: str


def make(context: Context) -> Iterator[Artifact]:
    channel = context.answers.rust_toolchain
    if channel == "none":
        return
    yield Artifact(
        ID,
        PATH,
        Format.TOML,
        "rust-toolchain.toml.j2",
        RustToolchain(channel),
        f"pins Rust to {channel}",
        blocked=(
            "there is a rust-toolchain without extension, which rustup reads instead: remove it, "
            "or move its contents here"
            if context.project.legacy_toolchain
            else ""
        ),
    )


def explain(old: Context, new: Context, _before: object, _after: object) -> Iterator[str]:
    was, now = old.answers.rust_toolchain, new.answers.rust_toolchain
    if was != now:
        yield f"Rust {was} → {now}"


KIND = ArtifactKind(ID, Format.TOML, lambda _, path: path == PATH, make, explain)
