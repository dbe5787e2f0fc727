import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.errors import Refusal
from scaffold.project.content import digest
from scaffold.project.journal import pending
from scaffold.project.transaction import ANY, Remove, Write, apply_changes
from tests.project.faults import read_tree, tree_of, write_tree

LOCK = b"schema = 1\n"
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and links")


def refused(root: Path, *changes: Write | Remove) -> Refusal:
    before = read_tree(str(root))
    with pytest.raises(Refusal) as caught:
        apply_changes(str(root), changes, LOCK)
    assert read_tree(str(root)) == before
    return caught.value


def test_files_folders_and_lock_are_written_and_nothing_else(tmp_path: Path) -> None:
    apply_changes(str(tmp_path), [Write("crate/build.rs", b"fn main() {}\r\n", None)], LOCK)
    assert read_tree(str(tmp_path)).keys() == {
        "crate",
        "crate/build.rs",
        ".scaffold",
        ".scaffold/lock.toml",
    }
    assert (tmp_path / "crate/build.rs").read_bytes() == b"fn main() {}\r\n"
    assert (tmp_path / ".scaffold/lock.toml").read_bytes() == LOCK


def test_a_project_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    apply_changes(str(tmp_path / "a/b"), [Write("x", b"x", None)], LOCK)
    assert (tmp_path / "a/b/x").read_bytes() == b"x"


def test_a_refused_run_leaves_no_project_folder_and_no_state_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        apply_changes(str(tmp_path / "a/b"), [Write("../x", b"x", None)], LOCK)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("expected", [None, digest(b"planned with this")])
def test_a_file_that_changed_since_the_plan_is_refused_and_kept(
    tmp_path: Path, expected: str | None
) -> None:
    (tmp_path / "mine").write_bytes(b"edited")
    (tmp_path / "mine2").write_bytes(b"edited")
    refusal = refused(
        tmp_path, Write("new", b"x", None), Write("mine", b"x", expected), Remove("mine2", expected)
    )
    assert refusal.exit_code == 3
    assert [problem.place for problem in refusal.problems] == ["mine", "mine2"]


def test_a_file_that_somebody_made_as_wanted_since_the_plan_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    apply_changes(str(tmp_path), [Write("x", b"x", None), Remove("y", digest(b"y"))], LOCK)
    assert (tmp_path / ".scaffold/lock.toml").exists()


def test_a_file_that_changes_under_way_is_kept_and_all_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").write_bytes(b"old")
    replace = os.replace

    def edit_meanwhile(source: str, target: str) -> None:
        replace(source, target)
        if target.endswith("a"):
            (tmp_path / "b").write_bytes(b"edited")

    monkeypatch.setattr(os, "replace", edit_meanwhile)
    with pytest.raises(Refusal) as caught:
        apply_changes(
            str(tmp_path), [Write("a", b"a", None), Write("b", b"new", digest(b"old"))], LOCK
        )
    assert caught.value.exit_code == 3
    assert read_tree(str(tmp_path)) == {"b": (b"edited", 0o644)}


def test_a_file_that_is_as_wanted_is_not_touched(tmp_path: Path) -> None:
    apply_changes(str(tmp_path), [Write("x", b"x", None)], LOCK)
    os.utime(tmp_path / "x", ns=(1, 1))
    identity = (tmp_path / "x").stat().st_ino
    apply_changes(str(tmp_path), [Write("x", b"x", ANY), Write("y", b"y", None)], LOCK)
    assert ((tmp_path / "x").stat().st_ino, (tmp_path / "x").stat().st_mtime_ns) == (identity, 1)


def test_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    apply_changes(str(tmp_path), [Remove("absent", ANY)], LOCK)
    before = (tmp_path / ".scaffold").stat().st_mtime_ns
    apply_changes(str(tmp_path), [Remove("absent", None)], LOCK)
    assert (tmp_path / ".scaffold").stat().st_mtime_ns == before


@posix
def test_the_mode_of_a_users_file_survives_and_scripts_are_executable(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"old")
    (tmp_path / "mine").chmod(0o640)
    (tmp_path / "tool").write_bytes(b"old")
    (tmp_path / "tool").chmod(0o640)
    umask = os.umask(0o027)
    try:
        changes = [
            Write("mine", b"new", ANY),
            Write("tool", b"old", ANY, 0o755),
            Write("new.sh", b"new", None, 0o755),
            Write("new.txt", b"new", None, 0o644),
        ]
        apply_changes(str(tmp_path), changes, LOCK)
    finally:
        os.umask(umask)
    modes = {path: mode for path, (_, mode) in read_tree(str(tmp_path)).items()}
    assert (modes["mine"], modes["tool"]) == (0o640, 0o750)
    assert (modes["new.sh"], modes["new.txt"]) == (0o750, 0o640)


@posix
def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"old")
    (tmp_path / "mine").chmod(0o444)
    refusal = refused(tmp_path, Write("new", b"x", None), Write("mine", b"new", ANY))
    assert refusal.exit_code == 74
    assert "read-only" in str(refusal)


def test_a_folder_in_the_place_of_a_file_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "build.rs").mkdir()
    refusal = refused(tmp_path, Write("new", b"x", None), Write("build.rs", b"new", None))
    assert refusal.exit_code == 74
    assert refusal.problems[0].place == "build.rs"


def test_a_folder_that_appears_under_way_is_kept_and_all_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def make_folder(source: str, target: str) -> None:
        replace(source, target)
        if target.endswith("a"):
            (tmp_path / "b").mkdir()

    monkeypatch.setattr(os, "replace", make_folder)
    with pytest.raises(Refusal) as caught:
        apply_changes(str(tmp_path), [Write("a", b"a", None), Write("b", b"b", None)], LOCK)
    assert caught.value.problems[0].place == "b"
    assert read_tree(str(tmp_path)) == {"b": (None, 0)}


def test_a_folder_that_a_removal_empties_goes_and_one_with_more_in_it_stays(tmp_path: Path) -> None:
    for path in ("a/zig/cc", "b/zig/cc", "b/mine"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x")
    apply_changes(str(tmp_path), [Remove("a/zig/cc", ANY), Remove("b/zig/cc", ANY)], LOCK)
    assert not (tmp_path / "a").exists()
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["mine"]


@pytest.mark.parametrize("paths", [("Crate/build.rs", "crate/build.rs"), ("build.rs", "build.rs")])
def test_two_writes_to_what_is_one_file_somewhere_are_refused(
    tmp_path: Path, paths: tuple[str, str]
) -> None:
    assert "one file" in str(refused(tmp_path, *(Write(path, b"x", None) for path in paths)))


def test_the_journal_of_a_run_that_the_lock_did_not_keep_out_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / ".scaffold/undo.json").write_bytes(b"theirs")
    monkeypatch.setattr("scaffold.project.transaction._refuse_interrupted", lambda root: None)
    assert "exists" in str(refused(tmp_path, Write("a/b", b"x", None)))


def test_a_path_that_only_changes_its_case_is_moved_not_lost(tmp_path: Path) -> None:
    (tmp_path / "Build.rs").write_bytes(b"old")
    is_one_file = (tmp_path / "BUILD.RS").exists()
    expected = digest(b"old") if is_one_file else None
    apply_changes(
        str(tmp_path), [Remove("Build.rs", ANY), Write("build.rs", b"new", expected)], LOCK
    )
    assert (tmp_path / "build.rs").read_bytes() == b"new"
    assert is_one_file or not (tmp_path / "Build.rs").exists()


def test_another_spelling_of_a_written_file_is_not_removed(tmp_path: Path) -> None:
    # Two names of one file are what a file system that ignores case shows.
    (tmp_path / "Build.rs").write_bytes(b"old")
    os.link(tmp_path / "Build.rs", tmp_path / "build.rs")
    apply_changes(str(tmp_path), [Write("build.rs", b"new", ANY), Remove("Build.rs", ANY)], LOCK)
    assert (tmp_path / "Build.rs").exists()


@posix
@pytest.mark.parametrize("path", ["link/x", "file-link", ".scaffold/base/x"])
def test_a_symbolic_link_is_never_written_through(tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"theirs")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / "file-link").symlink_to(outside / "file")
    (root / ".scaffold").symlink_to(outside)
    with pytest.raises(Refusal, match="symbolic link"):
        apply_changes(str(root), [Write(path, b"x", ANY)], LOCK)
    assert read_tree(str(outside)) == {"file": (b"theirs", 0o644)}


@posix
def test_a_folder_swapped_for_a_link_under_way_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "root"
    (root / "crate").mkdir(parents=True)
    replace = os.replace

    def swap(source: str, target: str) -> None:
        replace(source, target)
        if target.endswith("a"):
            (root / "crate").rename(root / "aside")
            (root / "crate").symlink_to(outside)

    monkeypatch.setattr(os, "replace", swap)
    with pytest.raises(Refusal) as caught:
        apply_changes(str(root), [Write("a", b"x", None), Write("crate/b", b"x", None)], LOCK)
    assert not list(outside.iterdir())
    assert "undoing it failed too" in str(caught.value)
    assert pending(str(root))


@posix
def test_the_project_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    apply_changes(str(tmp_path / "link"), [Write("x", b"x", None)], LOCK)
    assert (tmp_path / "real/x").read_bytes() == b"x"


@pytest.mark.parametrize(
    "path", [".scaffold/undo.json", ".scaffold/base/../x", ".Scaffold/lock.toml", ".git/config"]
)
def test_our_own_state_and_gits_are_not_written_by_a_plan(tmp_path: Path, path: str) -> None:
    refused(tmp_path, Write(path, b"x", None))


def test_where_a_file_cannot_be_linked_its_old_bytes_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o600)
    os.utime(tmp_path / "a", ns=(1, 1))
    replace = os.replace

    def no_links(source: str, target: str) -> None:
        raise PermissionError(1, "no links here")

    def fail_last(source: str, target: str) -> None:
        if target.endswith("lock.toml"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", fail_last)
    refusal = refused(tmp_path, Write("a", b"new", ANY))
    assert refusal.exit_code == 74
    assert refusal.problems[0].place == ".scaffold/lock.toml"
    assert (tmp_path / "a").stat().st_mtime_ns == 1


PATHS = st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h", ".scaffold/base/x"])
FILES = st.dictionaries(PATHS, st.sampled_from([b"", b"1", b"2\r\n"]))


@settings(deadline=None, max_examples=60)
@given(before=FILES, after=FILES)
def test_from_any_files_to_any_others(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.join(folder, "root")
        write_tree(root, {path: (data, 0o644) for path, data in before.items()})
        gone = [Remove(path, digest(before[path])) for path in before.keys() - after.keys()]
        written = [
            Write(path, data, digest(before[path]) if path in before else None)
            for path, data in after.items()
        ]
        apply_changes(root, [*gone, *written], LOCK)
        files = {path: (data, 0o644) for path, data in after.items()}
        assert read_tree(root) == tree_of({**files, ".scaffold/lock.toml": (LOCK, 0o644)})


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A project folder of a user whom permissions bind, which root is not."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if os.geteuid() != 0:
            yield root
            return
        os.chown(root, 65534, 65534)
        os.seteuid(65534)
        try:
            yield root
        finally:
            os.seteuid(0)


@posix
def test_a_folder_without_permission_is_refused_by_its_file(as_nobody: Path) -> None:
    (as_nobody / "crate").mkdir()
    (as_nobody / "crate").chmod(0o555)
    refusal = refused(as_nobody, Write("a", b"x", None), Write("crate/b", b"x", None))
    assert refusal.exit_code == 74
    assert refusal.problems[0].place == "crate/b"
    assert "Permission denied" in refusal.problems[0].message


@posix
@pytest.mark.parametrize("mode", [0o000, 0o300, 0o400, 0o555])
def test_a_project_without_permission_is_refused(as_nobody: Path, mode: int) -> None:
    (as_nobody / "a").write_bytes(b"x")
    as_nobody.chmod(mode)
    with pytest.raises(Refusal) as caught:
        apply_changes(str(as_nobody), [Write("a", b"y", ANY)], LOCK)
    assert caught.value.exit_code == 74
    as_nobody.chmod(0o700)
    assert read_tree(str(as_nobody)) == {"a": (b"x", 0o644)}
