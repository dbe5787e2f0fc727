"""A new NDK release is one command: what it takes over, and what it refuses."""

import re
import tomllib
from pathlib import Path

import pytest

from maintenance import ndk_row
from maintenance.data_rows import DATA
from maintenance.ndk_row import Release, read_properties, release_name
from scaffold.facts import load_facts

PROPERTIES = """Pkg.Desc = Android NDK
Pkg.Revision = 31.0.17000000
Pkg.BaseRevision = 31.0.17000000
Pkg.ReleaseName = r31
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data file, which the command then writes."""
    copy = tmp_path / "ndk.toml"
    copy.write_text((DATA / "ndk.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(ndk_row, "DATA", tmp_path)
    return copy


@pytest.mark.parametrize("row", load_facts().ndk, ids=lambda row: str(row.release))
def test_the_names_of_all_known_releases_follow_from_their_revisions(row: Release) -> None:
    known = {row.revision: row.release for row in load_facts().ndk}
    assert release_name(row.revision) == known[row.revision]


def test_a_source_properties_becomes_the_newest_row(table: Path, tmp_path: Path) -> None:
    before = table.read_text(encoding="utf-8")
    given = tmp_path / "source.properties"
    given.write_text(PROPERTIES, encoding="utf-8")
    assert ndk_row.main([str(given), "--clang", "22.0.0"]) == 0
    document = tomllib.loads(table.read_text(encoding="utf-8"))
    newest = document["release"][-1]
    assert (newest["release"], newest["revision"]) == ("r31", "31.0.17000000")
    assert (newest["clang"], newest["min_api"]) == ("22.0.0", 21)
    assert document["page_size"] == tomllib.loads(before)["page_size"]
    without = re.sub(r'(?s)\[\[release\]\]\nrelease = "r31".*?\n\n', "", table.read_text("utf-8"))
    assert without == before


def test_a_row_between_two_others_takes_its_place(table: Path) -> None:
    assert ndk_row.main(["r27e", "27.4.14000000"]) == 0
    names = [row["release"] for row in tomllib.loads(table.read_text("utf-8"))["release"]]
    assert names.index("r27e") == names.index("r27d") + 1 == names.index("r28") - 1


def test_a_row_that_is_there_already_stays_as_it_is(table: Path) -> None:
    before = table.read_text(encoding="utf-8")
    for row in load_facts().ndk:
        if row.mark == "C":
            assert ndk_row.main([row.release, row.revision, f"--min-api={row.min_api}"]) == 0
    assert table.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not the source.properties"),
        (
            "Pkg.Desc = Android SDK Build-Tools\nPkg.Revision = 36.0.0\n",
            "not the source.properties",
        ),
        ("Pkg.Desc = Android NDK\n", "no revision"),
        ("Pkg.Desc = Android NDK\nPkg.Revision = 31.0.1-beta1\n", "preview"),
        ("Pkg.Desc = Android NDK\nPkg.Revision = 31.99.1\n", "no revision"),
    ],
)
def test_what_is_no_release_of_the_ndk_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_properties(text)


def test_an_ndk_before_r27_is_named_after_its_revision() -> None:
    text = "Pkg.Desc = Android NDK\nPkg.Revision = 26.3.11579264\n"
    assert read_properties(text) == Release("r26d", "26.3.11579264")


@pytest.mark.parametrize(
    "arguments",
    [
        ["r31", "31.1.17000000", "--clang=22.0.0"],
        ["r31", "31.0.17000000"],
        ["no such file"],
        ["r31", "31.0.17000000", '--clang=2"2'],
    ],
)
def test_a_bad_row_writes_nothing(
    arguments: list[str], table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = table.read_text(encoding="utf-8")
    assert ndk_row.main(arguments) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert table.read_text(encoding="utf-8") == before
