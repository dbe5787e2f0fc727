"""How fast `scaffold inspect` is, against unpacking an APK and asking llvm-objdump about each library.

    python benchmarks/inspect.py [FOLDER]

Builds two APKs with 120 linked arm64 libraries, 300 MB in all (stored, then deflated), and runs both ways over each;
then one library against `python -c pass`. Prints medians, and exits 1 where a target is missed. Needs clang, ld.lld,
llvm-objdump and unzip; FOLDER (default: a temporary one) keeps the APKs for the next run.
"""

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = 120
TOTAL = 300_000_000
DISTINCT = 8
RUNS = 5
TARGETS = {"stored": 15.0, "deflated": 2.0}
INSPECT = "import sys; from scaffold.cli.main import main; sys.exit(main(sys.argv[1:]))"


def program(name: str) -> str:
    """The program, with or without a version suffix as Debian installs it."""
    for candidate in (name, *(f"{name}-{version}" for version in range(22, 13, -1))):
        found = shutil.which(candidate)
        if found:
            return found
    raise SystemExit(f"{name} is needed and not installed")


def link(folder: Path, index: int) -> Path:
    """One library: 300 exported functions, 200 undefined symbols, a vtable's worth of relocations, and data."""
    chance = random.Random(index)
    words = [chance.randbytes(chance.randrange(3, 12)) for _ in range(6000)]
    data = bytearray()
    while len(data) < TOTAL // LIBRARIES:
        data += chance.choice(words)
    (folder / "data.bin").write_bytes(data)
    lines = ['__asm__(".section .rodata\\n.incbin \\"data.bin\\"\\n.text");']
    lines += [f"extern void outside_{index}_{n}(void);" for n in range(200)]
    lines += [
        f"void exported_{index}_{n}(void) {{ outside_{index}_{n % 200}(); }}" for n in range(300)
    ]
    table = ", ".join(f"exported_{index}_{n}" for n in range(300))
    lines.append(f"void (*const table_{index}[])(void) = {{ {table} }};")
    (folder / "source.c").write_text("\n".join(lines), encoding="ascii")
    library = folder / f"template{index}.so"
    flags = [
        "--target=aarch64-linux-android23",
        "-shared",
        "-fPIC",
        "-O1",
        "-nostdlib",
        "-fuse-ld=lld",
    ]
    flags += [
        "-Wl,-z,max-page-size=16384",
        "-Wl,--hash-style=both",
        f"--ld-path={program('ld.lld')}",
    ]
    stub = [*flags, "-x", "c", "/dev/null", "-Wl,-soname,libc.so", "-o", "libc.so"]
    own = [*flags, "source.c", "libc.so", f"-Wl,-soname,{library.name}", "-o", library.name]
    for arguments in (stub, own):
        subprocess.run([program("clang"), *arguments], cwd=folder, check=True)
    return library


def build(folder: Path) -> dict[str, Path]:
    """The two APKs; stored libraries are aligned to 16 KB, as AGP does."""
    apks = {kind: folder / f"{kind}.apk" for kind in TARGETS}
    if all(apk.exists() for apk in apks.values()):
        return apks
    templates = [link(folder, index) for index in range(DISTINCT)]
    for kind, apk in apks.items():
        method = zipfile.ZIP_STORED if kind == "stored" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(apk, "w", method) as archive:
            archive.writestr("AndroidManifest.xml", "x")
            for number in range(LIBRARIES):
                entry = zipfile.ZipInfo(f"lib/arm64-v8a/libpart{number}.so")
                entry.compress_type = method
                header = archive.start_dir + 30 + len(entry.filename)
                entry.extra = b"\0" * (-header % 16384) if kind == "stored" else b""
                archive.writestr(entry, templates[number % DISTINCT].read_bytes())
    return apks


def unpack_and_dump(apk: Path, folder: Path) -> None:
    """What people do by hand: unzip everything, then a disassembler's headers of every library."""
    target = folder / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["unzip", "-q", apk, "-d", target], check=True)
    objdump = program("llvm-objdump")
    for library in sorted(target.rglob("*.so")):
        subprocess.run([objdump, "-p", library], check=True, stdout=subprocess.DEVNULL)


def inspect(*paths: Path) -> None:
    """The command as users run it, with the interpreter's start."""
    command = [sys.executable, "-c", INSPECT, "inspect", "--json", *map(str, paths)]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if result.returncode not in (0, 1):
        raise SystemExit(f"scaffold inspect failed: exit {result.returncode}")


def start_python() -> None:
    """The least that any Python program costs."""
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def seconds(work: Callable[[], None], runs: int) -> float:
    """Median of the runs, after one that fills the caches."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> int:
    """Builds, measures, prints; 1 where a target is missed."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    missed = False
    for kind, apk in build(folder).items():
        theirs = seconds(lambda apk=apk: unpack_and_dump(apk, folder), 3)  # type: ignore[misc]
        ours = seconds(lambda apk=apk: inspect(apk), RUNS)  # type: ignore[misc]
        ratio = theirs / ours
        missed |= ratio < TARGETS[kind]
        size = apk.stat().st_size / 1e6
        sys.stdout.write(
            f"{kind:<9} {size:4.0f} MB  unzip + llvm-objdump {theirs:6.2f} s  inspect {ours:6.3f} s"
            f"  {ratio:5.1f}x (at least {TARGETS[kind]:g}x)\n"
        )
    empty = seconds(start_python, 20)
    single = seconds(lambda: inspect(folder / "template0.so"), 20)
    missed |= single / empty > 8
    sys.stdout.write(
        f"one .so   python -c pass {empty * 1000:.1f} ms  inspect {single * 1000:.1f} ms"
        f"  {single / empty:.1f}x (at most 8x)\n"
    )
    if len(sys.argv) < 2:
        shutil.rmtree(folder)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
