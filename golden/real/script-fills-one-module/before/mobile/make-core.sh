#!/usr/bin/env bash
set -e
cargo ndk --manifest-path ../core/Cargo.toml -t arm64-v8a -t x86_64 \
    -o sdk/src/main/jniLibs build --release
