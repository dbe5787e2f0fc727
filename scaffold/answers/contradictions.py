"""Answers that are right one by one and cannot hold together."""

from collections.abc import Mapping, Set
from typing import Any

from scaffold.errors import Problem
from scaffold.facts import load_facts, not_above


def contradictions(
    values: Mapping[str, Any], places: Mapping[str, str], bad: Set[str]
) -> list[Problem]:
    """Every contradiction among `values`; keys in `bad` have no valid value and are not judged."""
    problems: list[Problem] = []
    if not bad & {"ndk", "page_size"}:
        problems += _ndk_does_not_align(values, places)
    if not bad & {"ndk", "page_size", "cpp_runtime", "abis"}:
        problems += _shared_runtime_has_small_pages(values, places)
    return problems


def _ndk_does_not_align(values: Mapping[str, Any], places: Mapping[str, str]) -> list[Problem]:
    row = not_above(load_facts().page_size, values["ndk"])
    if values["page_size"] != "ndk" or row.aligned_by_ndk:
        return []
    return [
        Problem(
            f"page_size: ndk needs NDK r28 or newer; {values['ndk']} does not align libraries to 16 KB",
            _place(places, "page_size", "ndk"),
            "use page_size: auto, or an NDK from r28 on",
        )
    ]


def _shared_runtime_has_small_pages(
    values: Mapping[str, Any], places: Mapping[str, str]
) -> list[Problem]:
    facts = load_facts()
    row = not_above(facts.page_size, values["ndk"])
    wide = [name for name in values["abis"] if facts.abi(name).bits == 64]
    small = row.libcxx_shared_align < 16384
    if values["cpp_runtime"] != "shared" or values["page_size"] == "off" or not wide or not small:
        return []
    return [
        Problem(
            f"cpp_runtime: shared cannot load on 16 KB pages with NDK {values['ndk']}: the "
            f"libc++_shared.so of r26 and older is aligned to 4 KB, for {' and '.join(wide)} too",
            _place(places, "cpp_runtime", "ndk", "page_size"),
            "use cpp_runtime: static, NDK r27 or newer, or page_size: off",
        )
    ]


def _place(places: Mapping[str, str], *names: str) -> str:
    return next((places[name] for name in names if name in places), "the defaults")
