"""Measures whether a dependency's 64-bit libraries support 16 KB pages, and writes its row of `fixed_versions.toml`.

    python -m maintenance.fixed_version GROUP:ARTIFACT:VERSION…

Maven fetches the AAR (`mvn` must be there). A row is written only where every 64-bit library passes, so give the first
version that does.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from maintenance.data_rows import DATA
from maintenance.jna_facts import COPY
from scaffold.errors import Refusal
from scaffold.findings import Severity
from scaffold.inspection.scan import scan

_PATIENCE = 300  # seconds
_ROW = re.compile(r"(?m)^\[\[fixed\]\]\n(?:\w.*\n)*")
_WIDE = ("arm64-v8a", "x86_64")
_COORDINATE = re.compile(r"[\w.-]+:[\w.-]+:[\w.-]+")


def fetch(coordinate: str, folder: Path) -> Path:
    """The AAR, fetched into `folder`. Raises OSError, or ValueError for what is no coordinate."""
    if not _COORDINATE.fullmatch(coordinate):
        raise ValueError(f"{coordinate} is not GROUP:ARTIFACT:VERSION")
    _, artifact, version = coordinate.split(":")
    command = [shutil.which("mvn") or "mvn", "-q", "-B", COPY]
    command += [f"-Dartifact={coordinate}:aar", f"-DoutputDirectory={folder}"]
    try:
        done = subprocess.run(command, check=False, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise OSError(f"Maven took more than {_PATIENCE} s") from None
    path = folder / f"{artifact}-{version}.aar"
    if done.returncode or not path.exists():
        raise OSError("Maven cannot fetch it")
    return path


def measure(aar: Path) -> list[str]:
    """The names of its 64-bit libraries. Raises ValueError where one fails, or where there is none."""
    names: set[str] = set()
    for library in scan([str(aar)], 16384).libraries:
        wrong = [f.code.value for f in library.findings if f.severity is Severity.ERROR]
        if library.abi in _WIDE:
            if wrong:
                raise ValueError(f"{library.path}: {', '.join(wrong)}")
            names.add(library.name)
    if not names:
        raise ValueError("it has no 64-bit library")
    return sorted(names - {"libc++_shared.so"})


def with_row(text: str, coordinate: str, libraries: list[str]) -> str:
    """The data file's text with that dependency's row, in the order of their names."""
    name, _, version = coordinate.rpartition(":")
    start = text.find("[[fixed]]")
    rows = {_value(found, "coordinate"): found for found in _ROW.findall(text[start:])}
    # Older versions may have had other names, by which they are still recognised.
    known = _value(rows[name], "libraries").split() if name in rows else []
    names = " ".join(dict.fromkeys([*libraries, *known]))
    rows[name] = (
        f'[[fixed]]\ncoordinate = "{name}"\nversion = "{version}"\nlibraries = "{names}"\n'
        f'mark = "M"\nsource = "{coordinate}@aar on Maven Central"\n'
    )
    head = text[:start]
    return head + "\n".join(rows[key] for key in sorted(rows))


def _value(row: str, key: str) -> str:
    found = re.search(rf'(?m)^{key} = "(.*)"$', row)
    if found is None:
        raise ValueError(f"a row without {key}: {row!r}")
    return found[1]


def main(coordinates: list[str]) -> int:
    path = DATA / "fixed_versions.toml"
    text = path.read_text(encoding="utf-8")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for coordinate in coordinates:
            try:
                libraries = measure(fetch(coordinate, Path(folder)))
            except (OSError, ValueError, Refusal) as error:
                sys.stderr.write(f"{coordinate}: {error}; no row was written\n")
                failed = True
                continue
            text = with_row(text, coordinate, libraries)
            sys.stdout.write(f"{coordinate}: {', '.join(libraries)}\n")
    path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if failed or not coordinates else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
