import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.errors import Refusal
from scaffold.project import disk
from scaffold.project.write import FileWrite, write_files
from tests.project.faults import read_tree, tree_of, write_tree

SECOND = 1_000_000_000  # in nanoseconds; file systems keep no less alike
LOCK = FileWrite(".scaffold/lock.toml", b"schema = 2\n", ours=True)
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and links")


def refused(root: Path, *changes: FileWrite) -> Refusal:
    before = read_tree(str(root))
    with pytest.raises(Refusal) as caught:
        write_files(str(root), [*changes, LOCK])
    assert read_tree(str(root)) == before
    return caught.value


def test_files_folders_and_lock_are_written_and_nothing_else(tmp_path: Path) -> None:
    write_files(str(tmp_path), [FileWrite("crate/build.rs", b"fn main() {}\r\n"), LOCK])
    assert read_tree(str(tmp_path)).keys() == {
        "crate",
        "crate/build.rs",
        ".scaffold",
        ".scaffold/lock.toml",
    }
    assert (tmp_path / "crate/build.rs").read_bytes() == b"fn main() {}\r\n"
    assert (tmp_path / ".scaffold/lock.toml").read_bytes() == LOCK.data


def test_a_project_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    write_files(str(tmp_path / "a/b"), [FileWrite("x", b"x"), LOCK])
    assert (tmp_path / "a/b/x").read_bytes() == b"x"


def test_a_refused_run_leaves_no_project_folder_and_no_state_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        write_files(str(tmp_path / "a/b"), [FileWrite("../x", b"x"), LOCK])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("before", [None, b"planned with this"])
def test_a_file_that_changed_since_the_plan_is_refused_and_kept(
    tmp_path: Path, before: bytes | None
) -> None:
    (tmp_path / "mine").write_bytes(b"edited")
    (tmp_path / "mine2").write_bytes(b"edited")
    refusal = refused(
        tmp_path,
        FileWrite("new", b"x"),
        FileWrite("mine", b"x", before),
        FileWrite("mine2", None, before),
    )
    assert refusal.exit_code == 3
    assert [problem.place for problem in refusal.problems] == ["mine", "mine2"]


def test_a_file_that_somebody_made_as_wanted_since_the_plan_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    write_files(str(tmp_path), [FileWrite("x", b"x"), FileWrite("y", None, b"y"), LOCK])
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
        write_files(str(tmp_path), [FileWrite("a", b"a"), FileWrite("b", b"new", b"old"), LOCK])
    assert caught.value.exit_code == 3
    assert read_tree(str(tmp_path)) == {"b": (b"edited", 0o644)}


def test_a_file_that_is_as_wanted_is_not_touched(tmp_path: Path) -> None:
    write_files(str(tmp_path), [FileWrite("x", b"x"), LOCK])
    os.utime(tmp_path / "x", ns=(SECOND, SECOND))
    identity = (tmp_path / "x").stat().st_ino
    write_files(str(tmp_path), [FileWrite("x", b"x", ours=True), FileWrite("y", b"y"), LOCK])
    assert ((tmp_path / "x").stat().st_ino, (tmp_path / "x").stat().st_mtime_ns) == (
        identity,
        SECOND,
    )


def test_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    write_files(str(tmp_path), [FileWrite("absent", None, ours=True), LOCK])
    before = (tmp_path / ".scaffold").stat().st_mtime_ns
    write_files(str(tmp_path), [FileWrite("absent", None), LOCK])
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
            FileWrite("mine", b"new", ours=True),
            FileWrite("tool", b"old", executable=True, ours=True),
            FileWrite("new.sh", b"new", executable=True),
            FileWrite("new.txt", b"new"),
        ]
        write_files(str(tmp_path), [*changes, LOCK])
    finally:
        os.umask(umask)
    modes = {path: mode for path, (_, mode) in read_tree(str(tmp_path)).items()}
    assert (modes["mine"], modes["tool"]) == (0o640, 0o750)
    assert (modes["new.sh"], modes["new.txt"]) == (0o750, 0o640)


@posix
def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"old")
    (tmp_path / "mine").chmod(0o444)
    refusal = refused(tmp_path, FileWrite("new", b"x"), FileWrite("mine", b"new", ours=True))
    assert refusal.exit_code == 74
    assert "read-only" in str(refusal)


def test_a_folder_in_the_place_of_a_file_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "build.rs").mkdir()
    refusal = refused(tmp_path, FileWrite("new", b"x"), FileWrite("build.rs", b"new"))
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
        write_files(str(tmp_path), [FileWrite("a", b"a"), FileWrite("b", b"b"), LOCK])
    assert caught.value.problems[0].place == "b"
    assert read_tree(str(tmp_path)) == {"b": (None, 0)}


def test_a_folder_that_a_removal_empties_goes_and_one_with_more_in_it_stays(tmp_path: Path) -> None:
    for path in ("a/zig/cc", "b/zig/cc", "b/mine"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x")
    write_files(
        str(tmp_path),
        [FileWrite("a/zig/cc", None, ours=True), FileWrite("b/zig/cc", None, ours=True), LOCK],
    )
    assert not (tmp_path / "a").exists()
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["mine"]


@pytest.mark.parametrize("paths", [("Crate/build.rs", "crate/build.rs"), ("build.rs", "build.rs")])
def test_two_writes_to_what_is_one_file_somewhere_are_refused(
    tmp_path: Path, paths: tuple[str, str]
) -> None:
    assert "one file" in str(refused(tmp_path, *(FileWrite(path, b"x") for path in paths)))


def test_what_a_run_that_was_cut_off_has_staged_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".scaffold/tmp").mkdir(parents=True)
    (tmp_path / ".scaffold/tmp/0.new").write_bytes(b"half")
    (tmp_path / ".x.scaffold-new").write_bytes(b"half")
    write_files(str(tmp_path), [FileWrite("x", b"x"), LOCK])
    assert {path.name for path in tmp_path.rglob("*")} == {".scaffold", "lock.toml", "x"}


@posix
def test_what_stands_in_the_place_of_the_staging_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/mine").write_bytes(b"mine")
    (tmp_path / "root/.scaffold").mkdir(parents=True)
    (tmp_path / "root/.scaffold/tmp").symlink_to(tmp_path / "outside")
    with pytest.raises(Refusal, match="symbolic link"):
        write_files(str(tmp_path / "root"), [FileWrite("x", b"x"), LOCK])
    assert read_tree(str(tmp_path / "outside")) == {"mine": (b"mine", 0o644)}


def across_file_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def only_within(source: str, target: str) -> None:
        if (".scaffold" in source.split(os.sep)) != (".scaffold" in target.split(os.sep)):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", only_within)


def test_a_target_on_another_file_system_is_replaced_in_one_step_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    across_file_systems(monkeypatch)
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    write_files(str(tmp_path), [FileWrite("a", b"new", b"old"), FileWrite("b/c", b"new"), LOCK])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b/c").read_bytes() == b"new"
    assert os.name == "nt" or (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {".scaffold", "a", "b"}
    assert [path.name for path in (tmp_path / ".scaffold").iterdir()] == ["lock.toml"]


def test_a_failure_on_another_file_system_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    across_file_systems(monkeypatch)
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    within = os.replace

    def fail(source: str, target: str) -> None:
        if target.endswith(os.path.join("z", "c")):
            raise OSError(errno.ENOSPC, "No space left on device")
        within(source, target)

    monkeypatch.setattr(os, "replace", fail)
    assert refused(tmp_path, FileWrite("a", b"new", b"old"), FileWrite("z/c", b"x")).exit_code == 74


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes of Linux")
def test_extended_attributes_of_a_replaced_file_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    try:
        os.setxattr(tmp_path / "a", "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    write_files(str(tmp_path), [FileWrite("a", b"new", b"old"), LOCK])
    assert os.getxattr(tmp_path / "a", "user.note") == b"mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_file_that_root_replaces_stays_its_owners(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    os.chown(tmp_path / "a", 65534, 65533)
    (tmp_path / "a").chmod(0o600)
    write_files(str(tmp_path), [FileWrite("a", b"new", b"old"), LOCK])
    status = (tmp_path / "a").stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (65534, 65533, 0o600)


def test_a_file_that_takes_anothers_place_gets_its_mode(tmp_path: Path) -> None:
    (tmp_path / "old.rs").write_bytes(b"x")
    (tmp_path / "old.rs").chmod(0o600)
    mode = (tmp_path / "old.rs").stat().st_mode
    moved = [FileWrite("new.rs", b"x", like="old.rs"), FileWrite("old.rs", None, b"x")]
    write_files(str(tmp_path), [*moved, LOCK])
    assert (tmp_path / "new.rs").read_bytes() == b"x"
    assert (tmp_path / "new.rs").stat().st_mode == mode
    assert not (tmp_path / "old.rs").exists()


def open_elsewhere(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """As on Windows, while another program has the file open: it is neither replaced nor removed."""
    held = path.stat()
    replace, unlink = os.replace, os.unlink

    def refuse(place: str) -> None:
        if os.path.lexists(place) and os.path.samestat(os.lstat(place), held):
            raise PermissionError(errno.EACCES, "it is used by another process", place)

    def held_replace(source: str, target: str) -> None:
        refuse(source)
        refuse(target)
        replace(source, target)

    def held_unlink(place: str) -> None:
        refuse(place)
        unlink(place)

    monkeypatch.setattr(os, "replace", held_replace)
    monkeypatch.setattr(os, "unlink", held_unlink)
    monkeypatch.setattr(disk, "_WINDOWS", True)
    monkeypatch.setattr(disk, "_PAUSE", 0)


def test_a_file_that_another_program_holds_open_stops_it_and_nothing_is_left_behind(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"old")
    writes = [FileWrite("a", b"new", b"old"), FileWrite("b", b"new", b"old")]
    with pytest.MonkeyPatch.context() as patch:
        open_elsewhere(patch, tmp_path / "b")
        refusal = refused(tmp_path, *writes)
    assert (refusal.exit_code, refusal.problems[0].place) == (74, "b")
    write_files(str(tmp_path), [*writes, LOCK])
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_path_that_only_changes_its_case_is_moved_not_lost(tmp_path: Path) -> None:
    (tmp_path / "Build.rs").write_bytes(b"old")
    is_one_file = (tmp_path / "BUILD.RS").exists()
    before = b"old" if is_one_file else None
    write_files(
        str(tmp_path),
        [FileWrite("Build.rs", None, ours=True), FileWrite("build.rs", b"new", before), LOCK],
    )
    assert (tmp_path / "build.rs").read_bytes() == b"new"
    assert is_one_file or not (tmp_path / "Build.rs").exists()


def test_another_spelling_of_a_written_file_is_not_removed(tmp_path: Path) -> None:
    # Two names of one file are what a file system that ignores case shows.
    (tmp_path / "Build.rs").write_bytes(b"old")
    if not (tmp_path / "build.rs").exists():
        os.link(tmp_path / "Build.rs", tmp_path / "build.rs")
    write_files(
        str(tmp_path),
        [FileWrite("build.rs", b"new", ours=True), FileWrite("Build.rs", None, ours=True), LOCK],
    )
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
        write_files(str(root), [FileWrite(path, b"x", ours=True), LOCK])
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
        write_files(str(root), [FileWrite("a", b"x"), FileWrite("crate/b", b"x"), LOCK])
    assert not list(outside.iterdir())
    assert "crate is a symbolic link" in str(caught.value)
    assert not (root / "a").exists()


@posix
def test_the_project_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_files(str(tmp_path / "link"), [FileWrite("x", b"x"), LOCK])
    assert (tmp_path / "real/x").read_bytes() == b"x"


@pytest.mark.parametrize(
    "path", [".scaffold/undo.json", ".scaffold/base/../x", ".Scaffold/lock.toml", ".git/config"]
)
def test_our_own_state_and_gits_are_not_written_by_a_plan(tmp_path: Path, path: str) -> None:
    refused(tmp_path, FileWrite(path, b"x"))


def test_where_a_file_cannot_be_linked_its_old_bytes_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o600)
    os.utime(tmp_path / "a", ns=(SECOND, SECOND))
    replace = os.replace

    def no_links(source: str, target: str) -> None:
        raise PermissionError(1, "no links here")

    def fail_last(source: str, target: str) -> None:
        if target.endswith("lock.toml"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", fail_last)
    refusal = refused(tmp_path, FileWrite("a", b"new", ours=True))
    assert refusal.exit_code == 74
    assert refusal.problems[0].place == ".scaffold/lock.toml"
    assert (tmp_path / "a").stat().st_mtime_ns == SECOND


PATHS = st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h", ".scaffold/base/x"])
FILES = st.dictionaries(PATHS, st.sampled_from([b"", b"1", b"2\r\n"]))


@settings(deadline=None, max_examples=60)
@given(before=FILES, after=FILES)
def test_from_any_files_to_any_others(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.join(folder, "root")
        write_tree(root, {path: (data, 0o644) for path, data in before.items()})
        gone = [FileWrite(path, None, before[path]) for path in before.keys() - after.keys()]
        written = [FileWrite(path, data, before.get(path)) for path, data in after.items()]
        write_files(root, [*gone, *written, LOCK])
        files = {path: (data, 0o644) for path, data in after.items()}
        assert read_tree(root) == tree_of(
            {**files, ".scaffold/lock.toml": (b"schema = 2\n", 0o644)}
        )


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
    refusal = refused(as_nobody, FileWrite("a", b"x"), FileWrite("crate/b", b"x"))
    assert refusal.exit_code == 74
    assert refusal.problems[0].place == "crate/b"
    assert "Permission denied" in refusal.problems[0].message


@posix
@pytest.mark.parametrize("mode", [0o000, 0o300, 0o400, 0o555])
def test_a_project_without_permission_is_refused(as_nobody: Path, mode: int) -> None:
    (as_nobody / "a").write_bytes(b"x")
    as_nobody.chmod(mode)
    with pytest.raises(Refusal) as caught:
        write_files(str(as_nobody), [FileWrite("a", b"y", ours=True), LOCK])
    assert caught.value.exit_code == 74
    as_nobody.chmod(0o700)
    assert read_tree(str(as_nobody)) == {"a": (b"x", 0o644)}
