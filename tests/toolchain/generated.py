"""Generates into a project by the real command; every proof goes through here."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.toolchain.requirements import REPOSITORY


def generate(folder: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """`scaffold init` with an answers file that is kept out of the project; gives back its JSON."""
    answers = folder.with_name(folder.name + ".answers.yml")
    lines = [f"{key}: {value}\n" for key, value in settings.items()]
    answers.write_text("".join(lines), encoding="utf-8")
    command = ["init", str(folder), "--answers", str(answers), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "scaffold", *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def gradle_environment(folder: Path) -> dict[str, str]:
    """What the generated Gradle block puts into the environment of its Cargo tasks."""
    path = folder / "build.gradle.kts"
    build_script = path.read_text(encoding="utf-8") if path.exists() else ""
    flags = re.search(r'val pageSize = "([^"]*)"', build_script)
    names = re.findall(r'-> "(CARGO_TARGET_\w+_RUSTFLAGS)"', build_script)
    return dict.fromkeys(names, flags[1]) if flags else {}
