"""What `init` says last: only what this machine still needs."""

import os

import pytest

from scaffold.cli.next_steps import FirstBuild, next_steps
from scaffold.doctor.read_machine import Readiness

NDK = "28.2.13676358"


def test_a_machine_that_is_ready_is_only_told_how_to_check() -> None:
    text = next_steps(".", "app", NDK, Readiness(), android=True)
    assert [line.split("  ")[1] for line in text.splitlines()[1:]] == [
        "scaffold inspect app/build",
        "scaffold doctor",
    ]


def test_what_is_missing_comes_first_as_commands_to_paste() -> None:
    machine = Readiness(("aarch64-linux-android", "i686-linux-android"), ndk=False, cargo_ndk=False)
    lines = next_steps("my app", ".", NDK, machine, android=True).splitlines()
    assert lines[0] == "Next:"
    assert lines[1] == "  rustup target add aarch64-linux-android i686-linux-android"
    assert lines[2].startswith("  cargo install cargo-ndk ")
    assert lines[3].startswith(f'  sdkmanager "ndk;{NDK}" ')
    mark = '"' if os.name == "nt" else "'"
    assert f"  scaffold inspect {mark}my app/build{mark}" in lines[4]
    assert f"  scaffold doctor {mark}my app{mark}" in lines[5]


def test_a_desktop_project_is_told_nothing_of_android() -> None:
    text = next_steps(".", ".", NDK, Readiness(ndk=False), android=False)
    assert "sdkmanager" not in text
    assert "inspect" not in text


def test_a_folder_with_control_characters_stays_text() -> None:
    assert "\x1b" not in next_steps("a\x1b[2J", ".", NDK, Readiness(), android=True)


@pytest.mark.skipif(os.name == "nt", reason="commands for a POSIX shell")
@pytest.mark.parametrize(
    ("folder", "commands"),
    [
        (".", ["gradle wrapper --gradle-version 8.14.5", "./gradlew run"]),
        (
            "my app",
            [
                "gradle -p 'my app' wrapper --gradle-version 8.14.5",
                "'my app/gradlew' -p 'my app' run",
            ],
        ),
    ],
)
def test_a_new_project_is_told_how_to_get_its_wrapper_and_run(
    folder: str, commands: list[str]
) -> None:
    first = FirstBuild("8.14.5", "run")
    ready = Readiness()
    text = next_steps(folder, ".", NDK, ready, android=False, first_build=first)
    assert [line for line in commands if f"  {line}" not in text] == []


@pytest.mark.skipif(os.name == "nt", reason="commands for a POSIX shell")
def test_a_library_that_gradle_does_not_build_is_built_before_the_app_runs() -> None:
    ready = Readiness()
    first = FirstBuild("8.14.5", "run", "core")
    text = next_steps("my app", ".", NDK, ready, android=False, first_build=first)
    assert "  cargo build --manifest-path 'my app/core/Cargo.toml'" in text
    assert text.index("cargo build") < text.index("wrapper")
    here = next_steps(".", ".", NDK, ready, android=False, first_build=first._replace(crate="."))
    assert "  cargo build  " in here
