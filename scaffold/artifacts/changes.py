"""Why a render differs from the one before it, in the terms of the answers."""

from collections.abc import Callable, Iterator
from typing import Any

from scaffold.answers.keys import KEYS
from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.artifacts.gradle import GradleBlock
from scaffold.artifacts.model import Plan


def explain(old: Answers, old_plan: Plan, new: Answers, new_plan: Plan) -> dict[str, str]:
    """Artifact id → one sentence on what the change of answers does to it. Ids that it does not touch are absent."""
    before = {artifact.id: artifact.values for artifact in old_plan.artifacts}
    after = {artifact.id: artifact.values for artifact in new_plan.artifacts}
    said: dict[str, str] = {}
    for id_ in {**before, **after}:
        kind = "zig" if id_.startswith("zig-") else id_
        explainer = _EXPLAINERS.get(kind)
        if explainer:
            parts = list(explainer(old, new, before.get(id_, {}), after.get(id_, {})))
            if parts:
                said[id_] = "; ".join(parts)
    return said


Values = Any


def _answers(old: Answers, new: Answers, _before: Values, _after: Values) -> Iterator[str]:
    for name in KEYS:
        was, now = old.values[name], new.values[name]
        if was != now:
            yield f"{name}: {_shown(was)} → {_shown(now)}"


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "none"


def _build_rs(old: Answers, new: Answers, before: Values, after: Values) -> Iterator[str]:
    yield from _flags(
        new, before.get("page_size_args", ()), after.get("page_size_args", ()), "build.rs"
    )
    was, now = before.get("cpp_libraries", ()), after.get("cpp_libraries", ())
    if was != now:
        names = (" and ".join(was) or "no C++ runtime", " and ".join(now) or "no C++ runtime")
        yield f"cpp_runtime {old.cpp_runtime} → {new.cpp_runtime}: {names[1]} in place of {names[0]}"


def _flags(new: Answers, was: Any, now: Any, place: str) -> Iterator[str]:
    release = decide.ndk_release(new)
    pages = decide.page_size(new)
    if was and not now:
        flags = "the linker flag leaves" if len(was) == 1 else "both linker flags leave"
        why = (
            f"{release} aligns 64-bit libraries itself"
            if pages.strategy == "ndk"
            else f"page_size is {pages.strategy} now"
        )
        yield f"{why}: {flags} {place}"
    elif now and not was:
        flags = "the linker flag enters" if len(now) == 1 else "both linker flags enter"
        why = (
            f"{release} does not align libraries by itself"
            if new.page_size == "auto"
            else "page_size"
        )
        yield f"{why} ({pages.strategy}): {flags} {place}"
    elif len(was) != len(now):
        count = "max-page-size alone" if len(now) == 1 else "common-page-size too"
        yield f"{release} needs {count}: {pages.why.partition(': ')[2] or pages.why}"


def _cargo_config(old: Answers, new: Answers, before: Values, after: Values) -> Iterator[str]:
    yield from _flags(
        new, before.get("rustflags", ()), after.get("rustflags", ()), ".cargo/config.toml"
    )
    was, now = before.get("android_targets", []), after.get("android_targets", [])
    if was and now and was != now:
        yield f"rustflags for {', '.join(now)}"
    if before.get("zig_targets", []) != after.get("zig_targets", []):
        if len(new.hosts) > 1 and new.linux_targets:
            yield "several hosts: Zig is wired in the Gradle block now"
        else:
            targets = ", ".join(t["triple"] for t in after.get("zig_targets", []))
            yield f"Zig links {targets or 'nothing'} now"
    if old.ios_deployment_target != new.ios_deployment_target:
        yield f"iOS {old.ios_deployment_target} → {new.ios_deployment_target}"


def _gradle(_old: Answers, new: Answers, before: Values, after: Values) -> Iterator[str]:
    was: GradleBlock = before.get("block") or GradleBlock("")
    now: GradleBlock = after.get("block") or GradleBlock("")
    if was.ndk_version and now.ndk_version and was.ndk_version != now.ndk_version:
        yield f"ndkVersion {was.ndk_version} → {now.ndk_version}"
    elif was.ndk_version != now.ndk_version:
        yield f"ndkVersion {'enters' if now.ndk_version else 'leaves'} the block"
    if was.package_directory != now.package_directory:
        yield f"the crate is in {new.crate}"
    if was.dynamic_cpp != now.dynamic_cpp:
        verb = "goes into" if now.dynamic_cpp else "is no longer put into"
        yield f"libc++_shared.so {verb} the app"
    if bool(was.page_size) != bool(now.page_size):
        flags = ("set",) if now.page_size else ()
        yield from _flags(
            new, () if flags else ("set", "set"), (*flags, *flags), "the Gradle block"
        )
    elif was.page_size != now.page_size:
        yield f"rustflags as {decide.ndk_release(new)} needs them"
    if was.zig != now.zig:
        yield "Zig by host" if now.zig else "Zig is no longer wired in Gradle"
    if was.skip_windows_arm64 != now.skip_windows_arm64:
        yield f"the Windows-on-ARM library is {'left out' if now.skip_windows_arm64 else 'built'}"
    if was.jna != now.jna:
        yield f"JNA {new.jna}" if now.jna else "JNA is what Gobley brings"


def _zig(old: Answers, new: Answers, before: Values, after: Values) -> Iterator[str]:
    if before and after and old.glibc != new.glibc:
        yield f"glibc {old.glibc} → {new.glibc}"
    elif before and not after:
        yield "linux_targets or hosts no longer ask for it"


def _rust_toolchain(old: Answers, new: Answers, _before: Values, _after: Values) -> Iterator[str]:
    if old.rust_toolchain != new.rust_toolchain:
        yield f"Rust {old.rust_toolchain} → {new.rust_toolchain}"


_EXPLAINERS: dict[str, Callable[[Answers, Answers, Values, Values], Iterator[str]]] = {
    "answers": _answers,
    "build-rs": _build_rs,
    "cargo-config": _cargo_config,
    "gradle": _gradle,
    "zig": _zig,
    "rust-toolchain": _rust_toolchain,
}
