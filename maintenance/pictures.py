"""Renders the README's pictures from real runs: python -m maintenance.pictures

Each command runs in a terminal of its own (tmux, 80 columns) on a small sample project; what stands on that screen
then, colours included, becomes an SVG in docs/pictures/. No font is embedded or fetched: a reader's own monospace one
is used. Nothing in a picture depends on the machine or the day.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from maintenance.terminal_svg import terminal_svg

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
COLUMNS = 80


class Picture(NamedTuple):
    """`keys` are what a person would press, each after the text before it has appeared; then the picture is taken
    when `until` stands there, or the command has ended. `lines` is the terminal's height."""

    name: str
    command: str
    keys: tuple[tuple[str, str], ...] = ()
    until: str = ""
    lines: int = 60


INIT = "scaffold init --set hosts=linux,macos"
PICTURES = (
    Picture("wizard", INIT, until="cancel, write nothing", lines=40),
    Picture("plan", f"{INIT} --defaults --dry-run"),
    Picture("inspect", "scaffold inspect app-release.apk"),
)

SAMPLE = {
    "settings.gradle.kts": 'rootProject.name = "my-app"\ninclude(":app")\n',
    "gradle/libs.versions.toml": '[versions]\nndk = "27.2.12479018"\ngobley = "0.3.7"\n',
    "app/build.gradle.kts": """\
plugins {
    kotlin("multiplatform")
    id("com.android.library")
    id("dev.gobley.cargo") version "0.3.7"
}

android {
    namespace = "org.example.app"
    compileSdk = 35
    ndkVersion = "27.2.12479018"
    defaultConfig {
        minSdk = 24
        ndk.abiFilters += setOf("arm64-v8a", "x86_64")
    }
}

cargo {
    packageDirectory = layout.projectDirectory.dir("../core")
}
""",
    "core/Cargo.toml": """\
[package]
name = "core"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
oboe = "0.6"
""",
    "core/src/lib.rs": "",
    "core/Cargo.lock": """\
version = 4

[[package]]
name = "core"
version = "0.1.0"
dependencies = ["oboe"]

[[package]]
name = "oboe"
version = "0.6.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["oboe-sys"]

[[package]]
name = "oboe-sys"
version = "0.6.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
""",
}


def make_sample(project: Path) -> None:
    """A multiplatform project with its crate in a folder of its own, and an app with two faults."""
    from tests.inspection.elf.writer import X86_64, exported, write_elf
    from tests.inspection.packing import pack

    for name, text in SAMPLE.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shared = ("libc.so", "libc++_shared.so")
    runtime = exported("__cxa_throw")
    files = {
        "lib/arm64-v8a/libc++_shared.so": write_elf(symbols=runtime),
        "lib/arm64-v8a/libcore.so": write_elf(needed=shared),
        "lib/arm64-v8a/libjnidispatch.so": write_elf(),
        "lib/x86_64/libcore.so": write_elf(machine=X86_64, needed=shared),
        "lib/x86_64/libjnidispatch.so": write_elf(machine=X86_64, align=0x1000),
    }
    (project / "app-release.apk").write_bytes(pack(files))


def screen(picture: Picture) -> str:
    """What stands on the terminal, with its colour codes. Raises TimeoutError where a text does not appear."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "my-app"
        project.mkdir()
        make_sample(project)
        programs = Path(name) / "bin"
        programs.mkdir()
        command = programs / "scaffold"
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m scaffold "$@"\n')
        command.chmod(0o755)
        environment = {
            "HOME": name,
            "LANG": "C.UTF-8",
            "PATH": f"{programs}{os.pathsep}{os.defpath}",
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
            "TMUX_TMPDIR": name,
        }
        done = Path(name) / "done"
        script = (
            f"printf '\\033[1m$ {picture.command}\\033[0m\\n'; {picture.command}; "
            f"touch {shlex.quote(str(done))}; sleep 60"
        )
        size = ("-x", str(COLUMNS), "-y", str(picture.lines))
        _tmux(environment, "new-session", "-d", *size, "-c", str(project), script)
        try:
            return _after_keys(picture, environment, done)
        finally:
            _tmux(environment, "kill-server")


def _after_keys(picture: Picture, environment: dict[str, str], done: Path) -> str:
    for text, key in picture.keys:
        _wait(partial(_shows, environment, text), text)
        _tmux(environment, "send-keys", key)
    if picture.until:
        before = ""
        for _ in range(50):  # until two looks show the same
            time.sleep(0.2)
            now = _seen(environment, "-e")
            if now == before and picture.until in now:
                return now
            before = now
        raise TimeoutError(picture.until)
    _wait(done.exists, f"the end of {picture.command}")
    time.sleep(0.2)
    return _seen(environment, "-e")


def _seen(environment: dict[str, str], *options: str) -> str:
    return _tmux(environment, "capture-pane", "-p", *options)


def _shows(environment: dict[str, str], text: str) -> bool:
    return text in _seen(environment)


def _wait(ready: Callable[[], bool], what: str) -> None:
    for _ in range(200):
        if ready():
            return
        time.sleep(0.1)
    raise TimeoutError(what)


def _tmux(environment: dict[str, str], *words: str) -> str:
    tmux = shutil.which("tmux") or "tmux"
    return subprocess.run(
        [tmux, "-f", os.devnull, *words],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout


def svg(text: str) -> str:
    """The screen as an SVG, framed like a terminal."""
    return terminal_svg(text, COLUMNS, "my-app")


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        (FOLDER / f"{picture.name}.svg").write_text(svg(screen(picture)), encoding="utf-8")
        print(FOLDER.relative_to(ROOT) / f"{picture.name}.svg")


if __name__ == "__main__":
    main()
