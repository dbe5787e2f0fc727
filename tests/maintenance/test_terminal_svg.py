"""A screen with colour codes becomes a picture of it."""

from xml.etree import ElementTree

import pytest

from maintenance.terminal_svg import terminal_svg


def texts(screen: str) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(terminal_svg(screen, 80, "a<b"))
    found = [
        (item.text or "", item.get("fill", "")) for item in root.iter() if item.tag.endswith("text")
    ]
    assert found[0][0] == "a<b"
    return found[1:]


def test_text_stands_where_it_stood() -> None:
    svg = terminal_svg("a  \x1b[31mred\x1b[0m\n\n  <b>&\n\n\n", 80, "t")
    assert svg.count("<text") == 4
    rows = {line.split('y="')[1].split('"')[0] for line in svg.splitlines() if "textLength" in line}
    assert len(rows) == 2
    assert "&lt;b&gt;&amp;" in svg


@pytest.mark.parametrize(
    ("code", "colour"),
    [
        ("31", "#cc555a"),
        ("91", "#ff2627"),
        ("38;5;9", "#ff2627"),
        ("38;5;196", "#ff0000"),
        ("38;5;232", "#080808"),
        ("38;2;1;2;3", "#010203"),
        ("31;39", "#c5c8c6"),
        ("31;0", "#c5c8c6"),
        ("7", "#292929"),
    ],
)
def test_colours_are_those_of_the_codes(code: str, colour: str) -> None:
    assert texts(f"\x1b[{code}mx") == [("x", colour)]


def test_a_style_lasts_over_the_end_of_a_line() -> None:
    assert texts("\x1b[32ma\nb") == [("a", "#98a84b"), ("b", "#98a84b")]


def test_bold_and_grounds_are_drawn() -> None:
    svg = terminal_svg("\x1b[1;44m x \x1b[22m", 80, "t")
    assert 'font-weight="bold">x<' in svg
    assert 'fill="#608ab1"' in svg


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("number", range(1, 7))
def test_every_colour_is_readable_on_a_light_ground_too(number: int) -> None:
    svg = terminal_svg(f"\x1b[3{number}mx", 80, "t")
    ((_, dark),) = texts(f"\x1b[3{number}mx")
    light = svg.partition(f'[fill="{dark}"] {{ fill: ')[2][:7]
    assert (1 + 0.05) / (luminance(light) + 0.05) >= 4.5
