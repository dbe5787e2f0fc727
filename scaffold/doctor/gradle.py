"""Checks of the Gradle build: who builds the Rust library, the Android Gradle plugin, JNA."""

import os
from collections.abc import Mapping

from scaffold.doctor.check import (
    Verdict,
    below,
    error,
    key_of,
    listed,
    ok,
    rule,
    skipped,
    version_in,
    warning,
)
from scaffold.doctor.facts import NO_ANDROID, MachineFacts, ProjectFacts
from scaffold.doctor.host import Host, Runner
from scaffold.facts import load_facts, not_above, told_of_gobley
from scaffold.gradle.found import Setting
from scaffold.gradle.rust import CARGO_PLUGIN, UNIFFI_PLUGIN
from scaffold.probe.programs import Output
from scaffold.probe.rustflags import cargo_home
from scaffold.terminal.shell import shell_word

ALIGNING_AGP = "8.5.1"
NEXT_AGP = "9"
OLDEST_JNA = "5.12.0"
MULTIPLATFORM_LIBRARY = "com.android.kotlin.multiplatform.library"
ALIGNING_CARGO_NDK = "3.5.0"
_ATOMICFU = (
    "org.jetbrains.kotlin.plugin.atomicfu",
    "org.jetbrains.kotlinx.atomicfu",
    "kotlinx-atomicfu",
)


@rule("gobley-plugin")
def gobley_plugin(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.gobley:
        return skipped(f"rust_build is {project.answers.rust_build}")
    module, wanted = project.project.module, project.answers.gobley
    if module is None or module.unread:
        return skipped(module.unread if module else "there is no Gradle module yet")
    if not module.has(CARGO_PLUGIN):
        line = f'id("{CARGO_PLUGIN}") version "{wanted}"'
        return error(
            f"{module.path} does not apply the plugin dev.gobley.cargo",
            f"add {line} to its plugins {{}} and mavenCentral() to pluginManagement, or scaffold "
            "regenerate --set rust_build=none",
        )
    place = module.place_of(CARGO_PLUGIN)
    if module.has(UNIFFI_PLUGIN) and not module.has(*_ATOMICFU):
        message = f"{module.path} applies dev.gobley.uniffi without the Kotlin atomicfu plugin"
        return warning(message, 'add kotlin("plugin.atomicfu") to its plugins {}')
    found = module.gobley.value if module.gobley else None
    if found and found != wanted and module.gobley:
        message = f"{module.gobley.place} sets Gobley {found}, {project.wants} {wanted}"
        return warning(message, f"{project.command} --set {shell_word(f'gobley={found}')}")
    return ok(f"{place} applies dev.gobley.cargo {found or ''}".rstrip())


@rule("cargo-ndk")
def cargo_ndk(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if project.answers.rust_build != "cargo-ndk":
        return skipped(f"rust_build is {project.answers.rust_build}")
    if machine.cargo_ndk.failure:
        return error(f"cargo-ndk: {machine.cargo_ndk.failure}", "cargo install cargo-ndk")
    version = version_in(machine.cargo_ndk.text, "cargo-ndk")
    if not version:
        return warning("`cargo ndk --version` printed no version", "cargo install cargo-ndk")
    if below(version, ALIGNING_CARGO_NDK):
        message = f"cargo-ndk {version} does not align libraries to 16 KB; 3.5 does"
        return warning(message, "cargo install cargo-ndk")
    return ok(f"cargo-ndk {version}")


@rule("agp-version")
def agp_version(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.android:
        return skipped(NO_ANDROID)
    module = project.project.module
    if project.gobley and module and module.has(MULTIPLATFORM_LIBRARY):
        return error(
            f"no release of Gobley supports the plugin {MULTIPLATFORM_LIBRARY}",
            "use com.android.library with AGP 8",
        )
    found = module.agp if module else None
    if not found or not found.value or key_of(found.value) is None:
        return skipped("your build sets no version of the Android Gradle plugin")
    seen = f"{found.place}: Android Gradle plugin {found.value}"
    if project.gobley and not below(found.value, NEXT_AGP):
        return _agp_9(project, seen)
    if project.gobley and below(found.value, "8"):
        return error(f"{seen}; Gobley needs 8", f"use AGP {ALIGNING_AGP} or newer")
    if below(found.value, ALIGNING_AGP):
        return warning(
            f"{seen} does not align stored libraries in APKs to 16 KB; {ALIGNING_AGP} does",
            f"use {ALIGNING_AGP} or newer, or packaging {{ jniLibs {{ useLegacyPackaging = true }} }}",
        )
    return ok(seen)


def _agp_9(project: ProjectFacts, seen: str) -> Verdict:
    """Plain Android modules work with AGP 9's old DSL, which AGP 10 removes."""
    module = project.project.module
    old = module and module.agp_new_dsl and module.agp_new_dsl.value == "false"
    if old and project.answers.plugin == "android":
        message = f"{seen}; Gobley works there with android.newDsl=false, which AGP 10 removes"
        return warning(message, "stay with AGP 9 until a release of Gobley supports 10")
    hint = (
        "use AGP 8.13, or set android.newDsl=false and android.builtInKotlin=false in gradle.properties"
        if project.answers.plugin == "android"
        else "use AGP 8.13"
    )
    return error(f"{seen}; no release of Gobley supports 9", hint)


@rule("jna-version")
def jna_version(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    answers, module = project.answers, project.project.module
    declared = module.jna if module else ()
    brings = project.gobley and (module is None or module.has(UNIFFI_PLUGIN))
    brought = not_above(load_facts().gobley, answers.gobley).jna if brings else ""
    unread = next((s for s in declared if s.value is None or key_of(s.value) is None), None)
    if unread:
        message = f"{unread.place}: cannot tell which JNA `{unread.text[:60]}` is"
        return warning(message, f"use {brought or '5.18.1'} or newer")
    version, why = _highest(answers.jna, declared, answers.gobley, brought)
    return (
        _judged(project, version, why, brought)
        if version
        else skipped("no plugin or dependency adds JNA")
    )


def _highest(
    answer: str, declared: tuple[Setting, ...], gobley: str, brought: str
) -> tuple[str, str]:
    """Of several declarations Gradle takes the highest."""
    if declared:
        best = max(declared, key=lambda s: key_of(s.value or "") or ())
        return best.value or "", f"from {best.place}"
    if answer != "default":
        return answer, "from the answer jna"
    return brought, f"from {told_of_gobley(gobley)}"


def _judged(project: ProjectFacts, version: str, why: str, brought: str) -> Verdict:
    seen = f"JNA {version} is used ({why})"
    use = f"use {brought}" if brought and not below(brought, "5.17.0") else "use 5.18.1"
    if below(version, OLDEST_JNA):
        return error(f"{seen}; UniFFI needs {OLDEST_JNA} or newer", use)
    row = not_above(load_facts().jna, ".".join(map(str, key_of(version) or (0,))))
    states = {"arm64-v8a": row.arm64, "x86_64": row.x86_64}
    bad = [abi for abi, state in states.items() if state != "ok" and abi in project.answers.abis]
    if bad and project.android:
        return error(
            f"{seen}; its library for {listed(bad)} fails on devices with 16 KB pages", use
        )
    if brought and below(version, brought):
        message = f"{seen}, a downgrade from {brought} of Gobley {project.answers.gobley}"
        return warning(message, f"remove that line, or {use} or newer")
    if row.note and row.version == version:
        return warning(f"{seen}; it {row.note}", "use 5.18.1, or 5.19.1 or newer")
    return ok(seen)


def read_cargo_ndk(host: Host, project: ProjectFacts, folder: str) -> Output:
    if project.answers.rust_build != "cargo-ndk":
        return Output()
    path = find_cargo_ndk(host.programs, host.environment, windows=host.name == "windows")
    if not path:
        return Output(failure="not found on PATH, nor in Cargo's home")
    return host.programs.run(path, "ndk", "--version", folder=folder)


def find_cargo_ndk(programs: Runner, environment: Mapping[str, str], *, windows: bool) -> str:
    """Its path; "" where it is not installed. Gradle's daemon and a shell differ in PATH, so Cargo's home counts."""
    name = "cargo-ndk.exe" if windows else "cargo-ndk"
    at_home = os.path.join(cargo_home(environment, windows=windows), "bin", name)
    return programs.find("cargo-ndk") or at_home * programs.allowed(at_home)
