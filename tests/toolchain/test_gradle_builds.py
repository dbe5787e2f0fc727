"""Generated JVM projects are built, tested and run by the real Gradle, with real Cargo, bindings, compiler and JNA."""

import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.toolchain.generated import generate
from tests.toolchain.gradle_support import gradle
from tests.toolchain.kotlin_scripts import check_tasks
from tests.toolchain.requirements import REPOSITORY, program
from tests.toolchain.starter_support import run

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(sys.platform != "linux", reason="what is built here is run here"),
]
GREETING = "Hello, Kotlin! This is Rust.\n"
TESTS = "com.example.myapp.GreetingTest"


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "my-app"
    generate(folder, {"plugin": "jvm", "hosts": "[linux]"})
    return folder


def built(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def with_check_tasks(folder: Path) -> None:
    """Adds what the documentation hangs on `check`, for what this module builds."""
    snippet = check_tasks()
    for shown, here in {"assembleRelease": "jar", "outputs/apk/release": "libs"}.items():
        assert shown in snippet
        snippet = snippet.replace(shown, here)
    with (folder / "build.gradle.kts").open("a", encoding="utf-8", newline="\n") as script:
        script.write(f"\n{snippet}")


def scaffold_on_path(folder: Path) -> str:
    """PATH with this scaffold on it."""
    folder.mkdir()
    program_ = folder / "scaffold"
    words = ["env", f"PYTHONPATH={REPOSITORY}", sys.executable, "-m", "scaffold"]
    program_.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    program_.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = run(program("git"), *identity, *words, folder=folder)
    assert done.returncode == 0, done.stdout
    return done.stdout


def libraries(folder: Path) -> list[str]:
    """The native libraries in the jars of a build."""
    found: list[str] = []
    for jar in sorted((folder / "build" / "libs").glob("*.jar")):
        with zipfile.ZipFile(jar) as archive:
            found += [name for name in archive.namelist() if name.endswith((".so", ".dll"))]
    return found


def test_the_starter_runs_passes_its_checks_and_leaves_git_clean(
    starter: Path, tmp_path: Path
) -> None:
    git(starter, "init", "--quiet")
    with_check_tasks(starter)
    path = scaffold_on_path(tmp_path / "bin")
    said = built(gradle(starter, "run", "check", tests=TESTS, PATH=path))
    assert GREETING in said
    assert "OK (1 test)" in said
    assert "No drift: " in said
    assert "1 library checked" in said
    assert libraries(starter) == ["linux-x86-64/libmy_app.so"]
    # Cargo's folder is shared with the other proofs, and Gradle's cache is elsewhere: where a user has them.
    for kept in ("target/debug/libmy_app.so", ".gradle/8.14/lock", ".kotlin/sessions/one"):
        (starter / kept).parent.mkdir(parents=True)
        (starter / kept).touch()
    git(starter, "add", "-A")
    staged = git(starter, "diff", "--cached", "--name-only").splitlines()
    assert [path for path in staged if "/" in path and path.partition("/")[0] != ".scaffold"] == [
        "gradle/wrapper/gradle-wrapper.properties",
        "src/lib.rs",
        "src/main/kotlin/Main.kt",
        "src/test/kotlin/GreetingTest.kt",
    ]
    assert {path for path in staged if "/" not in path} == {
        *(".gitignore", "Cargo.lock", "Cargo.toml", "build.gradle.kts", "gradle.properties"),
        *("scaffold.yml", "settings.gradle.kts"),
    }
    source = starter / "src" / "lib.rs"
    source.write_text(source.read_text("utf-8").replace("Hello, {name}", "Bye, {name}", 1), "utf-8")
    wrong = gradle(starter, "check", tests=TESTS, PATH=path)
    assert wrong.returncode != 0
    assert "expected:<[Hello], Kotlin!" in wrong.stdout
