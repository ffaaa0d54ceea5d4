"""READY, STATUS and a watchdog that only audio feeds."""

from __future__ import annotations

import asyncio
import os

import pytest

from daemon.house.supervision import PINGS_PER_INTERVAL, SHORTEST_S, Supervisor


class Manager:
    """A service manager that writes down what it is told, and a clock that only it moves."""

    def __init__(self, **environ: str) -> None:
        self.told: list[str] = []
        self.slept: list[float] = []
        self.tick = asyncio.Event()
        self.supervisor = Supervisor(notify=self.told.append, environ=environ, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.tick.wait()
        self.tick.clear()

    async def pass_interval(self) -> None:
        self.tick.set()
        for _ in range(3):
            await asyncio.sleep(0)


async def test_the_watchdog_is_fed_by_audio_and_by_nothing_else() -> None:
    manager = Manager(WATCHDOG_USEC="30000000")
    task = asyncio.create_task(manager.supervisor.run())
    await asyncio.sleep(0)
    manager.supervisor.feed()
    await manager.pass_interval()
    assert manager.told == ["WATCHDOG=1"]
    await manager.pass_interval()
    await manager.pass_interval()
    assert manager.told == ["WATCHDOG=1"], "no audio, no ping"
    manager.supervisor.feed()
    await manager.pass_interval()
    assert manager.told == ["WATCHDOG=1"] * 2
    task.cancel()


async def test_what_has_arrived_and_was_not_told_yet_feeds_it_whatever_its_interval() -> None:
    """At rest the loop hears of periods every two seconds; a watchdog may want a ping more often."""
    manager = Manager(WATCHDOG_USEC="600000")
    arrived = [True, False, True]
    task = asyncio.create_task(manager.supervisor.run(lambda: arrived.pop(0) and manager.supervisor.feed()))
    await asyncio.sleep(0)
    pings = []
    while arrived:
        await manager.pass_interval()
        pings.append(len(manager.told))
    assert pings == [1, 1, 2]
    task.cancel()


async def test_a_microphone_that_is_known_to_be_away_does_not_starve_the_watchdog() -> None:
    manager = Manager(WATCHDOG_USEC="30000000")
    task = asyncio.create_task(manager.supervisor.run())
    await asyncio.sleep(0)
    manager.supervisor.microphone_lost = True
    await manager.pass_interval()
    assert manager.told == ["WATCHDOG=1"]
    manager.supervisor.microphone_lost = False
    await manager.pass_interval()
    assert manager.told == ["WATCHDOG=1"]
    task.cancel()


async def test_pings_come_oftener_than_half_the_interval() -> None:
    manager = Manager(WATCHDOG_USEC="30000000", WATCHDOG_PID=str(os.getpid()))
    task = asyncio.create_task(manager.supervisor.run())
    await asyncio.sleep(0)
    assert manager.slept == [30 / PINGS_PER_INTERVAL]
    assert PINGS_PER_INTERVAL > 2
    task.cancel()


@pytest.mark.parametrize("environ", [{}, {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}])
async def test_without_a_watchdog_of_ours_there_is_nothing_to_feed(environ: dict[str, str]) -> None:
    manager = Manager(**environ)
    manager.supervisor.feed()
    await manager.supervisor.run()
    assert manager.told == []


async def test_ready_comes_with_a_line_for_people() -> None:
    manager = Manager()
    manager.supervisor.ready('listening for "hey_jarvis"')
    manager.supervisor.status("hearing")
    manager.supervisor.stopping()
    assert manager.told == ['READY=1\nSTATUS=listening for "hey_jarvis"', "STATUS=hearing", "STOPPING=1"]


@pytest.mark.parametrize(
    "socket", ["", "relative", "/nonexistent/socket", "/", "@nobody", "x" * 200, "/" + "x" * 300, "vsock:1:1", "\udcff"]
)
async def test_a_socket_that_is_none_is_told_once_and_harms_nothing(
    socket: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", socket)
    supervisor = Supervisor(environ={})
    supervisor.ready("listening")
    supervisor.status("hearing")
    supervisor.stopping()
    assert caplog.text.count("the service manager cannot be told") == 1


@pytest.mark.parametrize("usec", ["x", "-1", "1.5", "1_000", "\u0663\u0660", "9" * 5_000, "inf", " 30"])
async def test_a_watchdog_time_that_is_none_is_told_and_not_fed(usec: str, caplog: pytest.LogCaptureFixture) -> None:
    manager = Manager(WATCHDOG_USEC=usec)
    await manager.supervisor.run()
    assert manager.told == []
    assert "WATCHDOG_USEC is no number" in caplog.text


@pytest.mark.parametrize("usec", ["", "0"])
async def test_a_watchdog_time_of_nothing_is_no_watchdog(usec: str, caplog: pytest.LogCaptureFixture) -> None:
    await Manager(WATCHDOG_USEC=usec).supervisor.run()
    assert caplog.text == ""


async def test_a_watchdog_that_is_never_satisfied_does_not_keep_the_loop_busy() -> None:
    manager = Manager(WATCHDOG_USEC="1")
    task = asyncio.create_task(manager.supervisor.run())
    await asyncio.sleep(0)
    assert manager.slept == [SHORTEST_S]
    task.cancel()


async def test_outside_systemd_it_says_nothing_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Supervisor(environ={}).ready("listening")
