"""Which dependencies link a C++ runtime on Android, as `Cargo.lock` tells."""

import os
from typing import NamedTuple

from scaffold.probe.reading import read_toml

# Crates whose build scripts compile or link C++; sources: their build.rs on crates.io.
CPP_CRATES = {
    "cxx": "shared, as cc does (CXXSTDLIB)",
    "link-cplusplus": "shared, as cc does (CXXSTDLIB)",
    "cpp": "shared, as cc does (CXXSTDLIB)",
    "autocxx": "shared, through cxx",
    "oboe-sys": "static, unless its feature shared-stdcxx is on",
    "boring-sys": "what ANDROID_STL says",
    "librocksdb-sys": "shared, as cc does (CXXSTDLIB)",
    "opencv": "what its own build finds",
    "skia-bindings": "what its own build finds",
    "whisper-rs-sys": "what its own build finds",
    "llama-cpp-sys-2": "what its own build finds",
    "snmalloc-sys": "what its features say",
    "v8": "its own",
    "z3-sys": "what its own build finds",
    "hunspell-sys": "shared, as cc does (CXXSTDLIB)",
    "faiss-sys": "what its own build finds",
    "esaxx-rs": "shared, as cc does (CXXSTDLIB)",
    "sentencepiece-sys": "what its own build finds",
    "protobuf-src": "what its own build finds",
    "duckdb": "shared, as cc does (CXXSTDLIB)",
    "libduckdb-sys": "shared, as cc does (CXXSTDLIB)",
    "tflite": "what its own build finds",
}


class CppUse(NamedTuple):
    """A dependency that brings C++ code, and which runtime it links on Android as far as is known."""

    crate: str
    links: str


def cpp_dependencies(root: str, crate: str) -> tuple[CppUse, ...] | None:
    """The dependencies of the workspace that bring C++; None where there is no readable `Cargo.lock`."""
    parts = [] if crate == "." else crate.split("/")
    for depth in range(len(parts), -1, -1):
        document = read_toml(os.path.join(root, *parts[:depth], "Cargo.lock"))
        if document is not None:
            packages = document.get("package")
            names = {
                package.get("name")
                for package in (packages if isinstance(packages, list) else [])
                if isinstance(package, dict)
            }
            return tuple(CppUse(name, links) for name, links in CPP_CRATES.items() if name in names)
    return None
