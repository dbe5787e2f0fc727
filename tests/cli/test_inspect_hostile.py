"""What a hostile file may cost: 200 MiB and some seconds, whatever it claims; and never a traceback."""

import io
import json
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inspection.elf.writer import Symbol, exported, undefined, write_elf
from tests.inspection.packing import pack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures a child with /proc")
MEMORY = 200 << 20
SECONDS = 60
CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from scaffold.cli.main import main
code = main(["inspect", "--json", sys.argv[1]])
status = open("/proc/self/status", encoding="ascii").read()  # ru_maxrss is inherited from the parent
sys.stderr.write(status.split("VmHWM:")[1].split()[0])
sys.exit(code)
"""


def zip_of(entries: list[tuple[str, bytes, int]]) -> bytes:
    """(name, deflated bytes, claimed size) → an archive, quickly."""
    local, central = bytearray(), bytearray()
    for name, data, size in entries:
        fields = (20, 0, 8, 0, 0, 0, len(data), size, len(name), 0)
        at = len(local)
        local += struct.pack("<4s5H3L2H", b"PK\3\4", *fields) + name.encode() + data
        central += (
            struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *fields, 0, 0, 0, 0, at) + name.encode()
        )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(central), len(local), 0)
    return bytes(local) + bytes(central) + end


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(6, wbits=-15)
    return packer.compress(data) + packer.flush()


def a_million_entries() -> bytes:
    one = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 9, 10, *[0] * 6) + b"res/x.webp"
    directory = one * 1_000_000
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(directory), 0, 0)


def a_million_libraries() -> bytes:
    one = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 9, 15, *[0] * 6) + b"lib/x86/liba.so"
    directory = one * 1_000_000
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(directory), 0, 0)


def twenty_thousand_libraries_that_need_much() -> bytes:
    library = write_elf(needed=tuple(f"lib{'x' * 200}{number}.so" for number in range(900)))
    data = deflated(library)
    return zip_of([(f"lib/x86/lib{n}.so", data, len(library)) for n in range(19_000)])


def thousands_of_runtimes_that_need_each_other() -> bytes:
    entries = []
    for number in range(2_000):
        needed = tuple(f"lib{(number * step) % 2_000}.so" for step in (3, 7, 11))
        symbols = exported("__cxa_throw") + undefined("__cxa_rethrow")
        library = write_elf(needed=needed, symbols=symbols)
        entries.append((f"lib/x86/lib{number}.so", deflated(library), len(library)))
    return zip_of(entries)


def bombs() -> bytes:
    library = bytearray(write_elf())
    struct.pack_into("<Q", library, 64 + 56 + 8, 1000 << 20)
    data = deflated(bytes(library) + bytes(300 << 20))
    return zip_of([(f"lib/x86/lib{n}.so", data, 1 << 30) for n in range(200)])


def large_tables() -> bytes:
    names = undefined(*(f"__cxa_{number}" for number in range(200_000)))
    library = write_elf(symbols=(*names, Symbol("__cxa_throw")), gnu_hash=False)
    return zip_of([(f"lib/arm64-v8a/lib{n}.so", deflated(library), len(library)) for n in range(8)])


def an_archive_in_an_archive() -> bytes:
    inner = pack({f"lib{n}.so": random.Random(n).randbytes(1 << 20) for n in range(45)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(3):
            archive.writestr(f"in{number}.jar", inner)
    return buffer.getvalue()


def archives_of_many_libraries() -> bytes:
    """Of some megabytes: each archive inside is cheap, and all of them together are not."""
    symbols = undefined(*(f"x{n}" for n in range(300))) + exported(*(f"y{n}" for n in range(300)))
    library = write_elf(needed=tuple(f"lib{n}.so" for n in range(20)), symbols=symbols)
    data = deflated(library + bytes(100_000))
    size = len(library) + 100_000
    inner = zip_of([(f"lib/arm64-v8a/lib{n}.so", data, size) for n in range(300)])
    return pack({f"in{number}.apk": inner for number in range(max(1, (7 << 20) // len(inner)))})


def sections_and_segments() -> bytes:
    library = bytearray(write_elf(text=bytes(6 << 20)))
    struct.pack_into("<Q", library, 40, 4096)  # e_shoff into the text
    struct.pack_into("<H", library, 60, 8000)
    return zip_of(
        [(f"lib/x86/lib{n}.so", deflated(bytes(library)), len(library)) for n in range(50)]
    )


CASES: list[Callable[[], bytes]] = [
    a_million_entries,
    a_million_libraries,
    twenty_thousand_libraries_that_need_much,
    thousands_of_runtimes_that_need_each_other,
    bombs,
    large_tables,
    an_archive_in_an_archive,
    archives_of_many_libraries,
    sections_and_segments,
]


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_hostile_archive_stays_within_memory_and_time(
    tmp_path: Path, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["summary"]["errors"] > 0
    assert int(done.stderr.rpartition("\n")[2]) * 1024 < MEMORY
