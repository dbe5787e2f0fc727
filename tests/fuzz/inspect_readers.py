"""Coverage-guided fuzzing of the ELF and zip readers, with atheris (`pip install atheris`).

    python -m tests.fuzz.inspect_readers -max_total_time=60

Arguments are libFuzzer's. Any exception but `Damaged` is a defect; the input that caused it is left in `crash-…`. The
seeds are libraries and archives that the tests' writers make.
"""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["scaffold"]):
    from scaffold.inspection.archive.bundle import dependencies, packed_alignment
    from scaffold.inspection.archive.manifest import read_manifest
    from scaffold.inspection.archived import libraries_in
    from scaffold.inspection.elf.source import Damaged, MemorySource
    from scaffold.inspection.judge import read_library
    from scaffold.inspection.library import Library, Place
    from scaffold.inspection.owner import name_owner
    from scaffold.inspection.packing import packing_findings
    from scaffold.inspection.runtime import judge_together

from tests.inspection.elf.writer import Range, exported, undefined, write_elf
from tests.inspection.manifests import binary_manifest, bundle_manifest
from tests.inspection.packing import GOOD, NEEDS_SHARED, pack


def judge(data: bytes) -> None:
    """One input: a library, an archive, a manifest or a bundle's own files, told by its first byte."""
    source = MemorySource(data)
    if data[:1] == b"\x7f":
        alone = Library("liba.so", "liba.so", "arm64-v8a", Place("", "folder"))
        judge_together([name_owner(read_library(alone, source, 16384))], 21)
    elif data[:1] == b"P":
        read = []
        for found in libraries_in(source, "app.apk", "app.apk", 16384):
            library = found.library
            if found.source is not None:
                library = read_library(library, found.source, 16384)
            packing = packing_findings(library, 16384, packed=found.packed, data_at=found.data_at)
            read.append(library.with_findings(*packing))
        judge_together(map(name_owner, read))
    else:
        read_manifest(data)
        for reader in (packed_alignment, dependencies):
            with suppress(Damaged):
                reader(data)


def seeds() -> list[bytes]:
    """Small valid inputs, so that the first mutations already reach the depths."""
    libraries = [
        write_elf(
            bits=bits,
            order=order,
            relros=(Range(0x8000, 0xC000),),
            sections=(Range(0, 8),),
            gnu_hash=gnu,
        )
        for bits in (32, 64)
        for order in "<>"
        for gnu in (True, False)
    ]
    libraries.append(
        write_elf(symbols=undefined("__cxa_throw") + exported("malloc", "free"), needed=())
    )
    inner = pack({"jni/arm64-v8a/liba.so": GOOD})
    archives = [
        pack({"lib/arm64-v8a/liba.so": NEEDS_SHARED, "in.aar": inner}, compressed=compressed)
        for compressed in (False, True)
    ]
    manifests = [binary_manifest(min_sdk=24), bundle_manifest(24)]
    return [*libraries, *archives, *manifests, b"\x12\x06\x12\x04\x08\x01\x10\x01"]


def main() -> None:
    """Writes the seeds to a folder of their own and hands over to libFuzzer, which ends the process."""
    folder = Path(tempfile.mkdtemp())
    for number, seed in enumerate(seeds()):
        (folder / f"seed{number}").write_bytes(seed)
    atheris.Setup([*sys.argv, str(folder), "-max_len=40000"], judge)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
