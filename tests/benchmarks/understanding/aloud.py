"""The local brain as it hears: each sentence spoken by a synthetic voice, after half a second of a quiet room."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import numpy as np

from daemon.brain.brain import Heard, Spoken, UserTurn
from daemon.brain.local import LocalBrain
from daemon.brain.nearest import Nearest
from daemon.brain.other_ears import found_ears
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms
from tests.benchmarks.understanding.contestants import Contestant
from tests.benchmarks.understanding.house import NOW, House, functions_of
from tests.benchmarks.understanding.voices import voice_of

ROOT: Final = Path(__file__).parents[3]
ROOM_RMS: Final = 8.0


class _Mute:
    """A voice for replies that nobody listens to. Implements `Synthesiser`."""

    async def speak(self, text: str, rate_hz: int) -> Samples:
        del text
        return np.zeros(rate_hz // 50, np.int16)


def hearing(voice: str, nearest: Nearest | None) -> Contestant:
    """`voice` as in `voice_of`; what is not English is heard by the extra, in the folder of the models."""
    models = Path(os.environ.get("PIPIT_MODELS", ROOT / "models"))
    brain = LocalBrain(models, lambda: NOW, synthesiser=lambda _: _Mute(), nearest=nearest, ears=found_ears(models))

    async def hears(text: str, house: House) -> str:
        speech = await voice_of(voice, house.language).speak(text, CAPTURE_RATE_HZ)
        turn = UserTurn(audio=_in_a_room(speech), functions=functions_of(house.language), language=house.language)
        return await _said(brain.reply(turn, house.call))

    return hears


async def _said(reply: AsyncIterator[Heard | Spoken]) -> str:
    return " ".join([piece.text async for piece in reply if isinstance(piece, Spoken)])


def _in_a_room(speech: Samples) -> Samples:
    quiet = np.zeros(samples_of_ms(500), np.int16)
    heard = np.concatenate((quiet, speech, quiet)).astype(np.float64)
    return (heard + np.random.default_rng(1).normal(0, ROOM_RMS, len(heard))).clip(-32768, 32767).astype(np.int16)
