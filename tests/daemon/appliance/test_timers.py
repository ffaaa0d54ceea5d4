"""Timers on the loop's clock."""

import asyncio

from daemon.appliance.timers import Timers
from daemon.conversation.clocks import Timer


async def test_timers_expire_in_the_order_of_their_times() -> None:
    expired: list[Timer] = []
    all_expired = asyncio.Event()

    def note(timer: Timer) -> None:
        expired.append(timer)
        if len(expired) == 2:
            all_expired.set()

    timers = Timers(note)
    timers.start(Timer.HEARING, 0.002)
    timers.start(Timer.LISTENING, 0.001)
    async with asyncio.timeout(60):
        await all_expired.wait()
    assert expired == [Timer.LISTENING, Timer.HEARING]


async def test_a_timer_started_anew_expires_once_and_a_stopped_one_never() -> None:
    expired: list[Timer] = []
    done = asyncio.Event()
    timers = Timers(lambda timer: (expired.append(timer), done.set() if timer is Timer.SPEAKING else None))
    timers.start(Timer.LISTENING, 0.0)
    timers.start(Timer.LISTENING, 0.001)
    timers.start(Timer.HEARING, 0.0)
    timers.stop(Timer.HEARING)
    timers.stop(Timer.THINKING)
    timers.start(Timer.SPEAKING, 0.005)
    async with asyncio.timeout(60):
        await done.wait()
    assert expired == [Timer.LISTENING, Timer.SPEAKING]


async def test_stopping_all_stops_all() -> None:
    expired: list[Timer] = []
    timers = Timers(expired.append)
    for timer in Timer:
        timers.start(timer, 0.0)
    timers.stop_all()
    await asyncio.sleep(0.001)
    assert expired == []
