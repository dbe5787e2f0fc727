"""Libraries that a place has for one ABI and lacks for another that it also serves."""

from collections.abc import Iterable
from typing import NamedTuple

from scaffold.inspection.elf.machine import OLD_ABIS
from scaffold.inspection.library import Library


class MissingAbi(NamedTuple):
    """`library` is there, but not for `abis`; on such a device `dlopen` does not find it."""

    place: str
    library: str
    abis: tuple[str, ...]


def missing_abis(libraries: Iterable[Library]) -> list[MissingAbi]:
    """Only what lies in ABI folders counts, nothing else is chosen by ABI; those of old ABIs do not."""
    places: dict[str, dict[str, set[str]]] = {}
    for library in libraries:
        if library.folder_abi not in (*OLD_ABIS, "") and library.name and not library.desktop:
            names = places.setdefault(library.place.path, {})
            names.setdefault(library.name, set()).add(library.folder_abi)
    missing = []
    for place, names in places.items():
        everywhere = set().union(*names.values())
        for name, abis in sorted(names.items()):
            if abis != everywhere:
                missing.append(MissingAbi(place, name, tuple(sorted(everywhere - abis))))
    return missing
