"""Checks of the project itself: answers, crate, what was built, drift."""

from scaffold.doctor.check import Verdict, error, listed, ok, rule, skipped, warning
from scaffold.doctor.facts import NO_ANDROID, MachineFacts, ProjectFacts
from scaffold.explain.linkage import RUNTIMES, summary, switches
from scaffold.explain.signatures import load


@rule("answers")
def answers(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if project.answers_place:
        return ok(f"{project.answers_place} was read")
    used = project.answers
    builder = f"Gobley {used.gobley}" if project.gobley else f"rust_build {used.rust_build}"
    message = (
        f"there is no scaffold.yml here; the checks use what was found and the defaults: {builder}, "
        f"NDK {used.ndk}, {', '.join(used.abis)}"
    )
    return warning(message, "run scaffold init to create one")


@rule("cpp-crates")
def cpp_crates(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    """Before any build, from Cargo.lock; `cpp-runtimes` has what a build really linked."""
    if not project.android:
        return skipped(NO_ANDROID)
    wanted = project.answers.cpp_runtime
    if project.cpp is None:
        return skipped("no Cargo.lock lists the crate's dependencies")
    uses = [use for use in project.cpp.uses if use.runtime in ("shared", "static")]
    kinds = {use.runtime for use in uses}
    if not uses:
        return ok("no dependency in Cargo.lock is known to link a C++ runtime")
    crates = listed([f"{use.crate} ({use.runtime})" for use in uses])
    if len(kinds) > 1:
        hint = f"{uses[0].crate}: {uses[0].how}; {uses[-1].crate}: {uses[-1].how}"
        return warning(f"dependencies in Cargo.lock link two C++ runtimes: {crates}", hint)
    if kinds == {wanted}:
        return ok(f"dependencies in Cargo.lock link the {wanted} C++ runtime: {crates}")
    message = f"dependencies in Cargo.lock link a C++ runtime: {crates}; cpp_runtime is {wanted}"
    return warning(message, f"scaffold regenerate --set cpp_runtime={kinds.pop()}")


@rule("cpp-runtimes")
def cpp_runtimes(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    wanted = project.answers.cpp_runtime
    if not project.android:
        return skipped(NO_ANDROID)
    if not project.links:
        return skipped("no build script under target/ asked for a C++ runtime on Android")
    said = summary(project.links)
    kinds = {RUNTIMES[link.library] for link in project.links}
    if kinds == {wanted}:
        return ok(said)
    if wanted == "none":
        message = f"{said} cpp_runtime is none."
        kind = "shared" if "shared" in kinds else "static"
        status = error if len(kinds) > 1 else warning
        return status(message, f"scaffold regenerate --set cpp_runtime={kind}")
    ways = switches(project.links, wanted, project.crate_name, load().knob)
    hint = " ".join(ways) or f"make every crate link the {wanted} one, and build again"
    return error(f"{said} cpp_runtime is {wanted}.", hint)


@rule("cdylib")
def cdylib(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    crate = project.project.crate
    if crate is None:
        return skipped(f"there is no Cargo.toml in {project.answers.crate}")
    if "cdylib" in crate.crate_types:
        return ok(f"{crate.cdylib_place or crate.manifest}: cdylib")
    kinds = tuple(kind for kind in crate.crate_types if kind != "lib")
    said = ", ".join(crate.crate_types[:6]) or "no library"
    wanted = ", ".join(f'"{kind}"' for kind in ("cdylib", *kinds[:6]))
    message = f"{crate.manifest}: the crate is {said}; {project.builder} packages a cdylib"
    return error(message, f"in {crate.manifest}, under [lib]: crate-type = [{wanted}]")


@rule("drift")
def drift(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    found = project.drift
    details = listed(found.details)
    if found.state == "absent":
        return skipped("there is no scaffold.yml")
    if found.state == "refused":
        return error(f"the generated files cannot be compared: {details}", found.hint)
    if found.state == "new":
        return warning(
            "scaffold.yml is there, but its files were never generated", "scaffold init --yes"
        )
    if found.state == "drift":
        return warning(f"scaffold regenerate would change {details}", "scaffold regenerate --diff")
    if found.state == "conflict":
        hint = "scaffold regenerate --diff shows it; then --conflict=mine or --conflict=theirs"
        return warning(f"scaffold cannot update {details}: a conflict that you decide", hint)
    if found.edited:
        return ok(f"nothing to regenerate; your edits are kept in {listed(found.edited)}")
    return ok("the generated files match scaffold.yml")
