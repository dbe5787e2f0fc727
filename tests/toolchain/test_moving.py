"""A project that moves from Gobley to cargo-ndk, and back, has a build script that compiles at every step."""

from pathlib import Path

import pytest

from scaffold.cli.main import main
from tests.project.moving import add_bindgen, take_out
from tests.toolchain.kotlin_support import GRADLE_8, Script, compile_scripts

pytestmark = pytest.mark.toolchain
# The modules of test_kotlin_compiles, with Gobley's plugins and without.
KINDS = {
    "android": ("android", "agp8-library"),
    "multiplatform": ("multiplatform", "agp8-multiplatform"),
}
# An existing module: its own settings for Gobley, among other things of its own.
EXISTING = """import gobley.gradle.cargo.dsl.*

plugins {
    id("com.android.library")
    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
}

cargo {
    packageDirectory = layout.projectDirectory.dir("rust")
    builds.android {
        println(rustTarget)
    }
}

android {
    namespace = "com.example.existing"
}
"""
PLUGINS = """    id("dev.gobley.cargo") version "0.3.7"
    id("dev.gobley.uniffi") version "0.3.7"
"""


def starter(folder: Path, plugin: str) -> Path:
    main(["init", str(folder), "--defaults", "--set", f"plugin={plugin}"])
    return folder


def existing(folder: Path) -> Path:
    crate = folder / "rust"
    (crate / "src").mkdir(parents=True)
    (crate / "src" / "lib.rs").write_text("", encoding="utf-8")
    manifest = '[package]\nname = "x"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\nuniffi = "0.29.4"\n'
    (crate / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (folder / "build.gradle.kts").write_text(EXISTING, encoding="utf-8")
    (folder / "settings.gradle.kts").write_text("", encoding="utf-8")
    main(["init", str(folder), "--defaults", "--set", "cpp_runtime=shared", "--set", "jna=5.18.1"])
    return folder


def states(
    folder: Path, crate: Path, plugin: str, capfd: pytest.CaptureFixture[str]
) -> dict[str, Script]:
    """The script before the move, once scaffold and the user have moved it, and once they have moved it back."""
    script, (with_gobley, without) = folder / "build.gradle.kts", KINDS[plugin]

    def text() -> str:
        return script.read_text("utf-8")

    found = {"before": Script(with_gobley, text())}
    capfd.readouterr()
    main(["regenerate", str(folder), "--set", "rust_build=cargo-ndk", "--yes", "--json"])
    take_out(script, capfd.readouterr().out)
    add_bindgen(crate)
    assert main(["regenerate", str(folder), "--yes"]) == 0
    found["moved"] = Script(without, text())
    assert main(["regenerate", str(folder), "--set", "rust_build=gobley", "--yes"]) == 3
    found["refused"] = Script(without, text())
    script.write_text(text().replace("plugins {\n", "plugins {\n" + PLUGINS, 1), encoding="utf-8")
    assert main(["regenerate", str(folder), "--yes"]) == 0
    found["back"] = Script(with_gobley, text())
    return found


def test_the_script_compiles_at_every_step(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scripts = {}
    for plugin in KINDS:
        folder = starter(tmp_path / f"new-{plugin}", plugin)
        for step, script in states(folder, folder, plugin, capfd).items():
            scripts[f"{plugin}-{step}"] = script
    folder = existing(tmp_path / "existing")
    for step, script in states(folder, folder / "rust", "android", capfd).items():
        scripts[f"existing-{step}"] = script
    assert len(set(scripts.values())) == 9
    assert compile_scripts(GRADLE_8, scripts).errors() == {}
