"""The rows of `fixed_versions.toml`, measured and written."""

import tomllib
from pathlib import Path

import pytest

from maintenance.data_rows import DATA
from maintenance.fixed_version import fetch, measure, with_row
from tests.inspection.packing import GOOD, SMALL_PAGES, at, pack

TEXT = (DATA / "fixed_versions.toml").read_text(encoding="utf-8")


def test_a_new_row_stands_in_the_order_of_the_names() -> None:
    text = with_row(TEXT, "com.example:new:1.2", ["libnew.so"])
    names = [row["coordinate"] for row in tomllib.loads(text)["fixed"]]
    assert names == sorted(names)
    assert "com.example:new" in names
    assert text.startswith(TEXT.partition("[[fixed]]")[0])


def test_a_row_is_replaced_and_keeps_the_names_it_had() -> None:
    text = with_row(TEXT, "org.opencv:opencv:6.0.0", ["libopencv_java6.so"])
    [row] = [
        row for row in tomllib.loads(text)["fixed"] if row["coordinate"] == "org.opencv:opencv"
    ]
    assert row["version"] == "6.0.0"
    assert row["libraries"].split()[0] == "libopencv_java6.so"
    assert "libopencv_java4.so" in row["libraries"]
    assert len(tomllib.loads(text)["fixed"]) == len(tomllib.loads(TEXT)["fixed"])


def test_only_an_archive_whose_64_bit_libraries_pass_gets_a_row(tmp_path: Path) -> None:
    good = at(tmp_path / "good.aar", pack({"jni/arm64-v8a/liba.so": GOOD}))
    assert measure(Path(good)) == ["liba.so"]
    bad = at(tmp_path / "bad.aar", pack({"jni/arm64-v8a/liba.so": SMALL_PAGES}))
    with pytest.raises(ValueError, match="load-alignment"):
        measure(Path(bad))
    with pytest.raises(ValueError, match="no 64-bit library"):
        measure(Path(at(tmp_path / "none.aar", pack({"classes.jar": pack({})}))))


def test_only_coordinates_are_fetched(tmp_path: Path) -> None:
    for wrong in ("a:b", "a:b:c:d", "a:b:1 -Dx", ""):
        with pytest.raises(ValueError, match="GROUP:ARTIFACT:VERSION"):
            fetch(wrong, tmp_path)
