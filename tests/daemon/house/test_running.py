"""The service as the service manager sees it: ready when it hears, alive while it hears, safe when it ends."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import Sensors
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    MicrophoneLost,
    MicrophoneRestored,
    SoundReturned,
    SoundVanished,
    SpeakerLost,
    SpeakerRestored,
    WakeWordDetected,
)
from daemon.errors import HardwareError
from daemon.hearing.return_loss import FIXES, NOT_MEASURED
from daemon.house import running
from daemon.house.equipment import Drivers
from daemon.house.health import Health
from daemon.house.household import store_of
from daemon.house.running import StatusLine, run
from daemon.house.settings import Settings
from daemon.house.supervision import Supervisor
from daemon.house.wiring import Wiring
from daemon.sound.echo.echo_path import EchoPath
from daemon.speech.making import speaker_format
from daemon.tools.tool import Toolbox
from hardware.base import CaptureCounters, PcmFormat
from hardware.fake import RecordingSpeaker, WavMicrophone
from hardware.header.output import GpioOutput
from tests.daemon.abilities.inputs.entrance import table
from tests.daemon.appliance.test_appliance import DeafListener
from tests.hardware.kernel.tree import thermometer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.speech.settings import SpeakerSettings

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)
DEADLINE_S = 60.0


class Ticks:
    """The supervisor's sleep, which ends when a test says so."""

    def __init__(self) -> None:
        self._asleep = asyncio.Event()
        self._wake = asyncio.Event()

    async def sleep(self, _: float) -> None:
        self._asleep.set()
        await self._wake.wait()
        self._wake.clear()

    async def tick(self) -> None:
        """Returns when the supervisor has done what it does, and sleeps again."""
        await self._asleep.wait()
        self._asleep.clear()
        self._wake.set()
        await self._asleep.wait()


class HandFed(WavMicrophone):
    """A microphone that hears so many periods as a test gives it."""

    def __init__(self) -> None:
        super().__init__(b"", FORMAT)
        self._given: asyncio.Queue[bytes | OSError] = asyncio.Queue()

    async def give(self, periods: int) -> None:
        """Returns when the last of them has been dealt with."""
        for _ in range(periods):
            self._given.put_nowait(bytes(FORMAT.period_bytes))
        await self._given.join()

    def fail(self) -> None:
        self._given.put_nowait(OSError("no such device"))

    async def periods(self) -> AsyncIterator[bytes]:
        while True:
            period = await self._given.get()
            if isinstance(period, OSError):
                raise period
            yield period
            self._given.task_done()


@dataclass
class Manager:
    """A service manager, and what it was told."""

    told: list[str] = field(default_factory=list)
    ticks: Ticks = field(default_factory=Ticks)
    microphone: HandFed = field(default_factory=HandFed)
    speakers: list[RecordingSpeaker] = field(default_factory=list)
    environ: dict[str, str] | None = None
    echo: EchoPath | None = None

    def __post_init__(self) -> None:
        self._news = asyncio.Event()
        self.supervisor = Supervisor(notify=self._notify, environ={"WATCHDOG_USEC": "30000000"}, sleep=self.ticks.sleep)

    def _notify(self, message: str) -> None:
        self.told += message.splitlines()
        self._news.set()

    async def until_told(self, line: str) -> None:
        while line not in self.told:
            self._news.clear()
            await self._news.wait()

    def pings(self) -> int:
        return self.told.count("WATCHDOG=1")

    async def run(self, settings: Settings) -> None:
        drivers = Drivers(microphone=lambda _: self.microphone, speaker=lambda speaker: partial(self._make, speaker))
        if self.environ is not None:
            drivers = replace(drivers, environ=self.environ, echo=lambda _mic, _speaker: self.echo)
        await run(settings, self.supervisor, drivers)

    def _make(self, speaker: SpeakerSettings, source: Any) -> RecordingSpeaker:
        self.speakers.append(RecordingSpeaker(speaker_format(speaker), source))
        return self.speakers[0]


@pytest.fixture
def settings(models: Path) -> Settings:
    return Settings.model_validate(
        {
            "wake": {"models": ["alexa", "hey_jarvis"], "models_dir": str(models)},
            "offline": {"use": "never"},
            "gpio": {"factory": "mock"},
            "device": [
                {"name": "lamp", "kind": "led", "pin": 17},
                {"name": "valve", "kind": "relay", "pin": 27, "active": "low"},
            ],
        }
    )


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[tuple[Manager, asyncio.Task[None]]]:
    """The running service; stopped as SIGTERM stops it."""
    manager = Manager()
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        task = group.create_task(manager.run(settings))
        yield manager, task
        task.cancel()


def claimed_outputs() -> dict[str, GpioOutput]:
    """The outputs of the running service, which keeps them to itself."""
    return {it.name: it for it in gc.get_objects() if isinstance(it, GpioOutput) and not it._device.closed}


async def test_the_levels_of_the_boards_are_set_at_each_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(running, "set_board_levels", lambda *devices: asked.append(devices))
    microphone = settings.microphone.model_copy(update={"device": "plughw:CARD=Mic"})
    for _ in range(2):
        async with service(settings.model_copy(update={"microphone": microphone})) as (manager, _):
            await manager.microphone.give(1)
    assert asked == [("plughw:CARD=Mic", "default")] * 2


async def test_it_is_ready_when_the_first_audio_was_judged_and_not_before(settings: Settings) -> None:
    async with service(settings) as (manager, _):
        await manager.microphone.give(3)  # 60 ms: too little to be judged
        await manager.ticks.tick()
        assert manager.told == ["WATCHDOG=1"]
        await manager.microphone.give(1)
        await manager.until_told('STATUS=listening for "alexa" or "hey_jarvis"')
        assert manager.told == ["WATCHDOG=1", "READY=1", 'STATUS=listening for "alexa" or "hey_jarvis"']


async def test_the_watchdog_is_fed_by_periods_alone(settings: Settings) -> None:
    async with service(settings) as (manager, _):
        for expected, periods in enumerate([1, 5, 1], start=1):
            await manager.microphone.give(periods)
            await manager.ticks.tick()
            assert manager.pings() == expected
        await manager.ticks.tick()
        assert manager.pings() == 3, "nothing was heard since the last ping"


async def test_a_voice_that_was_never_measured_interrupts_nothing_and_the_status_says_so(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listening = settings.listening.model_copy(update={"barge_in": "voice"})
    manager = Manager(environ={"STATE_DIRECTORY": str(tmp_path)}, echo=EchoPath(FORMAT, lambda: 0.0, by_board=True))
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        task = group.create_task(manager.run(settings.model_copy(update={"listening": listening})))
        await manager.microphone.give(1)
        manager.microphone.unplug()
        assert manager.told == [f"STATUS=failed; {NOT_MEASURED}; the microphone is gone"]
        task.cancel()
    assert [record.getMessage() for record in caplog.records].count(f"{NOT_MEASURED} ({FIXES[NOT_MEASURED]})") == 1


async def test_a_lost_microphone_is_told_and_no_reason_for_a_restart(settings: Settings) -> None:
    async with service(settings) as (manager, _):
        await manager.microphone.give(1)
        manager.microphone.unplug()
        assert manager.told == ["STATUS=failed; the microphone is gone"]
        await manager.ticks.tick()
        await manager.ticks.tick()
        assert manager.pings() == 2
        assert manager.microphone.on_restored
        manager.microphone.on_restored()
        assert manager.told[-1] == "STATUS=idle"
        await manager.ticks.tick()
        assert manager.pings() == 2, "audio alone counts again"


async def test_a_stop_ends_it_with_every_output_safe(settings: Settings) -> None:
    async with service(settings) as (manager, task):
        await manager.microphone.give(4)
        await manager.until_told("READY=1")
        outputs = claimed_outputs()
        pins = {name: output._device.pin for name, output in outputs.items()}
        for name, output in outputs.items():
            output.switch(True)
            pins[name].clear_states()
    assert task.cancelled()
    after = {name: [bool(entry.state) for entry in pin.states] for name, pin in pins.items()}
    assert after["lamp"][:2] == [True, False]
    assert after["valve"][:2] == [False, True], "active low: off is high"
    assert {pin.function for pin in pins.values()} == {"input"}, "released"


async def test_a_microphone_that_fails_is_raised_and_ends_it(settings: Settings) -> None:
    manager = Manager()
    manager.microphone.fail()
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(ExceptionGroup) as failure:
            await manager.run(settings)
    assert failure.group_contains(OSError, match="no such device")


def test_the_status_follows_the_light_and_is_said_once() -> None:
    told: list[str] = []
    supervisor, conversation = Supervisor(notify=told.append, environ={}), Conversation()
    line = StatusLine(supervisor, Health(CaptureCounters()))
    for event in (WakeWordDetected("x", 0), WakeWordDetected("x", 9), MicrophoneLost(), MicrophoneRestored()):
        line.happened(event, conversation.handle(event), conversation.situation)
        assert supervisor.microphone_lost is isinstance(event, MicrophoneLost)
    assert told == ["STATUS=listening", "STATUS=failed; the microphone is gone", "STATUS=idle"]


def test_what_is_wrong_stands_in_the_status_beside_what_it_does() -> None:
    told: list[str] = []
    conversation, now = Conversation(), 0.0
    counters = CaptureCounters()
    line = StatusLine(Supervisor(notify=told.append, environ={}), Health(counters, lambda: now))
    for event in (SoundVanished(), SpeakerLost(), SoundReturned(), SpeakerRestored()):
        line.happened(event, conversation.handle(event), conversation.situation)
    counters.xruns = 2
    now = 60.0
    line.captured(np.zeros(320, np.int16))
    figures = (
        "microphone: 1 periods, 1 of zeros, 2 xruns, 0 dropped, reopened 0 times, level -99 dBFS; "
        "speaker: 0 xruns, reopened 0 times, replies waited 0 times"
    )
    zeros, gone = "the microphone delivers nothing but zeros", "the speaker is gone"
    assert told == [
        f"STATUS=idle; {zeros}",
        f"STATUS=failed; {zeros}; {gone}",
        f"STATUS=failed; {gone}",
        "STATUS=idle",
        f"STATUS=idle; {figures}",
    ]


async def test_a_sensor_that_fails_stands_in_the_status_until_it_is_well_again(tmp_path: Path) -> None:
    told: list[str] = []
    now, conversation = 0.0, Conversation()
    sensors = Sensors([table(name="garden", kind="ds18b20", pin=None)], Source(tmp_path), lambda: now)
    line = StatusLine(Supervisor(notify=told.append, environ={}), Health(CaptureCounters()))
    assert line.over(Wiring(toolbox=Toolbox(()), sensors=sensors), DeafListener()) == [line]
    line.happened(SpeakerRestored(), (), conversation.situation)
    with pytest.raises(HardwareError):
        await sensors.read("garden")
    thermometer(tmp_path, "21500\n")
    now = 60.0
    await sensors.read("garden")
    assert told == ["STATUS=idle", 'STATUS=idle; "garden" is not there', "STATUS=idle"]


async def test_a_state_that_cannot_be_used_costs_the_memory_and_not_the_appliance(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A full card, a folder that is gone, a file of a newer release after a rollback."""
    async with store_of(tmp_path / "none" / "pipit.db") as store:
        assert store.rows("SELECT handle FROM resumption") == []
    assert "nothing will be remembered over a restart" in caplog.text
    assert "none/pipit.db" in caplog.text
