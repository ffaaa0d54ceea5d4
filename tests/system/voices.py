"""Who speaks in the system tests: people, where their recordings are, and a synthetic voice anywhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, samples_of_ms
from daemon.sound.wav import read_audio
from daemon.speech.synthesis import Flite

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples

BLOCK_SAMPLES = samples_of_ms(20)


class Hum:
    """Says nothing in words, at once, whatever it is asked to say. Implements `Synthesiser`."""

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        return np.full(rate_hz // 5 if text else 0, 2_000, np.int16)


@dataclass(frozen=True)
class Voice:
    """One speaker's sounds, 16 kHz, without the silence around them."""

    wake_word: Samples  # "alexa"
    request: Samples  # any command of a second or more

    @property
    def wake_and_request(self) -> Samples:
        """Both in one breath."""
        return np.concatenate((self.wake_word, np.zeros(samples_of_ms(120), np.int16), self.request))


def synthetic() -> Voice:
    """The voice that the installer brings for the demo."""
    return Voice(spoken("alexa"), spoken("turn on the lamp please"))


def recorded(folder: Path) -> Voice:
    """Two people: openWakeWord's own test clip, and a command of a speech-to-intent benchmark."""
    wake_word = read_audio(folder / "dscripka_openWakeWord/tests/data/alexa_test.wav")
    name = "picovoice_s2i/data/speech/clean/bd804905-5e98-43a8-a594-d6c5f9049d6d.wav"
    return Voice(wake_word, trimmed(read_audio(folder / name)))


def spoken(text: str, voice: str = "slt") -> Samples:
    return trimmed(asyncio.run(Flite(voice).speak(text, CAPTURE_RATE_HZ)))


def trimmed(samples: Samples) -> Samples:
    """Without what is 30 dB below the loudest 20 ms at either end."""
    blocks = samples[: len(samples) // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES).astype(float)
    levels = np.sqrt((blocks**2).mean(axis=1))
    loud = np.flatnonzero(levels > levels.max() / 30)
    return samples[loud[0] * BLOCK_SAMPLES : (loud[-1] + 1) * BLOCK_SAMPLES]
