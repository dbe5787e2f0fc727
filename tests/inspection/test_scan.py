"""PATHs → libraries: files and folders, honest and hostile."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scaffold.errors import Refusal
from scaffold.inspection import scan as scanning
from scaffold.inspection.archive.inflate import Budget
from scaffold.inspection.missing import MissingAbi, missing_abis
from scaffold.inspection.scan import scan
from tests.inspection.elf.writer import X86_64, exported, write_elf
from tests.inspection.packing import GOOD, NEEDS_SHARED, SMALL_PAGES, at, found, libraries, pack


def test_a_single_library_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert found(at(tmp_path / "libgood.so", GOOD)) == {"": []}
    assert found(at(tmp_path / "plugin.node", SMALL_PAGES)) == {"": ["load-alignment"]}


@pytest.mark.parametrize(("page_size", "codes"), [(4096, []), (16384, ["load-alignment"])])
def test_the_page_size_is_the_callers(tmp_path: Path, page_size: int, codes: list[str]) -> None:
    assert found(at(tmp_path / "liba.so", SMALL_PAGES), page_size=page_size) == {"": codes}


def test_paths_that_do_not_exist_are_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        scan([str(tmp_path / "a"), str(tmp_path), str(tmp_path / "b")], 16384)
    assert [problem.place for problem in refusal.value.problems] == [
        str(tmp_path / "a"),
        str(tmp_path / "b"),
    ]
    assert refusal.value.exit_code == 2


def test_a_path_without_library_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty") == {"": ["no-libraries"]}
    assert found(at(tmp_path / "notes.txt", b"text")) == {"": ["no-libraries"]}
    assert found(at(tmp_path / "a.jar", pack({"a.class": b"x"}))) == {"": ["no-libraries"]}
    both = libraries(tmp_path / "empty", at(tmp_path / "liba.so", GOOD))
    assert [library.name for library in both] == ["", "liba.so"]


def test_a_folder_is_searched_to_its_depths_in_order(tmp_path: Path) -> None:
    for path in ("b/liba.so", "a/c/libb.so", "a/libc.so.1.2", "a/readme.txt", ".hidden/libd.so"):
        at(tmp_path / path, GOOD)
    assert list(found(tmp_path)) == [
        "/.hidden/libd.so",
        "/a/libc.so.1.2",
        "/a/c/libb.so",
        "/b/liba.so",
    ]
    assert list(found(f"{tmp_path}/")) == [
        ".hidden/libd.so",
        "a/libc.so.1.2",
        "a/c/libb.so",
        "b/liba.so",
    ]


def test_a_folder_of_abi_folders_is_one_place(tmp_path: Path) -> None:
    at(tmp_path / "arm64-v8a/liba.so", NEEDS_SHARED)
    at(
        tmp_path / "x86_64/liba.so",
        write_elf(machine=X86_64, needed=("libc++_shared.so", "libc.so")),
    )
    at(
        tmp_path / "x86_64/libc++_shared.so",
        write_elf(machine=X86_64, symbols=exported("__cxa_throw")),
    )
    assert found(tmp_path) == {
        "/arm64-v8a/liba.so": ["cpp-runtime-missing"],
        "/x86_64/liba.so": [],
        "/x86_64/libc++_shared.so": [],
    }
    assert missing_abis(libraries(tmp_path)) == [
        MissingAbi(str(tmp_path), "libc++_shared.so", ("arm64-v8a",))
    ]


def test_a_single_library_in_the_wrong_folder_is_found(tmp_path: Path) -> None:
    assert found(at(tmp_path / "x86/liba.so", GOOD)) == {"": ["abi-mismatch"]}


@pytest.mark.parametrize(
    "data", [b"", b"version https://git-lfs.github.com/spec/v1\n", b"INPUT(-lc)\n", b"\0" * 100]
)
def test_a_so_that_is_no_elf_file_is_unreadable(tmp_path: Path, data: bytes) -> None:
    assert found(at(tmp_path / "liba.so", data)) == {"": ["unreadable"]}
    assert found(at(tmp_path / "a.apk", pack({"lib/x86/liba.so": data}))) == {
        "!/lib/x86/liba.so": ["unreadable"]
    }


def test_more_libraries_than_any_app_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small(Budget):
        def __init__(self) -> None:
            super().__init__()
            self.libraries = 3

    monkeypatch.setattr(scanning, "Budget", Small)
    many = {f"lib/x86/lib{number}.so": b"" for number in range(5)}
    codes = found(at(tmp_path / "in/a.apk", pack(many)))
    assert len(codes) == 4
    assert codes[""] == ["unreadable"]
    for number in range(5):
        at(tmp_path / f"folder/lib{number}.so", GOOD)
    assert found(tmp_path / "folder")[""] == ["unreadable"]


def test_archives_that_lie_too_deep_are_said(tmp_path: Path) -> None:
    aar = pack({"jni/arm64-v8a/liba.so": SMALL_PAGES, "classes.jar": pack({"A.class": b""})})
    artifact = pack({"app.aar": aar, "set.apks": pack({"base.apk": pack({})})})
    result = scan([str(at(tmp_path / "artifact.zip", artifact))], 16384)
    assert [library.name for library in result.libraries] == ["liba.so"]
    assert result.notes == (
        "archives more than one level deep were not opened (1): unpack the outer one first",
    )


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links and FIFOs")
def test_links_are_not_followed_and_said(tmp_path: Path) -> None:
    at(tmp_path / "outside/liba.so", GOOD)
    at(tmp_path / "tree/libb.so", GOOD)
    (tmp_path / "tree/loop").symlink_to(tmp_path / "tree")
    (tmp_path / "tree/out").symlink_to(tmp_path / "outside")
    (tmp_path / "tree/libc.so").symlink_to(tmp_path / "outside/liba.so")
    (tmp_path / "tree/libdead.so").symlink_to(tmp_path / "nowhere")
    result = scan([str(tmp_path / "tree")], 16384)
    assert [library.name for library in result.libraries] == ["libb.so"]
    assert len(result.notes) == 4
    assert found(tmp_path / "tree/libc.so") == {"": []}  # but the PATH itself may be one


@pytest.mark.skipif(os.name == "nt", reason="needs FIFOs")
def test_fifos_and_devices_are_unreadable_and_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "libpipe.so")
    assert found(tmp_path) == {"/libpipe.so": ["unreadable"]}
    assert found(tmp_path / "libpipe.so") == {"": ["unreadable"]}
    assert found("/dev/zero") == {"": ["unreadable"]}


def test_what_may_not_be_read_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusals are simulated: permissions do not bind root, and Windows has others."""

    def refuse(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def refusing(path: str, *rest: int) -> Any:
            if path.endswith(name):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return real(path, *rest)

        return refusing

    at(tmp_path / "liba.so", GOOD)
    at(tmp_path / "closed/libb.so", GOOD)
    monkeypatch.setattr(os, "open", refuse(os.open, "liba.so"))
    monkeypatch.setattr(os, "scandir", refuse(os.scandir, "closed"))
    assert found(tmp_path) == {"/closed": ["unreadable"], "/liba.so": ["unreadable"]}
    assert "Permission denied" in libraries(tmp_path)[0].findings[0].message
