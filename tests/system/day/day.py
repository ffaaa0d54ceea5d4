"""A day: the service, and the appliance before it, started anew for each shift with other settings."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.house.equipment import Drivers
from daemon.house.household import household
from daemon.house.manners import rules_of
from daemon.house.settings import Settings
from daemon.sentences.book import Book
from daemon.state.store import FILE
from daemon.tools.tool import Tool, Toolbox
from hardware.fake import FakeButton, RecordingIndicator
from tests.system.day.brain import DayBrain
from tests.system.day.cards import PERIOD_MS, Cards, RestingMicrophone
from tests.system.day.loop import SimulatedLoop, SingleThreadedLoop
from tests.system.day.overseer import Chronicle, Overseer
from tests.system.day.people import People
from tests.system.day.plan import REST_S
from tests.system.day.service import NOTICE_S, Service
from tests.system.day.speech import ears

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from tests.system.day.plan import Line, Scene, Shift

MORNING: Final = 1_700_000_000.0
"""The wall clock at the beginning of the day."""


@dataclass
class Report:
    """What a day was."""

    seed: int
    planned: int
    """Conversations."""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    tally: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.tally.items()))
        return f"day of seed {self.seed}: {self.seconds:.1f} s, of which CPU {self.cpu_seconds:.1f} s; {counts}"

    def failure(self) -> str:
        """What happened last, what is wrong with it, and how to see it again."""
        variables = f"PIPIT_DAY_SEED={self.seed} PIPIT_DAY_CONVERSATIONS={self.planned}"
        again = f"{variables} .venv/bin/python -m pytest tests/system/test_simulated_day.py -s"
        return "\n".join(("", *self.lines, "", *self.complaints, str(self), f"again: {again}"))


def live_through(seed: int, shifts: Sequence[Shift], folder: Path, certificates: Path) -> Report:
    """The whole day, or as much of it as passed before the first complaint."""
    report = Report(seed, sum(len(shift.scenes) for shift in shifts))
    began, cpu_began = time.monotonic(), time.process_time()
    with _same_chances(seed), asyncio.Runner(loop_factory=SingleThreadedLoop) as runner:
        chronicle = Chronicle(runner.get_loop().time)
        runner.run(_Day(seed, shifts, folder, certificates, report, chronicle).run())
    report.seconds, report.cpu_seconds = time.monotonic() - began, time.process_time() - cpu_began
    return report


class _Day:
    def __init__(
        self,
        seed: int,
        shifts: Sequence[Shift],
        folder: Path,
        certificates: Path,
        report: Report,
        chronicle: Chronicle,
    ) -> None:
        self._seed = seed
        self._shifts = shifts
        self._folder = folder
        self._certificates = certificates
        self._report = report
        self._chronicle = chronicle

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        lines = {line.number: line for shift in self._shifts for line in _lines(shift.scenes)}
        tally = self._report.tally
        with _logged(self._chronicle):
            in_parts = any(shift.listening.get("eager") for shift in self._shifts)
            self._brain = DayBrain(lines, tally, self._complain, in_parts=in_parts)
            async with Service(self._brain, self._certificates, tally, self._complain) as self._service:
                for shift in self._shifts:
                    if not self._chronicle.complaints:
                        await self._work(shift)
                await asyncio.sleep(2 * NOTICE_S)
                if left := self._service.sessions:
                    self._complain(f"the service still has the sessions {left}")
            self._leave_nothing_behind()
        self._report.complaints = self._chronicle.complaints
        self._report.lines = list(self._chronicle.lines)

    def _complain(self, text: str) -> None:
        self._chronicle.complain(text)

    async def _work(self, shift: Shift) -> None:
        """One run of the daemon; it finds the state that the one before has left."""
        settings = self._settings(shift)
        cards = Cards(RestingMicrophone(self._seed), FakeButton())
        overseer = Overseer(rules_of(settings), self._service, self._complain)
        own = household(
            settings, self._drivers(cards), self._folder / FILE, look_on=lambda *_: [overseer], toolbox=toolbox()
        )
        async with own as house, asyncio.TaskGroup() as group:
            await house.announcements.prepare(_speak, Book.of(settings.household.language))
            self._service.at_rest = lambda: overseer.at_rest
            overseer.on_news = lambda: cards.stir(awake=not overseer.at_rest)
            people = People(house.appliance, cards, overseer, self._service, self._brain, self._complain)
            living = group.create_task(house.appliance.run())
            await asyncio.sleep(0)
            for scene in shift.scenes:
                await self._play(scene, people)
                if self._chronicle.complaints:
                    break
            living.cancel()
            overseer.stop()
        if self._service.connections:
            self._complain("a connection is open after the daemon has stopped")
        self._report.tally["starts of the daemon"] += 1

    def _drivers(self, cards: Cards) -> Drivers:
        """Cards and ears of ours, and the clock of the day."""
        return Drivers(
            microphone=lambda _: cards.microphone,  # type: ignore[arg-type, return-value]
            speaker=lambda _: cards.make_speaker,  # type: ignore[arg-type, return-value]
            listener=lambda _, listening: ears(listening),
            button=cards.button,
            indicator=RecordingIndicator(),
            wall=lambda: MORNING + self._loop.time(),
            environ={"GEMINI_API_KEY": "test-key"},
        )

    async def _play(self, scene: Scene, people: People) -> None:
        await asyncio.sleep(max(REST_S, scene.at_s - self._loop.time()))
        self._chronicle.note(f"{scene}: {scene.trouble}")
        try:
            await people.live(scene)
        except AssertionError as error:
            self._complain(f"{scene}: {error}")
        self._report.tally["conversations"] += 1
        self._report.tally["turns"] += len(scene.turns)
        self._report.tally["failures told"] += len(people.told)

    def _settings(self, shift: Shift) -> Settings:
        server = self._service.server
        return Settings.model_validate(
            {
                "listening": shift.listening,
                "offline": {"use": "never"},
                "microphone": {"period_ms": PERIOD_MS},
                "speaker": {"volume": 1.0, "period_ms": PERIOD_MS},
                "live": {
                    "endpoint": server.url,
                    "ca_file": str(server.ca_file),
                    "context": {"resume_h": shift.resume_h},
                },
            }
        )

    def _leave_nothing_behind(self) -> None:
        assert isinstance(self._loop, SimulatedLoop)
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            self._complain(f"tasks are left: {tasks}")
        if self._loop.jobs or self._loop.open_sockets:
            self._complain(f"{self._loop.jobs} jobs and {self._loop.open_sockets} sockets are left")


def _lines(scenes: Sequence[Scene]) -> Iterator[Line]:
    for scene in scenes:
        yield from (ask.line for ask in scene.turns if ask.line)


async def _speak(sentence: str) -> Samples:
    return np.full(len(sentence) * 400, 77, np.int16)


def toolbox() -> Toolbox:
    """What the model may call."""

    async def note(word: str) -> dict[str, Any]:
        """Answer at once."""
        return {"ok": True, "word": word}

    async def dawdle(seconds: float) -> dict[str, Any]:
        """Answer after a while."""
        await asyncio.sleep(seconds)
        return {"ok": True}

    return Toolbox([Tool.of(note), Tool.of(dawdle)])


class _Notes(logging.Handler):
    def __init__(self, chronicle: Chronicle) -> None:
        super().__init__()
        self._chronicle = chronicle

    def emit(self, record: logging.LogRecord) -> None:
        self._chronicle.note(f"{record.name.removeprefix('daemon.')}: {record.getMessage()}")


@contextmanager
def _same_chances(seed: int) -> Iterator[None]:
    """The jitter of `daemon.live.redial`, too, comes from the seed."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


@contextmanager
def _logged(chronicle: Chronicle) -> Iterator[None]:
    """The daemon's journal goes into the chronicle."""
    logger = logging.getLogger("daemon")
    handler = _Notes(chronicle)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
