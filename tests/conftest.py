"""One option, which rewrites the expected side of the golden cases; and what Wine is spared."""

import os
from pathlib import Path

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `windows` need Windows; .ci/windows, on Wine, skips those that wine.txt names, with its reason."""
    for item in items:
        if os.name != "nt" and item.get_closest_marker("windows"):
            item.add_marker(pytest.mark.skip(reason="needs a Python for Windows (.ci/windows)"))
    if "SCAFFOLD_WINE" not in os.environ:
        return
    text = (Path(__file__).parent / "wine.txt").read_text(encoding="utf-8")
    lines = (line.partition("  # ") for line in text.splitlines() if not line.startswith("#"))
    reasons = {name.strip(): reason for name, _, reason in lines if name.strip()}
    unknown = set(reasons)
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in reasons:
            unknown.discard(name)
            item.add_marker(pytest.mark.skip(reason=f"Wine: {reasons[name]}"))
    if unknown and len(items) > 1000:
        raise pytest.UsageError(f"tests/wine.txt names tests that are gone: {sorted(unknown)}")
