"""`pipit run` as systemd runs it: a process of its own, real alsa-lib on virtual cards, a notification socket."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.daemon.processes import run_module

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator
    from pathlib import Path

PATIENCE_S = 60.0

QUIET_CARD = """
pcm.nothing { type null }
pcm.quiet { type file slave.pcm "nothing" file "/dev/null" infile "/dev/zero" format "raw" }
pcm.absent { type hw card "none" }
"""
"""A card that gives zeros and takes everything, as fast as it is asked: alsa-lib's own.

Its `null` alone gives what was in memory (findings/alsa-null-card-gives-what-was-in-memory.sh).
"""


@dataclass
class Service:
    """The running process and what it told its manager."""

    number: int
    end: asyncio.Task[subprocess.CompletedProcess[str]]
    socket: socket.socket
    told: list[str] = field(default_factory=list)

    def send_signal(self, number: int) -> None:
        os.kill(self.number, number)

    async def until_told(self, line: str) -> None:
        """Wait for a line that begins so."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(told.startswith(line) for told in self.told):
                message = await asyncio.get_running_loop().sock_recv(self.socket, 4096)
                self.told += message.decode().splitlines()

    async def ended(self) -> tuple[int, str]:
        """The exit status and what it wrote."""
        async with asyncio.timeout(PATIENCE_S):
            done = await asyncio.shield(self.end)
        return done.returncode, done.stderr


@asynccontextmanager
async def service(folder: Path, settings: str, **environ: str) -> AsyncIterator[Service]:
    """`pipit run` with these settings; killed at the end if it still runs."""
    (folder / "pipit.toml").write_text(settings)
    (folder / "asound.conf").write_text(QUIET_CARD)
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(folder / "notify"))
    manager.setblocking(False)
    environ |= {
        "NOTIFY_SOCKET": str(folder / "notify"),
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder / 'asound.conf'}",
    }
    loop = asyncio.get_running_loop()
    started: asyncio.Future[int] = loop.create_future()

    def run() -> subprocess.CompletedProcess[str]:
        return run_module(
            *("daemon", "run", "--settings", str(folder / "pipit.toml")),
            environ=environ,
            on_start=lambda number: loop.call_soon_threadsafe(started.set_result, number),
        )

    end = asyncio.create_task(asyncio.to_thread(run))
    number = await started
    try:
        yield Service(number, end, manager)
    finally:
        if not end.done():
            os.kill(number, signal.SIGKILL)
            await end
        manager.close()


@pytest.fixture
def settings(models: Path) -> str:
    return f"""
[microphone]
device = "quiet"
[speaker]
device = "quiet"
[wake]
models_dir = "{models}"
[gpio]
factory = "mock"
[[device]]
name = "lamp"
kind = "led"
pin = 17
"""


async def test_it_is_ready_when_it_hears_and_feeds_the_watchdog_with_what_it_hears(
    tmp_path: Path, settings: str
) -> None:
    async with service(tmp_path, settings, WATCHDOG_USEC="300000") as pipit:
        await pipit.until_told("READY=1")
        await pipit.until_told('STATUS=listening for "hey_jarvis"')
        await pipit.until_told("WATCHDOG=1")
        assert pipit.told.index("READY=1") < pipit.told.index("WATCHDOG=1") or "WATCHDOG=1" in pipit.told
        pipit.send_signal(signal.SIGTERM)
        await pipit.until_told("STOPPING=1")
        status, errors = await pipit.ended()
        assert status == 0, errors


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
async def test_it_stops_in_order_whatever_ends_it_and_lives_on_after_what_means_nothing(
    tmp_path: Path, settings: str, number: int
) -> None:
    async with service(tmp_path, settings, WATCHDOG_USEC="300000") as pipit:
        await pipit.until_told("READY=1")
        for stray in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGRTMIN):
            pipit.send_signal(stray)
        pipit.told.clear()
        await pipit.until_told("WATCHDOG=1")
        pipit.send_signal(number)
        pipit.send_signal(number)
        await pipit.until_told("STOPPING=1")
        status, errors = await pipit.ended()
        assert status == 0, errors


async def test_a_microphone_of_zeros_stands_in_the_status_and_once_in_the_journal(
    tmp_path: Path, settings: str
) -> None:
    async with service(tmp_path, settings) as pipit:
        await pipit.until_told("STATUS=idle; the microphone delivers nothing but zeros")
        pipit.send_signal(signal.SIGTERM)
        status, errors = await pipit.ended()
    assert status == 0, errors
    assert errors.count("the microphone delivers no sound, only zeros") == 1


async def test_wrong_settings_end_with_78_and_every_problem(tmp_path: Path, settings: str) -> None:
    wrong = settings.replace("pin = 17", "pin = 18").replace("[gpio]", "[gpi]")
    async with service(tmp_path, wrong) as pipit:
        status, errors = await pipit.ended()
    assert status == 78
    assert "pipit.toml:8: gpi: " in errors
    assert "pin = 18" in wrong
    assert "I2S" in errors


FAULTS = [
    pytest.param('device = "quiet"', 'device = "plughw:CARD=none"', 66, "plughw:CARD=none", id="no microphone"),
    pytest.param("[wake]", '[wake]\nmodels = ["hey_jarvs"]', 66, "hey_jarvis", id="unknown wake word"),
    pytest.param('factory = "mock"', 'factory = "auto"', None, "lgpio", id="no pins"),
]


@pytest.mark.parametrize(("good", "bad", "expected", "culprit"), FAULTS)
async def test_a_part_that_cannot_be_used_ends_it_with_one_sentence(
    tmp_path: Path, settings: str, good: str, bad: str, expected: int | None, culprit: str
) -> None:
    async with service(tmp_path, settings.replace(good, bad, 1)) as pipit:
        status, errors = await pipit.ended()
    assert status not in {0, 1}
    assert expected is None or status == expected
    last = errors.strip().splitlines()[-1]
    assert last.startswith("pipit: ")
    assert culprit in errors
    assert "Fix: " in last
    assert "Traceback" not in errors
    assert not any(told.startswith("READY") for told in pipit.told)
