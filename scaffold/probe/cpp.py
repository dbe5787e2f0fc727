"""Which dependencies link a C++ runtime on Android, and what that means for `cpp_runtime`."""

import os
import posixpath
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from scaffold.answers.model import Found
from scaffold.facts import MARKS, FactsError
from scaffold.files.reading import read_toml, table, text_at
from scaffold.probe.dependencies import BUILDERS, Dependency, compiles_only_c, declared, everything

RUNTIMES = ("shared", "static", "mixed", "own", "none", "system", "elsewhere")

_LIBRARIES = {"c++_shared": "shared", "c++_static": "static", "c++": "shared", "": "none"}
_MOST_PACKAGES = 300  # of the repository that are looked into


class CppUse(NamedTuple):
    """A crate that brings C++ code, the runtime that it links on Android, and what it goes by."""

    crate: str
    runtime: str
    how: str


class CppLook(NamedTuple):
    """What a crate's dependencies bring: `uses` for sure, `unclear` are packages that build C or C++.

    `source` is the file that says so: Cargo.lock, or Cargo.toml where that is newer.
    """

    uses: tuple[CppUse, ...]
    unclear: tuple[str, ...]
    source: str = "Cargo.lock"


class _Table(NamedTuple):
    cpp: dict[str, CppUse]
    cxxstdlib: frozenset[str]  # crates that CXXSTDLIB turns to another runtime
    features: dict[tuple[str, str], str]
    plain_c: frozenset[str]
    wrappers: dict[str, str]


def cpp_dependencies(root: str, crate: str) -> CppLook | None:
    """What the package in `crate` and all that it depends on bring, on whatever target.

    By the nearest Cargo.lock that has the package, and by what its Cargo.toml depends on beside that.
    """
    parts = [] if crate == "." else crate.split("/")
    manifests = [
        read_toml(os.path.join(root, *parts[:depth], "Cargo.toml"))
        for depth in range(len(parts), -1, -1)
    ]
    own = manifests[0] or {}
    name = text_at(own, "package", "name")
    if name is None:
        return None
    above = next((at for at, one in enumerate(manifests) if one and "workspace" in one), None)
    common = parts[: len(parts) - above] if above is not None else parts
    asked = declared(own, (manifests[above] if above is not None else None) or {})
    graph = {one: {behind} for one, behind in load_cpp_crates().wrappers.items()}
    graph[name], source = set(asked), "Cargo.toml"
    for depth in range(len(parts), -1, -1):
        lock = _graph(read_toml(os.path.join(root, *parts[:depth], "Cargo.lock")) or {})
        if name in lock:
            later = asked.keys() - lock[name]  # what Cargo has not locked yet
            graph |= {**lock, name: lock[name] | later}
            source = "Cargo.toml" if later else "Cargo.lock"
            break
    unasked = _narrow(graph, root, parts, common)
    standard = _cxxstdlib(root, parts)
    return _look(graph, name, asked, standard, unasked)._replace(source=source)


def suggest_runtime(look: CppLook) -> Found:
    """The `cpp_runtime` that fits, with the reason."""
    by_runtime = {kind: [u for u in look.uses if u.runtime == kind] for kind in RUNTIMES}
    shared = [*by_runtime["shared"], *by_runtime["mixed"]]
    static, left_open = by_runtime["static"], by_runtime["none"]
    if shared and (static or by_runtime["mixed"]):
        second = [*static, *by_runtime["mixed"]]
        reason = (
            f"{look.source} has {_names(shared)}; but {_names(second)} would link a second, static "
            f"runtime: {second[0].how}"
        )
        return Found("shared", reason)
    for kind, uses in (("shared", shared), ("static", static), ("shared", left_open)):
        if uses:
            return Found(kind, f"{look.source} has {_names(uses)}: {uses[0].how}")
    if look.unclear:
        some = ", ".join(look.unclear[:3]) + ", …" * (len(look.unclear) > 3)
        return Found("shared", f"{some} may build C++; choose none if all of it is C")
    apart = [*by_runtime["own"], *by_runtime["system"]]
    if apart:
        return Found("none", f"{look.source} has {_names(apart)}: {apart[0].how}")
    return Found("none", f"no dependency in {look.source} builds C++")


def feature_for(crate: str, runtime: str) -> str:
    """The feature with which the crate links that runtime; "" where there is none."""
    features = load_cpp_crates().features.items()
    return next((f for (name, f), kind in features if (name, kind) == (crate, runtime)), "")


def _names(uses: Iterable[CppUse]) -> str:
    return ", ".join(use.crate for use in uses)


def _narrow(
    graph: dict[str, set[str]], root: str, parts: list[str], common: list[str]
) -> dict[str, set[str]]:
    """Takes out of the graph what packages of the repository depend on for tests, other targets or their build alone.

    Returns package → those that no feature turns on, and what compiles its own code where all of that is C.
    """
    workspace = read_toml(os.path.join(root, *common, "Cargo.toml")) or {}
    unasked: dict[str, set[str]] = {}
    todo, seen = [(parts, frozenset[str]())], set[tuple[str, frozenset[str]]]()
    while todo and len(seen) < _MOST_PACKAGES:
        way, features = todo.pop()
        folder = posixpath.normpath("/".join(way) or ".")
        here = [] if folder == "." else folder.split("/")
        if here[:1] == [".."] or (folder, features) in seen:
            continue
        place = os.path.join(root, *here)
        manifest = read_toml(os.path.join(place, "Cargo.toml")) or {}
        name = text_at(manifest, "package", "name")
        if name not in graph:
            continue
        seen.add((folder, features))
        asked = declared(manifest, workspace, features)
        graph[name] -= everything(manifest, workspace) - asked.keys()
        optional = {one for one, how in asked.items() if not how.usual}
        optional |= BUILDERS if compiles_only_c(place, manifest) else set()
        unasked[name] = unasked.get(name, optional) & optional
        for how in asked.values():
            if how.path:
                start = common if how.inherited else here
                todo.append(([*start, *how.path.split("/")], how.features))
    return unasked


def _cxxstdlib(root: str, parts: list[str]) -> str | None:
    """What `[env]` of Cargo's configuration in the project says in CXXSTDLIB for Android, or None."""
    for depth in range(len(parts), -1, -1):
        document = read_toml(os.path.join(root, *parts[:depth], ".cargo", "config.toml"))
        for name, value in table(document, "env").items():
            static = name.startswith("CXXSTDLIB_STATIC")  # how it is linked, not what
            ours = name.startswith("CXXSTDLIB_") and "android" in name and not static
            if name == "CXXSTDLIB" or ours:
                said = value if isinstance(value, str) else text_at(value, "value")
                if said is not None:
                    return said
    return None


def _look(
    graph: Mapping[str, set[str]],
    name: str,
    asked_for: Mapping[str, Dependency],
    standard: str | None,
    unasked: Mapping[str, set[str]],
) -> CppLook:
    known = load_cpp_crates()
    reached = _reached(graph, name)
    asked = {(crate, f): run for (crate, f), run in known.features.items() if crate in reached}
    turned = {
        crate: (feature, runtime)
        for (crate, feature), runtime in asked.items()
        for dependency, how in asked_for.items()
        if feature in how.features and crate in _reached(graph, dependency)
    }
    uses = []
    for crate, use in known.cpp.items():
        if crate not in reached or use.runtime == "elsewhere":
            continue
        if crate in turned:
            use = use._replace(runtime=turned[crate][1], how=f"with its feature {turned[crate][0]}")
        elif standard in _LIBRARIES and crate in known.cxxstdlib:
            use = use._replace(runtime=_LIBRARIES[standard], how=f"CXXSTDLIB is {standard!r}")
        uses.append(use)
    usual = {one: behind - unasked.get(one, set()) for one, behind in graph.items()}
    unclear = sorted(
        crate
        for crate in _reached(usual, name)
        if BUILDERS & usual.get(crate, set())
        and crate not in known.cpp
        and crate not in known.plain_c
        and crate not in BUILDERS
    )
    return CppLook(tuple(uses), tuple(unclear))


def _reached(graph: Mapping[str, set[str]], name: str) -> set[str]:
    reached, todo = {name}, [name]
    while todo:
        for dependency in graph.get(todo.pop(), ()):
            if dependency not in reached:
                reached.add(dependency)
                todo.append(dependency)
    return reached


def _graph(lock: dict[str, Any]) -> dict[str, set[str]]:
    """Package → what it depends on. Versions of one package count as one: for C++ they are alike."""
    graph: dict[str, set[str]] = {}
    packages = lock.get("package")
    for package in packages if isinstance(packages, list) else []:
        name = text_at(package, "name")
        if name is None:
            continue
        listed = table(package).get("dependencies")
        # "name", "name version" or "name version (source)"
        found = {one.split(" ")[0] for one in listed or () if isinstance(one, str)}
        graph.setdefault(name, set()).update(found)
    return graph


@cache
def load_cpp_crates() -> _Table:
    """`data/cpp_crates.toml`, validated. Raises FactsError where a row is not what it should be."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "cpp_crates.toml")
    with open(path, "rb") as file:
        return parse_cpp_crates(tomllib.load(file))


def parse_cpp_crates(document: dict[str, Any]) -> _Table:
    """The rows of the table. Raises FactsError naming the first row that is not what it should be."""
    if document.get("schema") != 1:
        raise FactsError("cpp_crates.toml: schema is not 1")
    rows = _rows(document, "cpp_crate", ("crate", "runtime", "cxxstdlib", "how", "mark", "source"))
    cpp = {row["crate"]: CppUse(row["crate"], row["runtime"], row["how"]) for row in rows}
    plain = [row["crate"] for row in _rows(document, "c_crate", ("crate", "mark", "source"))]
    if len({*plain, *cpp}) != len(plain) + len(rows):
        raise FactsError("cpp_crates.toml: a crate is listed twice")
    by_feature = _rows(document, "cpp_feature", ("crate", "feature", "runtime", "mark", "source"))
    features = {(row["crate"], row["feature"]): row["runtime"] for row in by_feature}
    standard = frozenset(row["crate"] for row in rows if row["cxxstdlib"] is True)
    return _Table(cpp, standard, features, frozenset(plain), table(document, "wrappers"))


def _rows(document: dict[str, Any], key: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = document.get(key)
    if not isinstance(rows, list) or not rows:
        raise FactsError(f"cpp_crates.toml: no [[{key}]] rows")
    for number, row in enumerate(rows, 1):
        place = f"cpp_crates.toml: [[{key}]] row {number}"
        if not isinstance(row, dict) or sorted(row) != sorted(names):
            raise FactsError(f"{place}: its keys must be exactly {', '.join(names)}")
        texts = {name: value for name, value in row.items() if name != "cxxstdlib"}
        if not all(isinstance(value, str) and value for value in texts.values()):
            raise FactsError(f"{place}: every value is a text")
        if not isinstance(row.get("cxxstdlib", False), bool):
            raise FactsError(f"{place}: cxxstdlib is true or false")
        if row["mark"] not in MARKS:
            raise FactsError(f"{place}: needs a mark of {', '.join(MARKS)}")
        if row.get("runtime", "shared") not in RUNTIMES:
            raise FactsError(f"cpp_crates.toml: {row['crate']}: runtime is one of {RUNTIMES}")
    return rows
