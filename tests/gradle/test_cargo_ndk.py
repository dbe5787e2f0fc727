"""The user's own `cargo ndk` command: which ABIs it builds, and what it does besides."""

from pathlib import Path

import pytest

from scaffold.gradle.found import Module
from scaffold.gradle.module import read_module

ANDROID = 'plugins { id("com.android.library") }\n'


def module(root: Path, script: str, name: str = "build.gradle.kts") -> Module:
    (root / name).write_text(script, encoding="utf-8")
    found = read_module(str(root), ".")
    assert found
    return found


@pytest.mark.parametrize(
    ("script", "abis"),
    [
        ('{ commandLine("cargo", "ndk", "-t", "x86,x86_64", "build") }', ("x86_64", "x86")),
        ('{ commandLine("cargo", "ndk")\nargs("--target=arm64-v8a")\nargs("build") }', ("arm64-v8a",)),
        ('{ commandLine("cargo", "ndk", "-o", "x", "build") }', ("arm64-v8a", "armeabi-v7a")),
        (
            '{ commandLine(listOf("cargo", "ndk") + abis.flatMap { listOf("-t", it) } + "build") }\n'
            'val abis = listOf("arm64-v8a", "x86")',
            ("arm64-v8a", "x86"),
        ),
        (
            '{ commandLine("cargo", "ndk")\nabis.forEach { args("-t", it) }\nargs("build") }\n'
            'val abis = mapOf("arm64-v8a" to "aarch64", "x86" to "i686")',
            ("arm64-v8a", "x86"),
        ),
        (
            '{ commandLine("cargo", "ndk", *listOf("x86", "arm64-v8a").flatMap { listOf("-t", it) }.let(x)) }',
            ("arm64-v8a", "x86"),
        ),
    ],
    ids=["commas", "several lines", "cargo-ndk's default", "list", "map in a loop", "in place"],
)  # fmt: skip
def test_the_abis_are_read_from_lists_and_loops(
    script: str, abis: tuple[str, ...], tmp_path: Path
) -> None:
    task = module(tmp_path, f'{ANDROID}tasks.register<Exec>("rust") {script}\n').cargo_ndk
    assert task
    assert task.abis
    assert (task.abis.names, task.abis.complete) == (abis, True)


@pytest.mark.parametrize(
    "loop",
    [
        'listOf("arm64-v8a", "x86").forEach { abi ->',
        'for (abi in listOf("arm64-v8a", "x86")) {',
        'val all = listOf("arm64-v8a", "x86")\nall.forEach { abi ->',
    ],
)
def test_a_loop_around_the_task_names_its_abis(loop: str, tmp_path: Path) -> None:
    task = 'tasks.register<Exec>("rust$abi") { commandLine("cargo", "ndk", "-t", abi, "build") }'
    found = module(tmp_path, f"{ANDROID}{loop}\n    {task}\n}}\n").abis
    assert found
    assert found.names == ("arm64-v8a", "x86")


def test_groovy_lists_are_read_as_kotlins_are(tmp_path: Path) -> None:
    script = (
        "apply plugin: 'com.android.library'\ndef abis = ['arm64-v8a', 'x86_64']\n"
        "task rust(type: Exec) {\n    commandLine(['cargo', 'ndk'] + abis.collectMany { ['-t', it] } + ['build'])\n}\n"
    )
    found = module(tmp_path, script, "build.gradle").abis
    assert found
    assert (found.names, found.place) == (("arm64-v8a", "x86_64"), "build.gradle:2")


def test_what_a_command_gives_from_elsewhere_is_not_taken_for_cargo_ndks_default(
    tmp_path: Path,
) -> None:
    script = 'tasks.register<Exec>("rust") { commandLine("cargo", "ndk", "$options", "build") }\n'
    assert module(tmp_path, ANDROID + script).abis is None


def test_a_target_folder_and_an_output_folder_are_seen(tmp_path: Path) -> None:
    script = (
        'tasks.register<Exec>("rust") {\n    environment("CARGO_TARGET_DIR", "x")\n'
        '    commandLine("cargo", "ndk", "-t", "x86", "-o", "y", "build")\n}\n'
    )
    task = module(tmp_path, ANDROID + script).cargo_ndk
    assert task
    assert (task.target_folder, task.output, task.alone) == (True, True, True)
