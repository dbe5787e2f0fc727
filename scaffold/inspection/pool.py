"""A few threads over a list of indexes, for work that leaves the interpreter's lock (inflating)."""

import os
from collections.abc import Callable
from threading import Thread

# Each holds some 10 MB while it inflates.
_MAX_THREADS = 4


class Pool:
    """Starts at once; the first exception of a worker is raised by `working`, in the caller's thread."""

    def __init__(self, indexes: list[int], work: Callable[[int], None]) -> None:
        self._waiting = iter(indexes)  # next() on it is atomic
        self._work = work
        self._failure: BaseException | None = None
        count = min(_MAX_THREADS, os.cpu_count() or 1, len(indexes))
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        try:
            for index in self._waiting:
                if self._failure is not None:
                    return
                self._work(index)
        except BaseException as failure:  # noqa: BLE001 - handed on to the caller
            self._failure = failure

    def working(self, seconds: float) -> bool:
        """Waits that long at most; False when all is done."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(seconds)
                break
        if self._failure is not None:
            raise self._failure
        return any(thread.is_alive() for thread in self._threads)
