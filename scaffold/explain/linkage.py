"""Which C++ runtime each crate of a project links on Android, as the outputs of their build scripts tell."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaffold.explain.signatures import RuntimeSwitch
from scaffold.probe.build_outputs import BuildOutput

# `cargo:` and, from Cargo 1.77 on, `cargo::`; `-l` in rustc-flags and in link arguments count as well.
_LINK = re.compile(
    r"^\s*cargo::?rustc-link-lib=(?:[a-z]+(?::[^=\s]{0,80})?=)?([\w+.-]{1,80})", re.MULTILINE
)
_FLAGS = re.compile(
    r"^\s*cargo::?rustc-(?:flags|link-arg(?:s|-[a-z]+)?)=(.{1,4000})$", re.MULTILINE
)
_FLAG = re.compile(r"-l ?(?:[a-z]+=)?([\w+.-]{1,80})")
RUNTIMES = {"c++_shared": "shared", "c++": "shared", "c++_static": "static"}


class Link(NamedTuple):
    """A crate links a runtime: `c++_shared`, `c++_static` or (as good as shared on Android) `c++`."""

    target: str
    crate: str
    library: str

    @property
    def kind(self) -> str:
        return RUNTIMES[self.library]


def links(outputs: Iterable[BuildOutput]) -> tuple[Link, ...]:
    """The runtimes asked for in Android targets, each once, in order of crates."""
    found = set()
    for output in outputs:
        if "android" in output.target:
            names = _LINK.findall(output.text)
            for flags in _FLAGS.findall(output.text):
                names += _FLAG.findall(flags)
            found |= {Link(output.target, output.crate, name) for name in names if name in RUNTIMES}
    return tuple(sorted(found, key=lambda link: (link.crate, link.target, link.library)))


def summary(found: Iterable[Link]) -> str:
    """One sentence on who links what, empty where nobody does."""
    crates: dict[str, set[str]] = {}
    for link in found:
        crates.setdefault(link.library, set()).add(f"`{link.crate}`")
    parts = [
        f"{', '.join(sorted(names))} → `{library}`" for library, names in sorted(crates.items())
    ]
    if not parts:
        return ""
    kinds = {RUNTIMES[library] for library in crates}
    verdict = " Two different runtimes meet in one library." if len(kinds) > 1 else ""
    return f"The build scripts under target/ ask for: {'; '.join(parts)}.{verdict}"


def switches(
    found: Iterable[Link], wanted: str, own: str, knobs: Iterable[RuntimeSwitch]
) -> tuple[str, ...]:
    """How each crate that links the other runtime comes to `wanted` (shared or static); `own` is the user's crate."""
    rows = {knob.crate: knob for knob in knobs}
    told = []
    for crate, kind in sorted({(link.crate, link.kind) for link in found}):
        knob = rows.get(crate, rows.get("*"))
        if kind == wanted or knob is None:
            continue
        how = (
            "`scaffold regenerate` rewrites its build.rs" if crate == own else getattr(knob, wanted)
        )
        told.append(f"`{crate}` links {kind}: {how}.")
    return tuple(told)
