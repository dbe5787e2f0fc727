"""The build script before rustfmt, clippy, rustc and Cargo: clean, quiet off Android, run again only when it must."""

import itertools
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.artifacts.build_rs import BuildRs
from scaffold.artifacts.model import Artifact, Format
from scaffold.artifacts.render import render
from scaffold.merge.rust import merge_rust
from tests.toolchain.crate_support import run_cargo
from tests.toolchain.requirements import program

pytestmark = pytest.mark.toolchain

FLAGS = ("-Wl,-z,max-page-size=16384", "-Wl,-z,common-page-size=16384")
LIBRARIES: tuple[tuple[str, ...], ...] = ((), ("c++_shared",), ("c++_static", "c++abi"))
EDITIONS = ("2021", "2024")
# Build scripts as users have them, tidy as rustfmt leaves them; our blocks must not spoil that.
USERS = {
    "uniffi": 'fn main() {\n    println!("cargo:rerun-if-changed=src/api.udl");\n}\n',
    "result": (
        "#![deny(missing_docs)]\n//! Ours.\nuse std::env;\n\n"
        "fn main() -> Result<(), env::VarError> {\n"
        '    let name = env::var("CARGO_PKG_NAME")?;\n'
        '    println!("cargo:rustc-env=OURS={name}");\n    Ok(())\n}\n'
    ),
    "empty": "//! Ours.\n\nfn main() {}\n",
    "early": (
        "fn main() {\n    // Nothing off Windows.\n"
        '    if std::env::var_os("CARGO_CFG_WINDOWS").is_none() {\n        return;\n    }\n'
        '    println!("cargo:rustc-link-lib=ws2_32");\n}\n'
    ),
}


def build_rs(libraries: tuple[str, ...], flags: tuple[str, ...], directive: str = "cargo::") -> str:
    values = BuildRs(libraries, flags, directive, build_script="build.rs", ndk_release="r27")
    return render(Artifact("build-rs", "build.rs", Format.RUST, "build.rs.j2", values, ""))


def every_script() -> Iterator[tuple[str, str]]:
    """Name → text: each combination of values by itself, and merged into each user's script."""
    for libraries, count in itertools.product(LIBRARIES, range(3)):
        if libraries or count:
            name = f"{''.join(part[-3:] for part in libraries) or 'none'}_{count}"
            yield f"{name}_old", build_rs(libraries, FLAGS[:count], "cargo:")
            text = build_rs(libraries, FLAGS[:count])
            yield name, text
            for user, theirs in USERS.items():
                yield f"{name}_{user}", merge_rust("", theirs, text).text


def write_package(folder: Path, edition: str, lines: str = "") -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").write_text("//! A library.\n", encoding="utf-8")
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "app"\nversion = "0.1.0"\nedition = "{edition}"\n{lines}\n'
        '[lib]\ncrate-type = ["cdylib"]\n\n[workspace]\n',
        encoding="utf-8",
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_script_is_clean_for_rustfmt_and_clippy(edition: str, tmp_path: Path) -> None:
    program("cargo-clippy")
    write_package(tmp_path, edition)
    (tmp_path / "src" / "bin").mkdir()
    paths = []
    for name, text in every_script():
        # A build script is a program like any other; so one run of clippy sees them all.
        paths.append(tmp_path / "src" / "bin" / f"{name}.rs")
        paths[-1].write_text(text, encoding="utf-8")
    assert len(paths) == 8 * (2 + len(USERS))
    formatted = subprocess.run(
        [program("rustfmt"), "--check", "--edition", edition, *map(str, paths)],
        capture_output=True,
        text=True,
    )
    assert formatted.returncode == 0, formatted.stdout + formatted.stderr
    lints = ("-D", "warnings", "-W", "clippy::pedantic")
    done = run_cargo(tmp_path, "clippy", "--bins", "--", *lints)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("system", "width", "expected"),
    [
        ("android", "64", ["lib=c++_static", "lib=c++abi", *(f"arg-cdylib={f}" for f in FLAGS)]),
        ("android", "32", ["lib=c++_static", "lib=c++abi"]),
        *((system, "64", []) for system in ("linux", "ios", "macos", "windows", "none")),
    ],
)
def test_it_speaks_for_android_only_and_of_pages_for_64_bit_only(
    system: str, width: str, expected: list[str], compiled: Path
) -> None:
    variables = {"CARGO_CFG_TARGET_OS": system, "CARGO_CFG_TARGET_POINTER_WIDTH": width}
    done = subprocess.run([str(compiled)], env=variables, capture_output=True, text=True)
    assert done.returncode == 0
    lines = [f"cargo::rustc-link-{line}" for line in expected]
    assert done.stdout.splitlines() == [*lines, "cargo::rerun-if-changed=build.rs"]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build script with a static runtime and both flags, as a program."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "build.rs").write_text(build_rs(LIBRARIES[2], FLAGS), encoding="utf-8")
    subprocess.run(
        [program("rustc"), "--edition=2021", "-o", "script", "build.rs"], cwd=folder, check=True
    )
    return folder / "script"


@pytest.mark.parametrize(("directive", "accepted"), [("cargo:", True), ("cargo::", False)])
def test_cargo_refuses_the_new_directives_below_rust_version_1_77(
    directive: str, accepted: bool, tmp_path: Path
) -> None:
    write_package(tmp_path, "2021", 'rust-version = "1.76"\n')
    (tmp_path / "build.rs").write_text(build_rs(LIBRARIES[1], (), directive), encoding="utf-8")
    done = run_cargo(tmp_path, "build")
    assert (done.returncode == 0) == accepted, done.stderr
    assert ("MSRV" in done.stderr or "minimum supported" in done.stderr) != accepted


def runs_after(folder: Path, path: str) -> bool:
    """Whether Cargo runs the build script again once that file has changed."""
    assert run_cargo(folder, "build").returncode == 0
    later = time.time() + 5
    os.utime(folder / path, (later, later))
    done = run_cargo(folder, "build", "-v")
    assert done.returncode == 0, done.stderr
    return re.search(r"Running `\S*build-script-build`", done.stderr) is not None


@pytest.mark.parametrize(
    ("user", "path", "again"),
    [
        # Created by us: it reads no file, so only its own change counts.
        (None, "notes.txt", False),
        (None, "build.rs", True),
        # Theirs relies on Cargo's habit of watching the whole package, and still can.
        ("result", "notes.txt", True),
        # Theirs says what it watches; that stays so.
        ("uniffi", "notes.txt", False),
        ("uniffi", "src/api.udl", True),
    ],
)
def test_when_cargo_runs_a_script_again_is_left_to_whom_it_belongs(
    user: str | None, path: str, again: bool, tmp_path: Path
) -> None:
    write_package(tmp_path, "2021")
    text = build_rs(LIBRARIES[2], FLAGS)
    if user:
        text = merge_rust("", USERS[user], text).text
    (tmp_path / "build.rs").write_text(text, encoding="utf-8")
    for name in ("notes.txt", "src/api.udl"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert runs_after(tmp_path, path) == again
