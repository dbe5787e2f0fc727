"""Each check of `doctor`, from values alone."""

import re
from typing import Any

import pytest

from scaffold.answers.reading import read_settings, resolve
from scaffold.artifacts.project import Project
from scaffold.doctor.check import Check, by_urgency, key_of
from scaffold.doctor.checks import CODES, checks
from scaffold.doctor.facts import Drift, DriftState, Libcxx, MachineFacts, ProjectFacts
from scaffold.explain.linkage import Link
from scaffold.gradle.found import Module, Plugin, Setting
from scaffold.probe.cpp import CppLook, CppUse
from scaffold.probe.crate import Crate
from scaffold.probe.installed_ndk import InstalledNdk
from scaffold.probe.programs import Output
from scaffold.probe.rustflags import FlagSource

R26, R27, R28 = "26.3.11579264", "27.2.12479018", "28.2.13676358"
ALL_TARGETS = (
    "aarch64-linux-android armv7-linux-androideabi x86_64-linux-android i686-linux-android"
)
RUSTC = "rustc 1.95.0 (59807616e 2026-04-14)\nrelease: 1.95.0\nLLVM version: 22.1.2\n"


PLUGINS = tuple(
    Plugin(id_, None, "build.gradle.kts:2")
    for id_ in ("dev.gobley.cargo", "dev.gobley.uniffi", "org.jetbrains.kotlin.plugin.atomicfu")
)


def installed(revision: str, holds: str = "") -> InstalledNdk:
    return InstalledNdk(f"/sdk/ndk/{revision}", revision, holds or revision)


def subject(*settings: str, **changes: Any) -> ProjectFacts:
    defaults = [f"ndk={R28}", "gobley=0.3.7", "hosts=linux", "cpp_runtime=shared"]
    answers = resolve(read_settings([*defaults, *settings]))
    module = Module("build.gradle.kts", plugins=PLUGINS, embed_rust_library=None)
    project = Project(crate=Crate("Cargo.toml", crate_types=("cdylib",)), module=module)
    return ProjectFacts(answers, project, embeds=True)._replace(**changes)


def with_module(of: ProjectFacts, **changes: Any) -> ProjectFacts:
    assert of.project.module
    return of._replace(project=of.project._replace(module=of.project.module._replace(**changes)))


GOOD = MachineFacts(
    host="linux",
    rustc=Output(RUSTC),
    cargo=Output("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n"),
    targets=Output(ALL_TARGETS),
    sdk="/sdk",
    sdk_origin="ANDROID_HOME",
    ndks=(installed(R28),),
    libcxx=(Libcxx("arm64-v8a", 0x4000), Libcxx("x86_64", 0x4000)),
)


def check(code: str, of: ProjectFacts | None = None, **machine: Any) -> Check:
    found = checks(of or subject(), GOOD._replace(**machine))
    return next(one for one in found if one.code == code)


def test_every_code_is_told_once_in_the_order_of_the_table_on_every_host() -> None:
    for host in ("linux", "macos", "windows"):
        found = checks(subject(), GOOD._replace(host=host))
        assert [one.code for one in found] == list(CODES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code) for code in CODES)


def test_a_machine_that_is_ready_has_no_problem() -> None:
    found = checks(subject(), GOOD)
    assert [one for one in found if one.status in ("error", "warning")] == []


def test_whatever_is_wrong_says_how_to_mend_it_and_problems_come_first() -> None:
    found = by_urgency(checks(subject(drift=Drift("drift", ("build.rs",))), MachineFacts("linux")))
    bad = [one for one in found if one.status in ("error", "warning")]
    assert bad
    assert all(one.hint for one in bad)
    order = [one.status for one in found]
    assert order == sorted(order, key=["error", "warning", "ok", "skipped"].index)


@pytest.mark.parametrize(
    ("said", "status"), [("cargo 1.76.0", "error"), ("cargo 1.77.0-beta.1", "ok"), ("\0", "error")]
)
def test_cargo_must_read_directives_with_two_colons(said: str, status: str) -> None:
    assert check("cargo-version", cargo=Output(said)).status == status


def test_rust_is_held_against_what_the_uniffi_of_this_gobley_needs() -> None:
    old = Output("rustc 1.81.0 (x)\n")
    assert check("rust-version", rustc=old).status == "error"
    assert "1.82.0" in check("rust-version", rustc=old).message
    assert check("rust-version", subject("gobley=0.2.0"), rustc=old).status == "ok"


def test_rust_is_held_against_the_crate_and_the_toolchain_answer() -> None:
    newer = subject(project=Project(crate=Crate("core/Cargo.toml", rust_version="1.96")))
    assert check("rust-version", newer).status == "error"
    assert check("rust-version", subject("rust_toolchain=1.94.0")).status == "warning"
    assert check("rust-version", subject("rust_toolchain=1.95")).status == "ok"


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("error: toolchain '1.83.0' is not installed", "rustup toolchain install"),
        ("error: rustup could not choose a version, no default is configured.", "rustup default"),
        ("rustc was not found on PATH", "install it from https://rustup.rs"),
    ],
)
def test_a_rust_that_does_not_answer_says_the_way_to_one_that_does(said: str, hint: str) -> None:
    told = Output(failure=said)
    found = check("rust-version", rustc=told)
    assert (found.status, found.hint.startswith(hint)) == ("error", True)
    assert check("cargo-version", cargo=told).hint == found.hint


RUST_PLUGIN = with_module(
    subject(), plugins=(*PLUGINS, Plugin("dev.gobley.rust", None, "build.gradle.kts:5"))
)


def test_missing_targets_are_named_in_one_rustup_line() -> None:
    found = check(
        "rust-targets", targets=Output("aarch64-linux-android\nx86_64-unknown-linux-gnu\n")
    )
    assert found.status == "error"
    assert found.hint == (
        "rustup target add armv7-linux-androideabi x86_64-linux-android i686-linux-android"
    )
    of = subject("abis=arm64-v8a", "linux_targets=aarch64")
    assert check("rust-targets", of).hint == "rustup target add aarch64-unknown-linux-gnu"
    assert check("rust-targets", RUST_PLUGIN, targets=Output("")).status == "warning"
    assert check("rust-targets", targets=Output(failure="no rustup")).status == "skipped"


FLAGS = {
    "encoded": FlagSource(0, "CARGO_ENCODED_RUSTFLAGS"),
    "env": FlagSource(1, "RUSTFLAGS (empty)"),
    "target": FlagSource(2, ".cargo/config.toml", "aarch64-linux-android"),
    "build": FlagSource(3, "/home/me/.cargo/config.toml [build]"),
}


@pytest.mark.parametrize(
    ("sources", "status"),
    [
        ("", "ok"),
        ("env", "ok"),
        ("target", "ok"),
        ("encoded env", "warning"),
        ("env target", "warning"),
        ("target build", "warning"),
    ],
)
def test_sources_of_rustflags_that_hide_each_other_are_a_warning(sources: str, status: str) -> None:
    found = check("rustflags-sources", flags=tuple(FLAGS[name] for name in sources.split()))
    assert found.status == status
    assert all(FLAGS[name].place in found.message for name in sources.split())


def test_an_empty_variable_that_hides_our_own_flags_is_an_error() -> None:
    of = subject(f"ndk={R27}", "page_size=cargo-config")
    found = check("rustflags-sources", of, flags=(FLAGS["env"], FLAGS["target"]))
    assert found.status == "error"
    assert "page_size=build-script" in found.hint


def test_the_ndk_of_the_answers_must_be_installed_and_whole() -> None:
    absent = check("ndk-installed", ndks=(installed(R27),))
    assert absent.status == "error"
    assert R27 in absent.message
    assert absent.hint == f'sdkmanager "ndk;{R28}"'
    assert check("ndk-installed", sdk="").status == "error"
    other = check("ndk-installed", ndks=(installed(R28, R27),))
    assert other.status == "error"
    assert f"holds NDK {R27}" in other.message
    assert check("ndk-installed", ndks=(installed(R28, f"{R28}-beta1"),)).status == "ok"
    half = (InstalledNdk(f"/sdk/ndk/{R28}", R28, ""),)
    assert "incomplete" in check("ndk-installed", ndks=half).message


def test_lines_of_the_project_are_compared_with_the_answer() -> None:
    same = with_module(subject(), ndk=Setting(R28, f'"{R28}"', "build.gradle.kts:3"))
    assert check("ndk-version", same).status == "ok"
    other = with_module(subject(), catalogue_ndk=Setting(R27, R27, "libs.versions.toml:1"))
    found = check("ndk-version", other)
    assert found.status == "warning"
    assert "libs.versions.toml:1" in found.message
    unread = with_module(subject(), ndk=Setting(None, "x(\x1b[31m)", "build.gradle.kts:3"))
    assert check("ndk-version", unread).status == "warning"


@pytest.mark.parametrize("code", ["ndk-version", "ndk-build", "gobley-plugin"])
def test_what_no_scaffold_yml_says_is_not_put_into_its_mouth(code: str) -> None:
    for ndk, gobley in ((R28, "0.3.7"), (R27, "0.3.6")):
        settings = {
            "ndk": Setting(ndk, f'"{ndk}"', "build.gradle.kts:3"),
            "gobley": Setting(gobley, f'"{gobley}"', "build.gradle.kts:1"),
        }
        found = check(code, with_module(subject(answers_place=""), **settings))
        assert found.status == ("ok" if ndk == R28 else "warning")
        assert "scaffold.yml" not in found.message
        assert "regenerate" not in found.hint
        answered = check(code, with_module(subject(), **settings))
        assert ("scaffold.yml" in answered.message) == (ndk == R27 or code == "ndk-version")


def test_what_gobley_takes_without_a_line_is_the_newest_installed_else_the_variable() -> None:
    found = check("ndk-build", ndks=(installed(R27), installed("29.0.14206865")))
    assert found.status == "warning"
    assert "29.0.14206865" in found.message
    alone = check("ndk-build", ndks=(), ndk_root=installed(R28))
    assert alone.status == "ok"
    assert "ANDROID_NDK_ROOT" in alone.message
    assert check("ndk-build", ndks=()).status == "skipped"
    path = check(
        "ndk-build", with_module(subject(), ndk_path=Setting("/x", "/x", "build.gradle.kts:9"))
    )
    assert (path.status, "build.gradle.kts:9" in path.message) == ("warning", True)


def test_a_runtime_of_4_kb_pages_is_an_error_unless_pages_are_off() -> None:
    small = (Libcxx("arm64-v8a", 4096, ("LOAD segments are aligned to 4 KB.",)),)
    assert check("ndk-libcxx", libcxx=small).status == "error"
    assert check("ndk-libcxx", subject("page_size=off"), libcxx=small).status == "warning"
    assert check("ndk-libcxx", subject("cpp_runtime=static"), libcxx=small).status == "skipped"
    gone = (Libcxx("arm64-v8a", 0, missing=True),)
    assert "arm64-v8a" in check("ndk-libcxx", libcxx=gone).message


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("8.5.0", "warning"),
        ("8.5.1", "ok"),
        ("8.13.2", "ok"),
        ("9.0.0-alpha01", "error"),
        ("10.1", "error"),
        ("7.4.2", "error"),
        ("libs.agp", "skipped"),
        ("8." + "9" * 5000, "ok"),
    ],
)
def test_the_android_gradle_plugin(version: str, status: str) -> None:
    found = check(
        "agp-version", with_module(subject(), agp=Setting(version, version, "build.gradle.kts:2"))
    )
    assert found.status == status


def test_the_new_multiplatform_library_plugin_is_not_supported() -> None:
    library = Plugin("com.android.kotlin.multiplatform.library", None, "build.gradle.kts:3")
    of = with_module(subject(), plugins=(*PLUGINS, library))
    assert check("agp-version", of).status == "error"
    other = with_module(subject("rust_build=cargo-ndk"), plugins=(library,))
    assert check("agp-version", other).status == "skipped"


@pytest.mark.parametrize(
    ("settings", "declared", "status", "told"),
    [
        ((), (), "ok", "5.18.1"),
        (("gobley=0.1.0",), (), "error", "5.16.0"),
        (("gobley=0.1.0", "abis=x86_64"), (), "warning", "deadlock"),
        ((), ("5.17.0",), "warning", "downgrade"),
        ((), ("5.15.0",), "error", "5.15.0"),
        ((), ("5.17.0", "5.18.1"), "ok", "5.18.1"),
        ((), ("5.11.0",), "error", "5.12.0"),
        ((), (None,), "warning", "cannot tell"),
        ((), ("latest.release",), "warning", "cannot tell"),
        (("jna=5.19.0",), (), "warning", "API 26"),
        (("jna=5.19.1",), (), "ok", "5.19.1"),
    ],
)
def test_the_jna_that_wins(
    settings: tuple[str, ...], declared: tuple[str | None, ...], status: str, told: str
) -> None:
    own = tuple(Setting(version, "jna", "build.gradle.kts:7") for version in declared)
    found = check("jna-version", with_module(subject(*settings), jna=own))
    assert (found.status, told in found.message) == (status, True)


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("0.11.0", "error"),
        ("0.12.1", "warning"),
        ("0.13.0\r\n", "ok"),
        ("0.17.1", "ok"),
        ("0.18.0-dev.12+abc", "warning"),
        ("Usage: zig", "error"),
    ],
)
def test_zig_is_held_against_what_the_wrappers_were_tried_with(version: str, status: str) -> None:
    of = subject("linux_targets=aarch64", "abis=arm64-v8a")
    assert check("zig", of, zig=Output(version), zig_place="/opt/zig").status == status


def test_zig_is_skipped_where_this_host_does_not_need_it() -> None:
    assert check("zig").status == "skipped"
    assert check("zig", subject("linux_targets=x86_64")).status == "skipped"
    of = subject("linux_targets=x86_64", "hosts=linux,macos")
    assert check("zig", of, host="macos", zig=Output(failure="not found")).status == "error"


def test_ios_without_a_deployment_target_is_a_warning_on_a_mac_only() -> None:
    of = with_module(subject(), ios="build.gradle.kts:4")
    assert check("ios-deployment-target", of).status == "skipped"
    found = check("ios-deployment-target", of, host="macos")
    assert found.status == "warning"
    assert found.hint.endswith("ios_deployment_target=13.0")
    answered = subject("ios_deployment_target=13.0")
    assert check("ios-deployment-target", answered, host="macos").status == "ok"
    hidden = check("ios-deployment-target", answered, host="macos", deployment_variable="12.0")
    assert "12.0" in hidden.message
    assert hidden.status == "warning"


def test_llvm_versions_are_a_fact_and_one_that_does_not_fit_is_not_guessed() -> None:
    xcode, clang = Output("Xcode 16.4\nBuild version 16F6"), Output(
        "Apple clang version 17.0.0 (x)"
    )
    found = check("apple-llvm", host="macos", xcode=xcode, apple_clang=clang)
    assert (found.status, found.hint) == ("ok", "")
    assert "LLVM 19.1.4, not verified" in found.message
    assert "LLVM 22.1.2 of Rust" in found.message
    newer = Output("Apple clang version 21.0.0 (x)")
    assert (
        "does not know" in check("apple-llvm", host="macos", xcode=xcode, apple_clang=newer).message
    )


def test_windows_on_arm_needs_the_tools_that_vswhere_names() -> None:
    link = ("C:/VS/link.exe",)
    there = check("msvc-arm64", host="windows", msvc=Output("C:\\VS\r\n"), msvc_links=link)
    assert there.status == "ok"
    assert check("msvc-arm64", host="windows", msvc=Output("C:\\VS\r\n")).status == "error"
    none = check("msvc-arm64", host="windows", msvc=Output("\r\n"))
    assert none.status == "error"
    assert "windows_arm64=skip" in none.hint
    assert check("msvc-arm64", subject("windows_arm64=skip"), host="windows").status == "skipped"
    assert check("msvc-arm64", subject("plugin=android"), host="windows").status == "skipped"


def test_crates_that_link_another_runtime_are_named_with_their_knob() -> None:
    shared = Link("aarch64-linux-android", "some-sys", "c++_shared")
    static = Link("aarch64-linux-android", "oboe-sys", "c++_static")
    assert check("cpp-runtimes", subject(links=(shared,))).status == "ok"
    mixed = check("cpp-runtimes", subject(links=(shared, static)))
    assert mixed.status == "error"
    assert "`oboe-sys`" in mixed.hint
    assert check("cpp-runtimes", subject("cpp_runtime=none", links=(shared,))).status == "warning"
    assert check("cpp-runtimes").status == "skipped"


def test_a_crate_without_a_cdylib_is_told_the_line_to_write() -> None:
    crate = Crate("core/Cargo.toml", crate_types=("lib", "staticlib"))
    found = check("cdylib", subject(project=Project(crate=crate)))
    assert found.status == "error"
    assert 'crate-type = ["cdylib", "staticlib"]' in found.hint
    assert check("cdylib", subject(project=Project())).status == "skipped"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("none", "ok"),
        ("drift", "warning"),
        ("conflict", "warning"),
        ("refused", "error"),
        ("absent", "skipped"),
        ("new", "warning"),
    ],
)
def test_drift(state: DriftState, status: str) -> None:
    assert check("drift", subject(drift=Drift(state, ("a.sh",)))).status == status


def test_a_desktop_module_has_no_android_checks() -> None:
    found = checks(subject("plugin=jvm"), MachineFacts("linux", rustc=Output(RUSTC)))
    android = ("ndk-installed", "ndk-version", "ndk-build", "ndk-libcxx", "agp-version")
    assert {one.status for one in found if one.code in android} == {"skipped"}


def test_no_version_of_a_stranger_is_more_than_text() -> None:
    assert key_of("9.0.0-beta01") == (9,)
    assert key_of("x" * 100_000) is None
    assert key_of("٣.1") is None
    assert key_of("1" * 100_000) == (111111111,)


def test_gobley_must_be_applied_where_it_builds() -> None:
    assert check("gobley-plugin").status == "ok"
    none = check("gobley-plugin", with_module(subject(), plugins=()))
    assert (none.status, 'id("dev.gobley.cargo") version "0.3.7"' in none.hint) == ("error", True)
    assert "rust_build=none" in none.hint
    assert check("gobley-plugin", subject("rust_build=none")).status == "skipped"
    bare = check("gobley-plugin", with_module(subject(), plugins=PLUGINS[:2]))
    assert (bare.status, "atomicfu" in bare.message) == ("warning", True)
    old = Setting("0.2.0", "0.2.0", "gradle/libs.versions.toml:4")
    other = check("gobley-plugin", with_module(subject(), gobley=old))
    assert (other.status, other.hint) == ("warning", "scaffold regenerate --set gobley=0.2.0")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Output("cargo-ndk 3.5.4\n"), "ok"),
        (Output("cargo-ndk 3.4.0\n"), "warning"),
        (Output("?"), "warning"),
        (Output(failure="not found"), "error"),
    ],
)
def test_cargo_ndk_is_asked_only_where_it_builds(said: Output, status: str) -> None:
    assert check("cargo-ndk", subject("rust_build=cargo-ndk"), cargo_ndk=said).status == status
    assert check("cargo-ndk", cargo_ndk=said).status == "skipped"


def test_desktop_libraries_that_gobley_links_need_a_linker_each() -> None:
    everything = subject(embeds=False)
    found = check("desktop-targets", everything)
    assert found.status == "warning"
    assert "aarch64-unknown-linux-gnu (aarch64-linux-gnu-gcc)" in found.message
    assert "x86_64-pc-windows-gnu (x86_64-w64-mingw32-gcc)" in found.message
    assert "x86_64-unknown-linux-gnu (" not in found.message
    both = ("aarch64-linux-gnu-gcc", "x86_64-w64-mingw32-gcc")
    assert check("desktop-targets", everything, cross_linkers=both).status == "ok"
    arm = check("desktop-targets", everything, architecture="aarch64").message
    assert "x86_64-unknown-linux-gnu (x86_64-linux-gnu-gcc)" in arm
    zig = subject("hosts=linux,windows", "linux_targets=x86_64,aarch64", embeds=False)
    windows = check("desktop-targets", zig, host="windows")
    assert (windows.status, "aarch64-pc-windows-msvc" in windows.message) == ("ok", True)
    assert check("desktop-targets", subject()).status == "ok"
    assert check("desktop-targets", subject("plugin=android", embeds=False)).status == "skipped"


@pytest.mark.parametrize(
    ("runtimes", "answer", "status"),
    [
        ((), "none", "ok"),
        (("shared",), "shared", "ok"),
        (("shared", "open"), "shared", "ok"),
        (("static",), "shared", "warning"),
        (("static",), "none", "warning"),
        (("shared", "static"), "shared", "warning"),
    ],
)
def test_crates_that_bring_c_plus_plus_are_known_before_any_build(
    runtimes: tuple[str, ...], answer: str, status: str
) -> None:
    uses = tuple(CppUse(f"{kind}-sys", kind, "how it is switched") for kind in runtimes)
    of = subject(f"cpp_runtime={answer}", cpp=CppLook(uses, ()))
    assert check("cpp-crates", of).status == status
    assert check("cpp-crates").status == "skipped"


@pytest.mark.parametrize("builder", ["cargo-ndk", "rust-android-gradle", "none"])
def test_gobley_is_not_spoken_of_where_it_does_not_build(builder: str) -> None:
    module = Module("build.gradle.kts", ndk=Setting(R28, R28, "build.gradle.kts:3"))
    crate = Crate("Cargo.toml", crate_types=("rlib",))
    of = subject(f"rust_build={builder}", project=Project(crate=crate, module=module))
    for place in ("", "scaffold.yml"):
        found = checks(of._replace(answers_place=place), GOOD)
        assert [one for one in found if "Gobley" in one.message + one.hint] == []


def test_a_file_that_the_user_edited_is_not_said_to_match_the_answers() -> None:
    edited = check("drift", subject(drift=Drift("none", edited=("build.rs",))))
    assert (edited.status, "build.rs" in edited.message) == ("ok", True)
    assert "scaffold.yml" not in edited.message
