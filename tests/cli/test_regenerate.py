import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output import DummyOutput

from scaffold.cli.main import main
from tests.cli.conftest import GRADLE, R27, R28, Run

SetUp = Callable[..., Path]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def test_an_upgrade_is_explained_in_the_terms_of_the_answers(set_up: SetUp, run: Run) -> None:
    set_up()
    result = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert result.code == 0
    assert (
        result.reason("build-rs")
        == "NDK r28 aligns 64-bit libraries itself: removes both linker flags from build.rs"
    )
    assert result.reason("answers") == f"ndk: {R27} → {R28}"
    assert result.reason("gradle") == f"ndkVersion {R27} → {R28}"
    assert result.document["findings"] == []


def test_a_file_with_two_reasons_is_one_file(project: Path, run: Run) -> None:
    own = f'android {{ ndkVersion = "{R27}" }}\n'
    (project / "build.gradle.kts").write_text(GRADLE + own, newline="\n")
    assert run("init", "--defaults", "--set", "hosts=linux").code == 0
    words = ("--ndk", R28, "--set", "jna=5.17.0", "--dry-run")
    said = run("regenerate", *words).out
    assert said.count("~ update     build.gradle.kts") == 1
    assert re.search(rf"{R27} → {R28}; JNA\s+5.17.0", said)
    updates = re.findall(r"^~ update +(\S+)$", said, re.MULTILINE)
    assert f"nothing written: {len(set(updates))} files to update" in said


def test_where_only_the_state_is_old_that_is_said(set_up: SetUp, run: Run) -> None:
    project = set_up()
    (project / ".scaffold" / ".gitattributes").unlink()
    assert "Drift: .scaffold/ to update, 3 files unchanged." in run("regenerate", "--check").out
    assert "Done: .scaffold/ updated, 3 files unchanged." in run("regenerate", "--yes").out


def test_an_edited_answers_file_is_followed(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "scaffold.yml", R27, f"{R28} # newer")
    assert run("regenerate", "--check").code == 1
    assert run("regenerate", "--yes").code == 0
    assert f"ndk: {R28} # newer\n" in (project / "scaffold.yml").read_text()
    assert "max-page-size" not in (project / "build.rs").read_text()
    assert run("regenerate", "--check").code == 0


def test_a_check_writes_nothing_and_shows_the_diff(set_up: SetUp, run: Run) -> None:
    project = set_up()
    before = tree(project)
    result = run("regenerate", "--check", "--ndk", R28)
    assert result.code == 1
    assert f"-ndk: {R27}\n+ndk: {R28}\n" in result.out
    assert tree(project) == before


def test_a_dry_run_writes_nothing(set_up: SetUp, run: Run) -> None:
    project = set_up()
    before = tree(project)
    assert run("regenerate", "--dry-run", "--ndk", R28).code == 0
    assert tree(project) == before


def test_without_a_terminal_yes_or_check_is_wanted(set_up: SetUp, run: Run) -> None:
    project = set_up()
    before = tree(project)
    result = run("regenerate", "--ndk", R28)
    assert result.code == 2
    assert "--yes" in result.err
    assert "--check" in result.err
    assert tree(project) == before


def test_a_folder_without_answers_is_refused(tmp_path: Path, run: Run) -> None:
    result = run("regenerate", str(tmp_path), "--yes", "--json")
    assert (result.code, result.document["problems"][0]["hint"]) == (
        2,
        "run scaffold init to set up a project",
    )


def test_a_kept_edit_is_no_drift_and_survives_an_upgrade(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "build.rs", "c++_shared", "c++_custom")
    assert run("regenerate", "--check").code == 0
    checked = run("regenerate", "--check", "--json")
    assert (checked.code, checked.action("build-rs")) == (0, "keep")
    assert run("regenerate", "--ndk", R28, "--yes").code == 0
    text = (project / "build.rs").read_text()
    assert "c++_custom" in text
    assert "max-page-size" not in text


def test_what_both_changed_is_a_conflict_that_leaves_the_file_and_applies_the_rest(
    set_up: SetUp, run: Run
) -> None:
    project = set_up()
    edit(project / "build.rs", "link-lib=c++_shared", "link-lib=c++_custom")
    mine = (project / "build.rs").read_bytes()
    lock = (project / ".scaffold/lock.toml").read_text()
    result = run("regenerate", "--set", "cpp_runtime=static", "--yes", "--json")
    assert (result.code, result.action("build-rs")) == (3, "conflict")
    assert (project / "build.rs").read_bytes() == mine
    assert "dynamicLibraries" not in (project / "build.gradle.kts").read_text()
    assert (project / ".scaffold/lock.toml").read_text() == lock
    assert run("regenerate", "--check").code == 3


@pytest.mark.parametrize(("side", "library"), [("mine", "c++_custom"), ("theirs", "c++_static")])
def test_a_conflict_can_be_decided(set_up: SetUp, run: Run, side: str, library: str) -> None:
    project = set_up()
    edit(project / "build.rs", "link-lib=c++_shared", "link-lib=c++_custom")
    assert run("regenerate", "--set", "cpp_runtime=static", "--yes", "--conflict", side).code == 0
    assert f"link-lib={library}" in (project / "build.rs").read_text()
    assert run("regenerate", "--check").code == 0


def test_markers_stand_in_the_file_only_when_asked_for(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "build.rs", "link-lib=c++_shared", "link-lib=c++_custom")
    result = run("regenerate", "--set", "cpp_runtime=static", "--yes", "--conflict=markers")
    text = (project / "build.rs").read_text()
    assert result.code == 3
    assert "<<<<<<<" in text
    assert "c++_custom" in text
    assert "c++_static" in text


def test_a_deleted_file_stays_deleted_until_restore(set_up: SetUp, run: Run) -> None:
    project = set_up()
    text = (project / "build.rs").read_bytes()
    (project / "build.rs").unlink()
    checked = run("regenerate", "--check", "--json")
    assert (checked.code, checked.action("build-rs")) == (0, "skip")
    assert run("regenerate", "--yes").code == 0
    assert not (project / "build.rs").exists()
    assert run("regenerate", "--yes", "--restore").code == 0
    assert (project / "build.rs").read_bytes() == text


def test_a_clone_that_lost_its_state_gets_nothing_twice(set_up: SetUp, run: Run) -> None:
    project = set_up(page_size="cargo-config", ios_deployment_target="13.0")
    before = {k: v for k, v in tree(project).items() if not k.startswith(".scaffold")}
    shutil.rmtree(project / ".scaffold")
    result = run("regenerate", "--yes", "--json")
    assert {change["action"] for change in result.document["changes"]} == {"identical"}
    assert {k: v for k, v in tree(project).items() if not k.startswith(".scaffold")} == before
    assert run("regenerate", "--check").code == 0


def test_what_is_no_longer_needed_is_deleted_only_where_it_is_as_we_left_it(
    set_up: SetUp, run: Run
) -> None:
    project = set_up(cpp_runtime="none")
    result = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert result.action("build-rs") == "delete"
    assert not (project / "build.rs").exists()
    assert "build-rs" not in (project / ".scaffold/lock.toml").read_text()
    assert not (project / ".scaffold/base/build-rs").exists()


def test_an_edited_file_that_is_no_longer_needed_is_kept(set_up: SetUp, run: Run) -> None:
    project = set_up(hosts="macos", linux_targets="x86_64", glibc="2.17")
    wrapper = project / ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh"
    edit(wrapper, "#!/bin/sh\n", "#!/bin/sh\n# mine\n")
    mine = wrapper.read_bytes()
    result = run("regenerate", "--set", "linux_targets=", "--yes", "--json")
    assert (result.code, result.action("zig-x86_64-unknown-linux-gnu-cc-sh")) == (3, "conflict")
    assert wrapper.read_bytes() == mine
    assert not wrapper.with_name("x86_64-unknown-linux-gnu-ar.sh").exists()
    assert run("regenerate", "--yes", "--conflict=mine").code == 0
    assert wrapper.read_bytes() == mine
    assert run("regenerate", "--check").code == 0


def test_our_part_of_a_users_file_is_taken_out_and_the_rest_is_as_before(
    project: Path, run: Run
) -> None:
    theirs = b'\xef\xbb\xbf// mine\r\nfn main() {\r\n    println!("x");\r\n}\r\n'
    (project / "build.rs").write_bytes(theirs)
    words = ("--defaults", "--set", f"ndk={R27}", "--set", "cpp_runtime=none")
    assert run("init", *words).code == 0
    assert (project / "build.rs").read_bytes() != theirs
    assert run("regenerate", "--ndk", R28, "--yes").code == 0
    assert (project / "build.rs").read_bytes() == theirs


def test_a_module_that_moves_takes_our_block_along(set_up: SetUp, run: Run) -> None:
    project = set_up()
    (project / "app").mkdir()
    (project / "app/build.gradle.kts").write_text(GRADLE)
    assert run("regenerate", "--set", "module=app", "--yes").code == 0
    assert (project / "build.gradle.kts").read_text() == GRADLE
    assert "scaffold:gradle" in (project / "app/build.gradle.kts").read_text()
    assert run("regenerate", "--check").code == 0


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_line_endings_and_byte_order_mark_of_a_merged_file_survive(
    project: Path, run: Run, ending: bytes
) -> None:
    theirs = b"\xef\xbb\xbf# mine" + ending + b"[alias]" + ending + b'b = "build" # short' + ending
    (project / ".cargo").mkdir()
    (project / ".cargo/config.toml").write_bytes(theirs)
    words = ("--set", f"ndk={R27}", "--set", "page_size=cargo-config")
    assert run("init", "--defaults", *words).code == 0
    merged = (project / ".cargo/config.toml").read_bytes()
    assert merged.startswith(theirs)
    assert merged.count(b"\n") == merged.count(ending)
    assert run("regenerate", "--set", "page_size=build-script", "--yes").code == 0
    assert (project / ".cargo/config.toml").read_bytes() == theirs


def test_a_git_clone_with_other_line_endings_is_no_drift(set_up: SetUp, run: Run) -> None:
    project = set_up(page_size="cargo-config")
    for path in project.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--check", "--json").code == 0


def test_the_projects_own_ndk_is_noticed(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "build.gradle.kts", R27, R28)
    result = run("regenerate", "--check", "--json")
    assert (result.code, result.codes) == (1, ["ndk-mismatch"])
    assert run("regenerate", "--yes").code == 1
    hint = result.document["findings"][0]["hint"]
    assert f"scaffold regenerate --ndk {R28}" in hint
    assert run("regenerate", "--ndk", R28, "--yes").code == 0
    assert run("regenerate", "--check", "--json").codes == []


@pytest.mark.parametrize(
    ("path", "text", "script"),
    [
        ("build.gradle.kts", "", '\nandroid {{\n    ndkVersion = "{ndk}" // mine\n}}\n'),
        ("build.gradle.kts", "", '\r\nandroid {{\r\n    ndkVersion = "{ndk}" // mine\r\n}}\n'),
        (
            "gradle/libs.versions.toml",
            '[versions]\r\nandroid-ndk = "{ndk}"\r\n',
            "\nandroid {{\n    ndkVersion = libs.versions.android.ndk.get()\n}}\n",
        ),
    ],
)
def test_the_users_own_ndk_moves_with_the_answer(
    project: Path, run: Run, path: str, text: str, script: str
) -> None:
    with (project / "build.gradle.kts").open("a", newline="") as file:
        file.write(script.format(ndk=R27))
    if text:
        (project / path).parent.mkdir(exist_ok=True)
        (project / path).write_bytes(text.format(ndk=R27).encode())
    assert run("init", "--defaults").code == 0
    assert R27 in (project / "scaffold.yml").read_text()
    before = (project / path).read_bytes()
    result = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert (result.code, result.action("ndk-version"), result.codes) == (0, "update", [])
    assert R28.encode() in (project / path).read_bytes()
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--ndk", R27, "--yes").code == 0
    assert (project / path).read_bytes() == before
    edit(project / path, R27, R28)  # one of the two alone
    assert run("regenerate", "--check", "--json").codes == ["ndk-mismatch"]
    assert run("regenerate", "--ndk", R28, "--yes", "--json").codes == []


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my-app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_new_projects_own_lists_move_with_the_answers_and_back(run: Run, empty: Path) -> None:
    assert run("init", "--defaults", "--set", f"ndk={R28}", "--set", "hosts=linux").code == 0
    script = empty / "build.gradle.kts"
    before = script.read_bytes()
    wider = ("--set", "abis=x86_64,arm64-v8a", "--set", "linux_targets=aarch64")
    result = run(
        "regenerate", "--ndk", R27, *wider, "--set", "hosts=linux,windows", "--yes", "--json"
    )
    assert (result.code, result.codes) == (0, [])
    for id_ in ("ndk-version", "abi-filters", "embed-rust-library"):
        assert result.action(id_) == "update"
    text = script.read_text(encoding="utf-8")
    assert f'ndkVersion = "{R27}"' in text
    assert 'abiFilters += listOf("x86_64", "arm64-v8a")' in text
    own, linux, windows = "GobleyHost.current.rustTarget", "LinuxArm64", "RustWindowsTarget.Arm64"
    lines = "".join(f"            {name},\n" for name in (own, f"RustPosixTarget.{linux}", windows))
    assert f"embedRustLibrary = rustTarget in setOf(\n{lines}        )\n" in text
    assert "import gobley.gradle.rust.targets.RustPosixTarget\n" in text
    assert run("regenerate", "--check").code == 0
    narrower = ("--set", "abis=arm64-v8a,armeabi-v7a,x86_64,x86", "--set", "linux_targets=")
    assert run("regenerate", "--ndk", R28, *narrower, "--set", "hosts=linux", "--yes").code == 0
    assert script.read_bytes() == before


@pytest.mark.parametrize(
    ("plugin", "settings", "why"),
    [
        ("jvm", ["abis=x86"], ["abis has no effect: build.gradle.kts has no Android target"]),
        (
            "multiplatform",
            ["ios_deployment_target=14.0", "glibc=2.17", "windows_arm64=skip"],
            ["build.gradle.kts has no iOS target", "linux_targets is empty", "windows is not one"],
        ),
        ("android", ["linux_targets=x86_64"], ["build.gradle.kts has no JVM target"]),
        ("multiplatform", ["ios_deployment_target=none", "glibc=default", "jna=5.18.1"], []),
    ],
)
def test_an_answer_of_this_run_that_does_not_apply_is_said(
    run: Run, empty: Path, plugin: str, settings: list[str], why: list[str]
) -> None:
    assert run("init", "--defaults", f"--set=plugin={plugin}", "--set=hosts=linux").code == 0
    result = run("regenerate", *(f"--set={one}" for one in settings), "--yes", "--json")
    found = result.document["findings"]
    assert result.codes == ["not-applied"] * len(why)
    assert all(part in one["message"] for part, one in zip(why, found, strict=True))


def add_dependency(folder: Path, name: str) -> None:
    manifest = folder / "Cargo.toml"
    edit(manifest, "[dependencies]\n", f'[dependencies]\n{name} = "1"\n')


@pytest.mark.parametrize("builder", ["gobley", "cargo-ndk"])
def test_the_first_cpp_dependency_of_a_new_project_brings_the_runtime_once(
    run: Run, empty: Path, builder: str
) -> None:
    chosen = ("plugin=android", f"rust_build={builder}", f"ndk={R28}")
    assert run("init", "--defaults", *(f"--set={one}" for one in chosen)).code == 0
    add_dependency(empty, "log")
    assert run("regenerate", "--check").code == 0
    add_dependency(empty, "cxx")
    assert run("regenerate", "--check").code == 1
    result = run("regenerate", "--yes", "--json")
    assert (result.code, result.reason("answers")) == (0, "cpp_runtime: none → shared")
    assert "rustc-link-lib=c++_shared" in (empty / "build.rs").read_text(encoding="utf-8")
    packages = "c++_shared" in (empty / "build.gradle.kts").read_text(encoding="utf-8")
    assert packages
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--set", "cpp_runtime=none", "--yes").code == 0
    assert run("regenerate", "--check").code == 0
    assert not (empty / "build.rs").exists()


def test_a_new_project_without_a_runtime_stays_so_where_that_was_asked_for(
    run: Run, empty: Path
) -> None:
    assert run("init", "--defaults").code == 0
    assert run("regenerate", "--set", "cpp_runtime=none", "--yes").code == 0
    add_dependency(empty, "cxx")
    assert run("regenerate", "--check").code == 0


def test_doctor_still_answers_where_the_lock_is_from_a_newer_scaffold(
    run: Run, empty: Path
) -> None:
    assert run("init", "--defaults").code == 0
    edit(empty / ".scaffold" / "lock.toml", "schema = 2", "schema = 9")
    checks = run("doctor", "--json").document["checks"]
    assert [one["status"] for one in checks if "schema 9" in str(one)] == ["error"]


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ('abiFilters("x86_64", "arm64-v8a")', 'abiFilters("arm64-v8a", "x86")'),
        (
            'abiFilters += setOf(\n    "x86_64",\n    "arm64-v8a",\n)',
            'abiFilters += setOf(\n    "arm64-v8a",\n    "x86",\n)',
        ),
        (
            'abiFilters.addAll(listOf("x86_64", "arm64-v8a"))',
            'abiFilters.addAll(listOf("arm64-v8a", "x86"))',
        ),
        ('abiFilters += listOf("x86_64", /* mine */ "arm64-v8a")', ""),
        ('abiFilters += "x86_64"\nabiFilters += "arm64-v8a"', ""),
        ("abiFilters += wanted", ""),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_plain_list_of_the_users_abis_moves_with_the_answer(
    project: Path, run: Run, written: str, moved: str, newline: str
) -> None:
    script = project / "build.gradle.kts"
    wanted = '\nval wanted = listOf("x86_64", "arm64-v8a")\n'
    block = f"{wanted}android.defaultConfig.ndk {{\n{written}\n}} // end\n"
    script.write_bytes(f"{GRADLE}{block}".replace("\n", newline).encode())
    assert run("init", "--defaults").code == 0
    before = script.read_bytes()
    result = run("regenerate", "--set", "abis=arm64-v8a,x86", "--yes", "--json")
    if moved:
        assert (result.code, result.action("abi-filters"), result.codes) == (0, "update", [])
        old, new = (text.replace("\n", newline).encode() for text in (written, moved))
        assert script.read_bytes() == before.replace(old, new)
    else:
        assert result.codes == ["abis-differ"]
        assert script.read_bytes() == before


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("rustTarget == GobleyHost.current.rustTarget // mine", []),
        ("rustTarget in setOf(GobleyHost.current.rustTarget /* mine */)", ["not-applied"]),
        ("rustTarget in setOf(RustPosixTarget.MacOSX64)", []),
        ("mine(rustTarget)", []),
    ],
)
def test_a_target_that_the_users_own_expression_leaves_out_is_said(
    run: Run, empty: Path, written: str, codes: list[str]
) -> None:
    assert run("init", "--defaults", "--set", "plugin=jvm", "--set", "hosts=linux").code == 0
    script = empty / "build.gradle.kts"
    edit(script, "rustTarget == GobleyHost.current.rustTarget", written)
    result = run("regenerate", "--set", "linux_targets=aarch64", "--yes", "--json")
    assert result.codes == codes
    text = script.read_text(encoding="utf-8")
    assert ("RustPosixTarget.LinuxArm64" in text) == (not codes and "mine(" not in written)


@pytest.mark.parametrize(
    ("name", "newline"),
    [("x86_64-unknown-linux-gnu-cc.sh", b"\n"), ("x86_64-unknown-linux-gnu-cc.bat", b"\r\n")],
)
def test_a_script_with_the_wrong_line_endings_is_drift_and_is_mended(
    set_up: SetUp, run: Run, name: str, newline: bytes
) -> None:
    script = set_up(hosts="macos,windows", linux_targets="x86_64") / ".cargo/zig" / name
    right = script.read_bytes()
    assert right.count(newline) == right.count(b"\n")
    wrong = b"\n" if newline == b"\r\n" else b"\r\n"
    script.write_bytes(right.replace(newline, wrong))
    assert run("regenerate", "--check").code == 1
    assert run("regenerate", "--yes").code == 0
    assert script.read_bytes() == right
    assert run("regenerate", "--check").code == 0


@pytest.mark.skipif(os.name == "nt", reason="needs execute bits")
def test_a_lost_execute_bit_is_drift_and_is_mended(set_up: SetUp, run: Run) -> None:
    project = set_up(hosts="macos", linux_targets="x86_64")
    script = project / ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh"
    script.chmod(0o640)
    assert run("regenerate", "--check").code == 1
    assert run("regenerate", "--yes").code == 0
    assert script.stat().st_mode & 0o777 == 0o750


def test_a_conflict_during_a_move_leaves_the_file_its_entry_and_its_mode(
    set_up: SetUp, run: Run
) -> None:
    project = set_up()
    script = project / "build.rs"
    edit(script, "link-lib=c++_shared", "link-lib=c++_custom")
    script.chmod(0o600)
    mode = script.stat().st_mode
    mine, lock = script.read_bytes(), (project / ".scaffold/lock.toml").read_text()
    (project / "rust").mkdir()
    shutil.copy(project / "Cargo.toml", project / "rust/Cargo.toml")
    words = ("--set", "crate=rust", "--set", "cpp_runtime=static")
    assert run("regenerate", *words, "--yes", "--json").action("build-rs") == "conflict"
    assert (script.read_bytes(), script.stat().st_mode) == (mine, mode)
    assert not (project / "rust/build.rs").exists()
    assert (project / ".scaffold/lock.toml").read_text() == lock


def test_an_edited_build_script_moves_with_its_edit_and_mode(set_up: SetUp, run: Run) -> None:
    project = set_up()
    script = project / "build.rs"
    edit(script, "fn main() {", "fn main() {\n    mine();")
    script.chmod(0o600)
    mine, mode = script.read_bytes(), script.stat().st_mode
    (project / "rust").mkdir()
    shutil.copy(project / "Cargo.toml", project / "rust/Cargo.toml")
    assert run("regenerate", "--set", "crate=rust", "--yes").code == 0
    moved = project / "rust/build.rs"
    assert (moved.read_bytes(), moved.stat().st_mode) == (mine, mode)
    assert not script.exists()
    assert run("regenerate", "--check").code == 0


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_answers_that_are_a_link_are_refused_and_not_quoted(
    set_up: SetUp, run: Run, tmp_path: Path
) -> None:
    project = set_up()
    (tmp_path / "secret").write_text("password\n")
    (project / "scaffold.yml").unlink()
    (project / "scaffold.yml").symlink_to(tmp_path / "secret")
    for words in (("regenerate", "--check"), ("init", "--defaults"), ("doctor",)):
        result = run(*words)
        assert result.code == 2
        assert "symbolic link" in result.err
        assert "password" not in result.err + result.out


def test_annotations_hold_no_control_characters_of_a_build_file(set_up: SetUp, run: Run) -> None:
    project = set_up()
    version = 'id("dev.gobley.cargo") version "0.3.6\u202e\x1b[31m\x9b"'
    edit(project / "build.gradle.kts", 'id("dev.gobley.cargo")', version)
    out = run("regenerate", "--check", "--format", "github").out
    assert "gobley-mismatch" in out
    assert all(line.isprintable() for line in out.splitlines())


def test_annotations_name_what_drifted(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "scaffold.yml", R27, R28)
    result = run("regenerate", "--check", "--format", "github")
    assert result.code == 1
    assert "::error file=build.rs,title=drift::update: NDK r28 aligns" in result.out
    assert run("regenerate", "--yes", "--format", "github").code == 2


def test_the_folders_that_were_written_are_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        assert run("init", str(folder), "--defaults", "--set", f"ndk={R27}").code == 0
    (second / "scaffold.yml").chmod(0o444)
    result = run("regenerate", str(first), str(second), "--ndk", R28, "--yes")
    assert result.code == 74
    assert f"these folders were written before: {first}" in result.err
    assert R28 in (first / "scaffold.yml").read_text()
    assert R28 not in (second / "scaffold.yml").read_text()


def test_several_projects_are_regenerated_in_one_run(tmp_path: Path, run: Run) -> None:
    for name in ("a", "b/c"):
        assert run("init", str(tmp_path / name), "--defaults", "--set", f"ndk={R27}").code == 0
    everything = run("regenerate", str(tmp_path), "--all", "--check")
    assert everything.code == 0
    changed = run(
        "regenerate", str(tmp_path / "a"), str(tmp_path / "b/c"), "--ndk", R28, "--yes", "--json"
    )
    paths = [change["path"] for change in changed.document["changes"]]
    assert any("/a/build.rs" in path for path in paths)
    assert any("/b/c/build.rs" in path for path in paths)
    assert R28 in (tmp_path / "b/c/scaffold.yml").read_text()


def test_a_lock_from_the_future_is_refused(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / ".scaffold/lock.toml", "schema = 2", "schema = 99")
    result = run("regenerate", "--ndk", R28, "--yes")
    assert result.code == 2
    assert "99" in result.err


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_link_out_of_the_project_is_refused(set_up: SetUp, run: Run, tmp_path: Path) -> None:
    project = set_up(page_size="cargo-config")
    outside = tmp_path / "outside"
    shutil.move(project / ".cargo", outside)
    (project / ".cargo").symlink_to(outside)
    before = tree(outside)
    result = run("regenerate", "--ndk", R28, "--yes")
    assert result.code == 2
    assert ".cargo" in result.err
    assert tree(outside) == before


def test_the_damaged_block_of_a_file_is_a_conflict_with_its_line(set_up: SetUp, run: Run) -> None:
    project = set_up()
    edit(project / "build.gradle.kts", "// <<< scaffold:gradle\n", "")
    mine = (project / "build.gradle.kts").read_bytes()
    result = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert (result.code, result.action("gradle")) == (3, "conflict")
    assert "line " in result.reason("gradle")
    assert (project / "build.gradle.kts").read_bytes() == mine
    # Gradle still builds with the old NDK, which needs the flags.
    assert result.codes == ["ndk-mismatch"]
    assert "max-page-size" in (project / "build.rs").read_text()


def test_an_artifact_of_a_version_to_come_is_named_and_left_alone(set_up: SetUp, run: Run) -> None:
    project = set_up()
    lock = project / ".scaffold/lock.toml"
    row = '[renamed]\npath = "extra.txt"\nowner = "scaffold"\n'
    edit(lock, "# others\n", f"# others\n{row}")
    (project / ".scaffold/base/renamed").write_text("scaffold\n")
    (project / "extra.txt").write_text("scaffold\n")
    result = run("regenerate", "--ndk", R28, "--yes", "--json")
    assert (result.code, result.action("renamed")) == (0, "skip")
    assert (project / "extra.txt").read_text() == "scaffold\n"
    assert (project / ".scaffold/base/renamed").exists()
    assert row in lock.read_text()
    assert run("regenerate", "--check").code == 0


def test_starter_files_stay_with_the_user_when_the_crate_is_another_folder(
    tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "p"
    assert (
        run(
            "init", str(folder), "--defaults", "--set", "crate=a", "--set", "cpp_runtime=static"
        ).code
        == 0
    )
    (folder / "a/src/lib.rs").write_text("// mine\n")
    assert run("regenerate", str(folder), "--set", "crate=b", "--yes").code == 0
    assert (folder / "a/src/lib.rs").read_text() == "// mine\n"
    assert (folder / "a/Cargo.toml").exists()
    assert (folder / "b/Cargo.toml").exists()
    assert (folder / "b/build.rs").exists()
    assert run("regenerate", str(folder), "--check").code == 0


def test_an_empty_revision_is_no_revision(set_up: SetUp, run: Run) -> None:
    set_up()
    result = run("regenerate", "--ndk", "", "--yes", "--json")
    assert (result.code, len(result.document["problems"])) == (2, 1)


def test_a_project_that_is_named_twice_is_rendered_once(set_up: SetUp, run: Run) -> None:
    project = set_up()
    result = run("regenerate", ".", str(project), "--ndk", R28, "--yes", "--json")
    assert result.code == 0
    assert [c["path"] for c in result.document["changes"] if c["id"] == "answers"] == [
        "scaffold.yml"
    ]


def test_an_empty_folder_name_is_refused(set_up: SetUp, run: Run) -> None:
    set_up()
    assert run("regenerate", "", "--yes").code == 2


def test_an_interruption_is_a_document_too(
    set_up: SetUp, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    set_up()
    monkeypatch.setattr("scaffold.cli.regenerate.propose", stop)
    result = run("regenerate", "--yes", "--json")
    assert (result.code, len(result.document["problems"])) == (130, 1)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_output_that_cannot_be_written_is_the_file_systems_refusal(
    set_up: SetUp, form: list[str]
) -> None:
    project = set_up()
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scaffold", "regenerate", "--check", *form],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 74
    assert b"Traceback" not in ended.stderr
    assert b"No space left" in ended.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_what_was_written_is_said_where_the_report_cannot_be_printed(set_up: SetUp) -> None:
    project = set_up()
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "scaffold", "regenerate", "--ndk", R28, "--yes", "--json"],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 74
    assert R28 in (project / "scaffold.yml").read_text(encoding="utf-8")
    assert re.search(rb"Done: 3 files updated", ended.stderr)


def test_answers_that_may_not_be_read_are_the_file_systems_refusal(
    set_up: SetUp, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = os.path.join(".", "scaffold.yml")
    real = os.open

    def refused(path: str, *rest: int, **options: int) -> int:
        if os.fspath(path).endswith("scaffold.yml"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *rest, **options)

    set_up()
    monkeypatch.setattr(os, "open", refused)
    result = run("init", "--answers", answers, "--json")
    assert (result.code, result.document["problems"][0]["place"]) == (74, answers)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_markers_keep_the_byte_order_mark_and_the_line_endings(
    set_up: SetUp, run: Run, newline: bytes
) -> None:
    script = set_up() / "build.rs"
    text = script.read_bytes().replace(b"max-page-size=16384", b"max-page-size=65536")
    script.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", newline))
    assert run("regenerate", "--ndk", R28, "--yes", "--conflict", "markers").code == 3
    marked = script.read_bytes()
    assert marked.startswith(b"\xef\xbb\xbf")
    assert b"<<<<<<<" in marked
    assert marked.count(newline) == marked.count(b"\n")


@pytest.mark.parametrize("users", ["gobley.gradle.cargo.dsl.android", "a.b"])
def test_an_import_leaves_with_the_block_unless_it_was_the_users(
    project: Path, run: Run, users: str
) -> None:
    script = project / "build.gradle.kts"
    own = "cargo {\n    builds.jvm {\n        embedRustLibrary = false\n    }\n}\n"
    if users != "a.b":
        own += "cargo {\n    builds.android {\n    }\n}\n"
    before = f"import {users}\n\n{GRADLE}\n{own}"
    script.write_text(before)
    plain = ("--set", "page_size=off", "--set", "cpp_runtime=none", "--set", "hosts=linux")
    assert run("init", "--defaults", *plain, "--set", "cpp_runtime=shared").code == 0
    assert "dynamicLibraries" in script.read_text()
    assert script.read_text().count("import gobley.gradle.cargo.dsl.android\n") == 1
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--yes", "--set", "cpp_runtime=none").code == 0
    assert script.read_text().startswith(before)
    assert "dynamicLibraries" not in script.read_text()
    assert run("regenerate", "--check").code == 0


def test_a_conflict_of_groovy_is_settled_by_the_user_until_the_render_changes(
    project: Path, run: Run
) -> None:
    groovy = "plugins {\n    id 'com.android.library'\n    id 'dev.gobley.cargo'\n}\n"
    (project / "build.gradle.kts").unlink()
    (project / "build.gradle").write_text(groovy)
    answers = ("--set", f"ndk={R27}", "--set", "hosts=linux", "--set", "plugin=android")
    assert run("init", "--defaults", *answers).code == 3
    assert run("regenerate", "--check").code == 3
    assert run("regenerate", "--yes", "--conflict=mine").code == 0
    assert run("regenerate", "--check").code == 0
    assert (project / "build.gradle").read_text() == groovy
    assert run("regenerate", "--yes", "--ndk", R28).code == 3


def test_a_release_that_is_known_stands_for_its_revision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path), "--defaults", "--set", "ndk=27.2.12479018"])
    assert main(["regenerate", str(tmp_path), "--ndk", "r28c", "--yes"]) == 0
    assert "ndk: 28.2.13676358" in (tmp_path / "scaffold.yml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["regenerate", str(tmp_path), "--ndk", "r99", "--yes"]) == 2
    assert "r99" in capsys.readouterr().err


def test_a_bad_answer_is_told_before_the_missing_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path), "--defaults"])
    capsys.readouterr()
    assert main(["regenerate", str(tmp_path), "--set", "crate=rust\\core"]) == 2
    said = capsys.readouterr().err
    assert "use rust/core" in said
    assert "terminal" not in said


@pytest.mark.skipif(os.name == "nt", reason="there the old name keeps the file open")
def test_another_name_of_a_file_is_said_to_keep_the_old_text(set_up: SetUp, run: Run) -> None:
    project = set_up()
    os.link(project / "build.rs", project / "other.rs")
    out = run("regenerate", "--ndk", R28, "--yes").out
    assert "1 more hard link(s), which keep the old text" in " ".join(out.split())
    assert (project / "other.rs").read_bytes() != (project / "build.rs").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        *(("init", "--yes"), ("init", "--dry-run"), ("init", "--defaults", "--yes")),
        *(("regenerate", "--yes"), ("regenerate", "--dry-run"), ("regenerate", "--check")),
        ("upgrade", "--yes"),
    ],
)
def test_on_a_terminal_too_nothing_is_asked_with_yes_or_a_dry_run(
    set_up: SetUp, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    project = set_up()
    edit(project / "scaffold.yml", R27, R28)
    script = project / "build.gradle.kts"
    script.write_bytes(script.read_bytes() + b'\nandroid { ndkVersion = "25.1.8937393" }\n')

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr("scaffold.terminal.console.interactive", lambda: True)
    monkeypatch.setattr("scaffold.wizard.prompts._answer", refuse)
    assert run(*words).code in (0, 1, 3)
    # The streams of a test are no console, which Windows refuses before anything is asked.
    session = create_app_session(DummyInput(), DummyOutput())
    with session, pytest.raises(AssertionError, match="asked"):
        main(["regenerate", "--debug"])


@pytest.mark.skipif(os.name == "nt", reason="commands for a POSIX shell")
def test_a_command_of_a_hint_runs_nothing_that_a_build_file_says(set_up: SetUp, run: Run) -> None:
    project = set_up()
    evil = "9.9.9;touch;evil"
    script = project / "build.gradle.kts"
    edit(script, 'id("dev.gobley.cargo")', f'id("dev.gobley.cargo") version "{evil}"')
    script.write_bytes(script.read_bytes() + f'\nandroid {{ ndkVersion = "{evil}" }}\n'.encode())
    edit(project / "Cargo.toml", 'edition = "2021"', f'edition = "2021"\nrust-version = "{evil}"')
    findings = run("regenerate", "--check", "--json").document["findings"]
    checks = run("doctor", "--json").document["checks"]
    hints = [item["hint"] for item in (*findings, *checks) if "touch" in item["hint"]]
    assert len(hints) >= 4
    for hint in hints:
        assert "touch" not in re.sub("'[^']*'", "", hint), hint
