"""action.yml, its steps run as a runner would: bash, inputs in the environment, GITHUB_PATH read between steps."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.inspection.elf.writer import write_elf
from tests.inspection.packing import at, pack

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash"), reason="the steps are bash scripts"
)


@pytest.fixture
def run(tmp_path: Path) -> "Runner":
    return Runner(tmp_path)


class Runner:
    """Takes the steps after the installation, for which this interpreter's scaffold stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bin_ = folder / "bin"
        bin_.mkdir()
        program = bin_ / "scaffold"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scaffold "$@"\n')
        program.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, **given: str) -> tuple[int, str]:
        inputs = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | given
        printed = ""
        for step in ACTION["runs"]["steps"][1:]:
            name, wanted = re.fullmatch(r"inputs\.(\S+) [!=]= '(.*)'", step["if"]).groups()  # type: ignore[union-attr]
            if (inputs[name] == wanted) != ("==" in step["if"]):
                continue
            extra = {
                key: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
                for key, value in step["env"].items()
            }
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=self.folder,
                env=self.environment | extra,
                capture_output=True,
                text=True,
                check=False,
            )
            printed += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, printed
        return 0, printed


def test_an_archive_with_a_4_kb_library_fails_with_an_annotation(run: Runner) -> None:
    at(run.folder / "a b.apk", pack({"lib/arm64-v8a/libold.so": write_elf(align=0x1000)}))
    code, printed = run(check="false", inspect="a b.apk\n")
    assert code == 1
    assert "::error" in printed
    assert "load-alignment" in printed


def test_a_sarif_file_is_written_where_it_is_asked_for(run: Runner) -> None:
    at(run.folder / "app.apk", pack({"lib/arm64-v8a/libold.so": write_elf(align=0x1000)}))
    code, _ = run(check="false", inspect="app.apk", sarif="out.sarif")
    assert code == 1
    assert '"2.1.0"' in (run.folder / "out.sarif").read_text(encoding="utf-8")


def test_a_good_library_passes(run: Runner) -> None:
    at(run.folder / "app.apk", pack({"lib/arm64-v8a/libnew.so": write_elf()}))
    assert run(check="false", inspect="app.apk")[0] == 0


def test_drift_fails_the_run(run: Runner) -> None:
    (run.folder / "app").mkdir()
    subprocess.run(
        ["scaffold", "init", "app", "--defaults"],
        cwd=run.folder,
        env=run.environment,
        check=True,
        capture_output=True,
    )
    assert run(folder="app")[0] == 0
    answers = run.folder / "app" / "scaffold.yml"
    answers.write_text(
        re.sub(r"(?m)^rust_toolchain: none", "rust_toolchain: stable", answers.read_text())
    )
    code, printed = run(folder="app")
    assert code == 1
    assert "::error" in printed


def test_no_input_stands_inside_a_script() -> None:
    assert all("${{" not in step["run"] for step in ACTION["runs"]["steps"])
