"""Answers + facts + what the repository has → the plan."""

from collections.abc import Iterator

from scaffold.answers.model import Answers
from scaffold.artifacts.context import Context
from scaffold.artifacts.linux import linux_targets, wired, wired_by_cargo
from scaffold.artifacts.plan import Decision, Plan
from scaffold.artifacts.project import Project
from scaffold.artifacts.registry import artifacts
from scaffold.artifacts.starter import refuse_starter
from scaffold.facts import load_facts, not_above, told_of_gobley
from scaffold.gradle.rust import CARGO_PLUGIN, GOBLEY_PLUGINS, RUST_ANDROID_GRADLE, UNIFFI_PLUGIN
from scaffold.probe.cpp import suggest_runtime
from scaffold.project.warnings import findings


def make_plan(answers: Answers, project: Project) -> Plan:
    """Every artifact with its values, every decision with its reason, every finding. Pure.

    Raises Refusal for a new project that scaffold cannot start.
    """
    refuse_starter(answers, project)
    context = Context(answers, project)
    made = artifacts(context)
    return Plan(context, made, tuple(_decisions(context)), findings(context, made))


def _decisions(context: Context) -> Iterator[Decision]:
    yield _rust_build(context)
    if context.android:
        yield _ndk(context)
        yield _abis(context)
        yield _cpp_runtime(context)
        yield Decision("page_size", context.page_size.strategy, context.page_size.why)
    yield from _jna(context)
    yield from _own_settings(context)
    yield from _linux(context)
    if context.answers.ios_deployment_target != "none":
        yield _ios(context.answers.ios_deployment_target)
    if context.asks("windows_arm64"):
        yield _windows(context.answers.windows_arm64)


_OLD_PLUGIN = (
    "; its last release is from January 2025. To move to cargo-ndk: scaffold regenerate --set rust_build=cargo-ndk, "
    "then remove that plugin and its cargo {}"
)


def _rust_build(context: Context) -> Decision:
    module, answer = context.module, context.answers.rust_build
    why = {
        "gobley": (
            f"Gobley {context.answers.gobley} builds the Rust library"
            if not (context.refused and context.refused.code)
            else f"Gobley builds nothing here until {module.path} allows it"
        ),
        "cargo-ndk": _cargo_ndk(context),
        "rust-android-gradle": "scaffold does not change its cargo {} block"
        + _OLD_PLUGIN * module.has(RUST_ANDROID_GRADLE),
        "none": (
            f"{module.own_rust} runs Cargo in its own way, which scaffold leaves alone"
            if module.own_rust
            else "no Gradle plugin or task that scaffold knows builds the Rust library"
        ),
    }[answer]
    if context.project.module and module.rust_build == answer and module.rust_place:
        why += f" ({module.rust_place})"
    if answer == "none" and module.rust_build != "none":
        why = f"as scaffold.yml says, although {module.rust_place or module.path} has {module.rust_build}"
    if answer == "none" and module.has(*GOBLEY_PLUGINS):
        why += f"; {module.path} applies Gobley's plugins without {CARGO_PLUGIN}, the one that builds it"
    return Decision("rust_build", answer, why)


def _cargo_ndk(context: Context) -> str:
    if context.module.rust_build == "cargo-ndk":
        plugin = context.module.cargo_ndk is None
        return (
            "a cargo-ndk plugin builds the Rust library"
            if plugin
            else "a Gradle task runs cargo ndk"
        )
    if context.refused or not context.components:
        return "nothing runs cargo ndk yet"
    return "scaffold's Gradle task runs cargo ndk"


def _ndk(context: Context) -> Decision:
    ndk = context.answers.ndk
    row = not_above(load_facts().ndk, ndk)
    known = row.release if row.revision == ndk else f"treated as {row.release}"
    why = f"{known}, with clang {row.clang}, for API {row.min_api} or newer"
    own = context.module.ndk
    if own and own.value == ndk:
        why += f"; set in {own.place}"
    elif own:
        said = own.value or f"ndkVersion to an expression: {own.text}"
        why += f"; {own.place} sets {said}"
    return Decision("ndk", ndk, why)


def _abis(context: Context) -> Decision:
    value, named = ", ".join(context.answers.abis), context.module.abis
    if named and set(named.names) == set(context.answers.abis):
        return Decision("abis", value, f"as {named.place} says")
    task = context.module.cargo_ndk
    hidden = context.module.abi_filters or (task.abis if task else None)
    why = "your build sets no ABIs"
    if named:
        why = "as scaffold.yml says"
    elif hidden:
        why = f"scaffold cannot tell all ABIs from {hidden.place}"
    return Decision("abis", value, why)


def _cpp_runtime(context: Context) -> Decision:
    answer = context.answers.cpp_runtime
    why = {
        "shared": "links libc++_shared.so, which is packaged once for the whole app",
        "static": "links libc++ into the library, which is right only for the app's one C++ library",
        "none": "links no C++ runtime",
    }[answer]
    if answer == "shared" and context.own_packaging:
        why = f"links libc++_shared.so, which your build packages ({context.own_packaging})"
    elif answer == "shared" and not context.packages_runtime:
        why = "links nothing yet, because nothing would package libc++_shared.so"
    look = context.project.cpp
    if context.own_cpp and context.own_cpp.value == answer:
        why += f"; your crate links it itself ({context.own_cpp.place})"
    elif look and suggest_runtime(look).value == answer:
        why += f"; {suggest_runtime(look).origin}"
    return Decision("cpp_runtime", answer, why)


def _jna(context: Context) -> Iterator[Decision]:
    """The one version that the build will have, where it has JNA at all."""
    facts = load_facts()
    answers, module = context.answers, context.module
    brings = module.has(UNIFFI_PLUGIN) and answers.rust_build == "gobley"
    brought = not_above(facts.gobley, answers.gobley).jna if brings else None
    own = next((one for one in module.jna if one.value), None)
    if own and own.value:
        version, why = own.value, f"declared in {own.place}"
    elif context.asks("jna") and answers.jna != "default":
        version, why = answers.jna, "as scaffold.yml says"
        if brought:
            why += f", instead of {brought} from Gobley {answers.gobley}"
    elif context.jna:
        version, why = context.jna, "the Kotlin that UniFFI generates calls Rust through it"
    elif brought:
        told = told_of_gobley(answers.gobley)
        known = told == f"Gobley {answers.gobley}"
        version, why = brought, f"from {told}'s UniFFI plugin" if known else f"from {told}"
    else:
        return
    try:
        row = not_above(facts.jna, version)
    except ValueError:
        yield Decision("jna", version, why)
        return
    if (row.arm64, row.x86_64) != ("ok", "ok"):
        good = next(one for one in facts.jna if (one.arm64, one.x86_64) == ("ok", "ok"))
        why += f"; its Android libraries fail on 16 KB pages: use {good.version} or newer"
    elif row.note:
        why += f"; {version} {row.note}"
    yield Decision("jna", version, why)


def _own_settings(context: Context) -> Iterator[Decision]:
    module, answers = context.project.module, context.answers
    if module is None:
        return
    folder = module.package_directory if context.gobley else None
    if folder and answers.crate != answers.module:
        yield Decision("crate", answers.crate, f"{folder.value or folder.text} in {folder.place}")
    if answers.plugin == "multiplatform" and not module.android:
        yield Decision("android", "none", f"{module.path} has no Android plugin")


def _linux(context: Context) -> Iterator[Decision]:
    targets, answers = wired(context), context.answers
    if not targets:
        return
    where = ".cargo/config.toml" if wired_by_cargo(context) else "the Gradle block, by host"
    own = [
        one.rust_triple for one in linux_targets(context.answers) if "linux" not in one.wired_hosts
    ]
    why = f"linked with Zig, configured in {where}"
    if own and "linux" in answers.hosts:
        why += (
            f"; a Linux host keeps its own linker for {own[0]}, which also links build scripts "
            "(pin glibc to use Zig there)"
        )
    if answers.glibc != "default":
        why += f"; for glibc {answers.glibc} and newer"
    yield Decision("linux_targets", ", ".join(t.arch for t in targets), why)


def _ios(version: str) -> Decision:
    why = "IPHONEOS_DEPLOYMENT_TARGET for Rust and C code, so that both are built for the same iOS"
    if int(version.split(".")[0]) < 13:
        why += "; below 13.0, C code may still need ___chkstk_darwin"
    return Decision("ios_deployment_target", version, why)


def _windows(answer: str) -> Decision:
    why = {
        "build": "requires Visual Studio's component VC.Tools.ARM64 on Windows hosts",
        "skip": "the Windows-on-ARM library is left out",
    }
    return Decision("windows_arm64", answer, why[answer])
