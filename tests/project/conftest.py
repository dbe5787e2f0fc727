"""The project and the command of `tests/cli`, for what only shows when they work together."""

from tests.cli.conftest import project, run, set_up

__all__ = ["project", "run", "set_up"]
