"""Real Gradle, with the real multiplatform plugin, makes of each generated block what the answers ask for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.toolchain.kotlin_scripts import (
    KINDS,
    ODD_FOLDER,
    Case,
    distinct_cases,
    full_case,
    starter_script,
)
from tests.toolchain.kotlin_support import (
    GRADLE_9,
    Evaluation,
    Script,
    compile_scripts,
    evaluate,
)

pytestmark = pytest.mark.toolchain

HOSTS = ("Linux/X64", "Linux/Arm64", "MacOS/Arm64", "Windows/X64", "Windows/Arm64")
ANDROID = ("multiplatform", "android")
TRIPLES = {"x86_64": "x86_64-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu"}
LINUX = {"x86_64": "LinuxX64", "aarch64": "LinuxArm64"}
WIDE = {"arm64-v8a": ("AndroidArm64", "AARCH64"), "x86_64": ("AndroidX64", "X86_64")}
TASKS = ("cargoBuild{}Debug", "cargoBuild{}Release", "cargoCheck{}Debug", "cargoCheck{}Release")
FLAGS = "-Clink-arg=-Wl,-z,max-page-size=16384 -Clink-arg=-Wl,-z,common-page-size=16384"


def expected_environment(one: Case, root: Path, host: str) -> dict[str, dict[str, str]]:
    """Task → what is put into its environment, from the design and not from the block."""
    answers = one.answers
    found: dict[str, dict[str, str]] = {}
    platform, machine = host.split("/")
    extension = "bat" if platform == "Windows" else "sh"
    own = {"X64": "x86_64", "Arm64": "aarch64"}[machine] if platform == "Linux" else ""
    for arch in answers.linux_targets if one.script.kind != "android" else ():
        spared = arch == own and answers.glibc == "default"
        if platform.lower() in answers.hosts and len(answers.hosts) > 1 and not spared:
            stem, key = root / ".cargo" / "zig" / TRIPLES[arch], TRIPLES[arch].replace("-", "_")
            values = {
                f"CARGO_TARGET_{key.upper()}_LINKER": f"{stem}-cc.{extension}",
                f"CC_{key}": f"{stem}-cc.{extension}",
                f"CXX_{key}": f"{stem}-cxx.{extension}",
                f"AR_{key}": f"{stem}-ar.{extension}",
            }
            found |= {task.format(LINUX[arch]): values for task in TASKS}
    if answers.page_size == "gradle" and one.script.kind in ANDROID:
        for abi in set(WIDE) & set(answers.abis):
            name, key = WIDE[abi]
            values = {f"CARGO_TARGET_{key}_LINUX_ANDROID_RUSTFLAGS": FLAGS}
            found |= {task.format(name): values for task in TASKS}
    return found


def expected_embedding(one: Case, build: str) -> bool | None:
    """Whether a Linux x86_64 host embeds this build's library, from the design; None for Gobley's own choice."""
    answers = one.answers
    if one.script.kind == "android" or not build.startswith(("Linux", "MacOS", "Windows", "MinGW")):
        return None
    if build.startswith("MacOS"):
        return "macos" in answers.hosts
    if build == "WindowsArm64":
        return "windows" in answers.hosts and answers.windows_arm64 == "build"
    return build in {"LinuxX64", *(LINUX[arch] for arch in answers.linux_targets)}


def wanted_hosts(one: Case) -> tuple[str, ...]:
    return HOSTS if one.block.zig and one.script.kind == "jvm" else HOSTS[:1]


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case]:
    return {**distinct_cases(), **{f"full-{kind}": full_case(kind) for kind in KINDS}}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a folder with a space, a dollar and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("kotlin") / "my $project ёж"
    folder.mkdir()
    return folder.resolve()


@pytest.fixture(scope="module")
def results(
    cases: Mapping[str, Case], root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, dict[str, Any]]:
    scripts = {name: one.script for name, one in cases.items()}
    compiled = compile_scripts(GRADLE_9, scripts)
    wanted = {
        f"{name} {host}": Evaluation(name, root, host)
        for name, one in cases.items()
        for host in wanted_hosts(one)
    }
    return evaluate(scripts, compiled.jar, wanted, tmp_path_factory.mktemp("evaluate"))


def test_each_task_gets_the_environment_that_its_target_and_host_need(
    cases: Mapping[str, Case], results: Mapping[str, dict[str, Any]], root: Path
) -> None:
    seen = 0
    for name, one in cases.items():
        for host in wanted_hosts(one):
            given = results[f"{name} {host}"]["environment"]
            assert len(given) == 11 * 4
            found = {task: values for task, values in given.items() if values}
            assert found == expected_environment(one, root, host), f"{name} on {host}"
            seen += len(found)
    assert seen > 500


def test_the_other_settings_arrive(
    cases: Mapping[str, Case], results: Mapping[str, dict[str, Any]], root: Path
) -> None:
    for name, one in cases.items():
        found = results[f"{name} Linux/X64"]
        android = one.script.kind in ANDROID
        crate = root if one.answers.crate == "." else root / ODD_FOLDER
        assert found["packageDirectory"] == str(crate)
        assert (found["ndkVersion"] or None) == (one.answers.ndk if android else None)
        shared = android and one.answers.cpp_runtime == "shared"
        for build, libraries in found["dynamicLibraries"].items():
            wanted = ["c++_shared"] if shared and build.startswith("Android") else []
            assert libraries == wanted, (name, build)
        assert found["embedded"] == {
            build: expected_embedding(one, build) for build in found["embedded"]
        }, name


JNA = "net.java.dev.jna:jna:5.18.1"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("jvm", {"implementation": [JNA]}),
        ("android", {"implementation": [JNA + "@aar"], "testImplementation": [JNA]}),
        (
            "multiplatform",
            {"androidMainImplementation": [JNA + "@aar"], "jvmMainImplementation": [JNA]},
        ),
        ("multiplatform-desktop", {"desktopMainImplementation": [JNA]}),
    ],
)
def test_jna_lands_in_the_configurations_that_need_it(
    results: Mapping[str, dict[str, Any]], kind: str, expected: dict[str, list[str]]
) -> None:
    found = results[f"full-{kind} Linux/X64"]["dependencies"]
    declared = {
        name: ours
        for name, all_ in found.items()
        if (ours := [one for one in all_ if one.startswith("net.java.dev.jna")])
        and "Compilation" not in name
    }
    assert declared == expected


def test_a_starter_builds_the_hosts_own_library_and_what_the_answers_name(
    tmp_path_factory: pytest.TempPathFactory, root: Path
) -> None:
    hosts = ("linux", "windows")
    scripts: dict[str, Script] = {
        "build": starter_script("jvm", hosts=hosts, linux_targets=("aarch64",)),
        "skip": starter_script("jvm", hosts=hosts, windows_arm64="skip"),
    }
    wanted = {f"{name} {host}": Evaluation(name, root, host) for name in scripts for host in HOSTS}
    compiled = compile_scripts(GRADLE_9, scripts)
    results = evaluate(scripts, compiled.jar, wanted, tmp_path_factory.mktemp("starter"))

    def embedded(name: str) -> set[str]:
        return {build for build, on in results[name]["embedded"].items() if on}

    assert embedded("build Linux/X64") == {"LinuxX64", "LinuxArm64", "WindowsArm64"}
    assert embedded("build MacOS/Arm64") == {"MacOSArm64", "LinuxArm64", "WindowsArm64"}
    assert embedded("build Windows/X64") == {"WindowsX64", "LinuxArm64", "WindowsArm64"}
    assert embedded("skip Linux/X64") == {"LinuxX64"}
    assert embedded("skip Windows/X64") == {"WindowsX64"}
