"""One client beside the scripted server: what it said, what the server saw, and what it took."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import AbortSocket, ConnectionFaults, Wait
from daemon.offline.service.server_options import Delivery
from daemon.offline.wire.protocol import ActivityEnd, AudioChunk
from tests.benchmarks.peers.arrived import share_arrived

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.offline.wire.records import SessionRecord
    from daemon.sound.pcm import Samples
    from tests.benchmarks.peers.recording import Recording

ROOT: Final = Path(__file__).parents[3]
THINKING_MS: Final = 600
REPLY_S: Final = 3.0
REOPENING_MS: Final = 1000
"""How long a session takes to open after one was lost."""
LOOK_S: Final = 0.25
STARTING_S: Final = 90.0
TURN_S: Final = 5.0
"""What comes so long after a request belongs to it."""


class ClientEnded(Exception):
    """It has no more to tell."""


@dataclass
class Run:
    """Moments are of CLOCK_MONOTONIC; `usage` is (moment, CPU seconds so far, resident MB)."""

    begun_s: float = 0.0
    sounds_s: list[float] = field(default_factory=list)
    silences_s: list[float] = field(default_factory=list)
    usage: list[tuple[float, float, float]] = field(default_factory=list)
    sessions: list[SessionRecord] = field(default_factory=list)

    def cpu_s_a_minute(self, part_s: tuple[float, float]) -> float:
        moments, used, _ = zip(*self.usage, strict=True)
        begin, end = np.interp([self.begun_s + part_s[0], self.begun_s + part_s[1]], moments, used)
        return float(end - begin) / (part_s[1] - part_s[0]) * 60

    def resident_mb(self, part_s: tuple[float, float]) -> float:
        """At most."""
        begin, end = (self.begun_s + moment for moment in part_s)
        return max(mb for moment, _, mb in self.usage if begin <= moment <= end)

    def activity_ends_ms(self, ends_s: Sequence[float]) -> list[float]:
        """From the last sound of each request to its `activityEnd` at the server; of those that have one."""
        arrived = [item.at_s for s in self.sessions for item in s.received if isinstance(item.message, ActivityEnd)]
        return self._after(ends_s, arrived)

    def replies_ms(self, ends_s: Sequence[float]) -> list[float]:
        """From the last sound of each request to when the server began to think of it."""
        return [ms - THINKING_MS for ms in self._after(ends_s, self._replies_s())]

    def sounds_after_ms(self) -> list[float]:
        """From the first message of each reply to its first sample at the speaker."""
        begun = [s for last, s in zip([0.0, *self._replies_s()], self._replies_s(), strict=False) if s - last > 1]
        return [1e3 * (min(later) - s) for s in begun if (later := [x for x in self.sounds_s if 0 <= x - s < TURN_S])]

    def silences_after_ms(self, begins_s: Sequence[float]) -> list[float]:
        """From the first sound of words into a reply to the end of that reply."""
        return self._after(begins_s, self.silences_s)

    def arrived(self, heard: Recording) -> list[float]:
        """How much of each request came through at which the link was lost, 0 to 1."""
        sounds = [(begin, self._sound_between(begin, begin + TURN_S)) for begin in heard.lost_s]
        return [share_arrived(heard.command_of(begin), sound) for begin, sound in sounds]

    def _sound_between(self, begin_s: float, end_s: float) -> Samples:
        items = [i for s in self.sessions for i in s.received if isinstance(i.message, AudioChunk)]
        chunks = [i.message.data for i in items if begin_s <= i.at_s - self.begun_s <= end_s]  # type: ignore[union-attr]
        return np.frombuffer(b"".join(chunks), np.int16)

    def sent_s(self, part_s: tuple[float, float]) -> float:
        """Seconds of sound that arrived at the server in this part."""
        begin, end = (self.begun_s + moment for moment in part_s)
        chunks = [(item.at_s, item.message) for s in self.sessions for item in s.received]
        sent = [m.data for at_s, m in chunks if isinstance(m, AudioChunk) and begin <= at_s <= end]
        return sum(map(len, sent)) / 32_000

    def _replies_s(self) -> list[float]:
        return sorted(sent.at_s for s in self.sessions for sent in s.sent if "inlineData" in str(sent.message)[:300])

    def _after(self, ends_s: Sequence[float], moments_s: Sequence[float]) -> list[float]:
        ends = [self.begun_s + end for end in ends_s]
        firsts = [min((m for m in moments_s if 0 <= m - end < TURN_S), default=None) for end in ends]
        return [1e3 * (first - end) for first, end in zip(firsts, ends, strict=True) if first is not None]


async def run_beside_server(command: Callable[[LiveServer, Path], list[str]], heard: Recording, folder: Path) -> Run:
    """Run what `command` makes of the server and a folder until the recording is over, or the client gives up."""
    brain = ScriptedBrain(Scenario(turns=[[Wait(THINKING_MS), Say("Done.", tone_s=REPLY_S)]] * 500))
    delivery, run = Delivery(realtime=True, lead_ms=400), Run()
    losing = asyncio.Event()

    def faults(_: int) -> ConnectionFaults:
        return ConnectionFaults(setup_delay_ms=REOPENING_MS if losing.is_set() else 0)

    async with LiveServer(brain, certificate_dir=folder, delivery=delivery, faults=faults, record=True) as server:
        process = await _started(command(server, folder), server)
        try:
            async with asyncio.timeout(STARTING_S):
                while not run.begun_s:
                    await _note(process, run)
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(_read(process, run))
                cutting = group.create_task(_cut(server, heard, run, losing))
                await _watch(process, run, len(heard.samples) / 16_000 + 1)
                for task in (reading, cutting):
                    task.cancel()
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        run.sessions = server.sessions
    return run


async def _started(command: list[str], server: LiveServer) -> asyncio.subprocess.Process:
    environment = {**os.environ, "GEMINI_API_KEY": "any", "SSL_CERT_FILE": str(server.ca_file), "HF_HUB_OFFLINE": "1"}
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE)


async def _watch(process: asyncio.subprocess.Process, run: Run, seconds: float) -> None:
    for _ in range(round(seconds / LOOK_S)):
        if process.returncode is None:
            run.usage.append(_usage(process.pid))
        await asyncio.sleep(LOOK_S)


async def _cut(server: LiveServer, heard: Recording, run: Run, losing: asyncio.Event) -> None:
    """Lose every session when a request begins that is to be said into a lost link."""
    for begin_s in heard.lost_s:
        await asyncio.sleep(run.begun_s + begin_s - asyncio.get_running_loop().time())
        losing.set()
        await server.hang_up(AbortSocket())


async def _note(process: asyncio.subprocess.Process, run: Run) -> None:
    assert process.stdout
    line = await process.stdout.readline()
    if not line:
        raise ClientEnded
    try:
        noted = json.loads(line)
    except ValueError:  # what else the client's libraries print
        return
    if noted["what"] == "microphone":
        run.begun_s = noted["at_s"]
    else:
        (run.sounds_s if noted["what"] == "sound" else run.silences_s).append(noted["at_s"])


async def _read(process: asyncio.subprocess.Process, run: Run) -> None:
    with suppress(ClientEnded):
        while True:
            await _note(process, run)


def _usage(pid: int) -> tuple[float, float, float]:
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    now_s = asyncio.get_running_loop().time()
    return now_s, (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"), resident / 1024
