"""The generated cargo-ndk task in the real Gradle, with stand-ins for AGP's components, and for cargo and cargo-ndk."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.cli.main import main as scaffold
from tests.project.moving import add_bindgen
from tests.toolchain.generated import generate
from tests.toolchain.gradle_support import Started, run_gradle

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(
        sys.platform != "linux", reason="the programs that stand in are shell scripts"
    ),
]
NDK, NEWER = "27.3.13750724", "28.2.13676358"
TRIPLES = {"arm64-v8a": "aarch64-linux-android", "armeabi-v7a": "arm-linux-androideabi"}
MODULE = """
plugins {
    id("com.android.library")
}

android {
    defaultConfig {
        minSdk = 24
    }
}
"""
# Writes a library for each ABI, and what it was asked for.
RECORDS = """
echo "$@ in $PWD with $ANDROID_NDK_HOME to $CARGO_TARGET_DIR" >> "$SAID"
while [ $# -gt 0 ]; do
    case $1 in
        --target) abis="$abis $2" ;;
        --output-dir) out=$2 ;;
        --out-dir) mkdir -p "$2"; echo bound > "$2/app.kt" ;;
    esac
    shift
done
for abi in $abis; do mkdir -p "$out/$abi"; echo "$abi" > "$out/$abi/libapp.so"; done
"""
NOTHING_DONE = "2 actionable tasks: 2 up-to-date"


class App(NamedTuple):
    """An Android module in `app/`, its crate in `rust/`, and the programs of a machine with Rust in `home/bin`."""

    root: Path
    scratch: Path

    @property
    def home(self) -> Path:
        return self.scratch / "home"

    @property
    def packaged(self) -> dict[str, str]:
        """What AGP would package for debug."""
        return self._libraries("mergeDebugJniLibFolders")

    def _libraries(self, task: str) -> dict[str, str]:
        folder = self.root / "app/build" / task
        return {
            path.relative_to(folder).as_posix(): path.read_text("utf-8").strip()
            for path in sorted(folder.rglob("*.so"))
        }

    def calls(self) -> list[str]:
        said = self.scratch / "said"
        lines = said.read_text("utf-8").splitlines() if said.exists() else []
        said.unlink(missing_ok=True)
        return lines

    def gradle(
        self, *tasks: str, cached: bool = False, agp: str = "9", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        properties = {"sdk": str(self.scratch / "sdk"), "agp": agp} | (
            {"configuration-cache": ""} if cached else {}
        )
        kept = {
            "CARGO_HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "SAID": str(self.scratch / "said"),
        }
        started = Started("agp9-library", "standin.agp.AgpKt", self.root / "app", self.scratch)
        return run_gradle(
            started, tasks or ("mergeDebugJniLibFolders",), properties, kept | variables
        )

    def built(self, *tasks: str, cached: bool = False, **variables: str) -> str:
        done = self.gradle(*tasks, cached=cached, **variables)
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout


def program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make(tmp_path, "shared")


def make(folder: Path, runtime: str, crate: str = "rust", builder: str = "cargo-ndk") -> App:
    app = App(folder / "project", folder / "scratch")
    for path, text in (
        ("settings.gradle.kts", 'include(":app")\n'),
        ("app/build.gradle.kts", MODULE),
        (f"{crate}/Cargo.toml", '[package]\nname = "app"\n\n[lib]\ncrate-type = ["cdylib"]\n'),
        (f"{crate}/Cargo.lock", "version = 4\n"),
        (f"{crate}/src/lib.rs", "pub fn one() {}\n"),
    ):
        (app.root / path).parent.mkdir(parents=True, exist_ok=True)
        (app.root / path).write_text(text, encoding="utf-8")
    settings = {"module": "app", "crate": crate, "rust_build": builder, "plugin": "android"}
    settings |= {"abis": f"[{', '.join(TRIPLES)}]", "ndk": NDK, "cpp_runtime": runtime}
    generate(app.root, settings)
    for revision in (NDK, NEWER):
        host = app.scratch / "sdk/ndk" / revision / "toolchains/llvm/prebuilt/linux-x86_64"
        for triple in TRIPLES.values():
            library = host / "sysroot/usr/lib" / triple / "libc++_shared.so"
            library.parent.mkdir(parents=True)
            library.write_text(f"{triple} {revision}\n", encoding="utf-8")
    program(app.home / "bin/cargo", f'shift; "{app.home}/bin/cargo-ndk" "$@"')
    program(app.home / "bin/cargo-ndk", RECORDS)
    return app


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_debug_and_release_are_built_for_each_abi_into_the_folder_that_agp_packages(
    app: App,
) -> None:
    app.built("mergeDebugJniLibFolders", "mergeReleaseJniLibFolders")
    out = app.root / "app/build/generated/jniLibs/scaffoldCargoNdk"
    rest = f"in {app.root}/rust with {app.scratch}/sdk/ndk/{NDK} to {app.root}/app/build/cargo-ndk/{NDK}"
    words = "--target arm64-v8a --target armeabi-v7a --platform 24 --output-dir"
    assert sorted(app.calls()) == [
        f"{words} {out}Debug build --lib {rest}",
        f"{words} {out}Release build --lib --release {rest}",
    ]
    assert app.packaged == {
        "arm64-v8a/libapp.so": "arm64-v8a",
        "arm64-v8a/libc++_shared.so": f"aarch64-linux-android {NDK}",
        "armeabi-v7a/libapp.so": "armeabi-v7a",
        "armeabi-v7a/libc++_shared.so": f"arm-linux-androideabi {NDK}",
    }


def test_nothing_is_built_again_until_something_changes(app: App) -> None:
    app.built()
    app.calls()
    for path, old, new in (
        ("rust/src/lib.rs", "one", "two"),
        ("rust/Cargo.lock", "4", "3"),
        ("rust/build.rs", "main", "main "),
    ):
        replace(app.root / path, old, new)
        app.built()
        assert len(app.calls()) == 1, path
    # What the build leaves there, and what others do.
    for path in ("rust/target/debug/x.rs", "app/build/x.rs", "app/src/main/kotlin/A.kt"):
        (app.root / path).parent.mkdir(parents=True, exist_ok=True)
        (app.root / path).write_text("x", encoding="utf-8")
    assert NOTHING_DONE in app.built()
    replace(app.root / "app/build.gradle.kts", NDK, NEWER)
    app.built()
    (call,) = app.calls()
    assert call.endswith(
        f"with {app.scratch}/sdk/ndk/{NEWER} to {app.root}/app/build/cargo-ndk/{NEWER}"
    )
    assert app.packaged["arm64-v8a/libc++_shared.so"].endswith(NEWER)


def test_the_configuration_cache_holds_the_task(app: App) -> None:
    assert "Configuration cache entry stored" in app.built(cached=True)
    app.calls()
    replace(app.root / "rust/src/lib.rs", "one", "two")
    said = app.built(cached=True)
    assert "Reusing configuration cache" in said
    assert len(app.calls()) == 1


def test_an_abi_that_is_built_no_longer_leaves(app: App) -> None:
    app.built()
    replace(
        app.root / "app/build.gradle.kts",
        '                    "armeabi-v7a" to',
        "                    //",
    )
    app.built()
    assert {path.partition("/")[0] for path in app.packaged} == {"arm64-v8a"}


@pytest.mark.parametrize("runtime", ["static", "none"])
def test_the_runtime_is_packaged_only_where_it_is_linked(runtime: str, tmp_path: Path) -> None:
    app = make(tmp_path, runtime)
    app.built()
    assert {path.rpartition("/")[2] for path in app.packaged} == {"libapp.so"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cargo", "cargo was not found: install Rust from https://rustup.rs"),
        ("cargo-ndk", "cargo-ndk was not found, run: cargo install cargo-ndk"),
    ],
)
def test_a_missing_program_is_named_with_the_line_that_installs_it(
    name: str, message: str, app: App
) -> None:
    (app.home / "bin" / name).unlink()
    done = app.gradle(PATH=os.devnull)
    assert done.returncode != 0
    assert message in done.stdout


def test_a_crate_in_the_module_does_not_see_what_gradle_writes(tmp_path: Path) -> None:
    app = make(tmp_path, "none", crate="app")
    app.built("mergeDebugJniLibFolders", "mergeReleaseJniLibFolders")
    said = app.built("mergeDebugJniLibFolders", "mergeReleaseJniLibFolders")
    assert "4 actionable tasks: 4 up-to-date" in said


def test_where_others_build_the_library_its_runtime_is_packaged_alone(tmp_path: Path) -> None:
    app = make(tmp_path, "shared", builder="none")
    assert "Configuration cache entry stored" in app.built(cached=True)
    assert app.packaged == {
        f"{abi}/libc++_shared.so": f"{triple} {NDK}" for abi, triple in TRIPLES.items()
    }
    said = app.built(cached=True)
    assert "Reusing configuration cache" in said
    assert NOTHING_DONE in said
    assert app.calls() == []


@pytest.mark.parametrize("agp", ["8", "9"])
def test_kotlin_comes_from_the_crates_own_bindgen_to_where_that_agp_compiles_it(
    agp: str, app: App
) -> None:
    with (app.root / "rust/Cargo.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('\n[dependencies]\nuniffi = "0.32"\n')
    add_bindgen(app.root / "rust")
    assert scaffold(["regenerate", str(app.root), "--yes"]) == 0
    done = app.gradle("compileDebugKotlin", agp=agp)
    assert done.returncode == 0, done.stdout[-4000:]
    _, call = app.calls()
    built = app.root / "app/build"
    library = built / "generated/jniLibs/scaffoldCargoNdkDebug/arm64-v8a/libapp.so"
    assert call.startswith(
        f"--bin uniffi-bindgen --features bindgen -- generate --library {library} --language kotlin "
        f"--no-format --out-dir {built}/generated/kotlin/scaffoldCargoNdkDebug in {app.root}/rust with "
    )
    assert (built / "compileDebugKotlin/app.kt").read_text("utf-8") == "bound\n"
