"""Checks of the NDK, of its C++ runtime, of the Android Gradle plugin and of JNA."""

from collections.abc import Iterator

from scaffold.artifacts import decide
from scaffold.doctor.seen import NO_ANDROID, Check, Machine, Subject, below, key_of, listed, skipped
from scaffold.facts import load_facts, not_above
from scaffold.gradle.found import Setting
from scaffold.probe.installed_ndk import InstalledNdk

ALIGNING_AGP = "8.5.1"
UNKNOWN_AGP = "9"
OLDEST_JNA = "5.12.0"
MULTIPLATFORM_LIBRARY = "com.android.kotlin.multiplatform.library"


def install_line(revision: str) -> str:
    """The command that installs an NDK."""
    return f'sdkmanager "ndk;{revision}"'


def ndk_checks(subject: Subject, machine: Machine) -> Iterator[Check]:
    """ndk-installed, ndk-version, ndk-chosen, ndk-libcxx."""
    if not subject.android:
        for code in ("ndk-installed", "ndk-version", "ndk-chosen", "ndk-libcxx"):
            yield skipped(code, NO_ANDROID)
        return
    yield _installed(subject, machine)
    yield _named_by_project(subject)
    yield _chosen(subject, machine)
    yield _libcxx(subject, machine)


def _installed(subject: Subject, machine: Machine) -> Check:
    code, wanted = "ndk-installed", subject.answers.ndk
    install = install_line(wanted)
    if not machine.sdk:
        return Check(
            code,
            "error",
            "no Android SDK was found: not by local.properties, ANDROID_HOME, "
            "ANDROID_SDK_ROOT, nor in the usual folder",
            f"install Android Studio or the command line tools, set ANDROID_HOME, then {install}",
        )
    own = next((ndk for ndk in machine.ndks if ndk.name == wanted), None)
    where = f"{machine.sdk} ({machine.sdk_origin})"
    if own is None:
        others = listed([ndk.name for ndk in machine.ndks]) or "none"
        return Check(code, "error", f"NDK {wanted} is not in {where}; installed: {others}", install)
    again = f"remove {own.folder}, then {install}"
    if not own.revision:
        message = (
            f"NDK {wanted}: {own.folder} has no readable source.properties, so it is incomplete"
        )
        return Check(code, "error", message, again)
    if own.revision.partition("-")[0] != wanted:
        message = f"{own.folder} holds NDK {own.revision}, as its source.properties says"
        return Check(code, "error", message, again)
    return Check(code, "ok", f"NDK {wanted} is in {where}")


def _named_by_project(subject: Subject) -> Check:
    code, wanted = "ndk-version", subject.answers.ndk
    module = subject.project.module
    settings = (
        [s for s in (module.ndk, module.ours_ndk, module.catalogue_ndk) if s] if module else []
    )
    if not settings:
        return skipped(code, "no line of the project names an NDK")
    for setting in settings:
        if setting.value is None:
            message = f"{setting.place}: which NDK `{setting.text[:60]}` stands for cannot be read"
            return Check(code, "warning", message, f"see that it is {wanted}")
        if setting.value != wanted:
            message = f"{setting.place} says NDK {setting.value}, the answers say {wanted}"
            hint = f"scaffold regenerate --ndk {setting.value}, or change that line"
            return Check(code, "warning", message, hint)
    return Check(code, "ok", f"{settings[0].place} says NDK {wanted}, like the answers")


def _chosen(subject: Subject, machine: Machine) -> Check:
    code, wanted = "ndk-chosen", subject.answers.ndk
    module = subject.project.module
    own = (module.ndk or module.ours_ndk) if module else None
    if subject.ndk_path:
        message = f"{subject.ndk_path} sets ndkPath, which comes before ndkVersion"
        return Check(code, "warning", message, f"see that it leads to NDK {wanted}, or remove it")
    if own:
        taken, why = own.value or "", own.place
        if not taken:
            return skipped(code, f"Gobley takes what {why} stands for, which cannot be read")
    else:
        ndk, why = _silently(machine)
        if ndk is None:
            return skipped(code, "no ndkVersion, and no NDK that Gobley could take")
        taken = ndk.revision or ndk.name
    message = f"Gobley takes NDK {taken}: {why}"
    if taken == wanted:
        return Check(code, "ok", message)
    hint = (
        "scaffold regenerate writes ndkVersion" if not own else f"scaffold regenerate --ndk {taken}"
    )
    return Check(code, "warning", f"{message}; the answers say {wanted}", hint)


def _silently(machine: Machine) -> tuple[InstalledNdk | None, str]:
    if machine.ndks:
        return machine.ndks[-1], "no ndkVersion is set, and it is the newest installed"
    return machine.ndk_root, "no ndkVersion is set, and ANDROID_NDK_ROOT names it"


def _libcxx(subject: Subject, machine: Machine) -> Check:
    code, answers = "ndk-libcxx", subject.answers
    if answers.cpp_runtime != "shared":
        return skipped(
            code, f"cpp_runtime: {answers.cpp_runtime} does not package libc++_shared.so"
        )
    if not any(abi.bits == 64 for abi in decide.chosen_abis(answers)):
        return skipped(code, "only 64-bit ABIs need 16 KB pages, and none is built")
    if not machine.libcxx:
        return skipped(code, f"NDK {answers.ndk} is not installed")
    bad = [one for one in machine.libcxx if one.complaints]
    hint = "NDK r27 or newer brings one for 16 KB pages; or scaffold regenerate --set cpp_runtime=static"
    if bad:
        told = "; ".join(f"{one.abi}: {one.complaints[0]}" for one in bad)
        status = "warning" if answers.page_size == "off" else "error"
        return Check(code, status, f"libc++_shared.so of NDK {answers.ndk}, {told}", hint)
    missing = [one.abi for one in machine.libcxx if one.missing]
    if missing:
        message = f"NDK {answers.ndk} has no libc++_shared.so for {listed(missing)}"
        return Check(code, "error", message, f"install it again: {install_line(answers.ndk)}")
    told = ", ".join(f"{one.abi} {one.align // 1024} KB" for one in machine.libcxx)
    return Check(code, "ok", f"libc++_shared.so of NDK {answers.ndk} is aligned: {told}")


def version_checks(subject: Subject, machine: Machine) -> Iterator[Check]:
    """agp-version, jna-version."""
    del machine
    yield _agp(subject)
    yield _jna(subject)


def _agp(subject: Subject) -> Check:
    code = "agp-version"
    if not subject.android:
        return skipped(code, NO_ANDROID)
    if subject.agp_plugin == MULTIPLATFORM_LIBRARY:
        return Check(
            code,
            "error",
            f"the plugin {MULTIPLATFORM_LIBRARY} is applied, which no release of Gobley supports",
            "use com.android.library with AGP 8",
        )
    found = subject.agp
    if not found or not found.value or key_of(found.value) is None:
        return skipped(code, "no line of the build says a version of the Android Gradle plugin")
    seen = f"{found.place}: Android Gradle plugin {found.value}"
    if not below(found.value, UNKNOWN_AGP):
        hint = "stay with AGP 8 until a release of Gobley says otherwise"
        return Check(code, "error", f"{seen}; no release of Gobley supports 9 yet", hint)
    if below(found.value, "8"):
        return Check(code, "error", f"{seen}; Gobley needs 8", f"use AGP {ALIGNING_AGP} or newer")
    if below(found.value, ALIGNING_AGP):
        return Check(
            code,
            "warning",
            f"{seen} does not align stored libraries in APKs to 16 KB; {ALIGNING_AGP} does",
            f"use {ALIGNING_AGP} or newer, or packaging {{ jniLibs {{ useLegacyPackaging = true }} }}",
        )
    return Check(code, "ok", seen)


def _jna(subject: Subject) -> Check:
    code, answers = "jna-version", subject.answers
    module = subject.project.module
    own = module.jna if module else ()
    brought = not_above(load_facts().gobley, answers.gobley).jna
    unread = next((s for s in own if s.value is None or key_of(s.value) is None), None)
    if unread:
        message = f"{unread.place}: which JNA `{unread.text[:60]}` stands for cannot be read"
        return Check(
            code, "warning", message, f"Gobley brings {brought}; a version named there wins"
        )
    version, why = _winner(answers.jna, own, answers.gobley, brought)
    return _judged(code, subject, version, why, brought)


def _winner(answer: str, own: tuple[Setting, ...], gobley: str, brought: str) -> tuple[str, str]:
    """Of several declarations Gradle takes the highest."""
    if own:
        best = max(own, key=lambda s: key_of(s.value or "") or ())
        return best.value or "", f"{best.place} names it"
    if answer != "default":
        return answer, "the answer jna names it"
    return brought, f"Gobley {gobley} brings it"


def _judged(code: str, subject: Subject, version: str, why: str, brought: str) -> Check:
    seen = f"JNA {version} wins: {why}"
    use = f"use {brought}" if not below(brought, "5.17.0") else "use 5.18.1"
    if below(version, OLDEST_JNA):
        return Check(code, "error", f"{seen}; UniFFI needs {OLDEST_JNA} or newer", use)
    row = not_above(load_facts().jna, ".".join(map(str, key_of(version) or (0,))))
    states = {"arm64-v8a": row.arm64, "x86_64": row.x86_64}
    bad = [abi for abi, state in states.items() if state != "ok" and abi in subject.answers.abis]
    if bad and subject.android:
        message = f"{seen}; its library for {listed(bad)} fails on devices with 16 KB pages"
        return Check(code, "error", message, use)
    if below(version, brought):
        message = (
            f"{seen}, a downgrade from the {brought} that Gobley {subject.answers.gobley} brings"
        )
        return Check(code, "warning", message, f"remove that line, or {use} or newer")
    if row.note and row.version == version:
        return Check(code, "warning", f"{seen}; it {row.note}", "use 5.18.1, or 5.19.1 or newer")
    return Check(code, "ok", seen)
