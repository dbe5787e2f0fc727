"""Real Zig releases from PyPI, a `zig.exe` that records, and Wine's cmd."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.toolchain.requirements import cache_folder, program, require
from tests.zig.wrappers import Call, recorded, write_wrappers

VERSIONS = ("0.13.0", "0.15.2", "0.17.1")
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]

# As the recorder of tests/zig/wrappers.py: each argument and a NUL; "@file" and the text for an @file. Named
# rustc.exe it "compiles": it notes that in %BUILDS% and copies %PREBUILT% to where -o says.
RECORDER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static void put(FILE *record, const wchar_t *word) {
    char text[32768];
    int length = WideCharToMultiByte(CP_UTF8, 0, word, -1, text, sizeof text, 0, 0);
    fwrite(text, 1, length, record);
}

int wmain(int count, wchar_t **words) {
    wchar_t own[4096];
    GetModuleFileNameW(NULL, own, 4096);
    FILE *record = _wfopen(_wgetenv(wcsstr(own, L"rustc.exe") ? L"BUILDS" : L"RECORD"), L"ab");
    if (wcsstr(own, L"rustc.exe")) {
        put(record, own);
        for (int i = 1; i + 1 < count; i++)
            if (!wcscmp(words[i], L"-o")) return !CopyFileW(_wgetenv(L"PREBUILT"), words[i + 1], FALSE);
        return 1;
    }
    for (int i = 1; i < count; i++) {
        FILE *list = words[i][0] == L'@' ? _wfopen(words[i] + 1, L"rb") : NULL;
        if (!list) { put(record, words[i]); continue; }
        put(record, L"@file");
        for (int byte; (byte = fgetc(list)) != EOF;) fputc(byte, record);
        fputc(0, record);
        fclose(list);
    }
    fclose(record);
    return _wgetenv(L"STATUS") ? _wtoi(_wgetenv(L"STATUS")) : 0;
}
"""
# Debian's compiler is the oldest that zig-linker.rs must be built by, and has a standard library for Windows.
DEBIAN_RUSTC = "/usr/bin/rustc"


def linker_source(folder: Path) -> Path:
    """zig-linker.rs as scaffold writes it."""
    return write_wrappers(folder)["cc"].with_name("zig-linker.rs")


def zig(version: str) -> Path:
    """The program of a Zig release, downloaded once."""
    folder = cache_folder("zig") / version
    found = folder / "ziglang" / "zig"
    with _alone(f"zig-{version}"):
        if not found.exists():
            command = ["pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
            done = subprocess.run(
                [sys.executable, "-m", *command, f"ziglang=={version}"],
                capture_output=True,
                text=True,
                timeout=600,
            )
            require(done.returncode == 0, f"ziglang {version} cannot be installed: {done.stderr}")
    return found


def zig_environment(version: str) -> dict[str, str]:
    """This environment, with a Zig release for the wrappers and a build cache that outlives the run."""
    inherited = {key: value for key, value in os.environ.items() if "CARGO" not in key}
    cache = cache_folder("zig") / "cache"
    return inherited | {"ZIG": str(zig(version)), "ZIG_GLOBAL_CACHE_DIR": str(cache)}


def recorder_folder() -> Path:
    """A folder with the recording `zig.exe` and `rustc.exe`, built once."""
    digest = hashlib.sha256(RECORDER.encode()).hexdigest()[:12]
    folder = cache_folder("zig") / f"recorder-{digest}"
    with _alone("recorder"):
        if not (folder / "rustc.exe").exists():
            folder.mkdir(exist_ok=True)
            (folder / "zig.c").write_text(RECORDER, encoding="ascii")
            command = ["cc", "-target", "x86_64-windows-gnu", "-municode", "-O2", "-s", "zig.c"]
            subprocess.run(
                [zig(NEWEST), *command, "-o", "zig.exe"],
                cwd=folder,
                env=zig_environment(NEWEST),
                check=True,
                timeout=600,
            )
            shutil.copy(folder / "zig.exe", folder / "rustc.exe")
    return folder


def linker_exe(*options: str) -> Path:
    """zig-linker.rs compiled for Windows, once for each text and set of options."""
    rustc = program(DEBIAN_RUSTC)
    program("x86_64-w64-mingw32-gcc")
    folder = cache_folder("zig") / "windows"
    source = linker_source(folder)
    name = hashlib.sha256(source.read_bytes() + repr(options).encode()).hexdigest()[:12]
    with _alone("windows"):
        if not (folder / f"{name}.exe").exists():
            command = [rustc, "--edition", "2021", "-O", "--target", "x86_64-pc-windows-gnu"]
            subprocess.run([*command, *options, source, "-o", folder / "made.exe"], check=True)
            (folder / "made.exe").rename(folder / f"{name}.exe")
    return folder / f"{name}.exe"


def wine_environment() -> dict[str, str]:
    """A Wine prefix that outlives the run, made once."""
    program("wine")
    prefix = cache_folder("wine") / "prefix"
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "ZIG")
    } | {
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }
    with _alone("wine"):
        if not (prefix / "ready").exists():
            command = ["wine", "wineboot", "--init"]
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=600)
            (prefix / "ready").touch()
    return environment


def windows_path(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


def call_batch(
    wrapper: Path,
    arguments: Sequence[str],
    path: Path,
    temporary: Path,
    **environment: str,
) -> Call:
    """`wine cmd /c` on a wrapper, with `path` as the folder that Windows searches, started where the wrapper is.

    LOCALAPPDATA is set by cmd: Wine sets its own at the start.
    """
    temporary.mkdir(exist_ok=True)
    local = environment.pop("LOCALAPPDATA", "")
    first = ["set", f"LOCALAPPDATA={local}&&"] if local else []
    record = temporary.with_suffix(".record")
    record.unlink(missing_ok=True)
    files = {
        "RECORD": record,
        "BUILDS": temporary.with_suffix(".builds"),
        "PREBUILT": linker_exe(),
        "TEMP": temporary,
        "TMP": temporary,
        "WINEPATH": path,
    }
    done = subprocess.run(
        ["wine", "cmd", "/c", *first, wrapper.name, *arguments],
        cwd=wrapper.parent,
        env=wine_environment()
        | {name: windows_path(file) for name, file in files.items()}
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    seen = record.read_bytes().decode() if record.exists() else ""
    message = (done.stdout + done.stderr).decode("utf-8", "replace")
    return Call(done.returncode, list(recorded(seen)), message)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process at a time: the workers of a parallel run share the cache."""
    with (cache_folder("zig") / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
