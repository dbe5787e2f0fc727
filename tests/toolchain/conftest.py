"""Fixtures of the toolchain proofs."""

from collections.abc import Callable

import pytest

from tests.toolchain.ndk_support import Ndk, miniature_ndk


@pytest.fixture(scope="session")
def ndk() -> Callable[[int], Ndk]:
    """The miniature NDK of a release, `ndk(27)`; skips or fails where its compilers are missing."""
    return miniature_ndk
