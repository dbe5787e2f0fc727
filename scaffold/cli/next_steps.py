"""What is left to do on this machine after `init`, from values."""

import os
from typing import NamedTuple

from scaffold.doctor.read_machine import Readiness
from scaffold.terminal.printable import printable
from scaffold.terminal.shell import shell_word


class FirstBuild(NamedTuple):
    """The first build of a new project: the Gradle version that its wrapper is made for, and the task to run.

    `crate`: the folder in which Cargo has to build the library first, where Gradle does not do it.
    """

    gradle: str
    task: str
    crate: str | None = None


def next_steps(
    folder: str,
    module: str,
    ndk: str,
    ready: Readiness,
    *,
    android: bool,
    first_build: FirstBuild | None = None,
) -> str:
    """The commands, one a line, each with its purpose; `folder` is the project as the user named it."""
    steps: list[tuple[str, str]] = []
    if ready.missing_targets:
        steps.append((f"rustup target add {' '.join(ready.missing_targets)}", ""))
    if not ready.cargo_ndk:
        steps.append(("cargo install cargo-ndk", "the Gradle task runs it; not installed yet"))
    if android and not ready.ndk:
        steps.append((f'sdkmanager "ndk;{ndk}"', "this NDK is not installed yet"))
    if first_build:
        steps += _first_build(folder, first_build)
    parts = [part for part in (folder, module) if part != "."]
    if android:
        built = shell_word("/".join([*parts, "build"]))
        steps.append((f"scaffold inspect {built}", "after a build: will its libraries load?"))
    doctor = "scaffold doctor" + (f" {shell_word(folder)}" if folder != "." else "")
    steps.append((doctor, "what else would break a build on this machine"))
    return "\n".join(["Next:", *(_line(*step) for step in steps)])


def _first_build(folder: str, first: FirstBuild) -> list[tuple[str, str]]:
    where = "" if folder == "." else f" -p {shell_word(folder)}"
    wrapper = shell_word(f"{folder}/gradlew") if folder != "." else "./gradlew"
    if os.name == "nt":
        wrapper = wrapper.replace("/", "\\")
    does = "build it and run it" if first.task == "run" else "build it and run its tests"
    manifest = "/".join(
        part for part in (folder, first.crate, "Cargo.toml") if part and part != "."
    )
    named = "" if manifest == "Cargo.toml" else f" --manifest-path {shell_word(manifest)}"
    library = (f"cargo build{named}", "the Rust library, which Gradle does not build")
    return [
        *[library] * (first.crate is not None),
        (f"gradle{where} wrapper --gradle-version {first.gradle}", "once: adds gradlew"),
        (f"{wrapper}{where} {first.task}", does),
    ]


def _line(command: str, why: str) -> str:
    command = printable(command)
    if not why:
        return f"  {command}"
    return f"  {command:<32} {why}" if len(command) <= 32 else f"  {command}\n      {why}"
