"""Real Zig releases from PyPI, a `zig.exe` that records, and Wine's cmd."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.toolchain.requirements import cache_folder, program, require
from tests.zig.rendered import Call, recorded

VERSIONS = ("0.13.0", "0.15.2", "0.17.1")
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]

# As the recorder of tests/zig/rendered.py: each argument and a NUL; "@file" and the text for an @file.
RECORDER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static void put(FILE *record, const wchar_t *word) {
    char text[32768];
    int length = WideCharToMultiByte(CP_UTF8, 0, word, -1, text, sizeof text, 0, 0);
    fwrite(text, 1, length, record);
}

int wmain(int count, wchar_t **words) {
    FILE *record = _wfopen(_wgetenv(L"RECORD"), L"wb");
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


def recorder_exe() -> Path:
    """A folder with the recording `zig.exe`, built once."""
    folder = cache_folder("zig") / (
        "recorder-" + hashlib.sha256(RECORDER.encode()).hexdigest()[:12]
    )
    with _alone("recorder"):
        if not (folder / "zig.exe").exists():
            folder.mkdir(exist_ok=True)
            (folder / "zig.c").write_text(RECORDER, encoding="ascii")
            command = ["cc", "-target", "x86_64-windows-gnu", "-municode", "-O2", "-s"]
            made = folder / "made.exe"
            subprocess.run(
                [zig(NEWEST), *command, folder / "zig.c", "-o", made],
                env=zig_environment(NEWEST),
                check=True,
                timeout=600,
            )
            made.rename(folder / "zig.exe")
    return folder


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
    """`wine cmd /c` on a wrapper, with `path` as the folder that Windows searches, started where the wrapper is."""
    temporary.mkdir(exist_ok=True)
    record = temporary.with_suffix(".record")
    record.unlink(missing_ok=True)
    done = subprocess.run(
        ["wine", "cmd", "/c", wrapper.name, *arguments],
        cwd=wrapper.parent,
        env=wine_environment()
        | {
            "WINEPATH": windows_path(path),
            "RECORD": windows_path(record),
            "TEMP": windows_path(temporary),
            "TMP": windows_path(temporary),
        }
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    seen = record.read_bytes().decode() if record.exists() else ""
    return Call(done.returncode, list(recorded(seen)), (done.stdout + done.stderr).decode())


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process at a time: the workers of a parallel run share the cache."""
    with (cache_folder("zig") / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
