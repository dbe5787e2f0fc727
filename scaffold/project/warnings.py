"""Doubts about answers that are right by themselves: each with the reason and the way out."""

from collections.abc import Iterator

from scaffold.answers.model import Answers
from scaffold.artifacts import decide
from scaffold.artifacts.model import Artifact
from scaffold.artifacts.project import Project
from scaffold.facts import load_facts, not_above, version_key
from scaffold.findings import Code, Finding, Severity
from scaffold.gradle.found import Module


def warnings(
    answers: Answers, project: Project, artifacts: tuple[Artifact, ...]
) -> tuple[Finding, ...]:
    """Every warning, in the order of the answers that they are about."""
    found = [
        *_crate(project, artifacts),
        *_ndk(answers),
        *_rustflags(answers, project),
        *_jna(answers, project.module),
        *_paths(answers, project),
    ]
    ndk = tuple(Finding(*doubt) for doubt in _other_ndk(answers, project.module))
    return ndk + tuple(
        Finding(code, Severity.WARNING, message, hint) for code, message, hint in found
    )


Doubt = tuple[Code, str, str]


def _crate(project: Project, artifacts: tuple[Artifact, ...]) -> Iterator[Doubt]:
    crate = project.crate
    if crate is None or "cdylib" in crate.crate_types:
        return
    kinds = ", ".join(crate.crate_types) or "no library"
    why = "Gobley packages a cdylib"
    if any(a.id == "build-rs" and a.values["page_size_args"] for a in artifacts):
        why += ", and Cargo complains of cdylib arguments in build.rs without one"
    yield (
        Code.NO_CDYLIB,
        f"{crate.cdylib_place or crate.manifest}: the crate is {kinds}; {why}",
        f'in {crate.manifest}, under [lib]: crate-type = ["cdylib"'
        + "".join(f', "{kind}"' for kind in crate.crate_types if kind != "lib")
        + "]",
    )


def _ndk(answers: Answers) -> Iterator[Doubt]:
    newest = load_facts().ndk[-1]
    if version_key(answers.ndk) > version_key(newest.revision):
        yield (
            Code.NDK_UNKNOWN,
            f"NDK {answers.ndk} is newer than any that this version knows, and is treated like "
            f"{newest.revision} ({newest.release})",
            "check the result with scaffold inspect, and look for a newer scaffold",
        )


def _other_ndk(
    answers: Answers, module: Module | None
) -> Iterator[tuple[Code, Severity, str, str]]:
    """The build takes another NDK than the answer: an error. A catalogue's that nothing uses: a warning."""
    if module is None or answers.plugin == "jvm":
        return
    taken = module.ndk or module.ours_ndk
    mine = taken or module.catalogue_ndk
    if mine is None or mine.value in (None, answers.ndk):
        return
    advice = "undo the edit of that line" if mine is module.ours_ndk else "change that line"
    yield (
        Code.NDK_MISMATCH,
        Severity.ERROR if taken else Severity.WARNING,
        f"{mine.place} says NDK {mine.value}, scaffold.yml says {answers.ndk}",
        f"scaffold regenerate --ndk {mine.value}, or {advice}",
    )


def _rustflags(answers: Answers, project: Project) -> Iterator[Doubt]:
    pages = decide.page_size(answers)
    if not pages.abis or pages.strategy not in ("cargo-config", "gradle"):
        return
    if project.rustflags_variable:
        yield (
            Code.RUSTFLAGS_HIDDEN,
            f"{project.rustflags_variable} is set in this environment: Cargo then ignores the rustflags "
            f"of page_size: {pages.strategy}",
            f"unset {project.rustflags_variable}, or use page_size: build-script, which nothing switches off",
        )
    if project.build_rustflags:
        yield (
            Code.RUSTFLAGS_HIDDEN,
            f"{project.build_rustflags}: build.rustflags is ignored for the Android targets, which now have "
            "rustflags of their own",
            "move those flags to [target.…] tables, or use page_size: build-script",
        )


def _jna(answers: Answers, module: Module | None) -> Iterator[Doubt]:
    brought = not_above(load_facts().gobley, answers.gobley).jna
    mine = [s for s in module.jna if s.value] if module else []
    for setting in mine:
        if answers.jna not in ("default", setting.value):
            yield (
                Code.JNA_DOWNGRADE,
                f"{setting.place} says JNA {setting.value}, scaffold.yml says {answers.jna}; yours is left",
                f"change that line, or set jna: {setting.value}",
            )
        elif _below(setting.value, brought):
            yield _downgrade(f"{setting.place}: JNA {setting.value}", answers.gobley, brought)
    if not mine and answers.jna != "default" and _below(answers.jna, brought):
        yield _downgrade(f"jna: {answers.jna}", answers.gobley, brought)


def _downgrade(what: str, gobley: str, brought: str) -> Doubt:
    return (
        Code.JNA_DOWNGRADE,
        f"{what} is a downgrade: Gobley {gobley} brings {brought}, and a version that the project names wins",
        f"use jna: default, or {brought} or newer",
    )


def _below(version: str | None, other: str) -> bool:
    try:
        return version is not None and version_key(version) < version_key(other)
    except ValueError:
        return False


def _paths(answers: Answers, project: Project) -> Iterator[Doubt]:
    windows = any("windows" in t.wired_hosts for t in decide.zig_targets(answers))
    if project.path_with_spaces and windows:
        yield (
            Code.PATH_WITH_SPACES,
            "this project's path has a space in it; on Windows a .bat linker under such a path fails, "
            "whatever it contains (cmd /c takes the quotes apart)",
            "on Windows, keep the project in a folder without spaces",
        )
