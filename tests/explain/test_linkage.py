"""Which crates link which C++ runtime, as build scripts' outputs tell."""

import pytest

from scaffold.explain.linkage import Link, links, summary, switches
from scaffold.explain.signatures import load
from scaffold.probe.build_outputs import BuildOutput

ANDROID = "aarch64-linux-android"


def libraries(text: str, target: str = ANDROID) -> list[str]:
    return [link.library for link in links([BuildOutput(target, "some-sys", text)])]


@pytest.mark.parametrize(
    "line",
    [
        "cargo:rustc-link-lib=c++_shared",
        "cargo::rustc-link-lib=c++_shared",
        "cargo:rustc-link-lib=dylib=c++_shared",
        "cargo::rustc-link-lib=static:-bundle=c++_shared",
        "cargo:rustc-flags=-L /x -l c++_shared",
        "cargo:rustc-flags=-ldylib=c++_shared",
        "cargo::rustc-link-arg=-lc++_shared",
        "cargo::rustc-link-arg-cdylib=-lc++_shared",
        "cargo:rustc-link-lib=c++_shared\r",
    ],
)
def test_each_way_to_ask_for_a_library_is_read(line: str) -> None:
    assert libraries(f"cargo:rerun-if-changed=x\n{line}\nOPT_LEVEL = Some(0)\n") == ["c++_shared"]


def test_other_libraries_and_other_targets_do_not_count() -> None:
    assert libraries("cargo:rustc-link-lib=log\ncargo:warning=-lc++_shared\n") == []
    assert libraries("cargo:rustc-link-lib=c++_shared", "x86_64-unknown-linux-gnu") == []
    assert libraries("cargo:rustc-link-lib=c++_shared", "") == []


def test_the_summary_names_crates_by_library_and_says_when_they_differ() -> None:
    found = [
        Link(ANDROID, "oboe-sys", "c++_static"),
        Link(ANDROID, "app", "c++_shared"),
    ]
    assert summary(found) == (
        "The build scripts under target/ ask for: `app` → `c++_shared`; `oboe-sys` → `c++_static`."
        " Two different runtimes meet in one library."
    )
    assert "Two" not in summary(found[:1])
    assert summary([]) == ""


def test_each_crate_is_told_its_own_switch() -> None:
    found = [
        Link(ANDROID, crate, "c++_static")
        for crate in ("oboe-sys", "boring-sys", "rocksdb-sys", "app")
    ]
    told = switches(found, "shared", "app", load().knob)
    assert [line.partition(" ")[0] for line in told] == [
        "`app`",
        "`boring-sys`",
        "`oboe-sys`",
        "`rocksdb-sys`",
    ]
    assert "scaffold regenerate" in told[0]
    assert "ANDROID_STL=c++_shared" in told[1]
    assert "shared-stdcxx" in told[2]
    assert "CXXSTDLIB=c++_shared" in told[3]
    assert switches(found, "static", "app", load().knob) == ()
