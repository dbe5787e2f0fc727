"""A crash or an error at any file-system call leaves a project whole."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

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
Run = Callable[[Path, str, Fault], dict[str, Any]]


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

        def request(root: Path, scenario: str, fault: Fault) -> dict[str, Any]:
            assert server.stdin
            assert server.stdout
            wanted = {"root": str(root), "scenario": scenario, "fault": fault}
            server.stdin.write(json.dumps(wanted) + "\n")
            server.stdin.flush()
            return dict(json.loads(server.stdout.readline()))

        yield request
        server.stdin.close()


def ends(scenario: Scenario) -> tuple[Tree, Tree]:
    return tree_of(scenario.before), tree_of(scenario.after)


def user_files(found: Tree) -> Tree:
    staged = ".scaffold/tmp"
    return {p: f for p, f in found.items() if f[0] is not None and not p.startswith(staged)}


def assert_a_beginning_is_written(found: Tree, scenario: Scenario) -> None:
    """Each file is whole, old or new, and none is new before one that comes earlier."""
    earlier_is_old = ""
    for write in scenario.writes():
        path = write.path
        before, after = scenario.before.get(path), scenario.after.get(path)
        assert found.get(path) in (before, after), path
        if found.get(path) == after:
            assert not earlier_is_old, f"{path} is new before {earlier_is_old}"
        else:
            earlier_is_old = path


def assert_done(root: Path, scenario: Scenario) -> None:
    """As after a run that was not disturbed; but for a folder that it emptied, which git ignores."""
    found, new = read_tree(str(root)), tree_of(scenario.after)
    assert user_files(found) == user_files(new)
    assert {p for p in found.keys() - new.keys() if os.listdir(root / p)} <= {".cargo"}


def each_step(
    run: Run, folder: Path, name: str, fault: Callable[[int], Fault]
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Strike at step 0, 1, 2 … of a run in a new project, until it runs past its last step."""
    for at in range(1000):
        root = folder / str(at)
        write_tree(str(root), SCENARIOS[name].before)
        answer = run(root, name, fault(at))
        if answer.get("steps", at + 1) <= at:
            assert at >= 10, "hardly any step was seen"
            assert answer["exit"] == 0
            return
        yield root, answer
        shutil.rmtree(root)
    pytest.fail("the run does not end")


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(("kind", "steps"), [("kill", CHANGING), ("tear", ["write"])])
def test_a_kill_at_any_step_leaves_whole_files_and_the_next_run_finishes(
    run: Run, folder: Path, name: str, kind: str, steps: Sequence[str]
) -> None:
    scenario = SCENARIOS[name]
    states = set()
    for root, answer in each_step(run, folder, name, lambda at: Fault(kind, at, steps)):
        assert answer["exit"] == "killed"
        found = read_tree(str(root))
        assert_a_beginning_is_written(found, scenario)
        states.add(repr(sorted(user_files(found).items())))
        assert run(root, name, Fault("none", 0))["exit"] == 0
        assert_done(root, scenario)
    assert len(states) > (5 if kind == "kill" else 0)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_while_a_killed_run_is_finished(run: Run, folder: Path, name: str) -> None:
    scenario = SCENARIOS[name]
    for number, (root, _) in enumerate(each_step(run, folder, name, lambda at: Fault("kill", at))):
        if number % 7:  # neighbours differ by one file of many
            continue
        for at in range(0, 1000, 3):
            again = folder / "again"
            shutil.copytree(root, again)
            answer = run(again, name, Fault("kill", at))
            assert_a_beginning_is_written(read_tree(str(again)), scenario)
            assert run(again, name, Fault("none", 0))["exit"] == 0
            assert_done(again, scenario)
            shutil.rmtree(again)
            if answer["exit"] != "killed":
                break


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(("number", "steps"), [(errno.ENOSPC, EVERY), (errno.EACCES, CHANGING)])
def test_an_error_at_any_call_changes_nothing_and_says_which_file(
    run: Run, folder: Path, name: str, number: int, steps: Sequence[str]
) -> None:
    old, _ = ends(SCENARIOS[name])
    refused = 0
    for root, answer in each_step(run, folder, name, lambda at: Fault("error", at, steps, number)):
        if answer["exit"] == 0:
            assert run(root, name, Fault("none", 0))["exit"] == 0
            assert_done(root, SCENARIOS[name])
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
def test_where_undoing_fails_too_a_beginning_is_written_and_the_next_run_finishes(
    run: Run, folder: Path, name: str, until: int
) -> None:
    scenario = SCENARIOS[name]
    old, _ = ends(scenario)
    half_undone = 0
    broken = lambda at: Fault("error", at, CHANGING, errno.EROFS, until)  # noqa: E731
    for root, answer in each_step(run, folder, name, broken):
        assert answer["exit"] in (0, 74)
        found = read_tree(str(root))
        assert_a_beginning_is_written(found, scenario)
        if answer["exit"] == 74 and user_files(found) != user_files(old):
            half_undone += 1
            message, _, hint = answer["problems"][0]
            assert "undoing it failed too" in message
            assert "These files are already written: scaffold.yml" in hint
        assert run(root, name, Fault("none", 0))["exit"] == 0
        assert_done(root, scenario)
    assert half_undone


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_interrupt_at_any_call_leaves_all_or_nothing(run: Run, folder: Path, name: str) -> None:
    old, new = ends(SCENARIOS[name])
    for root, answer in each_step(run, folder, name, lambda at: Fault("interrupt", at)):
        assert answer["exit"] == 130
        assert read_tree(str(root)) in (old, new)
