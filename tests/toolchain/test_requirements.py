"""A missing program is a reason to skip on a user's machine, and a failure in CI."""

import pytest

from tests.toolchain.requirements import REQUIRED, program, require

pytestmark = pytest.mark.toolchain


def test_what_is_missing_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-compiler is not installed"):
        program("no-such-compiler")


def test_what_is_missing_fails_where_everything_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-compiler is not installed"):
        program("no-such-compiler")


def test_what_is_there_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "1")
    require(bool(program("python3")), "Python is not installed")
