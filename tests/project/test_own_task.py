"""What a user's own `cargo ndk` task lacks is said with the exact edit, and leaves once it is made."""

import json
from pathlib import Path
from typing import Any

import pytest

from scaffold.cli.main import main

SCRIPT = """\
apply plugin: 'com.android.application'
apply plugin: 'kotlin-android'
android {
    ndkVersion '28.1.13356709'
    defaultConfig { ndk { abiFilters 'arm64-v8a', 'x86_64' } }
}
task rust(type: Exec) {
    workingDir '../native'
    commandLine 'cargo', 'ndk', '-t', 'arm64-v8a', '-o', '../app/src/main/jniLibs', 'build'
}
"""
CRATE = '[package]\nname = "native"\n[lib]\ncrate-type = ["cdylib"]\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "settings.gradle": "include ':app'\n",
        "app/build.gradle": SCRIPT,
        "native/Cargo.toml": CRATE,
        "native/src/lib.rs": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)["findings"]


def test_a_missing_target_is_named_with_the_words_to_add(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (finding,) = said(capsys, "init", "--defaults")
    assert (code, finding["code"]) == (0, "abis-differ")
    assert "app/build.gradle:9 builds arm64-v8a" in finding["message"]
    assert finding["hint"].endswith("in that command add '-t', 'x86_64'")
    script = project / "app/build.gradle"
    script.write_text(SCRIPT.replace("'ndk', ", "'ndk', '-t', 'x86_64', "), encoding="utf-8")
    assert said(capsys, "regenerate", "--check") == (0, [])


def test_the_shared_runtime_is_packaged_by_one_more_word(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = project / "app/build.gradle"
    both = SCRIPT.replace("'ndk', ", "'ndk', '-t', 'x86_64', ")
    script.write_text(both, encoding="utf-8")
    code, (finding,) = said(capsys, "init", "--defaults", "--set", "cpp_runtime=shared")
    assert (code, finding["code"]) == (3, "not-applied")
    assert "add '--link-libcxx-shared' behind 'ndk' in app/build.gradle:9" in finding["hint"]
    script.write_text(both.replace("'ndk', ", "'ndk', '--link-libcxx-shared', "), encoding="utf-8")
    assert said(capsys, "regenerate", "--yes") == (0, [])
    assert "c++_shared" in (project / "native/build.rs").read_text(encoding="utf-8")
    assert said(capsys, "regenerate", "--check") == (0, [])


def test_a_new_ndk_that_cargo_does_not_see_is_said_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = SCRIPT.replace("'ndk', ", "'ndk', '-t', 'x86_64', ")
    (project / "app/build.gradle").write_text(both, encoding="utf-8")
    said(capsys, "init", "--defaults")
    code, (finding,) = said(capsys, "regenerate", "--ndk", "29.0.14206865", "--yes")
    assert (code, finding["code"]) == (0, "not-applied")
    assert "Cargo does not link a library again" in finding["message"]
    assert "cargo clean --manifest-path native/Cargo.toml" in finding["hint"]
    assert "environment('CARGO_TARGET_DIR', layout.buildDirectory" in finding["hint"]
    assert said(capsys, "regenerate", "--check") == (0, [])


def test_a_new_ndk_whose_flags_change_needs_no_word(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = SCRIPT.replace("'ndk', ", "'ndk', '-t', 'x86_64', ").replace("28.1.13356709", "27.2.12479018")  # fmt: skip
    (project / "app/build.gradle").write_text(old, encoding="utf-8")
    said(capsys, "init", "--defaults")
    # build.rs loses its flags, and Cargo links again for that.
    assert said(capsys, "regenerate", "--ndk", "28.1.13356709", "--yes") == (0, [])


def test_a_groovy_app_without_rust_is_told_the_task_that_settles_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "app/build.gradle"
    script.parent.mkdir()
    script.write_bytes(b"apply plugin: 'com.android.application'\nandroid {\n}\n")
    (tmp_path / "settings.gradle").write_bytes(b"include ':app'\n")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--defaults"]) == 3
    out = capsys.readouterr().out
    assert "rust_build   cargo-ndk: nothing runs cargo ndk yet" in out
    listed = out.partition("→ paste this:\n")[2].partition("\n\nDone:")[0].splitlines()
    pasted = "\n".join(line.removeprefix("    ") for line in listed)
    assert "abstract class ScaffoldCargoNdk extends DefaultTask" in pasted
    script.write_text(f"{script.read_text(encoding='utf-8')}{pasted}\n", encoding="utf-8")
    assert main(["regenerate", "--yes"]) == 0
    assert "a Gradle task runs cargo ndk (app/build.gradle:" in capsys.readouterr().out
    assert said(capsys, "regenerate", "--check") == (0, [])
    assert said(capsys, "regenerate", "--ndk", "r29", "--yes") == (0, [])
    assert "ndkVersion '29.0.14206865'" in script.read_text(encoding="utf-8")
