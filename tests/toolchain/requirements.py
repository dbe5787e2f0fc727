"""What a proof needs of the machine: a skip with its reason on a user's, a failure in CI."""

import os
import shutil
from pathlib import Path

import pytest

REQUIRED = "SCAFFOLD_REQUIRE_TOOLCHAIN"
REPOSITORY = Path(__file__).parents[2]


def require(condition: bool, reason: str) -> None:
    """Skip unless `condition` holds; where SCAFFOLD_REQUIRE_TOOLCHAIN is set, fail instead."""
    if condition:
        return
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason} ({REQUIRED} is set)", pytrace=False)
    pytest.skip(reason)


def program(name: str) -> str:
    """The full path of a program on PATH."""
    found = shutil.which(name)
    require(found is not None, f"{name} is not installed")
    assert found is not None
    return found


def cache_folder(name: str) -> Path:
    """A folder for downloads and builds that outlives the run; git ignores it, CI may keep it."""
    folder = REPOSITORY / ".cache" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
