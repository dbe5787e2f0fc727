"""Answers + facts + what the repository has → the plan."""

from collections.abc import Iterator

from scaffold.answers.keys import applying
from scaffold.answers.model import Answers
from scaffold.artifacts import artifacts as of
from scaffold.artifacts import decide
from scaffold.artifacts.model import Artifact, Decision, Format, Plan
from scaffold.artifacts.project import Project
from scaffold.artifacts.starter import starter_artifacts
from scaffold.artifacts.zig import zig_files
from scaffold.facts import load_facts, not_above
from scaffold.gradle.found import Module
from scaffold.probe.defaults import targets_of
from scaffold.project.warnings import warnings


def make_plan(answers: Answers, project: Project) -> Plan:
    """Every artifact with its values, every decision with its reason, every doubt. Pure."""
    targets = targets_of(project.module, answers.plugin) if project.module else None
    names = applying(answers.values, targets)
    said, answers = answers, answers.only(names)
    candidates = (
        Artifact(
            "answers",
            "scaffold.yml",
            Format.ANSWERS,
            "",
            {"answers": said, "names": names},
            "your answers; every other file is generated from them",
        ),
        *starter_artifacts(answers, project),
        of.build_rs(answers, project),
        of.cargo_config(answers, project),
        *zig_files(answers),
        of.gradle(answers, project),
        of.rust_toolchain(answers, project),
    )
    artifacts = tuple(artifact for artifact in candidates if artifact is not None)
    return Plan(
        artifacts, tuple(_decisions(answers, project)), warnings(answers, project, artifacts)
    )


def _decisions(answers: Answers, project: Project) -> Iterator[Decision]:
    facts = load_facts()
    row = not_above(facts.ndk, answers.ndk)
    clang = f"clang {row.clang}, API {row.min_api} or newer"
    known = row.release if row.revision == answers.ndk else f"treated as {row.release}"
    yield Decision("ndk", answers.ndk, f"{known}: {clang}")
    yield _abis(answers, project.module)
    yield decide.cpp_decision(answers)
    pages = decide.page_size(answers)
    yield Decision("page_size", pages.strategy, pages.why)
    yield decide.jna_decision(answers)
    yield from _gradle(answers, project.module)
    zig = decide.zig_decision(answers)
    if zig:
        yield zig
    if answers.ios_deployment_target != "none":
        yield _ios(answers.ios_deployment_target)
    if answers.windows_arm64 == "skip" or "windows" in answers.hosts:
        yield _windows(answers.windows_arm64)


def _abis(answers: Answers, module: Module | None) -> Decision:
    value = ", ".join(answers.abis)
    filters = module.abi_filters if module else None
    if filters and filters.complete and set(filters.names) != set(answers.abis):
        named = ", ".join(filters.names)
        return Decision(
            "abis", value, f"but {filters.place} builds {named}: Gobley follows abiFilters"
        )
    complete = filters is not None and filters.complete
    if module and answers.plugin != "jvm" and not complete and len(answers.abis) < 4:
        return Decision(
            "abis",
            value,
            f"but {module.path} has no abiFilters, without which Gobley builds all four",
        )
    return Decision("abis", value, "built for Android")


def _gradle(answers: Answers, module: Module | None) -> Iterator[Decision]:
    if module is None:
        return
    found = (
        ("ndkVersion", module.ndk if answers.plugin != "jvm" else None),
        ("packageDirectory", module.package_directory if answers.crate != answers.module else None),
        ("dynamicLibraries", module.dynamic_cpp if answers.cpp_runtime == "shared" else None),
        ("jna", module.jna[0] if module.jna else None),
    )
    for name, setting in found:
        if setting:
            yield Decision(
                name, setting.value or setting.text, f"yours, in {setting.place}; left alone"
            )
    if answers.plugin == "multiplatform" and not module.android:
        yield Decision("android", "none", f"{module.path} has no Android plugin")


def _ios(version: str) -> Decision:
    why = (
        "IPHONEOS_DEPLOYMENT_TARGET for rustc and C code alike, so that both are built for one iOS"
    )
    if int(version.split(".")[0]) < 13:
        why += "; below 13.0, C code may still miss ___chkstk_darwin"
    return Decision("ios_deployment_target", version, why)


def _windows(answer: str) -> Decision:
    why = {
        "build": "needs Visual Studio's component VC.Tools.ARM64 on Windows hosts",
        "skip": "the Windows-on-ARM library is left out",
    }
    return Decision("windows_arm64", answer, why[answer])
