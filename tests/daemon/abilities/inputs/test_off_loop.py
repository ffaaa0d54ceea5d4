"""What blocks has a thread of its own, and keeps nobody when it hangs."""

from __future__ import annotations

import asyncio
import threading

import pytest

from daemon.abilities.inputs.off_loop import in_a_thread


async def test_its_result_or_what_it_raised_comes_to_the_loop() -> None:
    assert await in_a_thread(threading.current_thread, "sensor") is not threading.current_thread()

    def fails() -> None:
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await in_a_thread(fails, "sensor")


async def test_one_that_hangs_keeps_nobody_and_its_result_comes_too_late() -> None:
    may_end = threading.Event()
    future = in_a_thread(may_end.wait, "hanging sensor")
    [thread] = [thread for thread in threading.enumerate() if thread.name == "hanging sensor"]
    assert thread.daemon
    future.cancel()
    may_end.set()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    assert future.cancelled()


def test_after_the_loop_has_closed_nothing_is_told() -> None:
    may_end, failed = threading.Event(), list[object]()

    async def begin() -> threading.Thread:
        in_a_thread(may_end.wait, "late sensor")
        return next(thread for thread in threading.enumerate() if thread.name == "late sensor")

    before, threading.excepthook = threading.excepthook, failed.append
    try:
        thread = asyncio.run(begin())
        may_end.set()
        thread.join()
    finally:
        threading.excepthook = before
    assert failed == []
