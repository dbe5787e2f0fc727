"""The figures of docs/comparisons.md, measured again."""

import pytest

from maintenance.comparisons import PAGE, TABLES, filled
from tests.toolchain.requirements import program

pytestmark = pytest.mark.toolchain


# The lines of the golden cases are counted in test_golden.py.
MEASURED = [name for name in TABLES if name != "lines"]


def test_the_figures_are_those_that_are_measured_now(request: pytest.FixtureRequest) -> None:
    program("readelf")
    program("git")
    page = PAGE.read_text(encoding="utf-8")
    now = filled(page, MEASURED)
    if request.config.getoption("--regenerate-golden"):
        PAGE.write_text(now, encoding="utf-8")
    assert all(f"<!-- measured {name} -->\n\n| " in now for name in TABLES)
    assert now == page
