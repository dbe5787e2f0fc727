"""One option: rewrite the expected side of the golden cases, to be reviewed like product text."""

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="rewrite golden/*/*/expected from what scaffold makes now",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--regenerate-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--regenerate-golden is refused under CI: review the diff by hand")
