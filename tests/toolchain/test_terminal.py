"""The wizard in a real terminal (tmux): arrow keys, the way back, ^C, and what is on the screen."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.toolchain.requirements import REPOSITORY, program

pytestmark = pytest.mark.toolchain

DEADLINE = 120.0  # seconds until something that must appear is given up; a loaded machine is slow
ANSWERS = r"\? Use these answers\?"
PLAN = r"\? Write these \d+ files\?"
APP = (
    'plugins {\n    id("com.android.application") version "8.7.3"\n'
    '    id("dev.gobley.cargo") version "0.3.7"\n}\n'
    'android { ndkVersion = "27.2.12479018" }\n'
)


class Terminal:
    """One pane of a tmux server of its own, in which the command runs and then its status is printed."""

    def __init__(self, tmux: str, socket: Path, columns: int) -> None:
        self._socket = socket
        self._tmux = [tmux, "-f", os.devnull, "-S", str(socket)]
        self._columns = str(columns)

    def start(self, command: list[str], environment: dict[str, str]) -> None:
        variables = [f"{name}={value}" for name, value in environment.items()]
        line = f"{shlex.join(['env', *variables, *command])}; echo exit=$?; exec cat"
        self._call("new-session", "-d", "-x", self._columns, "-y", "50", "-s", "t", line)

    def press(self, *keys: str) -> None:
        self._call("send-keys", "-t", "t", *keys)

    def resize(self, columns: int) -> None:
        self._call("resize-window", "-t", "t", "-x", str(columns))

    def screen(self, *, colours: bool = False) -> str:
        return self._call("capture-pane", "-p", "-t", "t", *(["-e"] if colours else []))

    def wait(self, pattern: str) -> str:
        """The screen as soon as it holds `pattern`."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            screen = self.screen()
            if re.search(pattern, screen):
                return screen
            time.sleep(0.05)
        pytest.fail(f"{pattern!r} did not appear:\n{self.screen()}", pytrace=False)

    def close(self) -> None:
        self._call("kill-server")
        self._socket.unlink(missing_ok=True)

    def _call(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout


Open = Callable[..., Terminal]


@pytest.fixture
def wizard(tmp_path: Path) -> Iterator[Open]:
    """Starts `scaffold init` on the project `p` in a terminal so many columns wide."""
    tmux = program("tmux")
    opened: list[Terminal] = []
    (tmp_path / "home").mkdir()

    def start(columns: int = 80, **environment: str) -> Terminal:
        # A socket's path may have about 100 bytes, and tmp_path has more.
        terminal = Terminal(tmux, Path("/tmp") / f"scaffold-{uuid4().hex[:12]}", columns)
        opened.append(terminal)
        settings = ["--set", "hosts=linux"]
        terminal.start(
            [sys.executable, "-m", "scaffold", "init", str(tmp_path / "p"), *settings],
            {
                "PYTHONPATH": str(REPOSITORY),
                "HOME": str(tmp_path / "home"),
                "ANDROID_HOME": "",
                "ANDROID_SDK_ROOT": "",
                **environment,
            },
        )
        return terminal

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "p"
    (root / "app").mkdir(parents=True)
    (root / "app/build.gradle.kts").write_text(APP)
    (root / "app/Cargo.toml").write_text(
        '[package]\nname = "app"\n[lib]\ncrate-type = ["cdylib"]\n'
    )
    return root


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("columns", [60, 100])
def test_where_all_is_found_two_enters_write(wizard: Open, project: Path, columns: int) -> None:
    terminal = wizard(columns)
    screen = terminal.wait(f"{ANSWERS}[^$]*cancel, write nothing")
    assert "27.2.12479018" in screen
    assert "app/build.gradle.kts:5" in screen
    assert all(len(line) <= columns for line in screen.splitlines())
    terminal.press("Enter")
    terminal.wait(PLAN)
    terminal.press("Enter")
    terminal.wait("exit=0")
    assert "scaffold.yml" in files(project)


@pytest.mark.parametrize("columns", [60, 100])
def test_where_nothing_is_found_a_few_questions_are_asked(
    wizard: Open, tmp_path: Path, columns: int
) -> None:
    (tmp_path / "p").mkdir()
    terminal = wizard(columns)
    terminal.wait(r"Kotlin plugin.*\(1 of 2\)[^$]*» multiplatform")
    terminal.press("Down", "Down", "Enter")
    terminal.wait(r"builds the Rust library.*\(2 of 2\)[^$]*» gobley")
    terminal.press("Enter")
    assert re.search("plugin +jvm +your answer", terminal.wait(f"{ANSWERS}[^$]*cancel, write"))
    terminal.press("Enter")
    terminal.wait(PLAN)
    terminal.press("Enter")
    terminal.wait("exit=0")
    assert {"scaffold.yml", "Cargo.toml", "build.gradle.kts"} <= files(tmp_path / "p")


def test_no_at_the_plan_leads_back_to_the_answers_and_any_can_be_changed(
    wizard: Open, project: Path
) -> None:
    terminal = wizard()
    terminal.wait(ANSWERS)
    terminal.press("Enter")
    terminal.wait(PLAN)
    terminal.press("Up")
    terminal.wait("» no, back to the answers")
    terminal.press("Enter")
    terminal.wait(f"{ANSWERS}\n")
    terminal.press(*["Down"] * 9)
    terminal.wait("» cpp_runtime")
    terminal.press("Enter")
    terminal.wait("» none")
    terminal.press("Up")
    terminal.wait("» static")
    terminal.press("Enter")
    terminal.wait(r"cpp_runtime +static +your answer")
    terminal.press("Enter")
    terminal.wait(f"{PLAN}\n")
    terminal.press("Enter")
    terminal.wait("exit=0")
    assert "cpp_runtime: static" in (project / "scaffold.yml").read_text(encoding="utf-8")
    assert "c++_static" in (project / "app/build.rs").read_text(encoding="utf-8")


def test_a_window_that_is_resized_goes_on(wizard: Open, project: Path) -> None:
    terminal = wizard(100)
    terminal.wait(ANSWERS)
    for columns in (60, 90):
        terminal.resize(columns)
        terminal.press("Down")
        terminal.wait("» ")
    terminal.press("Up", "Up")
    terminal.wait("» yes, show the plan")
    terminal.press("Enter")
    terminal.wait(PLAN)
    terminal.press("Enter")
    terminal.wait("exit=0")
    assert "scaffold.yml" in files(project)


@pytest.mark.parametrize("stage", ["the answers", "a question", "a typed answer", "the plan"])
def test_control_c_at_any_stage_exits_with_130_and_writes_nothing(
    wizard: Open, project: Path, stage: str
) -> None:
    before = files(project)
    terminal = wizard()
    terminal.wait(f"{ANSWERS}[^$]*cancel, write nothing")
    if stage == "the plan":
        terminal.press("Enter")
        terminal.wait(PLAN)
    elif stage != "the answers":
        terminal.press(*["Down"] * 8)
        terminal.wait("» ndk")
        terminal.press("Enter")
        terminal.wait("» 27.2.12479018")
        if stage == "a typed answer":
            terminal.press("Up")
            terminal.wait("» other…")
            terminal.press("Enter")
            terminal.wait("> 27.2.12479018")
    terminal.press("C-c")
    screen = terminal.wait("exit=")
    assert "exit=130" in screen
    assert "Traceback" not in screen
    assert files(project) == before


def test_without_colour_nothing_on_the_screen_is_coloured(wizard: Open, project: Path) -> None:
    terminal = wizard(NO_COLOR="1")
    terminal.wait(ANSWERS)
    terminal.press("Enter")
    terminal.wait(PLAN)
    coloured = re.findall(
        r"\x1b\[[\d;]*?(?:3[0-7]|9[0-7]|38;[\d;]+)m", terminal.screen(colours=True)
    )
    assert not coloured


def test_a_terminal_without_abilities_still_works(wizard: Open, project: Path) -> None:
    terminal = wizard(TERM="dumb")
    terminal.wait(ANSWERS)
    terminal.press("Up")
    terminal.wait("» cancel")
    terminal.press("Enter")
    terminal.wait("exit=0")
    assert "scaffold.yml" not in files(project)
