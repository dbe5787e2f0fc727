"""Threads over a list of indexes."""

import pytest

from scaffold.inspection.pool import Pool


def finish(pool: Pool) -> None:
    while pool.working(1):
        pass


def test_every_index_is_worked_on_once() -> None:
    done: list[int] = []
    finish(Pool(list(range(1000)), done.append))
    assert sorted(done) == list(range(1000))


def test_a_defect_in_a_thread_is_raised_where_the_pool_is_waited_for() -> None:
    def work(index: int) -> None:
        if index == 3:
            raise KeyError("a defect")

    with pytest.raises(KeyError, match="a defect"):
        finish(Pool(list(range(10)), work))
