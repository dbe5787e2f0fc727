"""Derives how JNA's Android libraries stand on 16 KB pages from its AARs, and writes the rows of `jna.toml`.

    python -m maintenance.jna_facts 5.20.0 [VERSION…]

Without a version, every row is derived again. Maven fetches the AARs (`mvn` must be there); MAVEN_REPOSITORY names a
folder laid out like a repository that is to be read instead.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from maintenance.data_rows import DATA, put_row, row_of
from scaffold.errors import Refusal
from scaffold.facts import load_facts, version_key
from scaffold.findings import Code, Severity
from scaffold.inspection.scan import scan

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
ABIS = {"arm64-v8a": "arm64", "x86_64": "x86_64"}
LARGE = 0x4000
_PATIENCE = 300  # seconds


class Verdict(NamedTuple):
    """`ok`, `load` (a LOAD below 16 KB) or `relro` (RELRO shares a 16 KB page), by ABI."""

    arm64: str
    x86_64: str


def judge(aar: Path) -> Verdict:
    """What the libraries of an AAR would do. Raises ValueError where one is missing or unreadable."""
    found: dict[str, str] = {}
    for library in scan([str(aar)], LARGE).libraries:
        if library.folder_abi in ABIS and library.name == "libjnidispatch.so":
            codes = {f.code for f in library.findings if f.severity is Severity.ERROR}
            found[ABIS[library.folder_abi]] = _word(library.path, codes)
    if set(found) != set(Verdict._fields):
        raise ValueError(f"{aar.name} has no libjnidispatch.so for every one of {', '.join(ABIS)}")
    return Verdict(**found)


def _word(path: str, codes: set[Code]) -> str:
    if Code.LOAD_ALIGNMENT in codes:
        return "load"
    if codes & {Code.RELRO_START, Code.RELRO_END}:
        return "relro"
    if codes:
        raise ValueError(f"{path}: {', '.join(sorted(code.value for code in codes))}")
    return "ok"


def fetch(version: str, folder: Path) -> Path:
    """The AAR of a version, fetched into `folder`. Raises OSError, or ValueError for a bad version."""
    version_key(version)
    name = f"jna-{version}.aar"
    repository = os.environ.get("MAVEN_REPOSITORY")
    if repository:
        return Path(repository, "net", "java", "dev", "jna", "jna", version, name)
    path = folder / name
    if not path.exists():
        artifact = f"-Dartifact=net.java.dev.jna:jna:{version}:aar"
        maven = shutil.which("mvn") or "mvn"
        command = [maven, "-q", "-B", COPY, artifact, f"-DoutputDirectory={folder}"]
        try:
            done = subprocess.run(command, check=False, timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            raise OSError(f"Maven took more than {_PATIENCE} s") from None
        if done.returncode or not path.exists():
            raise OSError("Maven cannot fetch it")
    return path


def with_version(text: str, version: str, verdict: Verdict) -> str:
    """The data file's text with that version's row; what somebody noted about it stays."""
    row = {
        "version": version,
        **verdict._asdict(),
        "note": row_of(text, "jna", "version", version).get("note", ""),
        "mark": "M",
        "source": f"net.java.dev.jna:jna:{version}@aar on Maven Central",
    }
    return put_row(text, "jna", "version", row)


def main(arguments: list[str]) -> int:
    versions = arguments or [row.version for row in load_facts().jna]
    path = DATA / "jna.toml"
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for version in versions:
            try:
                verdict = judge(fetch(version, Path(folder)))
            except (OSError, ValueError, Refusal) as error:
                sys.stderr.write(f"JNA {version}: {error}; nothing was written\n")
                return 1
            text = with_version(text, version, verdict)
            sys.stdout.write(f"{version}: arm64 {verdict.arm64}, x86_64 {verdict.x86_64}\n")
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
