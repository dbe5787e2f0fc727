"""What is generated for Android does not disturb the machine that builds: no NDK, Rust's own std, the host's linker."""

from pathlib import Path

import pytest

from tests.toolchain.crate_support import run_cargo
from tests.toolchain.generated import generate
from tests.toolchain.ndk_support import ndk_revision
from tests.toolchain.starter_support import cargo

pytestmark = pytest.mark.toolchain

LIBRARY = """//! A library with a test.

/// The sum.
pub fn sum(left: u8, right: u8) -> u8 {
    left + right
}

#[cfg(test)]
mod tests {
    #[test]
    fn sums() {
        assert_eq!(super::sum(1, 2), 3);
        assert_eq!(option_env!("FROM_THEIRS"), FROM_THEIRS);
    }

    const FROM_THEIRS: Option<&str> = EXPECTED;
}
"""
THEIRS = """// Ours, from before.
use std::env;

fn main() -> Result<(), env::VarError> {
    println!("cargo:rustc-env=FROM_THEIRS={}", env::var("CARGO_PKG_NAME")?);
    Ok(())
}
"""


def write_package(folder: Path, edition: str, theirs: str) -> None:
    (folder / "src").mkdir(parents=True)
    expected = 'Some("app")' if theirs else "None"
    library = LIBRARY.replace("EXPECTED", expected)
    (folder / "src" / "lib.rs").write_text(library, encoding="utf-8")
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "app"\nversion = "0.1.0"\nedition = "{edition}"\n\n'
        '[lib]\ncrate-type = ["cdylib", "lib", "staticlib"]\n\n[workspace]\n',
        encoding="utf-8",
    )
    if theirs:
        (folder / "build.rs").write_text(theirs, encoding="utf-8")


@pytest.mark.parametrize("edition", ["2021", "2024"])
@pytest.mark.parametrize("theirs", ["", THEIRS], ids=["created", "merged"])
@pytest.mark.parametrize("strategy", ["build-script", "cargo-config"])
def test_the_crate_builds_and_passes_its_tests_without_an_ndk(
    edition: str, theirs: str, strategy: str, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    write_package(project, edition, theirs)
    answers = {"cpp_runtime": "static", "page_size": strategy, "ndk": ndk_revision(27)}
    generate(project, answers)
    assert "scaffold_link_android();" in (project / "build.rs").read_text(encoding="utf-8")
    done = run_cargo(project, "clippy", "--all-targets", "--", "-D", "warnings")
    assert done.returncode == 0, done.stderr
    done = run_cargo(project, "test")
    assert done.returncode == 0, done.stderr
    assert "1 passed" in done.stdout
    done = run_cargo(project, "build", "-vv")
    assert done.returncode == 0, done.stderr
    assert "c++_static" not in done.stderr
    assert "page-size" not in done.stderr


def test_an_empty_folder_gets_a_crate_that_builds_and_is_clean(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    generate(project, {"cpp_runtime": "shared", "ndk": ndk_revision(27), "crate": "rust core"})
    crate = project / "rust core"
    fetched = cargo(crate, "fetch")
    assert fetched.returncode == 0, fetched.stdout
    for command in (
        ("fmt", "--check"),
        ("clippy", "--all-targets", "--", "-D", "warnings"),
        ("test",),
        ("build",),
    ):
        done = run_cargo(crate, *command)
        assert done.returncode == 0, done.stderr + done.stdout
    made = {path.suffix for path in (crate / "target" / "debug").iterdir()}
    assert made & {".so", ".dylib", ".dll"}
