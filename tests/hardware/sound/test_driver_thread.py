import asyncio
import threading

import pytest

from hardware.sound import driver_thread
from hardware.sound.driver_thread import DriverThread


async def test_runs_from_the_beginning_to_the_end_of_the_block():
    happened = []

    def body() -> None:
        happened.append(threading.current_thread().name)
        while not thread.stopping:
            thread.pause(3600)
        happened.append("stopped")

    thread = DriverThread("test", body)
    async with asyncio.timeout(60), thread:
        pass
    assert happened == ["test", "stopped"]


async def test_calls_back_in_the_loops_thread():
    called: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def body() -> None:
        thread.post(lambda: called.set_result(threading.current_thread().name))
        while not thread.stopping:
            thread.pause(3600)

    thread = DriverThread("test", body)
    async with thread:
        assert await asyncio.wait_for(called, 60) == threading.main_thread().name


async def test_after_the_end_nothing_is_called_back():
    called = []

    def body() -> None:
        while not thread.stopping:
            thread.pause(3600)
        thread.post(lambda: called.append("late"))

    thread = DriverThread("test", body)
    async with thread:
        pass
    await asyncio.sleep(0)
    assert called == []


async def test_a_fault_ends_the_block_and_is_what_the_block_raises():
    def body() -> None:
        raise LookupError("fault")

    with pytest.raises(ExceptionGroup) as caught:
        async with DriverThread("test", body):
            await asyncio.sleep(10)
    assert [str(error) for error in caught.value.exceptions] == ["fault"]


async def test_a_fault_at_the_end_is_not_lost():
    def body() -> None:
        while not thread.stopping:
            thread.pause(3600)
        raise LookupError("fault while closing")

    thread = DriverThread("test", body)
    with pytest.raises(ExceptionGroup) as caught:
        async with thread:
            pass
    assert [str(error) for error in caught.value.exceptions] == ["fault while closing"]


async def test_an_error_of_the_block_stays_as_it_is():
    def body() -> None:
        while not thread.stopping:
            thread.pause(3600)

    thread = DriverThread("test", body)
    with pytest.raises(LookupError):
        async with thread:
            raise LookupError


async def test_a_nudge_ends_a_pause():
    paused, went_on = threading.Event(), threading.Event()

    def body() -> None:
        paused.set()
        thread.pause(3600)
        went_on.set()
        while not thread.stopping:
            thread.pause(3600)

    thread = DriverThread("test", body)
    async with thread:
        assert await asyncio.to_thread(paused.wait, 10)
        assert not went_on.is_set()
        thread.nudge()
        assert await asyncio.to_thread(went_on.wait, 10)


async def test_a_thread_that_hangs_is_left_behind_and_may_end_later(monkeypatch, caplog):
    monkeypatch.setattr(driver_thread, "STOP_DEADLINE_S", 0.01)
    release = threading.Event()
    running: list[threading.Thread] = []

    def body() -> None:
        running.append(threading.current_thread())
        release.wait(10)

    async with asyncio.timeout(60), DriverThread("test", body):
        pass
    assert "the test thread did not end within 0.01 s" in caplog.text
    caplog.clear()
    release.set()
    await asyncio.to_thread(running[0].join, 10)
    await asyncio.sleep(0)
    assert caplog.text == ""
