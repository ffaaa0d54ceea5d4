"""What the device says by itself: whether it has the sentences, and something that speaks them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.finding import Finding, good, warning
from daemon.sentences.book import Book
from daemon.sentences.shelf import nearest, written_languages
from daemon.speech import rhvoice
from daemon.speech.best_voice import best_voice
from daemon.speech.synthesis import ESPEAK, Espeak

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

_TONES: Final = "so failures are told by tones alone"


def _examine(site: Patient) -> Finding:
    wanted = (site.settings or Settings()).household.language
    language = Book.of(wanted).language
    voice = best_voice(language, site.environ.get("PATH", os.defpath), site.path(str(rhvoice.VOICES)))
    if isinstance(voice, Espeak) and (finding := _without_espeak(site, voice)):
        return finding
    program = ESPEAK if isinstance(voice, Espeak) else "RHVoice"
    if nearest(wanted) is None:
        fix = f"nothing for the replies; Pipit itself speaks {', '.join(written_languages())}"
        return warning(
            f'there are no sentences in "{wanted}", so what Pipit says by itself is English', fix, voice=program
        )
    return good(f'what Pipit says by itself is in "{language}", by {program}', language=language, voice=program)


def _without_espeak(site: Patient, voice: Espeak) -> Finding | None:
    done = site.run([ESPEAK, "-q", "-v", voice.voice, "a"])
    if not done.found:
        return warning(f"there is no {ESPEAK}, {_TONES}", f"sudo apt install {ESPEAK}")
    if not done.ok:
        return warning(f'{ESPEAK} does not speak "{voice.voice}", {_TONES}', f"sudo apt install --reinstall {ESPEAK}")
    return None


OWN_VOICE = Check("own-voice", "Can Pipit itself speak the language of the household?", _examine)
