"""How long scaffold takes to start, against `python -c pass`, and beside its peers.

python benchmarks/startup.py [--runs 21] [--peers]

scaffold is installed from this tree, and with --peers copier and cookiecutter from PyPI, into one fresh environment, so
that all run under the same Python, by their console scripts, with compiled modules. In every round each command runs
once, right after a `python -c pass` of its own: the ratio is the median of the rounds' ratios, and a machine that gets
busy slows both alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS: tuple[tuple[str, ...], ...] = (
    ("scaffold", "--version"),
    ("scaffold", "--help"),
    ("scaffold", "init", "--help"),
    ("scaffold", "regenerate", "--check"),
)
PEERS: tuple[tuple[str, ...], ...] = (
    ("copier", "--version"),
    ("copier", "--help"),
    ("cookiecutter", "--version"),
    ("cookiecutter", "--help"),
)


def quietly(command: list[str], folder: Path) -> None:
    """One run, which must succeed."""
    subprocess.run(
        command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def seconds(command: list[str], folder: Path) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    quietly(command, folder)
    return time.perf_counter() - start


def environment(folder: Path, packages: list[str]) -> Path:
    """The folder of the programs of a new environment with these packages."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    quietly([python, "-m", "pip", "install", "--quiet", "--compile", *packages], folder)
    return programs


def main() -> None:
    """Print a row for each command: its median, and its ratio to `python -c pass`."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--peers", action="store_true", help="copier and cookiecutter, too")
    options = parser.parse_args()
    commands = OURS + (PEERS if options.peers else ())
    with tempfile.TemporaryDirectory() as name:
        packages = [str(ROOT), *(["copier", "cookiecutter"] if options.peers else [])]
        programs = environment(Path(name) / "environment", packages)
        project = Path(name) / "project"
        quietly([str(programs / "scaffold"), "init", str(project), "--defaults"], Path(name))
        nothing = [str(programs / "python"), "-c", "pass"]
        rounds: dict[tuple[str, ...], list[tuple[float, float]]] = {one: [] for one in commands}
        for turn in range(options.runs + 1):
            for words in commands:
                command = [str(programs / words[0]), *words[1:]]
                pair = (seconds(nothing, project), seconds(command, project))
                if turn:  # the first round only warms the caches
                    rounds[words].append(pair)
    print(f"Python {sys.version.split()[0]}, {options.runs} rounds, medians")
    for words, pairs in rounds.items():
        took = statistics.median(pair[1] for pair in pairs) * 1000
        ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
        print(f"{' '.join(words):<28}{took:>8.1f} ms  {ratio:>5.1f}× python -c pass")


if __name__ == "__main__":
    main()
