"""What is asked of the wake worker is done in order, whoever asks, and what it cannot keep up with is counted."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import UtteranceStarted, WakeWordDetected
from daemon.hearing.sound_intake import HOP_SAMPLES
from daemon.hearing.wake_worker import BACKLOG_SAMPLES, WakeWorker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.hearing.listener import Heard
    from daemon.sound.pcm import Samples


class Listener:
    """Writes down what it is asked, and can be held up."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int, int]] = []
        self.watching = False
        self.threads: set[str] = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.begun = threading.Event()

    def hear(self, samples: Samples, at: int) -> list[Heard]:
        self.begun.set()
        assert self.may_go_on.wait(60)
        self.threads.add(threading.current_thread().name)
        self.done.append(("hear", at, len(samples)))
        return [WakeWordDetected("word", at)] if samples.any() else []

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]:
        self.watching = True
        self.done.append(("watch", from_sample, at + len(captured)))
        return [UtteranceStarted(from_sample)]

    def stop_watching(self) -> None:
        self.watching = False
        self.done.append(("stop", 0, 0))

    def listen_for_short(self, *, wanted: bool) -> None:
        self.done.append(("short", int(wanted), 0))


class Bench:
    def __init__(self) -> None:
        self.listener = Listener()
        self.heard: list[list[Heard]] = []
        self.failures: list[Exception] = []
        self.worker = WakeWorker(self.listener, on_heard=self.heard.append, on_failed=self.failures.append)


@pytest.fixture
async def bench() -> Iterator[Bench]:  # type: ignore[misc]
    bench = Bench()
    bench.worker.begin()
    yield bench
    bench.listener.may_go_on.set()
    bench.worker.end()


def sound(samples: int = HOP_SAMPLES, value: int = 0) -> Samples:
    return np.full(samples, value, np.int16)


async def held_up(bench: Bench) -> None:
    """It has begun with the first hop, and does not go on."""
    bench.listener.may_go_on.clear()
    bench.worker.hear(sound(), 0)
    await asyncio.to_thread(bench.listener.begun.wait, 60)


async def test_orders_of_several_threads_are_done_in_order_in_the_workers_own(bench: Bench) -> None:
    await held_up(bench)
    other = threading.Thread(target=bench.worker.hear, args=(sound(), HOP_SAMPLES))
    other.start()
    other.join()
    bench.worker.watch(7, sound(), HOP_SAMPLES)
    bench.worker.hear(sound(), 2 * HOP_SAMPLES)
    bench.worker.stop_watching()
    bench.worker.listen_for_short(wanted=True)
    bench.listener.may_go_on.set()
    await bench.worker.all_heard()
    assert bench.listener.done == [
        ("hear", 0, HOP_SAMPLES),
        ("hear", HOP_SAMPLES, HOP_SAMPLES),
        ("watch", 7, 2 * HOP_SAMPLES),
        ("hear", 2 * HOP_SAMPLES, HOP_SAMPLES),
        ("stop", 0, 0),
        ("short", 1, 0),
    ]
    assert bench.listener.threads == {"wake"}


async def test_what_waits_is_heard_in_one_piece(bench: Bench) -> None:
    await held_up(bench)
    for hop in range(1, 10):
        bench.worker.hear(sound(), hop * HOP_SAMPLES)
    bench.listener.may_go_on.set()
    await bench.worker.all_heard()
    assert bench.listener.done[1:] == [("hear", HOP_SAMPLES, 9 * HOP_SAMPLES)]


async def test_the_loop_is_told_of_what_was_heard_and_of_the_first_sound(bench: Bench) -> None:
    for at, value in enumerate((0, 0, 1, 0)):
        bench.worker.hear(sound(value=value), at)
        await bench.worker.all_heard()
    bench.worker.watch(7, sound(), 0)
    await bench.worker.all_heard()
    assert bench.heard == [[], [WakeWordDetected("word", 2)], [UtteranceStarted(7)]]


async def test_a_worker_that_falls_behind_skips_the_oldest_in_whole_hops_and_counts_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    for at in (0, 10 * BACKLOG_SAMPLES):
        bench.listener.done.clear()
        bench.listener.begun.clear()
        await held_up(bench)
        bench.worker.hear(sound(BACKLOG_SAMPLES), at)
        bench.worker.hear(sound(100), at + BACKLOG_SAMPLES)
        bench.listener.may_go_on.set()
        await bench.worker.all_heard()
        assert bench.listener.done[1:] == [("hear", at + HOP_SAMPLES, BACKLOG_SAMPLES + 100 - HOP_SAMPLES)]
    assert bench.worker.skipped_samples == 2 * HOP_SAMPLES
    assert "the wake worker is behind: 80 ms skipped (1 times so far)" in caplog.text


async def test_a_machine_that_is_always_too_slow_does_not_fill_the_journal(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(9):
        bench.worker.hear(sound(BACKLOG_SAMPLES + 16), 0)
        await bench.worker.all_heard()
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"the wake worker is behind: 80 ms skipped ({times} times so far)" for times in (1, 2, 4, 8)]


async def test_a_watch_that_waits_is_not_skipped_and_sound_is_counted_up_to_it(bench: Bench) -> None:
    await held_up(bench)
    bench.worker.hear(sound(BACKLOG_SAMPLES), HOP_SAMPLES)
    bench.worker.watch(7, sound(0), 0)
    bench.worker.hear(sound(BACKLOG_SAMPLES), HOP_SAMPLES + BACKLOG_SAMPLES)
    bench.listener.may_go_on.set()
    await bench.worker.all_heard()
    assert [what for what, *_ in bench.listener.done] == ["hear", "hear", "watch", "hear"]
    assert bench.worker.skipped_samples == 0


async def test_a_worker_that_hangs_does_not_fill_the_memory(bench: Bench) -> None:
    await held_up(bench)
    bench.worker.watch(7, sound(0), 0)
    for hop in range(1, 1 + 5 * BACKLOG_SAMPLES // HOP_SAMPLES):
        bench.worker.hear(sound(), hop * HOP_SAMPLES)
    waiting = [order for order in bench.worker._orders if hasattr(order, "samples")]
    assert sum(len(order.samples) for order in waiting) <= 2 * BACKLOG_SAMPLES
    end = waiting[-1].at + len(waiting[-1].samples)
    bench.listener.may_go_on.set()
    await bench.worker.all_heard()
    *_, (_, at, samples) = bench.listener.done
    assert at + samples == end
    assert bench.worker.skipped_samples == at - HOP_SAMPLES, "each skipped sample is counted, once"


async def test_a_listener_that_fails_is_told_of(bench: Bench) -> None:
    bench.listener.hear = lambda *_: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    bench.worker.hear(sound(), 0)
    await asyncio.to_thread(bench.worker._executor.submit(int).result)
    await asyncio.sleep(0)
    assert [str(failure) for failure in bench.failures] == ["division by zero"]


async def test_what_is_asked_before_the_beginning_waits_for_it() -> None:
    bench = Bench()
    bench.worker.watch(7, sound(0), 0)
    bench.worker.begin()
    await bench.worker.all_heard()
    bench.worker.end()
    assert bench.listener.done == [("watch", 7, 0)]


async def test_what_is_asked_after_the_end_is_not_done(bench: Bench) -> None:
    bench.worker.end()
    bench.worker.hear(sound(), 0)
    assert bench.listener.done == []
