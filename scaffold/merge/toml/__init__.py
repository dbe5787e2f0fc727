"""TOML three ways, key by key and element by element."""

from scaffold.merge.toml.merge import merge_toml

__all__ = ["merge_toml"]
