"""Answers that a run was given one by one, and that do not apply to the module."""

from collections.abc import Collection, Iterator

from scaffold.answers.keys import KEYS, default_of
from scaffold.artifacts.context import Context
from scaffold.findings import Code, Finding, Severity

_FOR_ANDROID = ("abis", "ndk", "cpp_runtime", "page_size")
_FOR_DESKTOP = ("linux_targets", "glibc", "windows_arm64")


def without_effect(context: Context, stated: Collection[str]) -> Iterator[Finding]:
    """A warning for each of them; what asks for nothing is passed over."""
    for name in stated:
        value = context.given.values[name]
        if name not in context.names and value not in (default_of(KEYS[name]), "none", ()):
            yield Finding(
                Code.NOT_APPLIED,
                Severity.WARNING,
                f"{name} has no effect: {_why(context, name)}",
                f"leave {name} out, or change that first",
            )


def _why(context: Context, name: str) -> str:
    place, targets = context.module.path, context.targets
    if name in _FOR_ANDROID and not targets.android:
        return f"{place} has no Android target"
    if name == "ios_deployment_target":
        return f"{place} has no iOS target"
    if name in _FOR_DESKTOP and not targets.desktop:
        return f"{place} has no JVM target"
    if name == "glibc":
        return "linux_targets is empty"
    if name == "windows_arm64" and context.answers.rust_build == "gobley":
        return "windows is not one of the hosts"
    return f"rust_build is {context.answers.rust_build}"
