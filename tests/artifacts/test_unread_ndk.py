"""Where the NDK of a build cannot be read, whoever builds: flags that are right for every NDK."""

from pathlib import Path

import pytest

from scaffold.answers.reading import read_answers
from scaffold.artifacts.context import Context
from scaffold.project.survey import survey

PLUGINS = {
    "gobley": 'id("dev.gobley.cargo") version "0.3.7"',
    "rust-android-gradle": 'id("org.mozilla.rust-android-gradle.rust-android") version "0.9.6"',
    "cargo-ndk": 'id("com.github.willir.rust.cargo-ndk-android")',
    "none": "",
}
MAX_ALONE = ("-Wl,-z,max-page-size=16384",)


def context(root: Path, builder: str, line: str, more: str = "") -> Context:
    script = (
        f'plugins {{\n    id("com.android.library") version "8.13.2"\n    {PLUGINS[builder]}\n}}\n'
    )
    (root / "build.gradle.kts").write_text(
        f"{script}android {{\n    {line}\n}}\n{more}", encoding="utf-8"
    )
    (root / "Cargo.toml").write_text(
        '[package]\nname = "x"\n[lib]\ncrate-type = ["cdylib"]\n', encoding="utf-8"
    )
    answers = read_answers(
        f"rust_build: {builder}\nplugin: android\nndk: 29.0.14206865\nhosts: [linux]\n", ""
    )
    return Context(answers, survey(str(root), answers))


@pytest.mark.parametrize("builder", PLUGINS)
@pytest.mark.parametrize(
    "line", ['ndkVersion = readVersion(file("ndk"))', 'ndkPath = System.getenv("NDK")']
)
def test_an_expression_has_max_page_size_alone(builder: str, line: str, tmp_path: Path) -> None:
    found = context(tmp_path, builder, line)
    assert found.ndk_taken is None
    assert (found.page_size.strategy, found.page_size.link_args) == ("build-script", MAX_ALONE)


def test_our_line_decides_nothing_for_a_script_or_the_users_own_command(tmp_path: Path) -> None:
    assert context(tmp_path, "none", "").ndk_taken is None
    task = 'tasks.register<Exec>("rust") { commandLine("cargo", "ndk", "build") }\n'
    assert context(tmp_path, "none", "", task).page_size.link_args == MAX_ALONE
    for builder in ("gobley", "rust-android-gradle", "cargo-ndk"):
        assert context(tmp_path, builder, "").ndk_taken == "29.0.14206865"


def test_agps_default_is_taken_where_nothing_can_be_written(tmp_path: Path) -> None:
    found = context(tmp_path, "rust-android-gradle", "")
    (tmp_path / "build.gradle").write_text(
        "plugins {\n    id 'com.android.library' version '8.13.2'\n"
        "    id 'org.mozilla.rust-android-gradle.rust-android' version '0.9.6'\n}\n",
        encoding="utf-8",
    )
    again = Context(found.given, survey(str(tmp_path), found.given))
    assert again.ndk_taken == "27.0.12077973"
    assert len(again.page_size.link_args) == 2
