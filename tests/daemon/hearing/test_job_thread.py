"""Jobs are done in order, in one thread, and what they raise is for whoever waits."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from daemon.hearing.job_thread import JobThread

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def thread() -> Iterator[JobThread]:
    thread = JobThread("a worker")
    yield thread
    thread.shutdown()


def test_jobs_are_done_in_order_in_a_thread_of_that_name(thread: JobThread) -> None:
    done: list[tuple[int, str]] = []
    for number in range(10):
        thread.do(lambda number=number: done.append((number, threading.current_thread().name)))  # type: ignore[misc]
    assert thread.submit(lambda: 7).result(60) == 7
    assert done == [(number, "a worker") for number in range(10)]


async def test_it_is_an_executor_of_the_loop(thread: JobThread) -> None:
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(thread, max, 3, 4) == 4
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(thread, lambda: 1 / 0)
    assert await loop.run_in_executor(thread, max, 5, 6) == 6


def test_a_job_that_was_cancelled_by_its_turn_is_not_done(thread: JobThread) -> None:
    may_go_on, done = threading.Event(), []
    thread.do(lambda: may_go_on.wait(60))
    cancelled = thread.submit(done.append, 1)
    assert cancelled.cancel()
    may_go_on.set()
    thread.submit(done.append, 2).result(60)
    assert done == [2]


def test_the_end_waits_for_what_was_given() -> None:
    thread, done = JobThread("a worker"), []
    for number in range(100):
        thread.do(lambda number=number: done.append(number))  # type: ignore[misc]
    thread.shutdown()
    thread.do(lambda: done.append("late"))
    assert done == list(range(100))
