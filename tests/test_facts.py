import pytest

from scaffold import facts
from scaffold.facts import FactsError, load_facts, not_above, told_of_gobley, version_key


def test_every_table_has_rows_with_source_and_mark() -> None:
    for name, rows in load_facts()._asdict().items():
        assert rows, name
        assert all(row.source and row.mark in facts.MARKS for row in rows), name


def test_a_version_between_two_rows_behaves_as_the_row_below() -> None:
    rows = load_facts().page_size
    assert not_above(rows, "26.3.11579264").first_major == 23
    assert not_above(rows, "27.0.12077973").first_major == 27
    assert not_above(rows, "99.0.1").first_major == 28
    assert not_above(rows, "1.0.0").first_major == 23


def test_versions_compare_by_number_and_trailing_zeros_do_not_count() -> None:
    assert version_key("1.100") > version_key("1.99")
    assert version_key("1.82") == version_key("1.82.0")


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"version": "1.0", "llvm": "1", "mark": "C"}, "keys"),
        ({"version": "1.0", "llvm": 1, "mark": "C", "source": "x"}, "wrong type"),
        ({"version": "1.0", "llvm": "1", "mark": "Q", "source": "x"}, "mark"),
        ({"version": "1.0", "llvm": "1", "mark": "C", "source": ""}, "source"),
        ([], "keys"),
    ],
)
def test_a_row_that_is_not_what_its_type_says_is_refused(values: object, complaint: str) -> None:
    with pytest.raises(FactsError, match=complaint):
        facts._row(facts.Rust, values, "rust.toml: row 1")


def test_rows_out_of_order_are_refused() -> None:
    row = facts.Rust("1.0", "1", "C", "x")
    with pytest.raises(FactsError, match="ascend"):
        facts._versions((row, row), "rust.toml")


def test_a_gobley_newer_than_the_rows_is_said_to_be_unknown() -> None:
    newest = load_facts().gobley[-1].version
    assert told_of_gobley(newest) == f"Gobley {newest}"
    assert told_of_gobley("99.0") == f"Gobley {newest} (scaffold does not know 99.0)"
