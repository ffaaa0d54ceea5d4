"""What every client hears: a quiet room, requests with the wake word, and a television."""

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
TELEVISION_S: Final = 20.0
ROOM_RMS: Final = 8.0
REQUEST: Final = "hey jarvis, turn on the lamp"
TELEVISION: Final = (
    "the weather will be fine tomorrow",
    "in other news the council has met again",
    "and nobody knows how it will end",
)


@dataclass(frozen=True)
class Recording:
    """Positions are seconds from its beginning; `ends_s` those of the requests, each at its last sound."""

    samples: Samples
    quiet_s: tuple[float, float]
    talk_s: tuple[float, float]
    television_s: tuple[float, float]
    ends_s: list[float]


async def recording(turns: int) -> Recording:
    """`turns` requests, 6 s apart."""
    request = trimmed(await Flite().speak(REQUEST, CAPTURE_RATE_HZ))
    said = [await Flite("rms").speak(text, CAPTURE_RATE_HZ) for text in TELEVISION]
    parts, ends_s = [room(QUIET_S)], []
    for _ in range(turns):
        parts.append(request)
        ends_s.append(sum(map(len, parts)) / CAPTURE_RATE_HZ)
        parts.append(room(PAUSE_S))
    talk = (QUIET_S, sum(map(len, parts)) / CAPTURE_RATE_HZ)
    parts.append(np.resize(np.concatenate(said), int(TELEVISION_S * CAPTURE_RATE_HZ)))
    samples = np.concatenate(parts)
    noise = room(len(samples) / CAPTURE_RATE_HZ, seed=2)[: len(samples)]
    heard = np.clip(samples.astype(np.int32) + noise, -32_768, 32_767).astype(np.int16)
    return Recording(heard, (SETTLED_S, QUIET_S), talk, (talk[1] + 2, talk[1] + TELEVISION_S), ends_s)


def room(seconds: float, seed: int = 1) -> Samples:
    count = round(seconds * CAPTURE_RATE_HZ)
    return np.random.default_rng(seed).normal(0, ROOM_RMS, count).astype(np.int16)


def trimmed(samples: Samples) -> Samples:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > np.abs(samples.astype(np.int32)).max() / 40)
    return samples[loud[0] : loud[-1] + 1]
