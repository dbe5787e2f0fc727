"""A crate that links for Android where Rust's Android standard library is not installed."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.toolchain.requirements import program, require

# What the compiler wants of `core` for a few functions, and what `std` and `libc` have Android's linker link.
# As there, the C libraries come from a dependency, thus after everything of the crate itself.
MINI_STD = """#![feature(no_core, lang_items, freeze_impls)]
#![no_core]
#![allow(internal_features)]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "copy"]
pub trait Copy {}
#[lang = "sync"]
pub trait Sync {}
#[lang = "freeze"]
pub trait Freeze {}
#[lang = "drop_in_place"]
fn drop_in_place<T: PointeeSized>(_: *mut T) {}
impl Copy for i32 {}
impl Sync for extern "C" fn() -> i32 {}
#[link(name = "dl")]
#[link(name = "log")]
#[link(name = "m")]
#[link(name = "c")]
extern "C" {}
"""
APP = """#![feature(no_core)]
#![no_core]
extern crate mini_std;

extern "C" {
    fn getpid() -> i32;
    #[cfg(feature = "cpp")]
    #[link_name = "_ZNSt6__ndk112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEED1Ev"]
    fn destroy_string();
}

#[no_mangle]
pub extern "C" fn entry() -> i32 {
    unsafe {
        #[cfg(feature = "cpp")]
        destroy_string();
        getpid()
    }
}

// Needs a relocation, so that something becomes read-only after loading.
#[no_mangle]
pub static TABLE: extern "C" fn() -> i32 = entry;
"""
MANIFEST = """[package]
name = "app"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = {crate_types}

[features]
cpp = []

[dependencies]
mini_std = {{ path = "mini_std" }}

[profile.dev]
panic = "abort"

[workspace]
"""
MINI_MANIFEST = """[package]
name = "mini_std"
version = "0.1.0"
edition = "2021"
"""
# Variables of whoever runs the tests that would change what Cargo does.
FOREIGN = re.compile(r"CARGO(?!_HOME$)|RUST(?!UP)|ANDROID|CC(_|$)|CXX(_|$)|AR(_|$)|RANLIB|CLANG")


def write_crate(folder: Path, crate_types: str = '["cdylib"]') -> None:
    """A Cargo package `app` that uses C, and C++ with its feature `cpp`."""
    for path, text in (
        ("Cargo.toml", MANIFEST.format(crate_types=crate_types)),
        ("src/lib.rs", APP),
        ("mini_std/Cargo.toml", MINI_MANIFEST),
        ("mini_std/src/lib.rs", MINI_STD),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def run_cargo(
    folder: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Cargo in that folder, without the network and without what the caller's environment says of Rust or C."""
    kept = {key: value for key, value in os.environ.items() if not FOREIGN.match(key)}
    return subprocess.run(
        [program("cargo"), *arguments],
        cwd=folder,
        env={**kept, "CARGO_NET_OFFLINE": "true", "CARGO_TERM_COLOR": "never", **(variables or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def require_rust() -> None:
    """The proofs' own `core` is written for the lang items of Rust 1.89 and newer."""
    done = subprocess.run([program("rustc"), "--version"], capture_output=True, text=True)
    found = re.match(r"rustc 1\.(\d+)", done.stdout)
    require(found is not None and int(found[1]) >= 89, "rustc is older than 1.89")
