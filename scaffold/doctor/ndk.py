"""Checks of the NDK: installed, named by the project, taken by the build, with a C++ runtime for 16 KB pages."""

import os
import re

from scaffold.artifacts.context import chosen_abis
from scaffold.doctor.check import Verdict, error, listed, ok, rule, skipped, warning
from scaffold.doctor.facts import NO_ANDROID, Libcxx, MachineFacts, ProjectFacts
from scaffold.doctor.host import names_in
from scaffold.files.reading import read_text
from scaffold.inspection.elf.source import Damaged, FileSource
from scaffold.inspection.judge import read_library
from scaffold.inspection.library import Library, Place
from scaffold.inspection.pages import load_align
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.terminal.shell import shell_word

PAGE = 16384


def install_line(revision: str) -> str:
    """The command that installs an NDK."""
    return f'sdkmanager "ndk;{revision}"'


@rule("ndk-installed")
def ndk_installed(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.android:
        return skipped(NO_ANDROID)
    wanted = project.answers.ndk
    install = install_line(wanted)
    if not machine.sdk:
        return error(
            "no Android SDK found in local.properties, ANDROID_HOME, ANDROID_SDK_ROOT or the usual folder",
            f"install Android Studio or the command line tools, set ANDROID_HOME, then {install}",
        )
    own = next((ndk for ndk in machine.ndks if ndk.name == wanted), None)
    where = f"{machine.sdk} ({machine.sdk_origin})"
    if own is None:
        others = listed([ndk.name for ndk in machine.ndks]) or "none"
        return error(f"NDK {wanted} is not in {where}; installed: {others}", install)
    again = f"remove {own.folder}, then {install}"
    if not own.revision:
        return error(
            f"NDK {wanted} is incomplete: {own.folder} has no readable source.properties", again
        )
    if own.revision.partition("-")[0] != wanted:
        return error(f"{own.folder} holds NDK {own.revision}, as its source.properties says", again)
    return ok(f"NDK {wanted} is in {where}")


@rule("ndk-version")
def ndk_version(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.android:
        return skipped(NO_ANDROID)
    wanted, module = project.answers.ndk, project.project.module
    named = (module.ndk, module.ours_ndk, module.catalogue_ndk) if module else ()
    settings = [setting for setting in named if setting]
    if not settings:
        return skipped("your project sets no NDK")
    for setting in settings:
        if setting.value is None:
            message = f"{setting.place}: cannot tell which NDK `{setting.text[:60]}` is"
            return warning(message, f"make sure that it is {wanted}")
        if setting.value != wanted:
            message = f"{setting.place} sets NDK {setting.value}, {project.wants} {wanted}"
            value = shell_word(f"ndk={setting.value}")
            return warning(message, f"{project.command} --set {value}, or edit that line")
    same = ", as scaffold.yml does" if project.answers_place else ""
    return ok(f"{settings[0].place} sets NDK {wanted}{same}")


@rule("ndk-build")
def ndk_build(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    """ndkPath, ndkVersion; without either Gobley takes the newest, others what AGP or they choose."""
    if not project.android:
        return skipped(NO_ANDROID)
    wanted, module = project.answers.ndk, project.project.module
    if module and module.ndk_path:
        message = f"{module.ndk_path.place} sets ndkPath, which overrides ndkVersion"
        return warning(message, f"make sure that it points to NDK {wanted}, or remove it")
    own = (module.ndk or module.ours_ndk) if module else None
    if own:
        taken, why = own.value or "", own.place
        if not taken:
            return skipped(f"{why} sets ndkVersion to an expression that cannot be read")
    elif not project.gobley:
        return skipped("no ndkVersion is set; the Android Gradle plugin's default applies")
    else:
        ndk, why = _newest(machine)
        if ndk is None:
            return skipped("no ndkVersion is set, and no NDK that Gobley could use is installed")
        taken = ndk.revision or ndk.name
    message = f"{project.builder} uses NDK {taken}: {why}"
    if taken == wanted:
        return ok(message)
    hint = (
        f"{project.command} --set {shell_word(f'ndk={taken}')}"
        if own
        else f"run {project.command} to add ndkVersion"
    )
    return warning(f"{message}; {project.wants} {wanted}", hint)


def _newest(machine: MachineFacts) -> tuple[InstalledNdk | None, str]:
    if machine.ndks:
        return machine.ndks[-1], "no ndkVersion is set, and it is the newest installed"
    return machine.ndk_root, "no ndkVersion is set, and ANDROID_NDK_ROOT names it"


@rule("ndk-libcxx")
def ndk_libcxx(project: ProjectFacts, machine: MachineFacts) -> Verdict:
    if not project.android:
        return skipped(NO_ANDROID)
    answers = project.answers
    if answers.cpp_runtime != "shared":
        return skipped(f"cpp_runtime is {answers.cpp_runtime}: libc++_shared.so is not packaged")
    if not any(abi.bits == 64 for abi in chosen_abis(answers)):
        return skipped("only 64-bit ABIs need 16 KB pages, and none is built")
    if not machine.libcxx:
        return skipped(f"NDK {answers.ndk} is not installed")
    bad = [one for one in machine.libcxx if one.complaints]
    if bad:
        said = "; ".join(f"{one.abi}: {one.complaints[0]}" for one in bad)
        hint = "use NDK r27 or newer, or scaffold regenerate --set cpp_runtime=static"
        status = warning if answers.page_size == "off" else error
        return status(f"libc++_shared.so of NDK {answers.ndk}, {said}", hint)
    missing = [one.abi for one in machine.libcxx if one.missing]
    if missing:
        message = f"NDK {answers.ndk} has no libc++_shared.so for {listed(missing)}"
        return error(message, f"install it again: {install_line(answers.ndk)}")
    said = ", ".join(f"{one.abi} {one.align // 1024} KB" for one in machine.libcxx)
    return ok(f"libc++_shared.so of NDK {answers.ndk} is aligned: {said}")


def read_ndk(folder: str) -> InstalledNdk:
    text = read_text(os.path.join(folder, "source.properties"), 65536) or ""
    found = re.search(r"^\s*Pkg\.Revision\s*=\s*(\d[\w.-]{0,60})\s*$", text, re.MULTILINE)
    return InstalledNdk(folder, os.path.basename(folder), found[1] if found else "")


def read_libcxx(ndks: tuple[InstalledNdk, ...], project: ProjectFacts) -> tuple[Libcxx, ...]:
    """Those of the answers' NDK, for the chosen 64-bit ABIs."""
    ndk = next((one for one in ndks if one.name == project.answers.ndk), None)
    if ndk is None or project.answers.cpp_runtime != "shared":
        return ()
    prebuilt = os.path.join(ndk.folder, "toolchains", "llvm", "prebuilt")
    found = []
    for abi in chosen_abis(project.answers):
        if abi.bits == 64:
            below = ("sysroot", "usr", "lib", abi.ndk_triple, "libc++_shared.so")
            paths = (os.path.join(prebuilt, name, *below) for name in names_in(prebuilt))
            path = next((path for path in paths if os.path.isfile(path)), "")
            found.append(_judged(abi.abi, path) if path else Libcxx(abi.abi, 0, missing=True))
    return tuple(found)


def _judged(abi: str, path: str) -> Libcxx:
    blank = Library(path, os.path.basename(path), abi, Place(path, ""))
    try:
        with FileSource(path) as source:
            library = read_library(blank, source, PAGE)
    except (OSError, Damaged) as error:
        return Libcxx(abi, 0, (str(error),))
    align = load_align(library.elf) if library.elf else 0
    return Libcxx(abi, align, tuple(finding.message for finding in library.findings))
