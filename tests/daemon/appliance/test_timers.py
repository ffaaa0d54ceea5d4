"""Named timers on the loop's clock."""

import asyncio

from daemon.appliance.timers import Timers


async def test_timers_expire_by_name_in_the_order_of_their_times() -> None:
    expired: list[str] = []
    all_expired = asyncio.Event()

    def note(name: str) -> None:
        expired.append(name)
        if len(expired) == 2:
            all_expired.set()

    timers = Timers(note)
    timers.start("late", 0.002)
    timers.start("soon", 0.001)
    async with asyncio.timeout(60):
        await all_expired.wait()
    assert expired == ["soon", "late"]


async def test_a_timer_started_anew_expires_once_and_a_stopped_one_never() -> None:
    expired: list[str] = []
    done = asyncio.Event()
    timers = Timers(lambda name: (expired.append(name), done.set() if name == "end" else None))
    timers.start("again", 0.0)
    timers.start("again", 0.001)
    timers.start("stopped", 0.0)
    timers.stop("stopped")
    timers.stop("never started")
    timers.start("end", 0.005)
    async with asyncio.timeout(60):
        await done.wait()
    assert expired == ["again", "end"]


async def test_stopping_all_stops_all() -> None:
    expired: list[str] = []
    timers = Timers(expired.append)
    for name in ("a", "b", "c"):
        timers.start(name, 0.0)
    timers.stop_all()
    await asyncio.sleep(0.001)
    assert expired == []
