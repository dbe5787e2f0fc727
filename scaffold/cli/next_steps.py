"""What is left to do on this machine after `init`, from values."""

import shlex
from typing import NamedTuple

from scaffold.terminal.printable import printable


class Machine(NamedTuple):
    """What the steps depend on: Rust targets that are missing (none where unknown), and whether the NDK is there."""

    missing_targets: tuple[str, ...]
    ndk_installed: bool


def next_steps(folder: str, module: str, ndk: str, machine: Machine, *, android: bool) -> str:
    """The commands, one a line, each with its purpose; `folder` is the project as the user named it."""
    steps: list[tuple[str, str]] = []
    if machine.missing_targets:
        steps.append((f"rustup target add {' '.join(machine.missing_targets)}", ""))
    if android and not machine.ndk_installed:
        steps.append((f'sdkmanager "ndk;{ndk}"', "this NDK is not installed yet"))
    parts = [part for part in (folder, module) if part != "."]
    if android:
        built = shlex.quote("/".join([*parts, "build"]))
        steps.append((f"scaffold inspect {built}", "after a build: will its libraries load?"))
    doctor = "scaffold doctor" + (f" {shlex.quote(folder)}" if folder != "." else "")
    steps.append((doctor, "what else would break a build on this machine"))
    return "\n".join(["Next:", *(_line(*step) for step in steps)])


def _line(command: str, why: str) -> str:
    command = printable(command)
    if not why:
        return f"  {command}"
    return f"  {command:<32} {why}" if len(command) <= 32 else f"  {command}\n      {why}"
