"""How matches are shown: JSON of the contract, plain text that fits narrow terminals."""

import json

import pytest

from scaffold.explain.matches import Explanation
from scaffold.explain.report import as_json, as_text

MATCH = Explanation(
    "linker-cc-not-found",
    42,
    "error: linker `cc` not found",
    "No linker called `cc` on this machine",
    "Two causes. On Windows there is no `cc`; on Linux the C toolchain is missing. Which one: where was it built?",
    ("Install Zig: `winget install -e --id zig.zig`, then `scaffold regenerate`.", "Install gcc."),
)


def test_json_is_the_contract_s_document() -> None:
    document = json.loads(as_json([MATCH]))
    assert list(document) == ["schema", "matches"]
    assert document["schema"] == 1
    assert list(document["matches"][0]) == ["code", "line", "text", "title", "cause", "fix"]
    assert document["matches"][0]["line"] == 42
    assert document["matches"][0]["fix"] == list(MATCH.fix)
    assert as_json([MATCH._replace(text="ü")]).isascii()


def test_nothing_recognised_is_an_empty_list_and_a_sentence() -> None:
    assert json.loads(as_json([])) == {"schema": 1, "matches": []}
    assert as_text([]).startswith("scaffold does not recognize a failure in this log.")


@pytest.mark.parametrize("width", [1, 40, 60, 80, 200])
def test_text_fits_its_width(width: int) -> None:
    lines = as_text([MATCH, MATCH], width).split("\n")
    assert max(map(len, lines)) <= max(40, min(width, 100))
    assert "line 42: No linker" in lines[0]


def test_a_command_stays_in_one_line_where_it_fits() -> None:
    assert "`winget install -e --id zig.zig`" in as_text([MATCH], 60)


def test_text_is_plain_without_colour_and_the_same_with_it() -> None:
    import re

    plain, colour = as_text([MATCH]), as_text([MATCH], colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in colour
    assert re.sub(r"\x1b\[[0-9;]*m", "", colour) == plain


def test_a_word_without_end_does_not_break_the_layout() -> None:
    assert max(map(len, as_text([MATCH._replace(text="x" * 5000)], 80).split("\n"))) <= 80
