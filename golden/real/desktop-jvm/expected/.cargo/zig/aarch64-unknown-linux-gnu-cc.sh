#!/bin/sh
# Written by scaffold (artifact zig-aarch64-unknown-linux-gnu-cc-sh); change scaffold.yml, then run: scaffold regenerate
#
# `zig cc` for aarch64-unknown-linux-gnu: builds zig-linker.rs once, with the project's rustc, and runs it.

here=${0%/*}
if [ "$here" = "$0" ]; then here=.; fi
build=$here/build
program=$build/zig-linker-9aa9884c6020-$(uname -s)-$(uname -m)
if [ ! -x "$program" ]; then
    rustc=${CARGO%/*}/rustc
    if [ -z "$CARGO" ] || [ ! -x "$rustc" ]; then rustc=rustc; fi
    # Several links start at once: each builds in a folder of its own, and mv replaces in one step.
    mkdir -p "$build" && new=$(mktemp -d "$build/new.XXXXXX") || exit
    "$rustc" --edition 2021 -O -o "$new/zig-linker" "$here/zig-linker.rs" >&2 &&
        mv -f "$new/zig-linker" "$program"
    status=$?
    rm -rf "$new"
    if [ "$status" != 0 ]; then
        echo "${0##*/}: $rustc cannot build zig-linker.rs." >&2
        exit "$status"
    fi
fi
exec "$program" cc 'aarch64-linux-gnu' "$@"
