#!/bin/sh
git clone https://example.org/sdk-core core
(cd core && cargo ndk -t arm64-v8a -o ../sdk/src/main/jniLibs build --release)
