"""Which merge a format has."""

from collections.abc import Callable

from scaffold.artifacts.model import Format
from scaffold.merge.result import Merged


def merge_of(format_: Format) -> Callable[..., Merged]:
    """The three-way merge of a format. Parsers are heavy: each is loaded for the formats that occur."""
    if format_ is Format.TOML:
        from scaffold.merge.toml import merge_toml

        return merge_toml
    if format_ is Format.KOTLIN:
        from scaffold.merge.kotlin import merge_kotlin

        return merge_kotlin
    if format_ is Format.RUST:
        from scaffold.merge.rust import merge_rust

        return merge_rust
    from scaffold.merge.lines import merge_lines

    return merge_lines
