"""Every place that gives rustflags to Cargo in a folder, in the order in which one hides the other.

Source: https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags
"""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.files.reading import read_toml, table


class FlagSource(NamedTuple):
    """A place that gives rustflags. `rank` 0 wins over 1 and so on; those of one rank are joined.

    `triple` is the target (or cfg) that they are for, "" for all.
    """

    rank: int
    place: str
    triple: str = ""


ENCODED, RUSTFLAGS, TARGET, BUILD = range(4)
_DEEPEST = 64  # folders above the crate


def rustflag_sources(
    folder: str, environment: Mapping[str, str], project: str
) -> tuple[tuple[FlagSource, ...], tuple[str, ...]]:
    """(sources, config files that another beside them hides) for Cargo run in `folder`. Reads only."""
    found = list(_variables(environment))
    hidden: list[str] = []
    for path in config_files(folder, environment, hidden):
        place = _shown(path, project)
        document = read_toml(path)
        for triple, settings in table(document, "target").items():
            if "rustflags" in table(settings):
                found.append(FlagSource(TARGET, place, triple[:100]))
        if "rustflags" in table(document, "build"):
            found.append(FlagSource(BUILD, f"{place} [build]"))
    return tuple(sorted(found, key=lambda s: s.rank)), tuple(_shown(p, project) for p in hidden)


def config_files(
    folder: str, environment: Mapping[str, str], hidden: list[str] | None = None
) -> Iterator[str]:
    """Cargo's configuration files, nearest first, Cargo's home last. `config` comes before `config.toml`."""
    seen: set[str] = set()
    for place in (*_above(folder), cargo_home(environment)):
        real = os.path.realpath(place)
        if not place or real in seen:
            continue
        seen.add(real)
        both = [os.path.join(place, name) for name in ("config", "config.toml")]
        there = [path for path in both if os.path.isfile(path)]
        if len(there) == 2 and hidden is not None:
            hidden.append(there[1])
        yield from there[:1]


def _above(folder: str) -> Iterator[str]:
    folder = os.path.abspath(folder)
    for _ in range(_DEEPEST):
        yield os.path.join(folder, ".cargo")
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def cargo_home(environment: Mapping[str, str], *, windows: bool = os.name == "nt") -> str:
    """Cargo's home; "" where nothing says. Cargo asks Windows for the profile and Unix for `HOME`."""
    names = ("USERPROFILE", "HOME") if windows else ("HOME", "USERPROFILE")
    home = next((environment[name] for name in names if environment.get(name)), "")
    return environment.get("CARGO_HOME") or (os.path.join(home, ".cargo") if home else "")


def _variables(environment: Mapping[str, str]) -> Iterator[FlagSource]:
    for rank, name in ((ENCODED, "CARGO_ENCODED_RUSTFLAGS"), (RUSTFLAGS, "RUSTFLAGS")):
        if name in environment:
            yield FlagSource(rank, name if environment[name] else f"{name} (empty)")
    for name in sorted(environment):
        if name.startswith("CARGO_TARGET_") and name.endswith("_RUSTFLAGS"):
            yield FlagSource(TARGET, name[:120])
    if "CARGO_BUILD_RUSTFLAGS" in environment:
        yield FlagSource(BUILD, "CARGO_BUILD_RUSTFLAGS")


def _shown(path: str, project: str) -> str:
    """From the project where it is inside."""
    root = os.path.join(os.path.abspath(project), "")
    return path[len(root) :].replace(os.sep, "/") if path.startswith(root) else path
