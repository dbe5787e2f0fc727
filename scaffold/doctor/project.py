"""Checks of the project itself: answers, crate, what was built, drift."""

from collections.abc import Iterator

from scaffold.doctor.seen import NO_ANDROID, Check, Drift, Machine, Subject, listed, skipped
from scaffold.explain.linkage import RUNTIMES, summary, switches
from scaffold.explain.signatures import load

_DRIFT = {
    "none": ("ok", "the generated files are as the answers say"),
    "drift": ("warning", "regenerate would change"),
    "conflict": ("warning", "you and the answers changed the same thing in"),
    "refused": ("error", "the generated files cannot be compared"),
    "absent": ("skipped", "there is no scaffold.yml"),
    "new": ("warning", "scaffold.yml is there, and its files were never generated"),
}
_DRIFT_HINT = {
    "drift": "scaffold regenerate --diff",
    "conflict": "scaffold regenerate --diff, then --conflict=mine or --conflict=theirs",
    "new": "scaffold init --yes",
}


def project_checks(subject: Subject, machine: Machine) -> Iterator[Check]:
    """answers, cpp-runtimes, cdylib, drift."""
    del machine
    yield _answers(subject)
    yield _runtimes(subject)
    yield _cdylib(subject)
    yield _drift(subject.drift)


def _answers(subject: Subject) -> Check:
    if subject.answers_place:
        return Check("answers", "ok", f"{subject.answers_place} was read")
    answers = subject.answers
    message = (
        f"no scaffold.yml here; looked at with what was found and the defaults: Gobley {answers.gobley}, "
        f"NDK {answers.ndk}, {', '.join(answers.abis)}"
    )
    return Check("answers", "warning", message, "scaffold init writes one")


def _runtimes(subject: Subject) -> Check:
    code, wanted = "cpp-runtimes", subject.answers.cpp_runtime
    if not subject.android:
        return skipped(code, NO_ANDROID)
    if not subject.links:
        return skipped(code, "no build script under target/ asked for a C++ runtime on Android")
    told = summary(subject.links)
    kinds = {RUNTIMES[link.library] for link in subject.links}
    if kinds == {wanted}:
        return Check(code, "ok", told)
    if wanted == "none":
        message = f"{told} cpp_runtime is none."
        status = "error" if len(kinds) > 1 else "warning"
        kind = "shared" if "shared" in kinds else "static"
        return Check(code, status, message, f"scaffold regenerate --set cpp_runtime={kind}")
    ways = switches(subject.links, wanted, subject.crate_name, load().knob)
    hint = " ".join(ways) or f"see that every crate links {wanted}, and build again"
    return Check(code, "error", f"{told} cpp_runtime is {wanted}.", hint)


def _cdylib(subject: Subject) -> Check:
    crate = subject.project.crate
    if crate is None:
        return skipped("cdylib", f"there is no Cargo.toml in {subject.answers.crate}")
    if "cdylib" in crate.crate_types:
        return Check("cdylib", "ok", f"{crate.cdylib_place or crate.manifest}: cdylib")
    kinds = tuple(kind for kind in crate.crate_types if kind != "lib")
    told = ", ".join(crate.crate_types[:6]) or "no library"
    wanted = ", ".join(f'"{kind}"' for kind in ("cdylib", *kinds[:6]))
    message = f"{crate.manifest}: the crate is {told}; Gobley packages a cdylib"
    return Check(
        "cdylib", "error", message, f"in {crate.manifest}, under [lib]: crate-type = [{wanted}]"
    )


def _drift(drift: Drift) -> Check:
    status, message = _DRIFT[drift.state]
    details = listed(drift.details)
    joint = " " if drift.state in ("drift", "conflict") else ": "
    return Check(
        "drift",
        status,
        f"{message}{joint}{details}" if details else message,
        drift.hint or _DRIFT_HINT.get(drift.state, ""),
    )
