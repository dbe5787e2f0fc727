"""What the project links, passes or cannot be read: seen, named, and neither doubled nor passed over."""

import json
from pathlib import Path
from typing import Any

import pytest

from scaffold.cli.main import main

SCRIPT = """\
plugins {
    id("com.android.library")
    id("dev.gobley.cargo") version "0.3.7"
}

android {
    ndkVersion = "27.2.12479018"
}
"""
CRATE = '[package]\nname = "core"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n'
STATIC = 'fn main() {\n    println!("cargo:rustc-link-lib=c++_static");\n}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "settings.gradle.kts": "",
        "build.gradle.kts": SCRIPT,
        "Cargo.toml": CRATE,
        "src/lib.rs": "",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def codes(plan: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in plan["findings"]]


def test_a_runtime_that_the_crate_links_itself_is_linked_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = STATIC.replace("static", "shared")
    (project / "build.rs").write_text(own, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults", "--set", "page_size=off")
    assert (code, codes(plan)) == (0, [])
    assert (project / "build.rs").read_text(encoding="utf-8") == own
    said = {one["about"]: one["why"] for one in plan["decisions"]}
    assert said["cpp_runtime"].endswith("your crate links it itself (build.rs:2)")
    assert "c++_shared" in (project / "build.gradle.kts").read_text(encoding="utf-8")


def test_another_runtime_than_the_crates_own_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "build.rs").write_text(STATIC, encoding="utf-8")
    _, plan = run(capsys, "init", "--defaults", "--set", "cpp_runtime=shared")
    assert codes(plan) == ["runtime-twice"]
    assert "build.rs:2 links the static C++ runtime" in plan["findings"][0]["message"]


@pytest.mark.parametrize(
    ("dependency", "answer", "hint"),
    [
        ("oboe-sys", "shared", "enable the feature shared-stdcxx of oboe-sys"),
        ("cxx", "static", "--set cpp_runtime=shared, or replace cxx"),
        ("webrtc-sys", "shared", "replace webrtc-sys"),
    ],
)
def test_a_dependency_with_another_runtime_is_named(
    dependency: str,
    answer: str,
    hint: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = f'{CRATE}\n[dependencies]\n{dependency} = "*"\n'
    (project / "Cargo.toml").write_text(text, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults", "--set", f"cpp_runtime={answer}")
    twice = [finding for finding in plan["findings"] if finding["code"] == "runtime-twice"]
    assert (code, len(twice)) == (0, 1)
    assert dependency in twice[0]["message"]
    assert twice[0]["hint"].endswith(hint)
    assert codes(run(capsys, "regenerate", "--check")[1]) == codes(plan)


def test_a_dependency_with_the_answers_runtime_is_right(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'{CRATE}\n[dependencies]\noboe-sys = {{ version = "*", features = ["shared-stdcxx"] }}\n'
    )
    (project / "Cargo.toml").write_text(text, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, codes(plan)) == (0, [])
    assert "c++_shared" in (project / "build.rs").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("build.rs", 'fn main() {\n    println!("cargo:rustc-link-arg=-Wl,-z,max-page-size=16384");\n}\n'),
        (".cargo/config.toml", '[build]\nrustflags = ["-Clink-arg=-Wl,-z,max-page-size=16384"]\n'),
        ("build.gradle.kts", SCRIPT + '// x\nval flags = "-Clink-arg=-Wl,-z,max-page-size=16384"\n'),
    ],
)  # fmt: skip
def test_own_page_flags_are_not_doubled(
    path: str, text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text(text, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, [change["id"] for change in plan["changes"]]) == (0, ["answers"])
    said = {one["about"]: one for one in plan["decisions"]}["page_size"]
    assert said["value"] == "own"
    assert said["why"].startswith(f"{path}:")


def test_a_flag_of_cmake_is_none_of_rusts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cmake = SCRIPT + 'val flags = "-DCMAKE_SHARED_LINKER_FLAGS=-Wl,-z,max-page-size=16384"\n'
    (project / "build.gradle.kts").write_text(cmake, encoding="utf-8")
    _, plan = run(capsys, "init", "--defaults")
    assert "build-rs" in [change["id"] for change in plan["changes"]]


def test_a_module_script_over_the_limit_is_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = project / "build.gradle.kts"
    script.write_text(SCRIPT + "// filler\n" * 30_000, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert code == 2
    problem = plan["problems"][0]
    assert (problem["place"], problem["message"]) == (
        "build.gradle.kts",
        "this file was not read: it is larger than 160 KB",
    )
    code, plan = run(capsys, "init", "--defaults", "--set", "module=.")
    assert (code, codes(plan)[0]) == (1, "unreadable")
    assert script.read_text(encoding="utf-8") == SCRIPT + "// filler\n" * 30_000


def test_blocks_nested_too_deep_are_an_error(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = SCRIPT + "a { " * 120 + "} " * 120 + "\n"
    (project / "build.gradle.kts").write_text(deep, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, plan["problems"][0]["place"]) == (2, "build.gradle.kts")


@pytest.mark.parametrize(
    "more", ["# filler\n" * 250_000, "a" + ".a" * 40 + " = 1\n", "x = " + "[" * 5000 + "]" * 5000]
)
def test_a_manifest_over_the_limit_is_an_error(
    more: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run(capsys, "init", "--defaults")
    assert code == 0
    (project / "Cargo.toml").write_text(f"{CRATE}\n[package.metadata]\n{more}", encoding="utf-8")
    code, plan = run(capsys, "regenerate", "--check")
    assert (code, codes(plan)) in ((1, ["unreadable"]), (3, ["unreadable"]))
    assert "Cargo.toml was not read: it" in plan["findings"][0]["message"]


def test_a_catalogue_over_the_limit_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "gradle").mkdir()
    (project / "gradle/libs.versions.toml").write_text("# filler\n" * 30_000, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, codes(plan)) == (0, ["unreadable"])
    assert plan["findings"][0]["message"].startswith("gradle/libs.versions.toml was not read")


def test_tauri_passes_no_flags_of_a_configuration(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".cargo").mkdir()
    flags = '[build]\nrustflags = ["-Clink-arg=-Wl,-z,max-page-size=16384"]\n'
    (project / ".cargo/config.toml").write_text(flags, encoding="utf-8")
    (project / "tauri.conf.json").write_text("{}", encoding="utf-8")
    _, plan = run(capsys, "init", "--defaults")
    assert "build-rs" in [change["id"] for change in plan["changes"]]


def test_flags_that_scaffold_wrote_are_not_the_users(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init", "--defaults", "--set", "page_size=cargo-config")
    assert "max-page-size" in (project / ".cargo/config.toml").read_text(encoding="utf-8")
    code, _ = run(capsys, "regenerate", "--set", "page_size=auto", "--yes")
    assert code == 0
    assert not (project / ".cargo/config.toml").exists()
    assert "max-page-size" in (project / "build.rs").read_text(encoding="utf-8")
    assert run(capsys, "regenerate", "--check")[0] == 0


def test_agp_9_without_kotlins_own_plugin_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agp = SCRIPT.replace('library")', 'library") version "9.1.0"')
    (project / "build.gradle.kts").write_text(agp, encoding="utf-8")
    (project / "gradle.properties").write_text("android.newDsl=false\n", encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, codes(plan)) == (0, ["agp-unsupported"])
    assert "set android.builtInKotlin=false too" in plan["findings"][0]["hint"]


def test_an_ndk_that_is_too_old_is_raised_where_it_is_set(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = SCRIPT.replace("27.2.12479018", "22.1.7171670")
    (project / "build.gradle.kts").write_text(old, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    hints = {finding["code"]: finding["hint"] for finding in plan["findings"]}
    assert code == 1
    assert "in build.gradle.kts:7" in hints["ndk-too-old"]
    assert "is not supported" in hints["ndk-mismatch"]


@pytest.mark.parametrize(
    ("depends", "runtime"),
    [
        ("", "none"),
        ('[dependencies]\ncxx = "1"\n', "shared"),
        ('[dependencies]\nandroid-activity = { version = "0.6", features = ["game-activity"] }\n', "static"),
    ],
)  # fmt: skip
def test_the_runtime_of_cmake_gives_way_to_what_the_crates_dependencies_link(
    depends: str, runtime: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cmake = 'arguments += "-DANDROID_STL=c++_shared"'
    stl = f"android {{ defaultConfig {{ externalNativeBuild {{ cmake {{ {cmake} }} }} }} }}\n"
    (project / "build.gradle.kts").write_text(SCRIPT + stl, encoding="utf-8")
    (project / "Cargo.toml").write_text(CRATE + depends, encoding="utf-8")
    _, plan = run(capsys, "init", "--defaults")
    assert {one["about"]: one["value"] for one in plan["decisions"]}["cpp_runtime"] == runtime


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ("abiFilters += targets.map { it.abi }", "scaffold cannot tell all ABIs from build.gradle.kts:10"),
        ('abiFilters += "x86"', "as build.gradle.kts:10 says"),
        ("", "your build sets no ABIs"),
        (
            '}}; buildTypes { debug { ndk { abiFilters += "x86" }',
            "scaffold cannot tell all ABIs from build.gradle.kts:10",
        ),
    ],
)  # fmt: skip
def test_abis_that_cannot_be_read_are_said_to_be_there(
    filters: str, why: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = SCRIPT + f"android {{ defaultConfig {{ ndk {{\n{filters}\n}} }} }}\n"
    (project / "build.gradle.kts").write_text(script, encoding="utf-8")
    _, plan = run(capsys, "init", "--defaults")
    assert {one["about"]: one["why"] for one in plan["decisions"]}["abis"] == why


@pytest.mark.parametrize(
    ("types", "argument"),
    [
        ('["cdylib"]', "rustc-link-arg-cdylib"),
        ('["dylib"]', "rustc-link-arg"),
        ('["dylib", "cdylib"]', "rustc-link-arg-cdylib"),
    ],
)
def test_the_flags_reach_the_library_that_the_crate_makes(
    types: str, argument: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Cargo.toml").write_text(CRATE.replace('["cdylib"]', types), encoding="utf-8")
    run(capsys, "init", "--defaults")
    script = (project / "build.rs").read_text(encoding="utf-8")
    assert f"cargo::{argument}=-Wl,-z,max-page-size=16384" in script


def test_a_staticlib_that_another_build_links_gets_no_build_script(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Cargo.toml").write_text(CRATE.replace("cdylib", "staticlib"), encoding="utf-8")
    script = SCRIPT.replace('    id("dev.gobley.cargo") version "0.3.7"\n', "")
    (project / "build.gradle.kts").write_text(script, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, codes(plan)) == (0, ["no-cdylib"])
    assert {one["about"]: one["value"] for one in plan["decisions"]}["page_size"] == "off"
    assert not (project / "build.rs").exists()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("ndkVersion = Versions.ndk(rootProject)", "Versions.ndk(rootProject)"),
        ('ndkPath = "/opt/ndk"', '"/opt/ndk"'),
    ],
)
def test_an_ndk_that_cannot_be_moved_is_said_each_time(
    line: str, text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = SCRIPT.replace('ndkVersion = "27.2.12479018"', line)
    (project / "build.gradle.kts").write_text(script, encoding="utf-8")
    for words in (["init", "--defaults"], ["regenerate", "--check"]):
        code, plan = run(capsys, *words)
        assert (code, codes(plan)) == (0, ["not-applied"])
        assert f"build.gradle.kts:7 says which NDK is used ({text})" in (
            plan["findings"][0]["message"]
        )


def test_a_preview_of_an_ndk_moves_with_the_answer(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = SCRIPT.replace("27.2.12479018", "29.0.13599879 rc2")
    (project / "build.gradle.kts").write_text(script, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert {one["about"]: one["value"] for one in plan["decisions"]}["ndk"] == "29.0.13599879"
    code, plan = run(capsys, "regenerate", "--ndk", "r30", "--yes")
    assert (code, codes(plan)) == (0, [])
    assert '"30.0.16248370"\n' in (project / "build.gradle.kts").read_text(encoding="utf-8")


def test_agp_9_is_said_before_the_plan_and_gobley_is_not_said_to_build(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = SCRIPT.replace('"com.android.library")', '"com.android.library") version "9.1.0"')
    (project / "build.gradle.kts").write_text(new, encoding="utf-8")
    assert main(["init", "--defaults", "--dry-run"]) == 3
    out = capsys.readouterr().out
    assert out.startswith("error agp-unsupported: ")
    assert out.count("error agp-unsupported") == 1
    assert "rust_build   gobley: Gobley builds nothing here until build.gradle.kts allows it" in out


def test_a_crate_that_bazel_builds_gets_no_build_script(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "BUILD.bazel").write_text('rust_shared_library(name = "core")\n', encoding="utf-8")
    (project / "Cargo.toml").write_text(CRATE + '[dependencies]\ncxx = "1"\n', encoding="utf-8")
    script = SCRIPT.replace('    id("dev.gobley.cargo") version "0.3.7"\n', "")
    (project / "build.gradle.kts").write_text(script, encoding="utf-8")
    code, plan = run(capsys, "init", "--defaults")
    assert (code, codes(plan)) == (0, [])
    said = {one["about"]: one for one in plan["decisions"]}
    assert (said["cpp_runtime"]["value"], said["page_size"]["value"]) == ("none", "off")
    assert said["page_size"]["why"].startswith("BUILD.bazel builds this crate with Bazel")
    assert not (project / "build.rs").exists()
    assert (project / "build.gradle.kts").read_text(encoding="utf-8") == script
