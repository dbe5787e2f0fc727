"""Builds a starter as its Gradle build would, without Gradle: Cargo, Gobley's bindings generator, kotlinc, JUnit."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from scaffold.facts import load_facts
from tests.toolchain.crate_support import FOREIGN
from tests.toolchain.kotlin_support import JAVA_OPTIONS, alone, jars
from tests.toolchain.requirements import cache_folder, program, require

VERSIONS = load_facts().starter[-1]
BINDGEN = load_facts().gobley[-1].version
HOST = "x86_64-unknown-linux-gnu"
CRATE = re.compile(r'^name = "([^"]+)"$', re.MULTILINE)


def run(
    *command: str | Path, folder: Path, variables: Mapping[str, str] | None = None, limit: int = 600
) -> subprocess.CompletedProcess[str]:
    """A program, without what the caller's environment says of Rust or C; its two outputs are one."""
    kept = {key: value for key, value in os.environ.items() if not FOREIGN.match(key)}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**kept, "CARGO_TERM_COLOR": "never", **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=limit,
    )


def cargo_environment() -> dict[str, str]:
    """One target folder for every starter, so that UniFFI is compiled once; no debug information."""
    return {
        "CARGO_TARGET_DIR": str(cache_folder("starter") / "target"),
        "CARGO_PROFILE_DEV_DEBUG": "0",
    }


def cargo(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    with alone(cache_folder("starter") / "cargo.lock"):
        done = run(
            program("cargo"), *arguments, folder=folder, variables=cargo_environment() | variables
        )
    unreachable = re.search(r"failed to (get|download|query|fetch)|Could not resolve", done.stdout)
    require(done.returncode == 0 or not unreachable, f"Cargo's registry lacks it: {done.stdout}")
    return done


def crate_name(crate: Path) -> str:
    found = CRATE.search((crate / "Cargo.toml").read_text(encoding="utf-8"))
    assert found
    return found[1].replace("-", "_")


def build(crate: Path, target: str = HOST, *, profile: str = "dev", **variables: str) -> Path:
    """The crate's library, built with the arguments that Gobley gives to Cargo."""
    words = ("--profile", profile, "--target", target, "--lib", "--message-format", "short")
    done = cargo(crate, "rustc", *words, **variables)
    assert done.returncode == 0, done.stdout
    folder = "debug" if profile == "dev" else profile
    made = cache_folder("starter") / "target" / target / folder / f"lib{crate_name(crate)}.so"
    assert made.is_file(), done.stdout
    return made


@cache
def bindgen() -> Path:
    """Gobley's bindings generator, installed once."""
    root = cache_folder("starter") / f"bindgen-{BINDGEN}"
    made = root / "bin" / "gobley-uniffi-bindgen"
    if not made.exists():
        words = ("gobley-uniffi-bindgen", "--version", BINDGEN, "--root", str(root), "--locked")
        done = cargo(root.parent, "install", *words, "--debug")
        require(done.returncode == 0, f"the bindings generator cannot be installed: {done.stdout}")
    return made


def bindings(library: Path, crate: Path, out: Path) -> list[Path]:
    """The Kotlin that Gobley's plugin generates for a module of one platform."""
    name = crate_name(crate)
    settings = out / "uniffi.toml"
    out.mkdir(parents=True)
    settings.write_text(
        'kotlin_multiplatform = false\nkotlin_targets = ["jvm"]\n'
        f'kotlin_target_version = "{VERSIONS.kotlin}"\n',
        encoding="utf-8",
    )
    words = ("--library", "--crate", name, "--config", str(settings), "--out-dir", str(out))
    configs = ("--crate-configs", f"{name}={settings}")
    done = run(bindgen(), *words, *configs, library, folder=crate)
    assert done.returncode == 0, done.stdout
    return sorted(out.rglob("*.kt"))


def kotlinc(sources: Iterable[Path], out: Path, classpath: Sequence[Path | str] = ()) -> str:
    """What the compiler says that new projects take; the classes go to `out`."""
    tools = os.pathsep.join(jars(f"kotlin-{VERSIONS.kotlin}"))
    libraries = os.pathsep.join(map(str, (*classpath, *jars(f"app-{VERSIONS.kotlin}"))))
    done = run(
        *(program("java"), *JAVA_OPTIONS, "-cp", tools),
        *("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect", "-nowarn"),
        *("-jvm-target", "17", "-cp", libraries, "-d", str(out), *map(str, sources)),
        folder=out.parent,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def java(classes: Sequence[Path], library: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs compiled Kotlin; JNA finds the library where Gobley's jar would put it."""
    classpath = os.pathsep.join(map(str, (*classes, *jars(f"app-{VERSIONS.kotlin}"))))
    where = f"-Djna.library.path={library.parent}"
    return run(program("java"), *JAVA_OPTIONS, where, "-cp", classpath, *words, folder=classes[0])


def has_std(target: str) -> bool:
    """Whether Rust's own standard library for that target is there, or rustup brings it."""
    words = [program("rustc"), "--print", "target-libdir", "--target", target]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    if list(Path(done.stdout.strip()).glob("libstd-*.rlib")):
        return True
    added = subprocess.run(
        [program("rustup"), "target", "add", target], capture_output=True, timeout=300
    )
    return added.returncode == 0
