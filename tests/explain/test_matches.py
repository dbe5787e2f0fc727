"""What is said about a log: once each, in the project's words, follow-on errors left out."""

import pytest

from scaffold.explain.matches import Explanation, ProjectContext, explain
from scaffold.explain.signatures import load
from scaffold.probe.build_outputs import BuildOutput

CXA = 'dlopen failed: cannot locate symbol "__cxa_pure_virtual" referenced by "/data/app/libapp.so"...\n'
LIBC_N = (
    "ld.lld: error: libx.rlib(x.o): symbol __aeabi_memcpy8@@LIBC_N has undefined version LIBC_N\n"
)
PAGES = 'dlopen failed: "/d/libfoo.so" program alignment (4096) cannot be smaller than system page size (16384)\n'


def told(log: str, context: ProjectContext | None = None) -> tuple[Explanation, ...]:
    return explain([log.encode()], load(), context)


def one(log: str, context: ProjectContext | None = None) -> Explanation:
    (match,) = told(log, context)
    return match


def test_a_failure_that_repeats_is_told_once_at_its_first_line() -> None:
    assert one("x\n" + CXA * 5).line == 2


def test_failures_are_told_in_order_of_lines() -> None:
    assert [match.code for match in told(PAGES + CXA + LIBC_N)] == [
        "page-size-dlopen",
        "cxa-dlopen",
        "libc-n-version",
    ]


def test_every_target_that_is_missing_stands_in_one_command() -> None:
    line = "  = note: the `{}` target may not be installed\n"
    match = one(line.format("aarch64-linux-android") + line.format("x86_64-linux-android") * 2)
    assert "rustup target add aarch64-linux-android x86_64-linux-android`" in match.fix[0]


def test_what_one_failure_led_to_is_left_out_but_the_same_elsewhere_is_not() -> None:
    follow = "Native library (android-aarch64/libapp.so) not found in resource path (.)\n"
    assert one(CXA + follow).code == "cxa-dlopen"
    for between in ("x\n" * 20, "\n", "2026-02-03T10:00:00.1234567Z \n"):
        found = [match.code for match in told(CXA + between + follow)]
        assert found == ["cxa-dlopen", "rust-library-not-packaged"]


def test_jna_that_is_not_aligned_is_not_also_missing() -> None:
    jna = PAGES.replace("libfoo", "libjnidispatch")
    follow = "Native library (com/sun/jna/android-aarch64/libjnidispatch.so) not found in resource path (.)\n"
    assert one(jna + follow).code == "jna-page-size"


def test_a_symbol_stands_in_the_title() -> None:
    assert "`__cxa_pure_virtual`" in one(CXA).title


def test_a_captured_brace_is_only_text() -> None:
    match = one("error: linker `/x/{linker}{cause}/gcc` not found\n")
    assert "{linker}{cause}" in match.title


@pytest.mark.parametrize(
    ("shown", "said", "unsaid"),
    [
        ("", "--set page_size=auto", "cargo-ndk"),
        ("    Building arm64-v8a with cargo-ndk\n", "update cargo-ndk", "ndkVersion ="),
        ("SEVERE: Cargokit BuildTool failed\nflutter run\n", "ndkVersion =", "update cargo-ndk"),
    ],
)
def test_fixes_follow_the_tools_that_the_log_shows(shown: str, said: str, unsaid: str) -> None:
    fix = " ".join(one(shown + PAGES).fix)
    assert said in fix
    assert unsaid not in fix


def test_the_build_of_the_project_counts_like_a_tool_of_the_log() -> None:
    checksum = "java.lang.RuntimeException: UniFFI API checksum mismatch: try cleaning\n"
    assert "omitChecksums" not in " ".join(one(checksum).fix)
    assert "omitChecksums" in one(checksum, ProjectContext({"rust_build": "gobley"})).fix[0]


def test_the_ndk_is_named_where_the_log_shows_just_one() -> None:
    line = "/sdk/ndk/{}/toolchains/llvm/prebuilt/linux-x86_64/bin/clang\n"
    assert one(line.format("26.1.10909125") * 2 + PAGES).cause.endswith(
        " The log shows NDK 26.1.10909125."
    )
    both = line.format("26.1.10909125") + line.format("27.2.12479018")
    assert "The log shows" not in one(both + PAGES).cause


def test_commands_are_for_the_folder_at_hand() -> None:
    assert "`scaffold init --set cpp_runtime=shared`" in one(CXA).fix[0]
    inside = one(CXA, ProjectContext({"cpp_runtime": "shared"}))
    assert "`scaffold regenerate --set cpp_runtime=shared`" in inside.fix[0]


def test_what_comes_from_the_log_or_a_folder_s_name_is_printable() -> None:
    outputs = (BuildOutput("i686-linux-android", "a\x1b[31m\u202e", "cargo:rustc-link-lib=c++"),)
    match = one(CXA, ProjectContext({"cpp_runtime": "static"}, outputs=outputs))
    assert all(text.isprintable() for text in (match.text, match.title, match.cause, *match.fix))


def test_without_a_project_nothing_is_said_about_one() -> None:
    assert "scaffold.yml:" not in " ".join(one(CXA).fix)
    assert not any(item.startswith("`cpp_runtime` is") for item in one(CXA).fix)


def test_the_project_s_answer_is_named_with_the_command() -> None:
    match = one(CXA, ProjectContext({"cpp_runtime": "none"}))
    assert match.fix[0].startswith("`cpp_runtime` is none in scaffold.yml")
    assert "scaffold regenerate --set cpp_runtime=shared" in match.fix[0]


def test_an_old_ndk_among_the_answers_is_named_and_a_new_one_is_not() -> None:
    assert (
        "`ndk` is 26.3.11579264 in scaffold.yml"
        in one(PAGES, ProjectContext({"ndk": "26.3.11579264"})).fix[0]
    )
    for ndk in ("28.2.13676358", "default", "", "²"):
        assert not any(
            item.startswith("`ndk` is") for item in one(PAGES, ProjectContext({"ndk": ndk})).fix
        )


def test_an_empty_list_among_the_answers_is_named() -> None:
    match = one("error: linker `cc` not found\n", ProjectContext({"linux_targets": ""}))
    assert match.fix[0].startswith("`linux_targets` is empty in scaffold.yml")
    match = one("error: linker `cc` not found\n", ProjectContext({"linux_targets": "x86_64"}))
    assert not any(item.startswith("`linux_targets` is") for item in match.fix)


def test_crates_that_link_another_runtime_are_named_with_their_switch() -> None:
    outputs = (
        BuildOutput("armv7-linux-androideabi", "oboe-sys", "cargo:rustc-link-lib=c++_shared"),
        BuildOutput("armv7-linux-androideabi", "app", "cargo::rustc-link-lib=c++_static"),
    )
    match = one(LIBC_N, ProjectContext({"cpp_runtime": "static"}, own_crate="app", outputs=outputs))
    assert "`oboe-sys` → `c++_shared`" in match.cause
    assert "Two different runtimes" in match.cause
    assert match.fix[0] == (
        "`cpp_runtime` is static in scaffold.yml, `oboe-sys` links shared: turn its feature `shared-stdcxx` off."
    )


def test_following_the_crates_is_offered_where_all_agree() -> None:
    outputs = (BuildOutput("aarch64-linux-android", "oboe-sys", "cargo:rustc-link-lib=c++_shared"),)
    match = one(CXA, ProjectContext({"cpp_runtime": "static"}, outputs=outputs))
    assert any("scaffold regenerate --set cpp_runtime=shared" in item for item in match.fix[:2])
