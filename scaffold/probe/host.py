"""The machine that the command runs on."""

import os
import sys
from collections.abc import Mapping

RUSTFLAGS_VARIABLES = ("CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS")


def this_host(platform: str = sys.platform) -> str:
    """`linux`, `macos` or `windows`; any other Unix counts as Linux."""
    return {"darwin": "macos", "win32": "windows", "cygwin": "windows"}.get(platform, "linux")


def rustflags_variable(environment: Mapping[str, str] = os.environ) -> str:
    """The variable that hides rustflags of Cargo's configuration: even an empty one does."""
    return next((name for name in RUSTFLAGS_VARIABLES if name in environment), "")
