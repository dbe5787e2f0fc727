"""What holds for the text of every wrapper."""

import re
from pathlib import Path

import pytest

from tests.zig.rendered import write_wrappers


@pytest.mark.parametrize("extension", ["sh", "bat"])
@pytest.mark.parametrize("arch", ["x86_64", "aarch64"])
def test_wrappers_say_whose_they_are_and_nothing_of_this_machine(
    tmp_path: Path, arch: str, extension: str
) -> None:
    for name, path in write_wrappers(tmp_path, arch, "2.17", extension).items():
        text = path.read_text(encoding="ascii")
        artifact = f"zig-{arch}-unknown-linux-gnu-{name}-{extension}"
        assert f"Written by scaffold (artifact {artifact})" in text
        assert "scaffold regenerate" in text
        assert str(tmp_path) not in text
        assert not re.search(r"\b20\d\d-\d\d|\{\{|\{%", text)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_batch_lines_end_as_cmd_wants_them_and_stay_within_its_limit(tmp_path: Path) -> None:
    for path in write_wrappers(tmp_path, extension="bat").values():
        lines = path.read_bytes().split(b"\r\n")
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(map(len, lines)) < 200


def test_batch_labels_all_exist(tmp_path: Path) -> None:
    for path in write_wrappers(tmp_path, "aarch64", extension="bat").values():
        text = path.read_text(encoding="ascii")
        labels = set(re.findall(r"(?m)^:(\w+)$", text))
        used = set(re.findall(r"\bgoto (\w+)|\bcall :(\w+)", text))
        assert {name for pair in used for name in pair if name} == labels | (labels & {"found"})
