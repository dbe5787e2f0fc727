"""Which dependencies link a C++ runtime on Android, as `Cargo.lock` tells, and what that means for `cpp_runtime`."""

import os
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from scaffold.answers.model import Found
from scaffold.facts import MARKS, FactsError
from scaffold.files.reading import read_toml, table, text_at

RUNTIMES = ("shared", "static", "open", "elsewhere")

# Who depends on one of these may build C++; whether it does, only its build script knows.
_BUILDERS = frozenset(["cc", "cmake", "cxx-build", "autocxx-build"])


class CppUse(NamedTuple):
    """A crate that brings C++ code, the runtime that it links on Android, and what it goes by."""

    crate: str
    runtime: str
    how: str


class CppLook(NamedTuple):
    """What a crate's dependencies bring: `uses` for sure, `unclear` are packages that build C or C++."""

    uses: tuple[CppUse, ...]
    unclear: tuple[str, ...]


class _Table(NamedTuple):
    cpp: dict[str, CppUse]
    plain_c: frozenset[str]


def cpp_dependencies(root: str, crate: str) -> CppLook | None:
    """What the package in `crate` and all that it depends on bring, on whatever target.

    None where there is no readable `Cargo.lock`, or the package is not in it.
    """
    parts = [] if crate == "." else crate.split("/")
    name = text_at(read_toml(os.path.join(root, *parts, "Cargo.toml")), "package", "name")
    for depth in range(len(parts), -1, -1):
        lock = read_toml(os.path.join(root, *parts[:depth], "Cargo.lock"))
        if lock is not None:
            return _look(lock, name)
    return None


def suggest_runtime(look: CppLook) -> Found:
    """The `cpp_runtime` that fits, with the reason."""
    by_runtime = {kind: [u for u in look.uses if u.runtime == kind] for kind in RUNTIMES}
    shared, static, unknown = by_runtime["shared"], by_runtime["static"], by_runtime["open"]
    if shared and static:
        reason = (
            f"Cargo.lock has {_names(shared)}; but {_names(static)} would bring a second, static "
            f"runtime: {static[0].how}"
        )
        return Found("shared", reason)
    if shared:
        return Found("shared", f"Cargo.lock has {_names(shared)}: shared, {shared[0].how}")
    if static:
        return Found("static", f"Cargo.lock has {_names(static)}: {static[0].how}")
    if unknown:
        return Found("shared", f"Cargo.lock has {_names(unknown)}: {unknown[0].how}")
    if look.unclear:
        some = ", ".join(look.unclear[:3]) + ", …" * (len(look.unclear) > 3)
        return Found("shared", f"{some} may build C++; none is right where it is all plain C")
    return Found("none", "no dependency in Cargo.lock brings C++")


def _names(uses: Iterable[CppUse]) -> str:
    return ", ".join(use.crate for use in uses)


def _look(lock: dict[str, Any], name: str | None) -> CppLook | None:
    graph = _graph(lock)
    if name is None or name not in graph:
        return None
    reached, todo = {name}, [name]
    while todo:
        for dependency in graph.get(todo.pop(), ()):
            if dependency not in reached:
                reached.add(dependency)
                todo.append(dependency)
    known = load_cpp_crates()
    uses = tuple(use for crate, use in known.cpp.items() if crate in reached)
    unclear = sorted(
        crate
        for crate in reached
        if _BUILDERS & graph.get(crate, set())
        and crate not in known.cpp
        and crate not in known.plain_c
        and crate not in _BUILDERS
    )
    return CppLook(tuple(use for use in uses if use.runtime != "elsewhere"), tuple(unclear))


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
    cpp: dict[str, CppUse] = {}
    for row in _rows(document, "cpp_crate", ("crate", "runtime", "how", "mark", "source")):
        if row["runtime"] not in RUNTIMES:
            raise FactsError(f"cpp_crates.toml: {row['crate']}: runtime is one of {RUNTIMES}")
        cpp[row["crate"]] = CppUse(row["crate"], row["runtime"], row["how"])
    plain = _rows(document, "c_crate", ("crate", "mark", "source"))
    names = [row["crate"] for row in plain]
    if len({*names, *cpp}) != len(names) + len(document["cpp_crate"]):
        raise FactsError("cpp_crates.toml: a crate stands twice")
    return _Table(cpp, frozenset(names))


def _rows(document: dict[str, Any], key: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    rows = document.get(key)
    if not isinstance(rows, list) or not rows:
        raise FactsError(f"cpp_crates.toml: no [[{key}]] rows")
    for number, row in enumerate(rows, 1):
        place = f"cpp_crates.toml: [[{key}]] row {number}"
        if not isinstance(row, dict) or sorted(row) != sorted(names):
            raise FactsError(f"{place}: its keys must be exactly {', '.join(names)}")
        if not all(isinstance(value, str) and value for value in row.values()):
            raise FactsError(f"{place}: every value is a text")
        if row["mark"] not in MARKS:
            raise FactsError(f"{place}: needs a mark of {', '.join(MARKS)}")
    return rows
