"""How fast `explain` reads a log, and in how much memory: python -m benchmarks.explain [MEGABYTES | hard [KILOBYTES]]

Each kind of log is written to a temporary file and read by a process of its own. Bounds: 50 MB/s of processor time and
100 MB of memory for logs as builds write them; 5 MB/s for logs made to be slow. Exit code 1 when one is missed.
`hard` makes logs from our own patterns (tests/explain/hard_logs.py), and prints the slowest and what 10 MB of it take.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

MEASURED = """
import resource, sys, time
from scaffold.explain.matches import explain
from scaffold.explain.signatures import load
begin = time.process_time()
with open(sys.argv[1], "rb") as file:
    matches = explain(iter(lambda: file.read(1 << 19), b""), load())
print(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, len(matches))
"""

RUNNING = (
    b"     Running `rustc --crate-name foo --edition=2021 src/lib.rs --error-format=json"
    b" --json=diagnostic-rendered-ansi,artifacts --crate-type lib --emit=dep-info,metadata,link -C debuginfo=2"
    b" -C metadata=%016x -L dependency=/home/u/app/target/aarch64-linux-android/debug/deps --cap-lints allow`\n"
    b"> Task :app:cargoBuildAndroidArm64Debug\n   Compiling serde v1.0.200\nwarning: unused variable: `x`\n"
    b"  --> src/lib.rs:12:9\n   |\n12 |     let x = 5;\n   |         ^ help: prefix it with an underscore: `_x`\n"
)
COLOURED = (
    b"\x1b[0m\x1b[1m\x1b[38;5;9merror[E0425]\x1b[0m\x1b[0m\x1b[1m: cannot find value `x` in this scope\x1b[0m\n"
    b"\x1b[0m \x1b[0m\x1b[0m\x1b[1m\x1b[38;5;12m--> \x1b[0m\x1b[0msrc/lib.rs:1:1\x1b[0m\n"
)
COMMAND = (
    b'"-L" "/home/u/app/target/aarch64-linux-android/debug/deps/libfoo-0123456789abcdef.rlib" '
)
CRASH = b'E linker: dlopen failed: cannot locate symbol "__cxa_pure_virtual" referenced by "/data/app/libx.so"...\n'
ORDINARY, MADE_TO_BE_SLOW = 50, 5

KINDS = {
    "a verbose build": (RUNNING, ORDINARY),
    "a build in colour": (COLOURED, ORDINARY),
    "one line": (COMMAND, ORDINARY),
    "CRLF": (b"   Compiling serde v1.0.200\r\n", ORDINARY),
    "UTF-16": ("   Compiling serde v1.0.200\r\n".encode("utf-16-le"), ORDINARY),
    "a failing build over and over": (
        RUNNING + b"error: linker `cc` not found\n  |\n" + CRASH,
        ORDINARY,
    ),
    "one crash over and over": (CRASH, MADE_TO_BE_SLOW),
    "half of a message over and over": (b"undefined reference to ", MADE_TO_BE_SLOW),
    "halves of many messages": (
        b"undefined reference to error: linker cannot locate symbol ",
        MADE_TO_BE_SLOW,
    ),
    "nothing but escapes": (b"\x1b[", MADE_TO_BE_SLOW),
}


def blocks(unit: bytes, size: int) -> Iterator[bytes]:
    """About `size` bytes of `unit`, with a number that changes where it has a place for one."""
    numbered = b"%016x" in unit
    repeats = max(1, (1 << 16) // len(unit))
    for number in range(size // (len(unit) * repeats) + 1):
        yield (unit % (number * 0x9E3779B97F4A7C15 % (1 << 64)) if numbered else unit) * repeats


def measure(unit: bytes, megabytes: int) -> tuple[float, int, int]:
    """MB/s, MB of memory, matches."""
    with tempfile.NamedTemporaryFile() as file:
        if b"\0" in unit:
            file.write(b"\xff\xfe")
        for block in blocks(unit, megabytes * 1_000_000):
            file.write(block)
        file.flush()
        size = os.path.getsize(file.name)
        command = [sys.executable, "-c", MEASURED, file.name]
        printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    seconds, memory, matches = printed.split()
    return size / 1e6 / float(seconds), int(memory), int(matches)


def hard(size: int) -> int:
    """The slowest logs of `size` bytes each that our own patterns make; 1 if 10 MB of the slowest take 10 seconds."""
    from scaffold.explain.log import read_log
    from scaffold.explain.signatures import load
    from tests.explain.hard_logs import HardLog, hard_logs

    def seconds(log: HardLog, size: int) -> float:
        data = b"".join(log.texts(size))
        begin = time.process_time()
        read_log([data], load())
        return time.process_time() - begin

    logs = list(hard_logs(load()))
    slowest = sorted(logs, key=lambda log: seconds(log, size), reverse=True)[:8]
    for log in slowest:
        print(f"{log.name:60}{size / 1e6 / seconds(log, size):8.2f} MB/s", flush=True)
    whole = max(seconds(log, 10_000_000) for log in slowest[:3])
    print(f"{len(logs)} logs; 10 MB take {whole:.1f} s")
    return int(whole > 10)


def main() -> int:
    """Measure every kind; 1 if a bound is missed."""
    if sys.argv[1:2] == ["hard"]:
        return hard(int(sys.argv[2]) * 1000 if len(sys.argv) > 2 else 16_000)
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    missed = False
    for name, (unit, bound) in KINDS.items():
        speed, memory, matches = measure(unit, megabytes)
        late = speed < bound or memory > 100
        missed |= late
        print(
            f"{name:32}{speed:8.1f} MB/s{memory:6} MB  {matches} matches{'  <- missed' if late else ''}",
            flush=True,
        )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
