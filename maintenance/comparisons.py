"""Measures the figures of docs/comparisons.md and writes them there: python -m maintenance.comparisons

Each table is made anew from real runs: `scaffold inspect` beside readelf, scaffold's merge beside git's, the wizard
with nothing but Enter, and the golden cases. Needs readelf and git; speed is measured by benchmarks/inspect.py.
"""

import contextlib
import difflib
import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from shutil import copytree
from unittest import mock

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from maintenance.pictures import SAMPLE
from scaffold.cli.main import main as scaffold
from scaffold.merge.toml import merge_toml
from tests.inspection.elf.writer import X86_64, Range, undefined, write_elf
from tests.inspection.packing import NEEDS_SHARED, SMALL_PAGES, pack
from tests.merge.toml.test_matrix import COMBINATIONS, render

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "comparisons.md"
GOLDEN = ROOT / "golden"

LIBRARY = "lib/arm64-v8a/libapp.so"
OVERRUN = write_elf(loads=(Range(0x8000, 0xAABC),), relros=(Range(0x8000, 0xC000),))
SHORT = write_elf(loads=(Range(0x8000, 0x10000),), relros=(Range(0x8000, 0x9000),))
FAULTS = {
    "LOAD segments aligned to 4 KB": pack({LIBRARY: SMALL_PAGES}),
    "RELRO ends inside a 16 KB page": pack({LIBRARY: SHORT}),
    "RELRO reaches past its LOAD: refused on 4 KB devices": pack({LIBRARY: OVERRUN}),
    "uncompressed, at an offset that is no multiple of 16 KB": pack(
        {LIBRARY: write_elf()}, shift=4096
    ),
    "`libc++_shared.so` needed, not packaged": pack({LIBRARY: NEEDS_SHARED}),
    "C++ symbols that nothing defines": pack(
        {LIBRARY: write_elf(symbols=undefined("__cxa_throw"))}
    ),
    "an x86_64 library in the arm64 folder": pack({LIBRARY: write_elf(machine=X86_64)}),
    "none of these": pack({LIBRARY: write_elf()}),
}
CASES = {
    "16 KB pages and a C++ runtime, NDK r27, Gobley": "page-size/r27-gradle",
    "the same, in a `build.rs` that exists": "existing/build-rs",
    "a cargo-ndk task in an Android app without Rust": "real/no-rust-yet",
    "rust-android-gradle, an old NDK": "real/rust-android-gradle-old-ndk",
    "Linux desktop libraries from three kinds of host": "zig/three-hosts",
}
STARTER = re.compile(r"(?:^|/)(?:Cargo\.toml|\.gitignore|lib\.rs|uniffi-bindgen\.rs|[^/]*\.kt)$")
COMMENT = re.compile(r"\s*(?://|#(?![!\[])|::|rem )")


def faults() -> Iterator[tuple[str, ...]]:
    """Which faults of an APK are seen by a look at LOAD alone, and which by `scaffold inspect`."""
    yield "what is wrong in the APK", "LOAD alignment, by `readelf -lW`", "`scaffold inspect`"
    for name, apk in FAULTS.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "app.apk"
            archive.write_bytes(apk)
            code = run("inspect", str(archive))
            yield name, seen(small_load(archive)), seen(code == 1)


def seen(found: bool) -> str:
    """The word of a cell."""
    return "reported" if found else "passes"


def small_load(apk: Path) -> bool:
    """Whether readelf shows a LOAD segment that is aligned to less than 16 KB."""
    with zipfile.ZipFile(apk) as archive:
        library = archive.extract(LIBRARY, apk.parent)
    words = ["readelf", "-lW", library]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    aligns = re.findall(r"^ +LOAD .* (0x[0-9a-f]+)$", printed, re.MULTILINE)
    return min(int(align, 16) for align in aligns) < 0x4000


def merges() -> Iterator[tuple[str, ...]]:
    """How many of a user's edits of `.cargo/config.toml` come through an NDK upgrade without a conflict."""
    lines = structure = 0
    for edit, old, new, strategy in COMBINATIONS:
        base, theirs = render(old, strategy), render(new, strategy)
        lines += by_lines(base, edit.write(base), theirs)
        structure += not merge_toml(base, edit.write(base), theirs).clashes
    yield "merge", "without a conflict", "of"
    yield "by line (`git merge-file`)", str(lines), str(len(COMBINATIONS))
    yield "by key (scaffold)", str(structure), str(len(COMBINATIONS))


def by_lines(base: str, mine: str, theirs: str) -> bool:
    """Whether git merges the three without a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("mine", mine), ("base", base), ("theirs", theirs)):
            Path(folder, name).write_text(text, encoding="utf-8")
        words = ["git", "merge-file", "-p", "mine", "base", "theirs"]
        return subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0


def lines() -> Iterator[tuple[str, ...]]:
    """How much is written for how many answers, comments, blank lines and starter files not counted."""
    yield "project", "answers given", "lines written", "files"
    for name, case in CASES.items():
        folder = GOLDEN / case
        given = len((folder / "answers.yml").read_text(encoding="utf-8").splitlines())
        added = [new_lines(folder, path) for path in sorted((folder / "expected").rglob("*"))]
        yield name, str(given), str(sum(added)), str(sum(map(bool, added)))


def new_lines(case: Path, path: Path) -> int:
    """Lines of code of a file that was not there before `init`."""
    name = path.relative_to(case / "expected")
    old = case / "before" / name
    starter = STARTER.search(name.as_posix()) and not old.exists()
    if not path.is_file() or name.name == "scaffold.yml" or starter:
        return 0
    before = old.read_text(encoding="utf-8").splitlines() if old.exists() else []
    after = path.read_text(encoding="utf-8").splitlines()
    added = [line[2:] for line in difflib.ndiff(before, after) if line.startswith("+ ")]
    return sum(bool(line.strip()) and not COMMENT.match(line) for line in added)


def prompts() -> Iterator[tuple[str, ...]]:
    """How often a person presses Enter until the files are written."""
    yield "in a terminal", "Enter"
    with tempfile.TemporaryDirectory() as name:
        gobley = Path(name, "gobley")
        for path, text in SAMPLE.items():
            (gobley / path).parent.mkdir(parents=True, exist_ok=True)
            (gobley / path).write_text(text, encoding="utf-8")
        yield "a Gobley module with its crate", enters(gobley)
        yield "an Android app without Rust", enters(GOLDEN / "real" / "no-rust-yet" / "before")
        Path(name, "empty").mkdir()
        yield "an empty folder", enters(Path(name, "empty"))


def enters(project: Path) -> str:
    """The smallest number of Enters that writes; each try on a copy."""
    with mock.patch("scaffold.terminal.console.interactive", return_value=True):
        for number in count(1):
            with (
                tempfile.TemporaryDirectory() as folder,
                create_pipe_input() as keys,
                create_app_session(input=keys, output=DummyOutput()),
            ):
                copytree(project, folder, dirs_exist_ok=True)
                keys.send_text("\r" * number)
                keys.close()
                if run("init", folder) == 0:
                    return str(number)
    raise AssertionError


def run(*words: str) -> int:
    """The exit code of a command whose output does not matter."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        return scaffold(list(words))


TABLES: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
    "faults": faults,
    "merges": merges,
    "lines": lines,
    "prompts": prompts,
}


def filled(page: str, names: Iterable[str] = TABLES) -> str:
    """The page with the tables below each `<!-- measured NAME -->` measured anew."""
    for name in names:
        head, *rows = TABLES[name]()
        table = [head, ("---",) * len(head), *rows]
        text = "\n".join(f"| {' | '.join(row)} |" for row in table)
        mark = f"<!-- measured {name} -->\n"
        page = re.sub(f"{mark}\\n(?:\\|.*\\n)*", f"{mark}\n{text}\n", page)
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
