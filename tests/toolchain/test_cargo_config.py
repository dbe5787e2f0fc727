"""What Cargo itself makes of the generated configuration is what the plan said, with and without RUSTFLAGS."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scaffold.answers.reading import read_answers
from scaffold.artifacts.cargo_config import CargoConfig
from scaffold.artifacts.project import Project
from scaffold.facts import load_facts
from scaffold.project.plan import make_plan
from tests.toolchain.crate_support import require_rust, run_cargo, write_crate
from tests.toolchain.generated import generate
from tests.toolchain.ndk_support import MAJORS, ndk_revision

pytestmark = pytest.mark.toolchain

ANDROID = [abi.rust_target for abi in load_facts().abis]
LINUX = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def planned(project: Path) -> CargoConfig:
    """The values of the plan's Cargo configuration for the answers as they were written."""
    text = (project / "scaffold.yml").read_text(encoding="utf-8")
    plan = make_plan(read_answers(text, "scaffold.yml"), Project())
    values = plan.values("cargo-config")
    assert isinstance(values, CargoConfig)
    return values


def resolved(project: Path, key: str, **variables: str) -> Any:
    """`cargo config get`: files and environment variables, joined as Cargo joins them; None where unset."""
    done = run_cargo(
        project,
        *("-Zunstable-options", "config", "get", "--format=json", "--merged=yes", key),
        variables={"RUSTC_BOOTSTRAP": "1"} | variables,
    )
    if done.returncode != 0:
        assert "is not set" in done.stderr, done.stderr
        return None
    found = json.loads(done.stdout)
    for part in key.split("."):
        found = found[part]
    return found


def compiler_calls(project: Path, *targets: str, **variables: str) -> dict[str, str]:
    """Target → how Cargo calls rustc for the crate; only checked, so that no linker is needed."""
    done = run_cargo(
        project,
        "check",
        "-v",
        *(f"--target={target}" for target in targets),
        variables={"RUSTC_BOOTSTRAP": "1"} | variables,
    )
    assert done.returncode == 0, done.stderr
    calls = re.findall(r"Running `(.*rustc --crate-name app .*)`", done.stderr)
    return {re.findall(r"--target (\S+)", call)[0]: call for call in calls}


@pytest.mark.parametrize("major", MAJORS)
def test_rustflags_are_those_of_the_plan_for_its_targets_and_no_other(
    major: int, tmp_path: Path
) -> None:
    require_rust()
    write_crate(tmp_path)
    answers = {"cpp_runtime": "none", "page_size": "cargo-config", "ndk": ndk_revision(major)}
    generate(tmp_path, answers)
    values = planned(tmp_path)
    assert len(values.rustflags) == (1 if major == 26 else 2)
    for target in ANDROID:
        flags = resolved(tmp_path, f"target.{target}.rustflags")
        wanted = list(values.rustflags) if target in values.android_targets else None
        assert flags == wanted

    for target, call in compiler_calls(tmp_path, *ANDROID).items():
        expected = target in values.android_targets
        assert all((flag in call) == expected for flag in values.rustflags)
    calls = compiler_calls(tmp_path, *ANDROID, RUSTFLAGS="--cfg=theirs")
    assert set(calls) == set(ANDROID)
    for call in calls.values():
        assert "--cfg=theirs" in call
        assert "page-size" not in call


def test_flags_of_the_users_own_are_joined_and_come_first(tmp_path: Path) -> None:
    require_rust()
    write_crate(tmp_path)
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo" / "config.toml").write_text(
        "[build]\nrustflags = ['--cfg=everywhere']\n"
        "[target.aarch64-linux-android]\nrustflags = ['--cfg=theirs']\n",
        encoding="utf-8",
    )
    answers = {"cpp_runtime": "none", "page_size": "cargo-config", "ndk": ndk_revision(27)}
    found = generate(tmp_path, answers)
    flags = planned(tmp_path).rustflags
    assert resolved(tmp_path, "target.aarch64-linux-android.rustflags") == ["--cfg=theirs", *flags]
    calls = compiler_calls(tmp_path, *ANDROID)
    assert "--cfg=theirs" in calls["aarch64-linux-android"]
    # Cargo takes flags of a target instead of those of `build`, which the user is told.
    assert "--cfg=everywhere" not in calls["x86_64-linux-android"]
    assert "--cfg=everywhere" in calls["i686-linux-android"]
    assert any("build.rustflags" in finding["message"] for finding in found["findings"])


def test_flags_by_the_gradle_variable_are_joined_too(tmp_path: Path) -> None:
    require_rust()
    write_crate(tmp_path)
    answers = {"cpp_runtime": "none", "page_size": "cargo-config", "ndk": ndk_revision(27)}
    generate(tmp_path, answers)
    variable = "CARGO_TARGET_AARCH64_LINUX_ANDROID_RUSTFLAGS"
    calls = compiler_calls(tmp_path, *ANDROID, **{variable: "--cfg=gradle"})
    assert "--cfg=gradle" in calls["aarch64-linux-android"]
    assert "max-page-size=16384" in calls["aarch64-linux-android"]


@pytest.mark.parametrize("rustflags", [None, "--cfg=theirs"])
@pytest.mark.parametrize("folder", ["project", "mit Leer $taste & 'ü'"])
def test_linkers_and_environment_are_those_of_the_plan_whatever_rustflags_says(
    rustflags: str | None, folder: str, tmp_path: Path
) -> None:
    require_rust()
    project = tmp_path / folder
    write_crate(project)
    answers = {
        "cpp_runtime": "none",
        "hosts": "[linux]",
        "linux_targets": "[x86_64, aarch64]",
        "glibc": "2.28",
        "ios_deployment_target": "13.0",
        "ndk": ndk_revision(28),
    }
    generate(project, answers)
    values = planned(project)
    names = [f"{tool}_{t.variable}" for t in values.zig_targets for tool in t.tools]
    names.append("IPHONEOS_DEPLOYMENT_TARGET")
    lines = "".join(
        f'    println!("cargo::warning={name}={{}}", std::env::var("{name}").unwrap());\n'
        for name in names
    )
    (project / "build.rs").write_text(f"fn main() {{\n{lines}}}\n", encoding="utf-8")
    variables = {} if rustflags is None else {"RUSTFLAGS": rustflags}

    # Build scripts of the host must link where Zig is not installed, so the target is another one.
    host_linker = {"CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER": "cc"}
    seen = run_cargo(
        project,
        *("check", "-v", "--target=aarch64-unknown-linux-gnu"),
        variables={"RUSTC_BOOTSTRAP": "1", **host_linker, **variables},
    )
    assert seen.returncode == 0, seen.stderr
    found = dict(re.findall(r"^warning: app@0\.1\.0: (\w+)=(.*)$", seen.stderr, re.MULTILINE))
    for target in values.zig_targets:
        for tool, path in target.tools.items():
            assert found[f"{tool}_{target.variable}"] == str(project / path)
            assert (project / path).is_file()
        linker = resolved(project, f"target.{target.triple}.linker", **variables)
        assert linker == target.tools["CC"]
    assert sorted(target.triple for target in values.zig_targets) == sorted(LINUX)
    assert found["IPHONEOS_DEPLOYMENT_TARGET"] == "13.0" == values.ios_deployment_target
    wrapper = project / values.zig_targets[1].tools["CC"]
    assert f"linker={wrapper}" in seen.stderr.replace("'\\''", "'")
