import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.errors import Problem, Refusal
from scaffold.project.content import digest
from scaffold.project.layout import id_fault, path_fault
from scaffold.project.lockfile import Entry, Inputs, Lock, lock_bytes, read_base, read_lock

HASH = digest(b"")
ENTRY = Entry("build-rs", "crate/build.rs", HASH, HASH)
LOCK = Lock(
    1,
    "1.2.0",
    (
        ENTRY,
        Entry("zig-cc", ".cargo/zig/cc.bat", HASH, HASH, "crlf", 0o755, created=False, once=True),
    ),
    Inputs("", (("Cargo.toml", HASH), ("b", "absent")), (("RUSTFLAGS", "absent"),)),
)
PATHS = (
    st.text(max_size=20)
    .filter(lambda path: not path_fault(path))
    .filter(lambda path: not path.lower().startswith(".scaffold"))
)
IDS = st.text("abc-._1", max_size=8).filter(lambda text: not id_fault(text))
ENTRIES = st.builds(
    Entry,
    IDS,
    PATHS,
    st.just(HASH),
    st.just(HASH),
    st.sampled_from(["lf", "crlf"]),
    st.sampled_from([0o644, 0o755]),
    st.booleans(),
    st.booleans(),
)
PAIRS = st.dictionaries(PATHS, st.sampled_from([HASH, "absent"])).map(
    lambda pairs: tuple(sorted(pairs.items()))
)
LOCKS = st.builds(
    Lock,
    st.just(1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    st.lists(ENTRIES, max_size=3, unique_by=lambda entry: entry.id).map(
        lambda found: tuple(sorted(found))
    ),
    st.none() | st.builds(Inputs, st.just("b"), PAIRS, PAIRS),
)


def put(root: Path, data: bytes) -> Path:
    (root / ".scaffold").mkdir(exist_ok=True)
    (root / ".scaffold/lock.toml").write_bytes(data)
    return root


def refused(root: Path, data: bytes) -> Problem:
    with pytest.raises(Refusal) as caught:
        read_lock(str(put(root, data)))
    return caught.value.problems[0]


def test_no_lock_is_none(tmp_path: Path) -> None:
    assert read_lock(str(tmp_path)) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LOCKS)
def test_every_lock_is_read_as_it_was_written_also_with_crlf_and_by_tomllib(
    tmp_path: Path, lock: Lock
) -> None:
    data = lock_bytes(lock)
    assert read_lock(str(put(tmp_path, data))) == lock
    assert read_lock(str(put(tmp_path, b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")))) == lock
    document = tomllib.loads(data.decode())
    assert document["tool"] == lock.tool
    found = [tuple(artifact.values()) for artifact in document.get("artifact", [])]
    assert found == [tuple(entry) for entry in lock.entries]
    if lock.inputs:
        assert tuple(document["inputs"]["files"].items()) == lock.inputs.files


def test_the_lock_says_whose_it_is_is_sorted_and_ends_lines_with_lf() -> None:
    data = lock_bytes(LOCK)
    assert data.startswith(b"# Written by scaffold")
    assert data == lock_bytes(LOCK._replace(entries=LOCK.entries[::-1]))
    assert b"\r" not in data
    assert data.endswith(b"\n")


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(Refusal):
        lock_bytes(LOCK._replace(entries=(ENTRY._replace(path="../x"),)))
    with pytest.raises(Refusal):
        lock_bytes(LOCK._replace(entries=(ENTRY, ENTRY)))


def test_a_formatters_spelling_of_the_same_toml_is_read(tmp_path: Path) -> None:
    text = lock_bytes(LOCK).decode()
    text = (
        text.replace(" = ", "=")
        .replace('"lf"', "'lf'  # kept")
        .replace("[[artifact]]", "  [[ artifact ]] # x")
    )
    text = text.replace("crate/build", "crate\\u002Fbuild").replace("0o644", "420")
    assert read_lock(str(put(tmp_path, text.encode()))) == LOCK


def test_keys_and_tables_of_a_later_version_in_this_schema_are_tolerated(tmp_path: Path) -> None:
    text = (
        lock_bytes(LOCK).decode().replace("once = ", "weight = 5\nonce = ")
        + "\n[later]\nx = true\n"
    )
    assert read_lock(str(put(tmp_path, text.encode()))) == LOCK


def test_a_lock_without_schema_is_read_and_protects_its_files(tmp_path: Path) -> None:
    for first in ("", "schema = 0\n"):
        text = (
            f'{first}[[artifact]]\nid = "a"\npath = "b"\nrendered = "{HASH}"\nwritten = "{HASH}"\n'
        )
        found = read_lock(str(put(tmp_path, text.encode())))
        assert found == Lock(1, "unknown", (Entry("a", "b", HASH, HASH, created=False),), None)


def test_a_lock_from_the_future_is_refused_with_both_versions_whatever_else_it_holds(
    tmp_path: Path,
) -> None:
    text = b'# x\nschema = 7\ntool = "9.1"\n\n[[artifact]]\nnew = { syntax = [1, 2] }\n'
    message, place, hint = refused(tmp_path, text)
    assert "scaffold 9.1" in message
    assert "schema 7" in message
    assert "schema 1" in message
    assert place == ".scaffold/lock.toml:2"
    assert "pgrade scaffold" in hint


GOOD = lock_bytes(LOCK).decode()
BAD = {
    "a merge conflict": (GOOD.replace("schema = 1", "<<<<<<< ours\nschema = 1"), 3),
    "a wrong type": (GOOD.replace('path = "crate/build.rs"', "path = 5"), 8),
    "a missing key": (GOOD.replace('path = "crate/build.rs"\n', ""), 6),
    "a boolean as schema": (GOOD.replace("schema = 1", "schema = true"), 3),
    "a negative schema": (GOOD.replace("schema = 1", "schema = -1"), 3),
    "a huge integer": (GOOD.replace("schema = 1", "schema = " + "9" * 5000), 3),
    "a path that leaves": (GOOD.replace("crate/build.rs", "../../etc/passwd"), 8),
    "an absolute path": (GOOD.replace("crate/build.rs", "/etc/passwd"), 8),
    "a drive": (GOOD.replace("crate/build.rs", "C:/x"), 8),
    "a backslash": (GOOD.replace("crate/build.rs", "a\\\\b"), 8),
    "Git's folder": (GOOD.replace("crate/build.rs", ".git/hooks/x"), 8),
    "our own folder": (GOOD.replace("crate/build.rs", ".scaffold/lock.toml"), 8),
    "a control character": (GOOD.replace("crate/build.rs", "a\\u0007"), 8),
    "half a character": (GOOD.replace("crate/build.rs", "a\\ud800"), 8),
    "an escape too large": (GOOD.replace("crate/build.rs", "a\\Uffffffff"), 8),
    "an unknown escape": (GOOD.replace("crate/build.rs", "a\\q"), 8),
    "an id that leaves": (GOOD.replace("build-rs", "../../x"), 7),
    "an id twice": (GOOD.replace("zig-cc", "Build-rs"), 17),
    "a hash that is none": (GOOD.replace(HASH, "ff", 1), 9),
    "a mode": (GOOD.replace("0o755", "0o777"), 22),
    "a newline": (GOOD.replace('"crlf"', '"cr"'), 21),
    "an open string": (GOOD.replace('"crate/build.rs"', '"crate'), 8),
    "a key twice": (GOOD.replace("schema = 1", "schema = 1\nschema = 1"), 4),
    "a table twice": (GOOD + "[inputs]\n", 35),
    "an open header": (GOOD.replace("[[artifact]]", "[[artifact", 1), 6),
    "an input that leaves": (GOOD.replace('"Cargo.toml"', '"../Cargo.toml"'), 30),
}


@pytest.mark.parametrize("name", BAD)
def test_a_broken_or_hostile_lock_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    text, line = BAD[name]
    _, place, hint = refused(tmp_path, text.encode())
    assert place == f".scaffold/lock.toml:{line}"
    assert hint


def test_a_lock_that_is_no_text_too_large_a_folder_or_a_link_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"schema = 1\n\xff")[1] == ".scaffold/lock.toml:2"
    place = tmp_path / ".scaffold/lock.toml"
    os.truncate(place, 10_000_000_000)
    with pytest.raises(Refusal, match="larger"):
        read_lock(str(tmp_path))
    place.unlink()
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="symbolic link"):
        read_lock(str(tmp_path))
    place.unlink()
    place.mkdir()
    with pytest.raises(Refusal, match="folder"):
        read_lock(str(tmp_path))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(GOOD)), cut=st.integers(0, 9), text=st.binary(max_size=9))
def test_a_damaged_lock_is_read_or_refused(tmp_path: Path, at: int, cut: int, text: bytes) -> None:
    data = GOOD.encode()
    put(tmp_path, data[:at] + text + data[at + cut :])
    try:
        found = read_lock(str(tmp_path))
    except Refusal:
        return
    assert found
    assert all(not path_fault(entry.path) and not id_fault(entry.id) for entry in found.entries)


def test_a_line_of_dots_takes_no_quadratic_time(tmp_path: Path) -> None:
    assert "header" in refused(tmp_path, b"[" + b"a." * 1_000_000 + b"]x\n")[0]
    refused(tmp_path, b"x = " + b"[" * 1_000_000)
    refused(tmp_path, b'x = "' + b"\\\\" * 1_000_000)


def test_a_base_copy_is_read_back_and_a_lost_one_is_none(tmp_path: Path) -> None:
    assert read_base(str(tmp_path), "build-rs") is None
    (tmp_path / ".scaffold/base").mkdir(parents=True)
    (tmp_path / ".scaffold/base/build-rs").write_bytes(b"fn main() {}\r\n")
    assert read_base(str(tmp_path), "build-rs") == b"fn main() {}\r\n"
    with pytest.raises(Refusal):
        read_base(str(tmp_path), "../lock.toml")
