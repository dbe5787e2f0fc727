"""What a Cargo.toml says that its library depends on, on Android."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.files.reading import read_text, table, text_at
from scaffold.probe.own_linking import own_lines

# Who depends on one of these may build C++; whether it does, only its build script knows.
BUILDERS = frozenset(["autocxx-build", "autotools", "cc", "cmake", "cxx-build"])
_CPP_OR_UNSEEN = re.compile(
    r"cpp|cxx|c\+\+|\.cc\b|cmake|^\s*(?:pub )?mod \w+;|include!|\.files\(", re.I | re.M
)
_LARGEST = 256 * 1024
_ANDROID = {"unix": True, "windows": False, "target_os": "android", "target_vendor": "unknown"}
_ANDROID |= {"target_family": "unix", "target_env": ""}
_ARCHITECTURES = ("aarch64", "arm", "x86", "x86_64")
_MOST_TOKENS = 200  # of a cfg(…) that is looked into
_TOKEN = re.compile(r'\s*(?:(\w+)\s*(?:=\s*["\']([^"\']*)["\']|(\())?|([(),]))')


class Dependency(NamedTuple):
    """`usual`: it is there without a feature that somebody would have to ask for.

    `path` is its folder as given, from the package, or from the workspace's root where it is `inherited`.
    """

    features: frozenset[str]
    usual: bool
    path: str | None = None
    inherited: bool = False


def declared(
    own: Mapping[str, Any], workspace: Mapping[str, Any], asked: frozenset[str] = frozenset()
) -> dict[str, Dependency]:
    """Package → how it is depended on with its default features and those `asked` for.

    Left out is what never comes into an Android library: what is for tests or other targets, and what only a build
    script runs (but for those that compile C or C++ for the target).
    """
    enabled = _enabled(table(own, "features"), asked)
    found: dict[str, Dependency] = {}
    for section, cfg, alias, value, base in _entries(own, workspace):
        name = _package(alias, value, base)
        only_built = section == "build-dependencies" and name not in BUILDERS
        if only_built or section == "dev-dependencies" or not may_be_android(cfg):
            continue
        features = frozenset([*_features(value), *_features(base)])
        usual = table(value).get("optional") is not True or alias in enabled
        was = found.get(name, Dependency(frozenset(), usual=False))
        path, common = text_at(value, "path") or was.path, text_at(base, "path")
        found[name] = Dependency(
            was.features | features, was.usual or usual, path or common, not path and bool(common)
        )
    return found


def everything(own: Mapping[str, Any], workspace: Mapping[str, Any]) -> set[str]:
    """The packages that the manifest names, whatever for."""
    return {_package(alias, value, base) for _, _, alias, value, base in _entries(own, workspace)}


def _entries(
    own: Mapping[str, Any], workspace: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, Any, Any]]:
    """(section, target or "", name given, its value, what it inherits)."""
    inherited = table(workspace, "workspace", "dependencies")
    targets = table(own, "target")
    for cfg, place in (("", own), *((cfg, table(targets, cfg)) for cfg in targets)):
        for section in ("dependencies", "build-dependencies", "dev-dependencies"):
            for alias, value in table(place, section).items():
                base = inherited.get(alias) if table(value).get("workspace") is True else None
                yield section, cfg, alias, value, base


def _package(alias: str, value: Any, base: Any) -> str:
    return text_at(value, "package") or text_at(base, "package") or alias


def compiles_only_c(folder: str, manifest: Mapping[str, Any]) -> bool:
    """Whether the package's build script says all that it compiles, and nothing of that is C++."""
    said = table(manifest, "package").get("build")
    names = [said] if isinstance(said, str) else ["build.rs"]
    text = read_text(os.path.join(folder, *names[0].split("/")), _LARGEST) or ""
    text = "\n".join(line for _, line in own_lines(text))
    return "cc::" in text and not _CPP_OR_UNSEEN.search(text)


def _features(value: Any) -> Iterator[str]:
    listed = table(value).get("features")
    yield from (one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()


def _enabled(features: Mapping[str, Any], asked: frozenset[str]) -> set[str]:
    """What the default features and those `asked` for turn on: features, and dependencies by their names."""
    found, todo = set[str](), ["default", *asked]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        listed = features.get(name)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, str) and "?/" not in one:
                todo.append(one.removeprefix("dep:").partition("/")[0])
    return found


def may_be_android(target: str) -> bool:
    """Whether a key of `[target.…]` (a triple, or `cfg(…)`) can stand for an Android target; "" is no key."""
    if not target:
        return True
    inner = re.fullmatch(r"\s*cfg\s*\((.*)\)\s*", target, re.DOTALL)
    if not inner:
        return "android" in target
    tokens = [match.groups() for match in _TOKEN.finditer(inner[1])]
    return len(tokens) > _MOST_TOKENS or _holds(tokens) is not False


def _holds(tokens: list[tuple[str | None, ...]]) -> bool | None:
    """Takes one predicate from the tokens; None where it depends on what is not known here."""
    name, value, opens, _sign = tokens.pop(0) if tokens else (None, None, None, None)
    if not opens:
        return _atom(name, value)
    values: list[bool | None] = []
    while tokens and tokens[0][3] != ")":
        if tokens[0][3] == ",":
            tokens.pop(0)
        else:
            values.append(_holds(tokens))
    tokens[:1] = []
    if name == "not":
        return None if not values or values[0] is None else not values[0]
    decides = name == "any"
    if decides in values:
        return decides
    return None if None in values else not decides


def _atom(name: str | None, value: str | None) -> bool | None:
    known = _ANDROID.get(name or "")
    if name == "target_arch" and value not in _ARCHITECTURES:
        return False
    if isinstance(known, bool) or known is None:
        return known if value is None else None
    return known == value
