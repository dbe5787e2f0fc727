"""Runs the programs of this machine: without a shell, for a limited time, never one of the project's own.

A repository may hold a `rustc` or `zig.exe`; what lies in it, and what PATH names by a relative folder, is not run.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from typing import IO, NamedTuple

LONGEST = 10.0  # seconds for one program
ALTOGETHER = 50.0  # seconds for all
LARGEST = 64 * 1024  # bytes of each output

# No program here may install or fetch anything, nor print a backtrace.
_QUIET = {
    "RUSTUP_AUTO_INSTALL": "0",
    "RUSTUP_DIST_SERVER": "http://127.0.0.1:9",  # rustup before 1.28 installs without being asked
    "RUSTUP_TERM_COLOR": "never",
    "RUST_BACKTRACE": "0",
    "LC_ALL": "C",
}


class Output(NamedTuple):
    """What a program printed; `failure` says why there is nothing to read ("" where there is)."""

    text: str = ""
    failure: str = ""


NOT_ASKED = Output(failure="scaffold did not look for it")


class Programs:
    """Finds programs by the PATH of `environment`, and runs them; what lies in `project` is out of bounds."""

    def __init__(
        self, project: str, environment: Mapping[str, str], *, windows: bool = os.name == "nt"
    ) -> None:
        self._project = os.path.realpath(project)
        self._environment = environment
        self._windows = windows
        self._end = time.monotonic() + ALTOGETHER

    def find(self, name: str) -> str:
        """The absolute path of the program `name`; "" where there is none that may be run."""
        if os.path.basename(name) != name:
            return ""
        # Package managers of Windows install some programs as scripts; in one folder PATHEXT's order holds.
        endings = (".exe", ".bat", ".cmd") if self._windows else ("",)
        for folder in self._environment.get("PATH", "").split(os.pathsep):
            for ending in endings:
                path = os.path.join(folder, name + ending)
                if self.allowed(path):
                    return path
        return ""

    def allowed(self, path: str) -> bool:
        """Whether `path` is an absolute path of a program, outside the project wherever links lead."""
        try:
            if not os.path.isabs(path) or not os.path.isfile(path) or not os.access(path, os.X_OK):
                return False
            places = (os.path.realpath(os.path.dirname(path)), os.path.realpath(path))
        except (OSError, ValueError):
            return False
        return not any(_inside(place, self._project) for place in places)

    def run(self, path: str, *arguments: str, folder: str) -> Output:
        """What the program at `path` prints, at most LARGEST bytes; a failure says how it ended."""
        left = min(LONGEST, self._end - time.monotonic())
        if left <= 0:
            return Output(
                failure=f"skipped, because the other programs took {ALTOGETHER:.0f} seconds"
            )
        if not self.allowed(path):
            return Output(failure=f"{path} is not a program outside the project")
        try:
            process = subprocess.Popen(
                [path, *arguments],
                cwd=folder,
                env={**self._environment, **_QUIET},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=os.name != "nt",
            )
        except (OSError, ValueError) as error:
            return Output(
                failure=f"{path} cannot be run: {getattr(error, 'strerror', '') or error}"
            )
        return _outcome(process, os.path.basename(path), left)


def _inside(place: str, folder: str) -> bool:
    place, folder = os.path.normcase(place), os.path.normcase(folder)
    return place == folder or place.startswith(os.path.join(folder, ""))


def _outcome(process: "subprocess.Popen[bytes]", name: str, seconds: float) -> Output:
    readers = [_Reader(process.stdout), _Reader(process.stderr)]
    end = time.monotonic() + seconds
    for reader in readers:
        reader.join(max(0.0, end - time.monotonic()))
    try:
        code = process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        return Output(failure=f"{name} did not answer within {seconds:.0f} seconds")
    finally:
        if process.returncode is None:
            _stop(process)
    out, err = (bytes(reader.data).decode("utf-8", "replace") for reader in readers)
    if code:
        lines = [line.strip() for line in (err or out).splitlines() if line.strip()]
        return Output(out, (lines[0][:300] if lines else f"{name} exited with code {code}"))
    return Output(out)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends the program with all that it started; what it has left in the pipes is not waited for."""
    if os.name != "nt":
        import signal

        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


class _Reader(threading.Thread):
    """Empties a pipe, so that the program never waits; keeps its beginning."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        self.data = bytearray()
        self._pipe = pipe
        self.start()

    def run(self) -> None:
        if self._pipe is None:
            return
        with self._pipe as pipe:
            while chunk := os.read(pipe.fileno(), 1 << 14):
                self.data += chunk[: max(0, LARGEST - len(self.data))]
