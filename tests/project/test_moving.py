"""From Gobley to cargo-ndk and back: what scaffold changes, and what it says that only the user can."""

import json
from pathlib import Path
from typing import Any

import pytest

from scaffold.cli.main import main
from tests.project.moving import add_bindgen, take_out, use_uniffi

PLUGINS = ("android", "multiplatform")


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capfd.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capfd.readouterr().out)


def errors(said: dict[str, Any]) -> list[str]:
    return [one["code"] for one in said["findings"] if one["severity"] == "error"]


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_gobley_project_moves_and_comes_back(
    plugin: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "my-app"
    folder, script = str(project), project / "build.gradle.kts"
    main(["init", folder, "--defaults", "--set", f"plugin={plugin}"])
    first = script.read_text("utf-8")

    code, said = run(capfd, "regenerate", folder, "--set", "rust_build=cargo-ndk", "--yes")
    assert code == 1
    assert errors(said) == ["built-twice"]
    (twice,) = (one for one in said["findings"] if one["code"] == "built-twice")
    line = next(n for n, text in enumerate(first.splitlines(), 1) if "dev.gobley.cargo" in text)
    assert f"dev.gobley.cargo (build.gradle.kts:{line})" in twice["hint"]
    # Adding the binary and removing what the hint names is all that is left to do.
    take_out(script, twice["hint"])
    add_bindgen(project)
    code, said = run(capfd, "regenerate", folder, "--yes")
    assert (code, said["findings"]) == (0, [])
    moved = script.read_text("utf-8")
    assert "gobley" not in moved.lower()
    assert "ScaffoldCargoNdk::bindings" in moved
    assert "net.java.dev.jna:jna:5.18.1@aar" in moved

    code, said = run(capfd, "regenerate", folder, "--set", "rust_build=gobley", "--yes")
    assert (code, errors(said)) == (3, ["gobley-missing"])
    assert script.read_text("utf-8") == moved
    lines = """    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
"""
    script.write_text(
        moved.replace("plugins {\n", "plugins {\n" + lines), encoding="utf-8", newline="\n"
    )
    code, said = run(capfd, "regenerate", folder, "--yes")
    assert (code, errors(said)) == (0, [])
    assert "ScaffoldCargoNdk" not in script.read_text("utf-8")


def test_gobley_is_told_of_a_crate_on_another_uniffi(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path)
    main(["init", folder, "--defaults"])
    use_uniffi(tmp_path, "0.32.2")
    code, said = run(capfd, "regenerate", folder, "--check")
    (found,) = said["findings"]
    assert (code, found["code"], found["severity"]) == (0, "gobley-mismatch", "warning")
    assert found["hint"] == 'in Cargo.toml: uniffi = "0.29.4"'
    use_uniffi(tmp_path, "0.29")
    assert run(capfd, "regenerate", folder, "--check")[1]["findings"] == []


def test_what_a_missing_plugin_needs_is_printed_with_uniffis(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "build.gradle.kts").write_text(
        'plugins {\n    id("com.android.library")\n}\n', encoding="utf-8"
    )
    (tmp_path / "settings.gradle.kts").write_text("", encoding="utf-8", newline="\n")
    manifest = '[package]\nname = "x"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\nuniffi = "0.29"\n'
    (tmp_path / "Cargo.toml").write_text(manifest, encoding="utf-8", newline="\n")
    main(["init", str(tmp_path), "--defaults", "--set", "rust_build=gobley"])
    said = capfd.readouterr().out
    for line in ('id("dev.gobley.cargo")', 'id("dev.gobley.uniffi")', "kotlin.plugin.atomicfu"):
        assert line in said


@pytest.mark.parametrize("own", ["script", "committed"])
def test_kotlin_that_the_project_generates_itself_is_not_generated_again(
    own: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "app" / "build.gradle.kts"
    script.parent.mkdir()
    task = 'tasks.register<Exec>("bind") {\n    commandLine("uniffi-bindgen", "generate")\n}\n'
    text = 'plugins {\n    id("com.android.library")\n}\n' + (task if own == "script" else "")
    script.write_text(text, encoding="utf-8", newline="\n")
    (tmp_path / "settings.gradle.kts").write_text(
        'include(":app")\n', encoding="utf-8", newline="\n"
    )
    if own == "committed":
        (tmp_path / "app/src/main/java/uniffi/x").mkdir(parents=True)
    words = ("module=app", "rust_build=cargo-ndk", "crate=rust")
    main(["init", str(tmp_path), "--defaults", *(w for word in words for w in ("--set", word))])
    capfd.readouterr()
    made = script.read_text("utf-8")
    assert "ScaffoldCargoNdk" in made
    assert "bindings" not in made
    assert "jna" not in made


@pytest.mark.parametrize(
    ("properties", "codes"), [("", ["agp-unsupported"]), ("android.newDsl=false\n", [])]
)
def test_mozillas_plugin_needs_agps_old_dsl(
    properties: str, codes: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = """plugins {
    id("com.android.library") version "9.1.0"
    id("org.mozilla.rust-android-gradle.rust-android") version "0.9.6"
}

cargo {
    module = "rust"
}
"""
    manifest = '[package]\nname = "x"\n\n[lib]\ncrate-type = ["cdylib"]\n'
    for path, text in (
        ("build.gradle.kts", script),
        ("settings.gradle.kts", ""),
        ("gradle.properties", properties),
        ("rust/Cargo.toml", manifest),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8", newline="\n")
    code, said = run(capfd, "init", str(tmp_path), "--defaults")
    assert code == 0
    assert [one["code"] for one in said["findings"]] == codes
