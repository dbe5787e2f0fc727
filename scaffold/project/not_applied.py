"""Answers that do not take effect in the module, each with the reason."""

from collections.abc import Collection, Iterator

from scaffold.answers.keys import KEYS, default_of
from scaffold.artifacts.context import Context
from scaffold.artifacts.gradle import LINUX_TARGETS, embedded_in
from scaffold.artifacts.linux import linux_targets, wired
from scaffold.findings import Code, Finding, Severity
from scaffold.project.own_task import package_edit

_FOR_ANDROID = ("abis", "ndk", "cpp_runtime", "page_size")
_FOR_DESKTOP = ("linux_targets", "glibc", "windows_arm64")


def not_applied(context: Context) -> Iterator[Finding]:
    """A warning for each answer that applies, and cannot take effect as things are."""
    answers = context.answers
    shared = context.android and answers.cpp_runtime == "shared"
    if shared and not context.packages_runtime and not context.own_packaging:
        reason = (
            context.refused.reason
            if context.refused
            else f"{context.module.path} has no android {{}} block that could package it"
        )
        yield _said(
            f"cpp_runtime: shared is not linked, because nothing packages libc++_shared.so: {reason}",
            f"{package_edit(context)}, or use cpp_runtime: static",
        )
    if context.android and answers.page_size == "gradle" and not context.gobley:
        yield _said(
            "page_size: gradle uses Gobley's tasks, which this module does not have; build.rs passes the flags",
            "use page_size: auto",
        )
    if context.ndk_hidden:
        yield _said(
            f"ndk: {context.ndk_hidden.place} says which NDK is used ({context.ndk_hidden.text}), which "
            "scaffold cannot read or change",
            f"set {answers.ndk} there yourself; linker flags are right for every NDK",
        )
    if linux_targets(context.answers) and not wired(context):
        yield _said(
            (
                "linux_targets: no host of this project links them with Zig"
                if any(not target.wired_hosts for target in linux_targets(context.answers))
                else "linux_targets: several hosts are configured in Gobley's block, which this module cannot have"
            ),
            "pin glibc, or leave linux_targets empty",
        )
    yield from _not_embedded(context)
    yield from _no_components(context)


def _no_components(context: Context) -> Iterator[Finding]:
    answers, module = context.answers, context.module
    new_task = answers.rust_build == "cargo-ndk" and module.rust_build != "cargo-ndk"
    if new_task and not context.components:
        needs = "AGP 9" if module.android_dsl == "multiplatform-library" else "a plugin of AGP"
        yield _said(
            f"rust_build: cargo-ndk needs {needs} in {module.path}, because the task is added to AGP's components",
            "use rust_build: none, and build the library yourself",
        )


def _not_embedded(context: Context) -> Iterator[Finding]:
    """Targets that Zig would link, and that the user's own `embedRustLibrary` leaves out of the jar."""
    mine = context.module.embed_rust_library
    listed = embedded_in(mine.text) if mine and context.gobley else None
    if mine is None or listed is None:
        return
    for target in linux_targets(context.answers):
        name = LINUX_TARGETS[target.arch][0]
        # A Linux host's own target is embedded without being named.
        hosts = set(target.wired_hosts) - ({"linux"} if target.arch == "x86_64" else set())
        if hosts and name not in listed:
            yield _said(
                f"linux_targets: {target.arch} is not built, because {mine.place} does not embed {name}",
                f"add {name} to that expression, or leave {target.arch} out of linux_targets",
            )


def without_effect(context: Context, stated: Collection[str]) -> Iterator[Finding]:
    """A warning for each of them; what asks for nothing is passed over."""
    for name in stated:
        value = context.given.values[name]
        if name not in context.names and value not in (default_of(KEYS[name]), "none", ()):
            yield _said(
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


def _said(message: str, hint: str) -> Finding:
    return Finding(Code.NOT_APPLIED, Severity.WARNING, message, hint)
