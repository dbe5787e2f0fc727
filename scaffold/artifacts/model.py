"""One thing that is generated."""

from enum import Enum
from typing import NamedTuple


class Format(Enum):
    """How an artifact meets what the user has: by key, by block, by line, or once and never again."""

    TOML = "toml"
    KOTLIN = "kotlin"
    RUST = "rust"
    TEXT = "text"
    ANSWERS = "answers"
    ONCE = "once"


class Artifact(NamedTuple):
    """One file, or our part of one. `newline` and `mode` hold for a file that we create.

    `values` is a named tuple, which the template sees under the name of its type (`BuildRs` as `build_rs`).
    `blocked`: why it cannot be written where it belongs; the user is shown `paste` in place of the template's text.
    """

    id: str
    path: str
    format: Format
    template: str
    values: object
    reason: str
    newline: str = "\n"
    mode: int = 0o644
    blocked: str = ""
    paste: str = ""
