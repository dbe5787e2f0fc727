#!/bin/sh
# Written by scaffold (artifact zig-aarch64-unknown-linux-gnu-cc-sh); change scaffold.yml, then run: scaffold regenerate
#
# `zig cc` for aarch64-unknown-linux-gnu: the linker of rustc, and the C compiler of build scripts.
# Zig refuses some arguments that they pass; those are left out, or put in words that Zig knows, on the
# command line and in @response files. Zig is the program $ZIG where set, else `zig` on PATH, else in a
# usual place.

target='aarch64-linux-gnu'
arch='aarch64'
here=${0%"${0##*/}"}

zig=${ZIG:-}
if [ -z "$zig" ]; then
    for zig in "$(command -v zig)" /opt/homebrew/bin/zig /usr/local/bin/zig /home/linuxbrew/.linuxbrew/bin/zig \
        /snap/bin/zig ''; do
        if [ -n "$zig" ] && [ -x "$zig" ]; then break; fi
    done
fi
if ! command -v "$zig" >/dev/null 2>&1; then
    echo "${0##*/}: ${ZIG:+\$ZIG ($ZIG) is no program; }zig was not found on PATH or in its usual places." >&2
    echo "Install it (macOS: brew install zig; any system: https://ziglang.org/download, or pip install" >&2
    echo "ziglang and ZIG=<its folder>/ziglang/zig), or set ZIG to the program." >&2
    exit 127
fi

folder=
for argument in "$@"; do
    case $argument in
    @?*)
        # mktemp makes a folder that only this user can read, and that no one else has.
        folder=$(mktemp -d "${TMPDIR:-/tmp}/zig-arguments.XXXXXX") || exit
        trap 'rm -rf "$folder"' EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 143' TERM
        break
        ;;
    esac
done
words=$(LC_ALL=C awk -f "${here:-./}arguments.awk" "$arch" "$folder" "$@") || exit
eval "set -- $words"
if [ -z "$folder" ]; then
    exec "$zig" cc -target "$target" "$@"
fi
"$zig" cc -target "$target" "$@"
