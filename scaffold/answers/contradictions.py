"""Answers that are valid one by one and cannot hold together."""

from collections.abc import Iterator, Mapping, Set

from scaffold.answers.key import Targets, Value
from scaffold.answers.keys import applying
from scaffold.errors import Problem
from scaffold.facts import load_facts, not_above


def contradictions(
    values: Mapping[str, Value],
    targets: Targets | None = None,
    places: Mapping[str, str] | None = None,
    bad: Set[str] = frozenset(),
) -> list[Problem]:
    """Every contradiction among the answers that apply; keys in `bad` have no valid value and are not judged."""
    judged = set(applying(values, targets)) - bad
    found = (
        *_android_builder_without_android(values),
        *_ndk_does_not_align(values),
        *_shared_runtime_has_small_pages(values),
    )
    return [
        Problem(message, _place(places or {}, *names), hint)
        for names, message, hint in found
        if judged.issuperset(names)
    ]


Contradiction = tuple[tuple[str, ...], str, str]


def _android_builder_without_android(values: Mapping[str, Value]) -> Iterator[Contradiction]:
    builder = values["rust_build"]
    if values["plugin"] == "jvm" and builder in ("cargo-ndk", "rust-android-gradle"):
        yield (
            ("rust_build", "plugin"),
            f"rust_build: {builder} builds for Android only, and plugin: jvm has no Android target",
            "use rust_build: gobley or none, or plugin: android",
        )


def _ndk_does_not_align(values: Mapping[str, Value]) -> Iterator[Contradiction]:
    rows = load_facts().page_size
    aligned = next(f"r{row.first_major}" for row in rows if row.aligned_by_ndk)
    if values["page_size"] == "ndk" and not not_above(rows, str(values["ndk"])).aligned_by_ndk:
        yield (
            ("page_size", "ndk"),
            f"page_size: ndk requires NDK {aligned} or newer; {values['ndk']} does not align libraries to 16 KB",
            f"use page_size: auto, or NDK {aligned} or newer",
        )


def _shared_runtime_has_small_pages(values: Mapping[str, Value]) -> Iterator[Contradiction]:
    facts = load_facts()
    row = not_above(facts.page_size, str(values["ndk"]))
    wide = [abi.abi for abi in facts.abis if abi.bits == 64 and abi.abi in values["abis"]]
    if values["cpp_runtime"] != "shared" or values["page_size"] == "off" or not wide:
        return
    if row.libcxx_shared_align < 16384:
        good = next(one for one in facts.page_size if one.libcxx_shared_align >= 16384)
        yield (
            ("cpp_runtime", "ndk", "page_size", "abis"),
            f"cpp_runtime: shared cannot load on 16 KB pages with NDK {values['ndk']}: the "
            f"libc++_shared.so of NDKs before r{good.first_major} is aligned to 4 KB, also for "
            f"{' and '.join(wide)}",
            f"use cpp_runtime: static, NDK r{good.first_major} or newer, or page_size: off",
        )


def _place(places: Mapping[str, str], *names: str) -> str:
    return next((places[name] for name in names if name in places), "the defaults")
