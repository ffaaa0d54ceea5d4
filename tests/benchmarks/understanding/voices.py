"""Voices that read the lists aloud, by name; PATH has to have their programs."""

import asyncio
import tempfile
from dataclasses import dataclass
from typing import Final

from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.speech.programs import run_program, samples_of
from daemon.speech.rhvoice import RhVoice
from daemon.speech.synthesis import Espeak, Flite, Synthesiser

DEADLINE_S: Final = 120.0
"""For a sentence, on a machine that has much else to do."""
_PICO: Final = {"de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR"}


@dataclass(frozen=True)
class Pico:
    """SVOX pico, Debian's libttspico-utils: what it says stands in its arguments, so it is no voice of Pipit's."""

    locale: str

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as sound:
            command = ("pico2wave", "-l", self.locale, "-w", sound.name, "--", text)
            await run_program(command, b"", DEADLINE_S, package="libttspico-utils")
            return samples_of(await asyncio.to_thread(sound.read), rate_hz)


def voice_of(name: str, language: str) -> Synthesiser:
    """`name` is "pico", "pico en-GB", "rhvoice NAME", "espeak LANGUAGE" or a voice of flite's."""
    program, _, own = name.partition(" ")
    if program == "pico":
        return Pico(own or _PICO[language])
    if program == "rhvoice":
        return RhVoice(own, deadline_s=DEADLINE_S)
    return Espeak(own) if program == "espeak" else Flite(name)
