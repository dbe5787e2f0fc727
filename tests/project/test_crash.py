"""A crash or an error at any file-system call leaves a project whole."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from scaffold.project.journal import pending
from scaffold.project.recovery import recover
from tests.project.faults import (
    CHANGING,
    GROWING,
    READING,
    SCENARIOS,
    Fault,
    Scenario,
    Tree,
    read_tree,
    tree_of,
    write_tree,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
EVERY = ("open", *CHANGING, *READING)
Run = Callable[[Path, str, str, Fault], dict[str, Any]]


@pytest.fixture(autouse=True)
def no_syncing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is killed here is a process, not the machine."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system has such a place: thousands of small projects are made here."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):
        with tempfile.TemporaryDirectory(dir=memory) as made:
            yield Path(made)
    else:
        yield tmp_path


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    program = Path(__file__).with_name("faults.py")
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin
        assert server.stdout

        def request(root: Path, scenario: str, action: str, fault: Fault) -> dict[str, Any]:
            assert server.stdin
            assert server.stdout
            wanted = {"root": str(root), "scenario": scenario, "action": action, "fault": fault}
            server.stdin.write(json.dumps(wanted) + "\n")
            server.stdin.flush()
            return dict(json.loads(server.stdout.readline()))

        yield request
        server.stdin.close()


def ends(scenario: Scenario) -> tuple[Tree, Tree]:
    return tree_of(scenario.before), tree_of(scenario.after)


def assert_every_file_whole(found: Tree, scenario: Scenario) -> None:
    for path in scenario.before.keys() | scenario.after.keys():
        assert found.get(path) in (scenario.before.get(path), scenario.after.get(path)), path


def each_step(
    run: Run, folder: Path, name: str, fault: Callable[[int], Fault], action: str = "apply"
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Strike at step 0, 1, 2 … of a transaction in a new project, until it runs past its last step."""
    for at in range(1000):
        root = folder / str(at)
        write_tree(str(root), SCENARIOS[name].before)
        answer = run(root, name, action, fault(at))
        if answer.get("steps", at + 1) <= at:
            assert at > 10, "hardly any step was seen"
            assert answer["exit"] == 0
            return
        yield root, answer
        shutil.rmtree(root)
    pytest.fail("the transaction does not end")


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(("kind", "steps"), [("kill", CHANGING), ("tear", ["write"])])
def test_a_kill_at_any_step_leaves_whole_files_and_the_next_run_nothing_behind(
    run: Run, folder: Path, name: str, kind: str, steps: Sequence[str]
) -> None:
    scenario = SCENARIOS[name]
    old, new = ends(scenario)
    results = set()
    for root, answer in each_step(run, folder, name, lambda at: Fault(kind, at, steps)):
        assert answer["exit"] == "killed"
        assert_every_file_whole(read_tree(str(root)), scenario)
        recover(str(root))
        found = read_tree(str(root))
        assert found in (old, new)
        assert not pending(str(root))
        results.add(found == new)
        if found == old:
            assert run(root, name, "apply", Fault("none", 0))["exit"] == 0
            assert read_tree(str(root)) == new
    assert results == ({False, True} if kind == "kill" else {False})


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_during_the_recovery_from_a_kill_is_recovered_from(
    run: Run, folder: Path, name: str
) -> None:
    scenario = SCENARIOS[name]
    seen: set[str] = set()
    for root, _ in each_step(run, folder, name, lambda at: Fault("kill", at)):
        state = re.sub("[0-9a-f]{16}", "token", repr(sorted(read_tree(str(root)).items())))
        if state in seen:
            continue
        seen.add(state)
        # Neighbours differ by one file of many: every third shows as much.
        if len(seen) % 3:
            continue
        for at in range(1000):
            again = folder / "again"
            shutil.copytree(root, again)
            answer = run(again, name, "recover", Fault("kill", at))
            assert_every_file_whole(read_tree(str(again)), scenario)
            recover(str(again))
            assert read_tree(str(again)) in ends(scenario)
            shutil.rmtree(again)
            if answer["exit"] != "killed":
                break


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(("number", "steps"), [(errno.ENOSPC, EVERY), (errno.EACCES, CHANGING)])
def test_an_error_at_any_call_changes_nothing_and_says_which_file(
    run: Run, folder: Path, name: str, number: int, steps: Sequence[str]
) -> None:
    old, new = ends(SCENARIOS[name])
    refused = 0
    for root, answer in each_step(run, folder, name, lambda at: Fault("error", at, steps, number)):
        if answer["exit"] == 0:
            recover(str(root))
            assert read_tree(str(root)) == new
            continue
        refused += 1
        assert answer["exit"] == 74
        assert read_tree(str(root)) == old
        message, place, hint = answer["problems"][0]
        assert os.strerror(number) in message
        assert place
        assert "Nothing was changed" in hint
    assert refused > 20


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_disk_that_stays_full_changes_nothing(run: Run, folder: Path, name: str) -> None:
    old, new = ends(SCENARIOS[name])
    full = lambda at: Fault("error", at, GROWING, errno.ENOSPC, 10_000)  # noqa: E731
    for root, answer in each_step(run, folder, name, full):
        assert answer["exit"] in (0, 74)
        assert read_tree(str(root)) == (old if answer["exit"] else new)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("until", [2, 3, 10_000])
def test_where_undoing_fails_too_every_file_is_whole_and_the_next_run_undoes_it(
    run: Run, folder: Path, name: str, until: int
) -> None:
    scenario = SCENARIOS[name]
    old, new = ends(scenario)
    half_undone = 0
    broken = lambda at: Fault("error", at, CHANGING, errno.EROFS, until)  # noqa: E731
    for root, answer in each_step(run, folder, name, broken):
        assert answer["exit"] in (0, 74)
        found = read_tree(str(root))
        assert_every_file_whole(found, scenario)
        if answer["exit"] == 74 and found != old:
            half_undone += 1
            assert "undoing it failed too" in answer["problems"][0][0]
            # The folder alone is left where not even the journal could be written.
            assert pending(str(root)) or not os.listdir(root / ".scaffold")
        recover(str(root))
        assert read_tree(str(root)) == (old if answer["exit"] else new)
    assert half_undone


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_interrupt_at_any_call_leaves_all_or_nothing(run: Run, folder: Path, name: str) -> None:
    old, new = ends(SCENARIOS[name])
    for root, answer in each_step(run, folder, name, lambda at: Fault("interrupt", at)):
        assert answer["exit"] == 130
        found = read_tree(str(root))
        if pending(str(root)):
            assert os.path.exists(root / ".scaffold/done.json")
            recover(str(root))
            assert read_tree(str(root)) == new
        else:
            assert found in (old, new)
