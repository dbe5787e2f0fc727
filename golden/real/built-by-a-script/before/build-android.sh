#!/bin/sh
cargo ndk -t arm64-v8a -t x86_64 -o bindings/android/lib/src/main/jniLibs build --release
