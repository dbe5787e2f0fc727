"""What the README shows is what there is."""

import re
from pathlib import Path

import pytest

from scaffold.answers.keys import KEYS
from scaffold.project.layout import STATE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXCERPTS = re.findall(r"<!-- excerpt (\S+) -->\n```\w+\n(.*?)```\n", README, re.DOTALL)


def test_there_are_excerpts() -> None:
    assert len(EXCERPTS) >= 2
    assert STATE in README


@pytest.mark.parametrize(("path", "text"), EXCERPTS, ids=[path for path, _ in EXCERPTS])
def test_every_excerpt_stands_in_a_golden_file(path: str, text: str) -> None:
    assert text.strip()
    assert text in (ROOT / path).read_text(encoding="utf-8")


def test_the_answers_table_has_every_key() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", README.partition("## The answers")[2], re.MULTILINE)
    assert rows == list(KEYS)


@pytest.mark.parametrize("mark", ["demo", "tests"])
def test_the_two_commands_stand_behind_their_marks(mark: str) -> None:
    command = re.search(rf"<!-- {mark} -->\n```sh\n(.+)\n```\n", README)
    assert command
    assert command[1].startswith("python3 -m venv .venv && ")
