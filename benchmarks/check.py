"""How long `regenerate --check` takes on projects that nothing happened to, against `python -c
pass`.

python benchmarks/check.py [--runs 15] [--modules 1 100 1000]

Each row is a folder with that many modules, checked in one run. Both programs run in turns, so that
a busy machine slows both; medians of the wall-clock time. A module is what `init` makes from its
defaults.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
INIT = [sys.executable, "-m", "scaffold", "init", "--defaults", "--yes"]
CHECK = [sys.executable, "-m", "scaffold", "regenerate", "--check", "--all"]
PASS = [sys.executable, "-c", "pass"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Wall-clock seconds of one run, which must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def make_modules(root: Path, count: int, environment: dict[str, str]) -> None:
    """`count` projects below `root`, all alike."""
    first = root / "module-0"
    subprocess.run([*INIT, str(first)], check=True, env=environment, stdout=subprocess.DEVNULL)
    for number in range(1, count):
        shutil.copytree(first, root / f"module-{number}")


def main() -> None:
    """Print one row a number of modules."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--modules", type=int, nargs="+", default=[1, 100, 1000])
    options = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed scaffold is compiled
    print(f"{'modules':>7}  {'pass':>8}  {'check':>9}  {'ratio':>6}  {'a module':>9}")
    for count in options.modules:
        with tempfile.TemporaryDirectory() as root:
            make_modules(Path(root), count, environment)
            seconds([*CHECK, root], environment)
            pairs = [
                (seconds(PASS, environment), seconds([*CHECK, root], environment))
                for _ in range(options.runs)
            ]
        base, check = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
        each = (check - base) / count
        print(
            f"{count:>7}  {base:>5.1f} ms  {check:>6.1f} ms  {check / base:>5.1f}×  {each:>6.2f} ms"
        )


if __name__ == "__main__":
    main()
