"""The progress bar of long commands."""

import io

import pytest

from scaffold.terminal import progress
from scaffold.terminal.progress import ProgressBar


def test_the_bar_waits_shows_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    out = io.StringIO()
    bar = ProgressBar(out, 60)
    bar(1, 10)
    assert out.getvalue() == ""
    now += 1
    bar(5, 10)
    assert out.getvalue().endswith("]  50 %")
    assert len(out.getvalue()) < 60
    now += 1
    bar(12, 10)
    assert out.getvalue().endswith("] 100 %")
    bar.clear()
    assert out.getvalue().rpartition("\r")[2] == ""
