"""What everyone waits for stays light: no heavy library is loaded for it. benchmarks/startup.py measures the times."""

import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.cli.main import main

ROOT = Path(__file__).parent.parent
HEAVY = {"argcomplete", "jinja2", "yaml", "questionary", "tree_sitter"}
HEAVY |= {"dataclasses", "pathlib", "importlib.resources", "inspect", "json"}
CODE = """
import sys
before = set(sys.modules)
from scaffold.cli.main import main
main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


def loaded(folder: Path, *words: str) -> set[str]:
    """The modules that a command loads, in an isolated Python."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{CODE}"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["init", "--help"]], ids=" ".join)
def test_help_and_version_load_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    assert not loaded(tmp_path, *words) & HEAVY


def test_a_check_loads_nothing_that_it_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--defaults", "--json"]) == 0
    unused = {"argcomplete", "questionary", "dataclasses", "hashlib"}
    assert not loaded(tmp_path, "regenerate", "--check") & unused


def test_a_command_that_needs_them_loads_them(tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    words = ["init", "--defaults", "--set", "linux_targets=x86_64", "--json"]
    assert {"jinja2", "json"} <= loaded(tmp_path, *words)
