import os
from pathlib import Path

import pytest

from scaffold.files.reading import line_of, read_bytes, read_text, read_toml, table, text_at


def test_line_endings_and_mark_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa\r\nb\n")
    assert read_text(str(tmp_path / "f")) == "a\nb\n"


@pytest.mark.parametrize("name", ["missing", "folder", "a\0b", "latin"])
def test_what_is_no_text_file_is_none(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    assert read_text(str(tmp_path / name)) is None


def test_a_file_above_the_limit_is_none(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 100)
    assert read_bytes(str(tmp_path / "f"), 99) is None
    assert read_bytes(str(tmp_path / "f"), 100) == b"x" * 100
    assert read_text(str(tmp_path / "f"), 10) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in the file system here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_text(str(tmp_path / "pipe")) is None


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there are no devices here")
def test_a_device_is_not_read() -> None:
    assert read_bytes("/dev/zero") is None


@pytest.mark.parametrize("text", ["a = [", "a = " + "[" * 5000, "a = 1\na = 2\n", "a = \x00"])
def test_what_is_no_toml_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_text(text)
    assert read_toml(str(tmp_path / "f")) is None


def test_values_of_another_shape_are_passed_over() -> None:
    document = {"a": {"b": "text", "c": 1}, "d": []}
    assert table(document, "a") == {"b": "text", "c": 1}
    assert table(document, "d") == {}
    assert table(document, "a", "b", "x") == {}
    assert table(None, "a") == {}
    assert text_at(document, "a", "b") == "text"
    assert text_at(document, "a", "c") is None


def test_a_line_is_the_first_that_holds_all_words() -> None:
    assert line_of("a\nb\na b\n", "a", "b") == 3
    assert line_of("a\n", "z") == 1
