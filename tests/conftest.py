"""One option: rewrite the expected side of the golden cases, to be reviewed like product text."""

import os

import pytest
from hypothesis import settings

# A busy machine is no defect; and what decides about a change must not depend on luck.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="rewrite golden/*/*/expected from what scaffold makes now",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--regenerate-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--regenerate-golden is refused under CI: review the diff by hand")
