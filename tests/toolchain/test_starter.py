"""A new project's crate and Kotlin code work together: real Cargo, bindings generator, compiler, JNA and NDK layout."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.cli.main import main as scaffold
from scaffold.facts import load_facts
from tests.toolchain.generated import generate
from tests.toolchain.linked import read_linked
from tests.toolchain.ndk_support import Ndk, gobley_environment
from tests.toolchain.starter_support import bindings, build, cargo, has_std, java, kotlinc

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is built here is run here"),
]
# A name that every language on the way would like to read as something else.
ODD = 'my "$app" fun'
PACKAGE = "com.example.myappfun"


class App(NamedTuple):
    """A starter's folder, the Rust library of its crate, and what its Kotlin code is run with."""

    folder: Path
    library: Path
    classes: tuple[Path, ...]

    def tested(self) -> tuple[int, str]:
        """JUnit's exit code and report."""
        words = ("org.junit.runner.JUnitCore", f"{PACKAGE}.GreetingTest")
        done = java(self.classes, self.library, *words)
        return done.returncode, done.stdout


def new_project(folder: Path, plugin: str, **settings: str) -> Path:
    generate(folder, {"plugin": plugin, "hosts": "[linux]", "cpp_runtime": "none", **settings})
    return folder


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The built crate, and the compiled bindings alone."""
    folder = new_project(tmp_path_factory.mktemp("crate") / ODD, "jvm")
    library = build(folder)
    classes = folder.parent / "bound"
    kotlinc(bindings(library, folder, folder.parent / "bindings"), classes)
    return App(folder, library, (classes,))


@pytest.fixture(scope="module", params=["jvm", "android", "multiplatform"])
def app(
    request: pytest.FixtureRequest, bound: App, tmp_path_factory: pytest.TempPathFactory
) -> App:
    folder = new_project(tmp_path_factory.mktemp(request.param) / ODD, request.param)
    assert (folder / "src/lib.rs").read_bytes() == (bound.folder / "src/lib.rs").read_bytes()
    classes = folder.parent / "classes"
    kotlinc((folder / "src").rglob("*.kt"), classes, bound.classes)
    return App(folder, bound.library, (classes, *bound.classes))


def test_the_test_in_kotlin_passes(app: App) -> None:
    code, said = app.tested()
    assert code == 0, said
    assert "OK (1 test)" in said
    if (app.folder / "src/main/kotlin/Main.kt").exists():
        done = java(app.classes, app.library, f"{PACKAGE}.MainKt")
        assert (done.returncode, done.stdout) == (0, "Hello, Kotlin! This is Rust.\n")


def test_both_tests_notice_wrong_rust(bound: App, app: App) -> None:
    source = bound.folder / "src" / "lib.rs"
    right = source.read_text(encoding="utf-8")
    assert "1 passed" in cargo(bound.folder, "test", "--lib").stdout
    try:
        source.write_text(right.replace("Hello, {name}", "Bye, {name}", 1), encoding="utf-8")
        build(bound.folder)
        code, said = app.tested()
        assert code == 1
        assert "expected:<[Hello], Kotlin!" in said
        assert "1 failed" in cargo(bound.folder, "test", "--lib").stdout
    finally:
        source.write_text(right, encoding="utf-8")
        build(bound.folder)


def test_the_crate_links_for_every_abi_with_rusts_own_std(
    ndk: Callable[[int], Ndk], tmp_path: Path
) -> None:
    abis = load_facts().abis
    missing = [abi.rust_target for abi in abis if not has_std(abi.rust_target)]
    if missing:
        pytest.skip(f"rustup has no std for {', '.join(missing)}: test_links.py uses its own core")
    chosen = ndk(27)
    folder = new_project(tmp_path / "my-app", "multiplatform", ndk=chosen.revision)
    environment = gobley_environment(chosen, abis)
    for abi in abis:
        made = build(folder, abi.rust_target, **environment)
        linked = read_linked(made)
        assert "libc++_shared.so" not in linked.needed
        assert "uniffi_my_app_fn_func_greet" in linked.defined
        if abi.bits == 64:
            assert linked.load_align == 0x4000
            assert linked.relro_fits(0x4000)
        packaged = tmp_path / "jniLibs" / abi.abi / made.name
        packaged.parent.mkdir(parents=True)
        packaged.write_bytes(made.read_bytes())
    assert scaffold(["inspect", str(tmp_path / "jniLibs")]) == 0
