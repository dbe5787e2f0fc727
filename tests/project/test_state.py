"""The state beside a project: read as a stranger's word, small, and merged by git."""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.artifacts.registry import kind_of
from scaffold.cli.main import main
from scaffold.errors import Refusal
from scaffold.project.state import Record, State, read_bases, read_state, sides
from tests.cli.conftest import R27, R28, Run

SetUp = Callable[..., Path]
LOCK = ".scaffold/lock.toml"

OLD_LOCK = """\
# Written by scaffold
schema = 1
tool = "0.1.0"
"""


def old_row(id_: str, path: str, *, created: bool = True, once: bool = False) -> str:
    digest = "0" * 64
    flags = f"created = {str(created).lower()}\nonce = {str(once).lower()}\n"
    return (
        f'\n[[artifact]]\nid = "{id_}"\npath = "{path}"\nrendered = "{digest}"\n'
        f'written = "{digest}"\nnewline = "lf"\nmode = 0o644\n{flags}'
    )


def write(folder: Path, path: str, text: str) -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_no_lock_is_no_state(tmp_path: Path) -> None:
    assert read_state(str(tmp_path)) == State(None, {})
    assert read_bases(str(tmp_path), "build-rs") == ()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    quoted = "a 'b'" if os.name == "nt" else 'a "b"'
    records = {
        "answers": Record("answers", "scaffold.yml", "user"),
        "build-rs": Record("build-rs", f"{quoted}/$ü/build.rs", "scaffold"),
        "starter-cargo-toml": Record("starter-cargo-toml", "a/Cargo.toml", "user"),
    }
    text = State(None, {}).text_with(records)
    write(tmp_path, LOCK, text)
    assert read_state(str(tmp_path)) == State(text, records)


def test_a_lock_with_other_line_endings_is_the_same(set_up: SetUp, run: Run) -> None:
    project = set_up()
    for path in (project / ".scaffold").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = tree(project)
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--yes").code == 0
    assert tree(project) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 99\n", "reads up to 2"),
        ("schema = -1\n", "no valid `schema`"),
        ('schema = "1"\n', "no valid `schema`"),
        ("schema =", "not valid TOML"),
        ("[" * 5000, "not valid TOML"),
        (".".join("a" * 200) + " = 1", "not a lock"),
        ("schema = 2\n[build-rs]\n", "without a path"),
        ("schema = 2\nbuild-rs = 1\n", "without a path"),
        ('schema = 2\n["a/b"]\npath = "x"\n', "names the id"),
        ("schema = 1\nartifact = [1]\n", "not a table"),
    ],
)
def test_a_lock_that_cannot_be_read_is_refused(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, LOCK, text)
    with pytest.raises(Refusal) as caught:
        read_state(str(tmp_path))
    assert said in str(caught.value)
    assert caught.value.problems[0].place == LOCK
    assert caught.value.problems[0].hint


def test_bytes_that_are_no_text_and_a_lock_that_is_too_large_are_refused(tmp_path: Path) -> None:
    lock = write(tmp_path, LOCK, "")
    lock.write_bytes(b"\xff\xfe")
    with pytest.raises(Refusal, match="UTF-8"):
        read_state(str(tmp_path))
    lock.write_bytes(b"#" * 300_000)
    with pytest.raises(Refusal, match="larger"):
        read_state(str(tmp_path))


def test_a_lock_of_schema_1_is_migrated_by_the_next_run(set_up: SetUp, run: Run) -> None:
    project = set_up()
    now = (project / LOCK).read_text()
    rows = [old_row("answers", "scaffold.yml"), old_row("build-rs", "build.rs")]
    rows.append(old_row("gradle", "build.gradle.kts", created=False))
    write(project, LOCK, OLD_LOCK + "".join(rows))
    assert run("regenerate", "--check").code == 1
    assert run("regenerate", "--yes").code == 0
    assert (project / LOCK).read_text() == now
    assert run("regenerate", "--check").code == 0
    assert run("regenerate", "--ndk", R28, "--set", "cpp_runtime=none", "--yes").code == 0
    assert not (project / "build.rs").exists()


def test_starters_of_schema_1_stay_the_users(tmp_path: Path) -> None:
    write(tmp_path, LOCK, OLD_LOCK + old_row("starter-cargo-toml", "Cargo.toml", once=True))
    assert read_state(str(tmp_path)).records["starter-cargo-toml"].owner == "user"


CONFLICT = "a\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\nz\n"
DIFF3 = "a\n<<<<<<< HEAD\nours\n||||||| base\nold\n=======\ntheirs\n>>>>>>> branch\nz\n"


@pytest.mark.parametrize("text", [CONFLICT, DIFF3])
def test_both_sides_of_a_conflict_are_read(text: str) -> None:
    assert sides(text) == ("a\nours\nz\n", "a\ntheirs\nz\n")
    assert sides("Title\n=======\n") == ("Title\n=======\n",)


def test_what_git_left_in_the_state_is_mended_by_the_next_run(set_up: SetUp, run: Run) -> None:
    project = set_up()
    before = tree(project)
    for name in (LOCK, ".scaffold/base/build-rs", ".scaffold/base/gradle"):
        place = project / name
        lines = place.read_text().splitlines(keepends=True)
        ours, theirs = "".join(lines[2:]), "".join(lines[2:]).replace(R27, R28)
        marked = f"<<<<<<< HEAD\n{theirs}=======\n{ours}>>>>>>> branch\n"
        place.write_text("".join(lines[:2]) + marked)
    assert run("regenerate", "--check").code == 1
    assert run("regenerate", "--yes").code == 0
    assert tree(project) == before


def git(folder: Path, *words: str) -> int:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "core.autocrlf=false"]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, capture_output=True, check=False
    ).returncode


CHANGES = {
    "cpp_runtime": "none",
    "ios_deployment_target": "13.0",
    "rust_toolchain": "1.95.0",
    "page_size": "cargo-config",
    "linux_targets": "x86_64,aarch64",
    "hosts": "macos,windows",
    "jna": "5.18.1",
    "ndk": R28,
}
PAIRS = [(one, other) for one in CHANGES for other in CHANGES if one < other]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_branches_that_change_different_answers_merge_without_a_conflict_in_the_state(
    project: Path, set_up: SetUp, run: Run, one: str, other: str
) -> None:
    script = project / "build.gradle.kts"
    script.write_text(script.read_text().replace("    jvm()\n", "    jvm()\n    iosArm64()\n"))
    set_up(
        hosts="macos", linux_targets="x86_64", cpp_runtime="shared", ios_deployment_target="none"
    )
    git(project, "init", "-q", "-b", "main")
    for branch, key in (("main", ""), ("one", one), ("other", other)):
        git(project, "checkout", "-q", "-b", branch, "main")
        if key:
            assert run("regenerate", "--set", f"{key}={CHANGES[key]}", "--yes").code == 0
        git(project, "add", "-A")
        assert git(project, "commit", "-qm", branch) == 0
    git(project, "merge", "one")
    conflicts = subprocess.run(
        ["git", "diff", "--name-only", "--diff-filter=U"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert ".scaffold/lock.toml" not in conflicts
    # A base is a copy of what stands in the file: it can only clash where the file itself does.
    assert len(conflicts) == 2 * sum(not path.startswith(".scaffold/") for path in conflicts)
    if not conflicts:
        assert run("regenerate", "--yes").code == 0
        assert run("regenerate", "--check").code == 0


FORGED = [
    ("build-rs", "secret.env"),
    ("build-rs", "../outside.rs"),
    ("build-rs", "src/lib.rs"),
    ("cargo-config", "Cargo.toml"),
    ("cargo-config", "local.properties"),
    ("gradle", "settings.gradle.kts"),
    ("gradle", "other/build.gradle.kts"),
    ("rust-toolchain", "Cargo.toml"),
    ("rust-toolchain", "rust-toolchain.toml"),
    ("zig-x86_64-unknown-linux-gnu-cc-sh", ".env"),
    ("zig-x86_64-unknown-linux-gnu-cc-sh", ".cargo/zig/mine.sh"),
    ("zig-local-properties", "local.properties"),
    ("starter-cargo-toml", "local.properties"),
    ("unknown", "local.properties"),
    ("answers", "local.properties"),
]
WORDS: list[tuple[str, ...]] = [
    (),
    ("--ndk", R28),
    ("--set", "cpp_runtime=none", "--ndk", R28),
    ("--set", "crate=rust"),
    ("--set", "module=app"),
    ("--set", "page_size=cargo-config"),
    ("--restore",),
]


@pytest.mark.parametrize("with_base", [True, False])
@pytest.mark.parametrize(("id_", "path"), FORGED)
def test_a_forged_entry_touches_nothing(
    set_up: SetUp, run: Run, id_: str, path: str, with_base: bool
) -> None:
    project = set_up()
    mine = project / path
    if not mine.exists():
        write(project, path, "[package]\nname = 'x'\n" if path.endswith("l") else "// mine\n")
    mine.chmod(0o600)
    before, mode = mine.read_bytes(), mine.stat().st_mode
    for words in WORDS:
        if with_base:
            write(project, f".scaffold/base/{id_}", before.decode())
        lock = (project / LOCK).read_text()
        rest = "".join(row + "\n\n" for row in lock.split("\n\n") if f"[{id_}]" not in row)
        rest = rest.replace("[", "\n[").replace(f'["{id_}"]', '["gone"]')
        write(project, LOCK, f'{rest}\n["{id_}"]\npath = "{path}"\nowner = "scaffold"\n')
        run("regenerate", "--yes", *words)
        assert mine.read_bytes() == before, words
        assert mine.stat().st_mode == mode


PATHS = st.sampled_from(
    [
        *("mine.rs", "src/lib.rs", "a/build.gradle.kts", ".env", "local.properties", "Cargo.lock"),
        *(".cargo/config.toml", "rust-toolchain.toml", ".cargo/zig/x.sh", ".cargo/zig/x-cc.sh"),
    ]
)
IDS = st.sampled_from(
    [
        *("answers", "build-rs", "cargo-config", "gradle", "rust-toolchain", "zig-x-sh", "zig-x"),
        *("zig-x-cc-sh", "starter-cargo-toml", "starter-x", "from-the-future"),
    ]
)
TEXTS = st.sampled_from(["", "mine = 1\n", "fn main() {}\n", "// mine\r\n", "[a]\nb = 'c'\n"])


@settings(
    deadline=None,
    max_examples=60 if os.name != "nt" else 15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    files=st.dictionaries(PATHS, TEXTS),
    lies=st.dictionaries(IDS, st.tuples(PATHS, st.sampled_from(["scaffold", "user"]))),
    bases=st.dictionaries(IDS, st.one_of(TEXTS, st.just("the same"))),
    words=st.sampled_from([*WORDS, ("--conflict", "theirs"), ("--adopt",)]),
)
def test_no_lock_changes_a_byte_of_what_the_answers_do_not_make(
    files: dict[str, str],
    lies: dict[str, tuple[str, str]],
    bases: dict[str, str],
    words: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "p"
        given_ = ["hosts=linux", "page_size=off", "cpp_runtime=none", "linux_targets="]
        made = [word for answer in given_ for word in ("--set", answer)]
        write(project, "Cargo.toml", "[package]\nname = 'x'\n[lib]\ncrate-type = ['cdylib']\n")
        write(project, "build.gradle.kts", 'plugins { kotlin("multiplatform") }\n')
        write(project, "settings.gradle.kts", "")
        assert main(["init", str(project), "--defaults", *made, "--yes"]) == 0
        for path, text in files.items():
            write(project, path, text)
        rows = [
            f'["{id_}"]\npath = "{path}"\nowner = "{owner}"\n'
            for id_, (path, owner) in lies.items()
        ]
        write(project, LOCK, "schema = 2\n" + "".join(rows))
        for id_, text in bases.items():
            same = files.get(lies.get(id_, ("", ""))[0], "")
            write(project, f".scaffold/base/{id_}", same if text == "the same" else text)
        words = tuple(word for word in words if word not in ("--set", "module=app"))
        words = () if "crate=rust" in words or "page_size=cargo-config" in words else words
        assert main(["regenerate", str(project), "--yes", *words]) in (0, 1, 2, 3)
        capsys.readouterr()
        for path, text in files.items():
            assert (project / path).read_bytes() == text.encode(), (path, words)


@pytest.mark.parametrize(
    ("id_", "path", "can"),
    [
        ("answers", "scaffold.yml", True),
        ("build-rs", "rust/tool.rs", True),
        ("build-rs", ".env", False),
        ("cargo-config", ".cargo/config.toml", True),
        ("cargo-config", "a/.cargo/config.toml", False),
        ("gradle", "app/build.gradle.kts", True),
        ("gradle", "settings.gradle.kts", False),
        ("rust-toolchain", "rust-toolchain.toml", True),
        ("zig-arguments", ".cargo/zig/arguments.awk", True),
        ("zig-x86_64-unknown-linux-gnu-cc-sh", ".cargo/zig/x86_64-unknown-linux-gnu-cc.sh", True),
        ("zig-x86_64-unknown-linux-gnu-cc-sh", ".cargo/zig/x86_64-unknown-linux-gnu-cc.bat", False),
        ("zig-arguments", ".cargo/zig/../arguments.awk", False),
        ("zig-arguments", "arguments.awk", False),
    ],
)
def test_where_an_artifact_can_lie(id_: str, path: str, can: bool) -> None:
    kind = kind_of(id_)
    assert kind
    assert kind.can_lie(id_, path) is can
    assert kind_of("unknown") is None
