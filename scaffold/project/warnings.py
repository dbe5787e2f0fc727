"""What is wrong or doubtful with answers that are valid by themselves: each with the reason and the next step."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.artifacts.build_rs import BuildRs
from scaffold.artifacts.context import (
    Context,
    release,
)
from scaffold.artifacts.linux import wired
from scaffold.artifacts.model import Artifact
from scaffold.artifacts.refused import flag_is_off
from scaffold.facts import load_facts, not_above, version_key
from scaffold.findings import Code, Finding, Severity
from scaffold.gradle.found import Module
from scaffold.gradle.rust import UNIFFI_PLUGIN
from scaffold.probe.cpp import CppUse, feature_for
from scaffold.project.building import building
from scaffold.project.not_applied import not_applied
from scaffold.project.own_task import target_edit
from scaffold.terminal.shell import shell_word

_OLDEST_FOR_RUST = "25"


class Doubt(NamedTuple):
    code: Code
    message: str
    hint: str
    severity: Severity = Severity.WARNING


def findings(context: Context, artifacts: tuple[Artifact, ...]) -> tuple[Finding, ...]:
    """Every finding, errors first."""
    found: list[Doubt | Finding] = [
        *_builder(context),
        *building(context),
        *_ndk(context),
        *_crate(context, artifacts),
        *_abis(context),
        *_runtime(context),
        *not_applied(context),
        *_rustflags(context),
        *_jna(context),
        *_paths(context),
    ]
    found.sort(key=lambda doubt: doubt.severity is Severity.WARNING)
    return tuple(Finding(one.code, one.severity, one.message, one.hint) for one in found)


def _builder(context: Context) -> Iterator[Doubt]:
    refused, module, answers = context.refused, context.module, context.answers
    if refused and refused.code:
        yield Doubt(Code(refused.code), refused.reason, refused.hint, Severity.ERROR)
    elif (
        answers.rust_build == "gobley" and module.agp_is_new and flag_is_off(module, "agp_new_dsl")
    ):
        yield _old_dsl(module)
    own = module.gobley
    if answers.rust_build == "gobley" and own and own.value and own.value != answers.gobley:
        yield Doubt(
            Code.GOBLEY_MISMATCH,
            f"{own.place} applies Gobley {own.value}, scaffold.yml says {answers.gobley}",
            f"scaffold regenerate --set {shell_word(f'gobley={own.value}')}, or change that line",
        )


def _old_dsl(module: Module) -> Doubt:
    """Gobley with AGP 9, where the new DSL is switched off."""
    if not flag_is_off(module, "agp_built_in_kotlin"):
        return Doubt(
            Code.AGP_UNSUPPORTED,
            "Gobley works with AGP 9 only where Kotlin's own plugin is applied: gradle.properties sets "
            "android.newDsl=false, but not android.builtInKotlin=false",
            "in gradle.properties, set android.builtInKotlin=false too (until AGP 10)",
        )
    return Doubt(
        Code.AGP_UNSUPPORTED,
        "Gobley works with AGP 9 only because of android.newDsl=false and "
        "android.builtInKotlin=false in gradle.properties; AGP 10 removes both",
        "stay with AGP 9 or older until Gobley supports the new DSL",
    )


def _ndk(context: Context) -> Iterator[Doubt]:
    if not context.android:
        return
    answer, taken, module = context.answers.ndk, context.ndk_taken, context.module
    newest = load_facts().ndk[-1]
    if version_key(answer) > version_key(newest.revision):
        yield Doubt(
            Code.NDK_UNKNOWN,
            f"NDK {answer} is unknown to this version of scaffold, which treats it like "
            f"{newest.revision} ({newest.release})",
            "update scaffold, or check the built libraries with scaffold inspect",
        )
    if version_key(context.oldest_ndk) < version_key(_OLDEST_FOR_RUST):
        yield Doubt(
            Code.NDK_TOO_OLD,
            f"NDK {context.oldest_ndk} is older than r{_OLDEST_FOR_RUST}, which Rust 1.68 and newer require",
            (
                f"scaffold regenerate --ndk {newest.revision}"
                if context.oldest_ndk == answer
                else f"set {answer} in {_ndk_place(module)}"
            ),
        )
    unused = module.catalogue_ndk
    if not (module.ndk or module.ours_ndk) and unused and unused.value not in (None, answer):
        yield Doubt(
            Code.NDK_MISMATCH,
            f"{unused.place} says NDK {unused.value}, scaffold.yml says {answer}",
            f"scaffold regenerate --ndk {shell_word(unused.value or '')}, or change that line",
        )
    setting = module.ndk or module.ours_ndk
    if setting and taken and taken != answer:
        advice = "change that line" if module.ndk else "undo the edit of that line"
        way = f"scaffold regenerate --ndk {shell_word(taken)}, or {advice}"
        if version_key(taken) < version_key(load_facts().ndk[0].revision):
            way = f"set {answer} in that line: NDK {taken} is not supported"
        yield Doubt(
            Code.NDK_MISMATCH,
            f"{setting.place} says NDK {taken}, scaffold.yml says {answer}; "
            f"linker flags are those of the older one, {release(context.oldest_ndk)}",
            way,
            Severity.ERROR,
        )


def _ndk_place(module: Module) -> str:
    setting = module.ndk or module.ours_ndk
    return setting.place if setting else module.path


def _crate(context: Context, artifacts: tuple[Artifact, ...]) -> Iterator[Doubt]:
    crate = context.project.crate
    for path, why in context.project.unread:
        said = f"{path} was not read: {why}; its settings are ignored"
        yield Doubt(Code.UNREADABLE, said, "make that file smaller")
    if crate and crate.unread:
        said = f"{crate.manifest} was not read: {crate.unread}"
        yield Doubt(Code.UNREADABLE, said, "make that file smaller", Severity.ERROR)
        return
    if crate is None or "cdylib" in crate.crate_types:
        return
    gobley = context.answers.rust_build == "gobley"
    if crate.linked_here and not gobley:
        return
    kinds = ", ".join(crate.crate_types) or "no library"
    why = "Gobley takes a cdylib" if gobley else "Kotlin loads a cdylib"
    if context.no_crate and crate.crate_types:
        why += ", or a library that another build makes of it, which needs linker flags of its own for 16 KB pages"
    elif any(isinstance(a.values, BuildRs) and a.values.page_size_args for a in artifacts):
        why += ", and the linker flags in build.rs have no effect without one"
    yield Doubt(
        Code.NO_CDYLIB,
        f"{crate.cdylib_place or crate.manifest}: the crate is {kinds}; {why}",
        f'in {crate.manifest}, under [lib]: crate-type = ["cdylib"'
        + "".join(f', "{kind}"' for kind in crate.crate_types if kind != "lib")
        + "]",
    )


def _abis(context: Context) -> Iterator[Doubt]:
    answer, task = context.answers.abis, context.module.cargo_ndk
    told = (context.module.abis, task.abis if task else None)
    for named in dict.fromkeys(one for one in told if one and one.complete):
        if context.android and set(named.names) != set(answer):
            edit = target_edit(named, answer, task) if task and named.by == "cargo-ndk" else ""
            yield Doubt(
                Code.ABIS_DIFFER,
                f"{named.place} builds {', '.join(named.names)}, scaffold.yml says {', '.join(answer)}",
                f"scaffold regenerate --set {shell_word('abis=' + ','.join(named.names))}, or "
                f"{edit or 'change that line'}",
            )


def _runtime(context: Context) -> Iterator[Doubt]:
    if context.android and context.own_packaging and context.answers.cpp_runtime == "static":
        yield Doubt(
            Code.RUNTIME_TWICE,
            f"{context.own_packaging} packages libc++_shared.so, and cpp_runtime: static links a second runtime",
            "scaffold regenerate --set cpp_runtime=shared, or remove that line",
        )
    own, answer = context.own_cpp, context.answers.cpp_runtime
    if not context.android or answer == "none":
        return
    if own and own.value != answer:
        yield Doubt(
            Code.RUNTIME_TWICE,
            f"{own.place} links the {own.value} C++ runtime, and cpp_runtime: {answer} links a second one",
            f"scaffold regenerate --set cpp_runtime={own.value}, or remove that line",
        )
    look = context.project.cpp
    for use in look.uses if look else ():
        if use.runtime == "mixed" or use.runtime in {"shared", "static"} - {answer}:
            yield _second_runtime(use, answer, look.source if look else "")


def _second_runtime(use: CppUse, answer: str, source: str) -> Doubt:
    """A dependency that links another C++ runtime than the answer."""
    feature = feature_for(use.crate, answer)
    turn = f"enable the feature {feature} of {use.crate}" if feature else f"replace {use.crate}"
    other = f"scaffold regenerate --set cpp_runtime={use.runtime}, or "
    return Doubt(
        Code.RUNTIME_TWICE,
        f"{source} has {use.crate}, which links "
        + ("both C++ runtimes" if use.runtime == "mixed" else f"the {use.runtime} C++ runtime")
        + f" ({use.how}), and cpp_runtime: {answer} links "
        + ("one of them" if use.runtime == "mixed" else "a second one"),
        (other if use.runtime != "mixed" else "") + turn,
    )


def _rustflags(context: Context) -> Iterator[Doubt]:
    pages, project = context.page_size, context.project
    flagged = context.android and pages.abis and pages.strategy in ("cargo-config", "gradle")
    if not flagged:
        return
    if project.rustflags_variable:
        yield Doubt(
            Code.RUSTFLAGS_HIDDEN,
            f"{project.rustflags_variable} is set in this environment: Cargo then ignores the rustflags "
            f"of page_size: {pages.strategy}",
            f"unset {project.rustflags_variable}, or use page_size: build-script",
        )
    if project.build_rustflags:
        yield Doubt(
            Code.RUSTFLAGS_HIDDEN,
            f"{project.build_rustflags}: build.rustflags is ignored for the Android targets, which now have "
            "rustflags of their own",
            "move those flags to [target.…] tables, or use page_size: build-script",
        )


def _jna(context: Context) -> Iterator[Doubt]:
    answers, module = context.answers, context.module
    brings = module.has(UNIFFI_PLUGIN) and answers.rust_build == "gobley"
    brought = not_above(load_facts().gobley, answers.gobley).jna if brings else None
    asked = answers.jna if context.asks("jna") and answers.jna != "default" else None
    own = [setting for setting in module.jna if setting.value]
    for setting in own:
        if asked and asked != setting.value:
            yield Doubt(
                Code.JNA_DOWNGRADE,
                f"{setting.place} declares JNA {setting.value}, scaffold.yml says {asked}; your line is left unchanged",
                f"change that line, or set jna: {setting.value}",
            )
        elif _below(setting.value, brought):
            yield _downgrade(f"{setting.place}: JNA {setting.value}", context, brought)
    if not own and _below(asked, brought):
        yield _downgrade(f"jna: {asked}", context, brought)


def _downgrade(what: str, context: Context, brought: str | None) -> Doubt:
    return Doubt(
        Code.JNA_DOWNGRADE,
        f"{what} is a downgrade from {brought} of Gobley {context.answers.gobley}: Gradle takes the version "
        "that your project names",
        f"use jna: default, or {brought} or newer",
    )


def _below(version: str | None, other: str | None) -> bool:
    try:
        return bool(version and other) and version_key(version or "") < version_key(other or "")
    except ValueError:
        return False


def _paths(context: Context) -> Iterator[Doubt]:
    windows = any("windows" in target.wired_hosts for target in wired(context))
    if context.project.path_with_spaces and windows:
        yield Doubt(
            Code.PATH_WITH_SPACES,
            "this project's path contains a space; on Windows, a .bat linker in such a folder fails",
            "on Windows, keep the project in a folder without spaces",
        )
