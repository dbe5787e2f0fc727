#!/bin/sh
# Written by scaffold (artifact zig-aarch64-unknown-linux-gnu-ar-sh); change scaffold.yml, then run: scaffold regenerate
#
# `zig ar` for aarch64-unknown-linux-gnu: what build scripts call AR. Zig is the program $ZIG where set, else
# `zig` on PATH, else in a usual place.

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

exec "$zig" ar "$@"
