"""One thread that does jobs in order, as an executor and for less: 12 jobs a second are given to it for ever.

`ThreadPoolExecutor` makes a future, a condition and a work item for each, and takes three locks: of a job that comes
every 20 ms that is half of the cost, 0.1 ms.
"""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class JobThread(Executor):
    """Runs from the beginning until `shutdown`; it does not hold the process up."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], object] | None] = SimpleQueue()  # bounded by who gives jobs
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, job: Callable[[], object]) -> None:
        """Do it after what was given before; nobody waits for it, and it must not raise."""
        self._jobs.put(job)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As `Executor.submit`; one that has been cancelled by its turn is not done."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  it is for whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        self._jobs.put(job)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Do what was given, and nothing that is given later."""
        self._jobs.put(None)
        if wait:
            self._thread.join()

    def _run(self) -> None:
        while job := self._jobs.get():
            job()
