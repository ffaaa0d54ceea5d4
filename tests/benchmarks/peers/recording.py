"""What every client hears: a quiet room, requests with the wake word, some into a reply, and a television."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.speech.synthesis import Flite

QUIET_S: Final = 30.0
SETTLED_S: Final = 15.0
"""By then every client has loaded what it needs."""
PAUSE_S: Final = 6.0
INTO_REPLY_S: Final = 2.2
"""From the end of a request to words that interrupt its reply (`client_run.REPLY_S`), which has begun by then."""
TELEVISION_S: Final = 20.0
ROOM_RMS: Final = 8.0
COMMAND: Final = "turn on the lamp"
REQUEST: Final = f"hey jarvis, {COMMAND}"
TELEVISION: Final = (
    "the weather will be fine tomorrow",
    "in other news the council has met again",
    "and nobody knows how it will end",
)


@dataclass(frozen=True)
class Recording:
    """Positions are seconds from its beginning.

    `ends_s` are those of the requests, each at its last sound; `interrupts_s` where words into a reply begin; `lost_s`
    where requests begin at which the link is to be lost.
    """

    samples: Samples
    quiet_s: tuple[float, float]
    talk_s: tuple[float, float]
    television_s: tuple[float, float]
    ends_s: list[float]
    interrupts_s: list[float]
    lost_s: list[float]
    request: Samples
    command: Samples

    def command_of(self, begin_s: float) -> Samples:
        """What is said after the wake word in the request that begins there, as it is heard."""
        end = round(begin_s * CAPTURE_RATE_HZ) + len(self.request)
        return self.samples[end - len(self.command) : end]


class _Tape:
    """What was said so far, one after the other."""

    def __init__(self) -> None:
        self._parts: list[Samples] = []

    def add(self, samples: Samples) -> None:
        self._parts.append(samples)

    def rest(self, seconds: float) -> None:
        self.add(room(seconds))

    @property
    def at_s(self) -> float:
        return sum(map(len, self._parts)) / CAPTURE_RATE_HZ

    def sound(self) -> Samples:
        samples = np.concatenate(self._parts)
        noise = room(len(samples) / CAPTURE_RATE_HZ, seed=2)[: len(samples)]
        return np.clip(samples.astype(np.int32) + noise, -32_768, 32_767).astype(np.int16)


async def recording(turns: int) -> Recording:
    """`turns` requests, a quarter as many interrupted ones, and as many into a lost link; 6 s apart."""
    request = trimmed(await Flite().speak(REQUEST, CAPTURE_RATE_HZ))
    command = trimmed(await Flite().speak(COMMAND, CAPTURE_RATE_HZ))
    said = [await Flite("rms").speak(text, CAPTURE_RATE_HZ) for text in TELEVISION]
    tape = _Tape()
    tape.rest(QUIET_S)
    ends_s = [_ask(tape, request, PAUSE_S) for _ in range(turns)]
    talk_s = (QUIET_S, tape.at_s)
    interrupts_s = [_interrupt(tape, request) for _ in range(-(-turns // 4))]
    lost_s = [_ask(tape, request, PAUSE_S) - len(request) / CAPTURE_RATE_HZ for _ in range(-(-turns // 4))]
    tv_s = tape.at_s
    tape.add(np.resize(np.concatenate(said), int(TELEVISION_S * CAPTURE_RATE_HZ)))
    television_s = (tv_s + 2, tv_s + TELEVISION_S)
    parts_s = ((SETTLED_S, QUIET_S), talk_s, television_s)
    return Recording(tape.sound(), *parts_s, ends_s, interrupts_s, lost_s, request, command)


def _ask(tape: _Tape, request: Samples, pause_s: float) -> float:
    """The moment of its last sound."""
    tape.add(request)
    end_s = tape.at_s
    tape.rest(pause_s)
    return end_s


def _interrupt(tape: _Tape, request: Samples) -> float:
    """The moment of the first sound that interrupts."""
    _ask(tape, request, INTO_REPLY_S)
    begin_s = tape.at_s
    _ask(tape, request, PAUSE_S)
    return begin_s


def room(seconds: float, seed: int = 1) -> Samples:
    count = round(seconds * CAPTURE_RATE_HZ)
    return np.random.default_rng(seed).normal(0, ROOM_RMS, count).astype(np.int16)


def trimmed(samples: Samples) -> Samples:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > np.abs(samples.astype(np.int32)).max() / 40)
    return samples[loud[0] : loud[-1] + 1]
