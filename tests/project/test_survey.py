from pathlib import Path

import pytest

from scaffold.answers.model import Answers
from scaffold.answers.reading import read_settings, resolve
from scaffold.project.survey import survey


def answers(*settings: str) -> Answers:
    return resolve(read_settings(["hosts=linux", *settings]))


def write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    project = survey(str(tmp_path / "my-app"), answers(), {})
    assert (project.name, project.crate, project.module) == ("my-app", None, None)
    assert not project.present


def test_files_that_cargo_and_rustup_would_rather_read_are_seen(tmp_path: Path) -> None:
    for name in (".cargo/config", "rust-toolchain"):
        write(tmp_path, name)
    project = survey(str(tmp_path), answers(), {})
    assert project.legacy_cargo_config
    assert project.legacy_toolchain


def test_rustflags_have_a_place(tmp_path: Path) -> None:
    write(tmp_path, ".cargo/config.toml", '[build]\n# rustflags\nrustflags = ["-g"]\n')
    project = survey(str(tmp_path), answers(), {"RUSTFLAGS": "-g"})
    assert project.build_rustflags.startswith(".cargo/config.toml:")
    assert project.rustflags_variable == "RUSTFLAGS"


@pytest.mark.parametrize("text", ["build = 1\n", "[build", '[target.x]\nrustflags = ["-g"]\n'])
def test_a_configuration_without_build_rustflags_says_nothing(text: str, tmp_path: Path) -> None:
    write(tmp_path, ".cargo/config.toml", text)
    assert survey(str(tmp_path), answers(), {}).build_rustflags == ""


def test_a_convention_that_changes_changes_what_the_plan_knows(tmp_path: Path) -> None:
    write(tmp_path, "buildSrc/src/main/kotlin/my.lib.gradle.kts")
    write(tmp_path, "app/build.gradle.kts", 'plugins { id("my.lib") }\n')
    given = answers("module=app")
    before = survey(str(tmp_path), given, {}).module
    write(
        tmp_path,
        "buildSrc/src/main/kotlin/my.lib.gradle.kts",
        'android { ndkVersion = "27.2.12479018" }\n',
    )
    after = survey(str(tmp_path), given, {}).module
    assert before
    assert after
    assert (before.android, before.ndk) == (False, None)
    assert after.android
    assert after.ndk
    assert after.ndk.place == "buildSrc/src/main/kotlin/my.lib.gradle.kts:1"
