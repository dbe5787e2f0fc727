"""The crates and modules of a repository that the answers may mean, the likeliest first."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from scaffold.files.tree import folders
from scaffold.gradle.build import BUILD_FILES
from scaffold.gradle.conventions import Builds
from scaffold.gradle.found import Module
from scaffold.gradle.module import find_module
from scaffold.gradle.rust import GOBLEY_PLUGINS
from scaffold.gradle.sources import Sources
from scaffold.probe.cargo import read_crate
from scaffold.probe.crate import Crate
from scaffold.probe.elsewhere import filled_by_scripts

_BUILDERS = {
    "gobley": "Gobley",
    "cargo-ndk": "cargo ndk",
    "rust-android-gradle": "rust-android-gradle",
}
_ASIDE = frozenset(
    f"{name}{end}"
    for name in ("bench", "demo", "example", "sample", "test")
    for end in ("", "s", "es")
)
NO_LIBRARY = 5  # from this rank on, a crate has no library
_MOST = 500  # crates or modules that are looked at


class Candidate(NamedTuple):
    """A crate or module. `rank`: the lowest is the likeliest. `place` is the line that speaks for it."""

    folder: str
    about: str
    rank: int
    place: str
    far: int = 0  # among equals, the lowest comes first


def first(candidates: list[Candidate]) -> Candidate | None:
    """The likeliest one."""
    return candidates[0] if candidates else None


class Crates:
    """Every Cargo package below `root`."""

    def __init__(self, root: str) -> None:
        found: list[tuple[str, Crate]] = []
        self.unread: dict[str, str] = {}  # manifest → the measure that it is over
        for folder, files in folders(root):
            crate = read_crate(root, folder) if "Cargo.toml" in files else None
            if crate and crate.name and len(found) < _MOST:
                found.append((folder, crate))
            elif crate and crate.unread:
                self.unread[crate.manifest] = crate.unread
        self._found = found

    def candidates(self, module: Module | None = None) -> list[Candidate]:
        """First the one that the module builds, then cdylibs (with UniFFI before without), libraries, the rest.

        Among equals, first those in the module's folder, then those that depend on what only Android has; tests and
        examples last.
        """
        named = self._named(module) if module else None
        found = []
        for folder, crate in self._found:
            kinds = crate.crate_types
            library = 0 if crate.linked_here else 1 if kinds else 2
            inside = module and module.folder != "." and _below_any(folder, [module.folder])
            rank = 0 if folder == named else 1 + 2 * library + (not crate.uniffi)
            about = f"{crate.name} ({', '.join(kinds) or 'no library'}{', UniFFI' * crate.uniffi})"
            place = crate.cdylib_place if "cdylib" in kinds else crate.manifest
            aside = not _ASIDE.isdisjoint(folder.split("/"))
            far = 0 if inside else 3 if aside else 1 if crate.for_android else 2
            found.append(Candidate(folder, about, rank, place, far))
        return _sorted(found)

    def _named(self, module: Module) -> str | None:
        """The crate that the module builds; of a workspace's folder, the package of that name or its one cdylib."""
        folder = module.crate
        if folder is None or any(folder == one for one, _ in self._found):
            return folder
        start = "" if folder == "." else f"{folder}/"
        inside = [(f, crate) for f, crate in self._found if f.startswith(start)]
        by_name = [f for f, crate in inside if _named(crate.name) == _named(module.crate_package)]
        cdylibs = [f for f, crate in inside if "cdylib" in crate.crate_types]
        return by_name[0] if by_name else cdylibs[0] if len(cdylibs) == 1 else folder


class Modules:
    """Every Gradle module below the root of `sources`, builds that make convention plugins left out."""

    def __init__(self, sources: Sources) -> None:
        self._builds = Builds(sources)
        self._found: dict[str, Module] = {}
        for folder, files in folders(sources.root):
            if any(name in files for name in BUILD_FILES) and len(self._found) < _MOST:
                module = find_module(self._builds, folder)
                if module:
                    self._found[folder] = module
        logic = self._logic()
        self._found = {f: m for f, m in self._found.items() if not _below_any(f, logic)}

    def _logic(self) -> set[str]:
        """The included builds that make convention plugins; another may as well be an app or a library."""
        builds = {id(one): one for one in (self._builds.around(f) for f in self._found)}
        return {
            inner
            for build in builds.values()
            for inner in build.build.included
            if any(build.makes_plugins(f) for f in self._found if _below_any(f, [inner]))
        }

    def builders(self) -> list[Module]:
        """Those that build a Rust library."""
        return [module for module in self._found.values() if _builds(module)]

    def at(self, folder: str) -> Module | None:
        """The module in `folder`, also where no candidate is."""
        return self._found.get(folder) or find_module(self._builds, folder)

    def candidates(self, crate: str | None = None, near: str = ".") -> list[Candidate]:
        """First those that build Rust (the one that builds `crate` before the others), then those that run Cargo in a
        way of their own or whose libraries a script builds, those with another plugin of Gobley's or with JNA, any
        Kotlin or Android one, the rest; among those that build nothing, the nearest to the folder `near`.
        """
        scripted = self._filled if not self.builders() else ()
        found = []
        for folder, module in self._found.items():
            gobley = module.has(*GOBLEY_PLUGINS)
            builds = _builds(module)
            kotlin = module.kotlin is not None or module.android
            rank = 3 if gobley or module.crate or module.jna else 4 if kotlin else 5
            if builds:
                rank = 0 if crate is not None and module.crate == crate else 1
            elif module.own_rust or any(f"/{folder}".endswith(f"/{end}") for end in scripted):
                rank = 2
            by = _BUILDERS.get(module.rust_build, "Gobley" if gobley else "")
            words = [*[by] * bool(by), module.kotlin or "no Kotlin plugin found"]
            place = module.rust_place or module.place_of(*GOBLEY_PLUGINS)
            found.append(Candidate(folder, f"{module.path} ({', '.join(words)})", rank, place))
        steps = {one.folder: _steps(one.folder, near) for one in found if one.rank > 1}
        return sorted(_sorted(found), key=lambda c: (c.rank, steps.get(c.folder, 0)))

    @cached_property
    def _filled(self) -> tuple[str, ...]:
        return filled_by_scripts(self._builds.sources.root)


def _named(package: str) -> str:
    return package.replace("-", "_")


def _steps(folder: str, other: str) -> int:
    """How many folders lie on the way from one to the other."""
    a, b = ([] if one == "." else one.split("/") for one in (folder, other))
    shared = next(
        (at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    return len(a) + len(b) - 2 * shared


def _builds(module: Module) -> bool:
    # A root script that applies the plugin and nothing to go with it only brings it for the others.
    alone = not module.android and module.kotlin is None
    return module.rust_build == "gobley" or (module.rust_build != "none" and not alone)


def _sorted(found: list[Candidate]) -> list[Candidate]:
    """Among equals the nearest to the root, then by name."""
    return sorted(
        found, key=lambda c: (c.rank, c.far, c.folder.count("/"), c.folder != ".", c.folder)
    )


def _below_any(folder: str, above: Iterable[str]) -> bool:
    return any(folder == one or folder.startswith(f"{one}/") for one in above if one != ".")
