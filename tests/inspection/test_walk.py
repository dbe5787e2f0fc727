"""Which files below a folder matter, and how wildcards and names are treated."""

import os
import sys
from pathlib import Path

import pytest

from scaffold.inspection import walk
from scaffold.inspection.walk import expanded, files_below
from tests.inspection.packing import GOOD, at, found, pack


def test_the_path_is_shown_as_given_and_the_way_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(tmp_path / "in/deep/liba.so", GOOD)
    monkeypatch.chdir(tmp_path)
    for given, shown in {
        "in": "in/deep/liba.so",
        "in/": "in/deep/liba.so",
        ".": "./in/deep/liba.so",
    }.items():
        assert [file.shown for file in files_below(given, [])] == [shown]


def test_wildcards_are_resolved_where_no_shell_did_it(tmp_path: Path) -> None:
    for name in ("b.aar", "a.aar", "c.txt"):
        at(tmp_path / name, pack({"jni/x86_64/liba.so": b""}))
    both = [str(tmp_path / "a.aar"), str(tmp_path / "b.aar")]
    assert expanded([str(tmp_path / "*.aar")]) == both
    assert expanded([f"{tmp_path}/*.apk"]) == [f"{tmp_path}/*.apk"]
    odd = at(tmp_path / "[x].aar", b"")
    assert expanded([odd]) == [odd]


def test_a_junction_that_leads_back_is_said_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(tmp_path / "in/liba.so", GOOD)
    at(tmp_path / "in/back/liba.so", GOOD)
    monkeypatch.setattr(walk, "entry_is_link", lambda entry: entry.name == "back")
    notes: list[str] = []
    top = str(tmp_path / "in")
    assert [file.shown for file in files_below(top, notes)] == [f"{top}/liba.so"]
    assert len(notes) == 1
    assert notes[0].endswith("/back: a link, not followed")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")
def test_names_that_are_not_utf_8_are_read(tmp_path: Path) -> None:
    name = os.fsdecode(b"lib\xff.so")
    at(tmp_path / name, GOOD)
    assert found(tmp_path) == {f"/{name}": []}


@pytest.mark.skipif(os.name == "nt", reason="Windows has another limit")
def test_a_tree_deeper_than_a_path_may_be_long_is_said(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(150):
            os.mkdir("deep" * 10)
            os.chdir("deep" * 10)
    finally:
        os.chdir(here)
    codes = list(found(tmp_path).values())
    assert codes == [["unreadable"]]
