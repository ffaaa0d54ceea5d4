"""How long the appliance itself takes: from a reply's message to the speaker, and from barge-in to silence.

The whole appliance runs as in the system tests, but in real time; a period is 20 ms. How late this machine's event loop
wakes up is measured in the same run, and allowed on top.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.brain.brain import Spoken
from daemon.conversation.events import ReplyStarted, WakeWordDetected
from daemon.conversation.messages import ReplyAudio
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import Wait
from daemon.offline.service.server_options import Delivery
from tests.system.home import PATIENCE_S, Home, home
from tests.system.voices import Voice, synthetic

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.conversation.messages import SessionMessage
    from tests.benchmarks.figures import Figures

PERIOD_MS = 20
TURNS = 20


class Stopwatch:
    """Dates the first audio of each reply as it comes from the session. A `Witness` like the diary."""

    def __init__(self, here: Home) -> None:
        self.first_audio_s: dict[int, float] = {}
        self._received = here.diary.received
        here.diary.received = self.received  # type: ignore[method-assign]

    def received(self, message: SessionMessage) -> None:
        if isinstance(message, ReplyAudio):
            self.first_audio_s.setdefault(message.turn, asyncio.get_running_loop().time())
        self._received(message)


async def lateness_ms(samples: int = 200) -> float:
    """The 99th percentile of how late a 5 ms sleep wakes up: the machine's part of every figure here."""
    loop = asyncio.get_running_loop()
    late = []
    for _ in range(samples):
        due = loop.time() + 0.005
        await asyncio.sleep(0.005)
        late.append(loop.time() - due)
    return float(np.percentile(late, 99)) * 1000


async def test_from_a_reply_message_to_its_first_sample_at_the_speaker(
    models: Path, tmp_path: Path, figures: Figures
) -> None:
    """At most one period, in which the speaker asks again, and 10 ms (p99)."""
    scenario = Scenario(turns=[[Wait(700), Say("Done.", tone_s=0.1)]] * TURNS)
    server = LiveServer(ScriptedBrain(scenario), certificate_dir=tmp_path, record=False)
    async with server, home(server, models, speed=1) as here:
        stopwatch = Stopwatch(here)
        delays_ms = []
        for turn in range(1, TURNS + 1):
            here.button.press()
            await asyncio.sleep(0.05)
            here.button.release(held_ms=500)
            await here.diary.until_happened(ReplyStarted, times=turn)
            began = stopwatch.first_audio_s[turn]
            async with asyncio.timeout(PATIENCE_S):
                while not any(onset >= began for onset in here.speaker.onsets_s):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            delays_ms.append(1000 * (min(o for o in here.speaker.onsets_s if o >= began) - began))
            await here.diary.until(lambda: here.state.value == "idle")
        allowed = PERIOD_MS + 10 + await lateness_ms()
    print(f"\nreply message to first sample written: median {np.median(delays_ms):.1f} ms of {TURNS} turns")
    figures.at_most(allowed, "ms", "reply message to first sample written, p99", float(np.percentile(delays_ms, 99)))


HISS = np.random.default_rng(5).normal(0, 6_000, 20 * 24_000).clip(-32_000, 32_000).astype(np.int16)


def audible_periods(here: Home, after_s: float) -> int:
    """Periods of the hiss that left the speaker after a moment."""
    heard = (period for period in here.speaker.timeline if period.at_s > after_s)
    spectra = (np.abs(np.fft.rfft(np.frombuffer(period.pcm, np.int16).astype(float))) ** 2 for period in heard)
    return sum(bool(energy[60:].sum() > energy.sum() / 2) for energy in spectra)


@pytest.fixture(scope="module")
def voice() -> Voice:
    return synthetic()


@pytest.mark.parametrize("by", ["wake word", "button"])
async def test_from_barge_in_to_the_last_audible_sample(
    models: Path, tmp_path: Path, voice: Voice, by: str, figures: Figures
) -> None:
    """At most two periods of the old reply."""
    scenario = Scenario(turns=[[Spoken("A story.", HISS)], [Say("Done.", tone_s=0.1)]])
    server = LiveServer(ScriptedBrain(scenario), certificate_dir=tmp_path, delivery=Delivery(realtime=True))
    async with server, home(server, models, speed=1) as here:
        here.button.press()
        await asyncio.sleep(0.05)
        here.button.release(held_ms=500)
        await here.diary.until_happened(ReplyStarted)
        await asyncio.sleep(0.5)
        if by == "button":
            here.button.press()
        else:
            here.say(voice.wake_and_request)
            await here.diary.until_happened(WakeWordDetected)
        flushed_s = asyncio.get_running_loop().time()
        await asyncio.sleep(0.3)
        periods = audible_periods(here, flushed_s)
    figures.at_most(2, "periods", f"old reply heard after a barge-in by {by}", periods)
