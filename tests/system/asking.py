"""What people do in a home by voice: say a sentence, and hear what comes of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.conversation.events import PlayoutDrained
from daemon.offline.wire.protocol import FunctionAnswer
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.resample import resample
from daemon.speech.synthesis import Flite
from tests.system.voices import trimmed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.sound.pcm import Samples
    from tests.system.home import Home
    from tests.system.voices import Voice


TAP_MS = 100


async def ask(home: Home, voice: Voice, text: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Say `text` after the wake word and hear the reply to its end: the functions called for it, and their answers."""
    return await _ask(home, voice.wake_word, spoken(text))


async def press_and_ask(home: Home, text: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The same after a press of the button, for whom the end of the wake word would confuse: the local brain."""
    words = spoken(text)
    home.button.press()
    home.button.release(TAP_MS)
    return await _ask(home, words)


async def go_on(home: Home, text: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The same while it listens after a reply."""
    return await _ask(home, spoken(text))


def spoken(text: str) -> Samples:
    """Time stands still meanwhile: simulated time would run on while a program speaks, past its deadline too."""
    with ThreadPoolExecutor(1) as thread:
        return trimmed(thread.submit(asyncio.run, Flite().speak(text, CAPTURE_RATE_HZ)).result())


async def _ask(home: Home, *speech: Samples) -> list[tuple[str, Mapping[str, Any]]]:
    replies, answered = len(home.diary.all(PlayoutDrained)), len(answers(home))
    home.say(*speech)
    await home.diary.until_happened(PlayoutDrained, replies + 1)
    return [(answer.name, answer.response) for answer in answers(home)[answered:]]


def answers(home: Home) -> list[FunctionAnswer]:
    """Of every session so far."""
    found = (message for session in home.server.sessions for message in session.messages(FunctionAnswer))
    return [message for message in found if isinstance(message, FunctionAnswer)]


def is_heard(words: Samples, rate_hz: int, home: Home, from_sample: int = 0) -> bool:
    """Whether these words have left the speaker, however loud: what was heard is like them somewhere."""
    wanted = resample(words, rate_hz, home.speaker.format.rate_hz).astype(float)
    heard = home.heard()[from_sample:].astype(float)
    if len(heard) < len(wanted):
        return False
    size = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    product = product[: len(heard) - len(wanted) + 1]
    energy = np.cumsum(np.concatenate(([0.0], heard**2)))
    levels = np.sqrt((energy[len(wanted) :] - energy[: -len(wanted)]).clip(1.0) * (wanted**2).sum())
    return bool((product / levels).max() > 0.9)
