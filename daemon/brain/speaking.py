"""A reply of the brain as sound, sentence by sentence."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final

import numpy as np

from daemon.brain.brain import Spoken
from daemon.sound.pcm import REPLY_RATE_HZ, silence
from daemon.speech.synthesis import Synthesiser

PAUSE_MS: Final = 200
"""Between two sentences, as espeak-ng itself pauses."""

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")


async def spoken(text: str, synthesiser: Synthesiser) -> AsyncIterator[Spoken]:
    """`text` sentence by sentence at the reply rate, so that the first is heard while the next is made."""
    pause = silence(REPLY_RATE_HZ * PAUSE_MS // 1000)
    for number, sentence in enumerate(sentences(text)):
        sound = await synthesiser.speak(sentence, REPLY_RATE_HZ)
        yield Spoken(f" {sentence}" if number else sentence, np.concatenate((pause, sound)) if number else sound)


def sentences(text: str) -> Iterator[str]:
    """The sentences of `text`, each with its mark."""
    return (sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence)
