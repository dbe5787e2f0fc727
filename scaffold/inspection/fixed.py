"""Which version of a dependency supports 16 KB pages: `data/fixed_versions.toml`."""

import os
import tomllib
from functools import cache
from typing import NamedTuple

from scaffold.facts import version_key

_FILE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "fixed_versions.toml")
# JNA's newer versions have defects of their own (data/jna.toml).
_ADVICE = {"net.java.dev.jna:jna": "5.18.1, or 5.19.1 or newer (UniFFI: `jna` in scaffold.yml)"}


class FixedVersion(NamedTuple):
    """`coordinate` is `group:artifact`; `version` the first one that is right, `libraries` what it contains."""

    coordinate: str
    version: str
    libraries: tuple[str, ...]

    @property
    def advice(self) -> str:
        """The version to take."""
        return _ADVICE.get(self.coordinate, f"{self.version} or newer")

    def fixes(self, version: str) -> bool:
        """Whether `version` is older; True where it cannot be compared."""

        try:
            return version_key(version) < version_key(self.version)
        except ValueError:
            return True


@cache
def fixed_versions() -> tuple[FixedVersion, ...]:
    """Every row."""
    with open(_FILE, "rb") as file:
        rows = tomllib.load(file)["fixed"]
    return tuple(
        FixedVersion(row["coordinate"], row["version"], tuple(row["libraries"].split()))
        for row in rows
    )


def fixed_version(coordinate: str) -> FixedVersion | None:
    """The row of `group:artifact`, or of an artifact whose group is not known."""
    for row in fixed_versions():
        if coordinate in (row.coordinate, row.coordinate.partition(":")[2]):
            return row
    return None


def usual_owner(library: str) -> str:
    """`group:artifact` of the dependency that a library of that name is known from, else ""."""
    return next((row.coordinate for row in fixed_versions() if library in row.libraries), "")
