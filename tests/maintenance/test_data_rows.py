"""Rows of a data file are put in order, and nothing else in it moves."""

import pytest

from maintenance.data_rows import put_row, row_of

TEXT = """# What is known.
schema = 1

[[tool]]
version = "1.9"
note = "first"

# Of another kind, and none of ours.
[[other]]
version = "1.9"

[[tool]]
version = "1.20"
note = ""
# Stays.
"""


@pytest.mark.parametrize(
    ("version", "before", "after"),
    [
        ("1.2", "# What is known.\nschema = 1\n\n", '[[tool]]\nversion = "1.9"'),
        ("1.10", 'note = "first"\n\n', "# Of another kind"),
        ("1.100", 'note = ""\n\n', "# Stays."),
    ],
)
def test_a_new_row_goes_where_its_version_belongs(version: str, before: str, after: str) -> None:
    row = f'[[tool]]\nversion = "{version}"\nnote = "new"\n'
    text = put_row(TEXT, "tool", "version", {"version": version, "note": "new"})
    assert before + row in text
    assert text.index(row) < text.index(after, text.index(row) + len(row))
    assert text.replace(row + "\n", "", 1).replace("\n" + row, "", 1) == TEXT


def test_a_known_version_is_written_in_its_place() -> None:
    text = put_row(TEXT, "tool", "version", {"version": "1.20", "note": "better"})
    assert text == TEXT.replace('note = ""', 'note = "better"')
    assert row_of(text, "tool", "version", "1.20") == {"version": "1.20", "note": "better"}
    assert row_of(text, "tool", "version", "1.21") == {}


@pytest.mark.parametrize("note", ['say "x"', "a\\b", "a\nb"])
def test_a_value_that_toml_would_read_otherwise_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match="note"):
        put_row(TEXT, "tool", "version", {"version": "2.0", "note": note})


def test_a_table_that_is_not_there_is_no_place_for_a_row() -> None:
    with pytest.raises(ValueError, match="crate"):
        put_row(TEXT, "crate", "version", {"version": "2.0"})
