"""The pictures show today's program, and nothing of the machine that drew them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from maintenance.pictures import FOLDER, PICTURES, Picture, screen, svg
from tests.toolchain.requirements import program

IDS = [picture.name for picture in PICTURES]


def drawn(picture: Picture) -> Path:
    return FOLDER / f"{picture.name}.svg"


@pytest.mark.parametrize("picture", PICTURES, ids=IDS)
def test_a_picture_needs_nothing_from_elsewhere(picture: Picture) -> None:
    text = drawn(picture).read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert re.findall(r"https?:[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]+)\)", text))
    assert "@font-face" not in text
    assert not re.search(r"/(?:tmp|home|root|Users|work)/", text)


def test_there_is_a_picture_of_each() -> None:
    """Beside diagrams, which show no program."""
    assert set(IDS) <= {path.stem for path in FOLDER.iterdir()}


def test_every_picture_is_on_a_page() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.md"))
    assert [path.name for path in FOLDER.iterdir() if f"pictures/{path.name})" not in pages] == []


@pytest.mark.toolchain
@pytest.mark.parametrize("picture", PICTURES, ids=IDS)
def test_the_picture_is_what_the_command_shows_now(
    picture: Picture, request: pytest.FixtureRequest
) -> None:
    program("tmux")
    now = svg(screen(picture))
    if request.config.getoption("--regenerate-golden"):
        drawn(picture).write_text(now, encoding="utf-8")
    assert drawn(picture).read_text(encoding="utf-8") == now
