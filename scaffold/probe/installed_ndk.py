"""An NDK on this machine."""

from typing import NamedTuple


class InstalledNdk(NamedTuple):
    """An NDK's folder, the revision that the folder is named after, and the one in its source.properties."""

    folder: str
    name: str
    revision: str
