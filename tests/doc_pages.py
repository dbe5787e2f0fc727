"""Runs what the documentation shows. In a page, HTML comments mark what a test does with the block below:

    <!-- fresh -->              what follows happens in a new, empty folder
    <!-- run -->                a console block: its `$` lines run, and print what stands below each
    <!-- run brief -->          the same, with `…` for the decisions that a plan begins with
    <!-- quiet -->              the same, with output that is not shown
    <!-- file PATH -->          the block is written to that file
    <!-- shows PATH -->         the block stands in that file
    <!-- fixture NAME -->       files that only a toolchain could make appear

A command ends with `# exit N` where its exit code is not 0.
"""

import contextlib
import io
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold.cli.main import main

_STEP = re.compile(
    r"<!-- (?P<what>fresh|run|quiet|file|shows|fixture)(?: (?P<name>[^\n]*?))? -->"
    r"(?:\n+```\w+\n(?P<body>.*?)```)?",
    re.DOTALL,
)


class Ran(NamedTuple):
    """One `$` line: what it printed and its exit code, beside what the page says of both."""

    command: str
    output: str
    shown: str
    code: int
    expected: int


class Page:
    """One page, run from top to bottom below `home`. `text` is the page with the output that came."""

    def __init__(self, home: Path, fixtures: Mapping[str, Callable[[Path], None]]) -> None:
        self.home = home
        self.folder = home
        self.fixtures = fixtures
        self.ran: list[Ran] = []
        self.missing: list[str] = []
        self._fresh = 0

    def run(self, text: str) -> str:
        """Takes every step of the page; returns its text with real output in the `run` blocks."""
        return _STEP.sub(self._step, text)

    def _step(self, found: re.Match[str]) -> str:
        what, name, body = found["what"], found["name"] or "", found["body"] or ""
        if what == "fresh":
            self._fresh += 1
            self.folder = self.home / f"fresh-{self._fresh}"
            self.folder.mkdir()
        elif what == "fixture":
            self.fixtures[name](self.folder)
        elif what == "file":
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif what == "shows":
            if body.strip() not in (self.folder / name).read_text(encoding="utf-8"):
                self.missing.append(f"{name}: {body}")
        else:
            new = self._console(body, brief=name == "brief")
            if what == "run":
                return found[0].replace(body, new)
        return found[0]

    def _console(self, body: str, *, brief: bool) -> str:
        lines = []
        for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            command, _, exit_code = line[2:].partition("  # exit ")
            code, output = self._command(command.strip())
            self.ran.append(Ran(command, output, shown, code, int(exit_code or 0)))
            if brief and "\n\n" in output:
                output = "…\n\n" + output.partition("\n\n")[2]
            lines.append(f"{line}\n{output}")
        return "".join(lines)

    def _command(self, command: str) -> tuple[int, str]:
        words = shlex.split(command, comments=True)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return 0, ""
        out = io.StringIO()
        if words[0] == "scaffold" and not set(command) & set("|<>&;$"):
            with (
                contextlib.chdir(self.folder),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(out),
            ):
                code = main(words[1:])
            return code, out.getvalue()
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr
