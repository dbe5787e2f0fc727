"""A terminal's screen, with its colour codes, as an SVG that needs no font and nothing from elsewhere."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

_CHARACTER, _LINE, _SIZE = 12.2, 24.4, 20
_MARGIN, _TITLE = 9, 41
_GROUND, _TEXT = "#292929", "#c5c8c6"
_NORMAL = ("#4b4e55", "#cc555a", "#98a84b", "#d0b344", "#608ab1", "#98729f", "#68a0b3", "#c5c8c6")
_BRIGHT = ("#9a9b99", "#ff2627", "#00823d", "#d08442", "#1984e9", "#ff2c7a", "#398280", "#fdfdc5")
# The same colours where a reader's pages are light; each at least 4.5 to 1 on white, but for the frame's dots.
_ON_LIGHT = {
    _GROUND: "#ffffff",
    _TEXT: "#24292f",
    "#5f87af": "#2f5f8f",
    **dict(
        zip(
            _NORMAL[1:7],
            ("#b3261e", "#4d6b00", "#7d5a00", "#1f5f99", "#7a3e85", "#0f6674"),
            strict=True,
        )
    ),
}
_STEPS = (0, 95, 135, 175, 215, 255)
_SGR = re.compile(r"\x1b\[([\d;]*)m")


class Style(NamedTuple):
    """How a run of characters looks; None is the terminal's own colour."""

    front: str | None = None
    back: str | None = None
    bold: bool = False
    underlined: bool = False
    reversed: bool = False


def terminal_svg(screen: str, columns: int, title: str) -> str:
    """The screen framed like a terminal window; empty lines at its end are left out."""
    lines = screen.rstrip().split("\n")
    width = columns * _CHARACTER + 2 * _MARGIN
    height = len(lines) * _LINE + _TITLE + 2 * _MARGIN
    parts = [
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg">',
        "<style>",
        'text { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;'
        f" font-size: {_SIZE}px; white-space: pre }}",
        "@media (prefers-color-scheme: light) {",
        *(f'  [fill="{dark}"] {{ fill: {light} }}' for dark, light in _ON_LIGHT.items()),
        "  rect[stroke] { stroke: #24292f }",
        "}",
        "text.title { font-family: sans-serif; font-size: 18px; font-weight: bold }",
        "</style>",
        f'<rect x="1" y="1" width="{width - 2:.0f}" height="{height - 2:.0f}" rx="8" fill="{_GROUND}"'
        ' stroke="#ffffff" stroke-opacity="0.35"/>',
        f'<text class="title" x="{width / 2:.0f}" y="27" text-anchor="middle" fill="{_TEXT}">{escape(title)}</text>',
    ]
    for index, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        parts.append(f'<circle cx="{26 + 22 * index}" cy="22" r="7" fill="{colour}"/>')
    style = Style()
    for row, line in enumerate(lines):
        column = 0
        for run, text in _runs(line, style):
            style = run
            if text:
                parts += _run(run, text, column, row)
                column += len(text)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _run(style: Style, text: str, column: int, row: int) -> Iterator[str]:
    front, back = style.front or _TEXT, style.back
    if style.reversed:
        front, back = back or _GROUND, front
    x, top = _MARGIN + column * _CHARACTER, _TITLE + _MARGIN + row * _LINE
    width = len(text) * _CHARACTER
    if back:
        yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_LINE}" fill="{back}"/>'
    shown = text.strip()
    if shown:
        indent = len(text) - len(text.lstrip())
        more = (
            ' font-weight="bold"' * style.bold + ' text-decoration="underline"' * style.underlined
        )
        yield (
            f'<text x="{x + indent * _CHARACTER:.1f}" y="{top + 18:.1f}" textLength="{len(shown) * _CHARACTER:.1f}"'
            f' fill="{front}"{more}>{escape(shown)}</text>'
        )


def _runs(line: str, style: Style) -> Iterator[tuple[Style, str]]:
    at = 0
    for code in _SGR.finditer(line):
        yield style, line[at : code.start()]
        style = _changed(style, [int(part or 0) for part in code[1].split(";")])
        at = code.end()
    yield style, line[at:]


def _changed(style: Style, codes: list[int]) -> Style:
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = Style()
        elif code in (1, 22):
            style = style._replace(bold=code == 1)
        elif code in (4, 24):
            style = style._replace(underlined=code == 4)
        elif code in (7, 27):
            style = style._replace(reversed=code == 7)
        elif code in (38, 48):
            colour = _extended(codes)
            style = style._replace(front=colour) if code == 38 else style._replace(back=colour)
        elif code in (39, 49):
            style = style._replace(front=None) if code == 39 else style._replace(back=None)
        elif code % 10 < 8 and code // 10 in (3, 9):
            style = style._replace(front=(_NORMAL if code < 90 else _BRIGHT)[code % 10])
        elif code % 10 < 8 and code // 10 in (4, 10):
            style = style._replace(back=(_NORMAL if code < 100 else _BRIGHT)[code % 10])
    return style


def _extended(codes: list[int]) -> str | None:
    """The colour after 38 or 48: one of 256, or red, green and blue."""
    kind = codes.pop(0) if codes else 0
    if kind == 2 and len(codes) >= 3:
        red, green, blue = codes[:3]
        del codes[:3]
        return f"#{red:02x}{green:02x}{blue:02x}"
    if kind != 5 or not codes:
        return None
    number = codes.pop(0)
    if number < 16:
        return (*_NORMAL, *_BRIGHT)[number]
    if number >= 232:
        return f"#{8 + 10 * (number - 232):02x}" + f"{8 + 10 * (number - 232):02x}" * 2
    number -= 16
    return "#" + "".join(f"{_STEPS[number // step % 6]:02x}" for step in (36, 6, 1))
