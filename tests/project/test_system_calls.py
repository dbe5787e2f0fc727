"""The crash test once more, with the kernel's own calls: strace kills or fails the process at each."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.project.write import write_files
from tests.project.faults import SCENARIOS, read_tree, tree_of, write_tree
from tests.project.test_crash import user_files

pytestmark = [
    pytest.mark.toolchain,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]
CALLS = [
    "rename",
    "unlink",
    "mkdir",
    "rmdir",
    "link",
    "fsync",
    "write",
    "fchmod",
    "flock",
    "listxattr",
    "close",
]
SCENARIO = SCENARIOS["upgrade"]
PROGRAM = """
import sys
from scaffold.errors import Refusal
from scaffold.project.write import write_files
from tests.project.faults import SCENARIOS
writes = SCENARIOS["upgrade"].writes()
print("ready", flush=True)
sys.stdin.readline()
try:
    write_files(sys.argv[1], writes)
except Refusal as refusal:
    sys.exit(refusal.exit_code)
"""


def run(root: Path, injection: str) -> int:
    """Exit status of a run whose system calls strace watches from its first step on."""
    here = Path(__file__).parents[2]
    command = [sys.executable, "-c", PROGRAM, str(root)]
    with subprocess.Popen(
        command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        watch = [
            "strace",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            f"inject={injection}",
            "-p",
            str(child.pid),
        ]
        with subprocess.Popen(watch, stderr=subprocess.PIPE, text=True) as tracer:
            while "TracerPid:\t0\n" in Path(f"/proc/{child.pid}/status").read_text():
                if tracer.poll() is not None:
                    child.kill()
                    assert tracer.stderr
                    pytest.skip(f"strace cannot watch here: {tracer.stderr.read().strip()}")
                time.sleep(0.002)
            child.stdin.write("\n")
            child.stdin.flush()
            return child.wait(60)


def each(folder: Path, call: str, effect: str) -> Iterator[tuple[Path, int]]:
    """Strike at the first, second … call of this name, until the run no longer makes that
    many.

    An error after which the run succeeds (no hard links, a left-over that stays) looks like
    a call that is never reached; no more than eight such are in a row.
    """
    successes = 0
    for number in range(1, 200):
        root = folder / str(number)
        write_tree(str(root), SCENARIO.before)
        status = run(root, f"?{call}:{effect}:when={number}")
        yield root, status
        shutil.rmtree(root)
        successes = successes + 1 if status == 0 else 0
        if successes > (0 if effect == "signal=KILL" else 8):
            return
    pytest.fail("the run does not end")


@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_any_system_call_is_finished_by_the_next_run(tmp_path: Path, call: str) -> None:
    statuses = set()
    for root, status in each(tmp_path, call, "signal=KILL"):
        statuses.add(status)
        found = read_tree(str(root))
        for path in SCENARIO.before.keys() | SCENARIO.after.keys():
            assert found.get(path) in (SCENARIO.before.get(path), SCENARIO.after.get(path))
        write_files(str(root), SCENARIO.writes())
        assert user_files(read_tree(str(root))) == user_files(tree_of(SCENARIO.after))
    assert statuses == {0, -signal.SIGKILL}


@pytest.mark.parametrize("call", ["openat", "write", "fsync", "mkdir", "link", "rename", "unlink"])
@pytest.mark.parametrize("error", ["ENOSPC", "EACCES"])
def test_an_error_at_any_system_call_changes_all_or_nothing(
    tmp_path: Path, call: str, error: str
) -> None:
    old, new = tree_of(SCENARIO.before), tree_of(SCENARIO.after)
    for root, status in each(tmp_path, call, f"error={error}"):
        assert status in (0, 74)
        if status == 0:
            write_files(str(root), SCENARIO.writes())
        assert read_tree(str(root)) == (old if status else new)
