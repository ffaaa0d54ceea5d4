"""Hands-on: what the sound that was heard means for who interrupts replies; kept where the service looks for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from daemon.doctor.hands_on.tone import PEAK
from daemon.hearing.return_loss import FIXES, NEEDED_DB, TOO_LOUD, MeasuredWith, ReturnLoss
from daemon.hearing.return_loss_file import forget, keep
from daemon.machine.finding import Finding, Verdict
from daemon.sound.fader import amplitude

if TYPE_CHECKING:
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.tone import Heard
    from daemon.house.settings import Settings
    from daemon.speech.settings import SpeakerSettings

ENOUGH: Final = 'enough for barge_in = "voice"'
TOO_LITTLE: Final = f'too loud for barge_in = "voice", which wants {NEEDED_DB:g} dB softer'


def return_loss_db(heard: Heard, speaker: SpeakerSettings) -> float:
    """By how much what is played comes back softer, both in dB of full scale: the echo return loss of card and room."""
    played_dbfs = 20 * math.log10(PEAK * amplitude(speaker.volume) / math.sqrt(2))
    return played_dbfs - heard.level_dbfs


def put_on_record(found: Finding, heard: Heard | None, settings: Settings, drivers: Drivers) -> Finding:
    """`found` with what follows from the echo return loss, which is on record from now on if nothing else is wrong.

    Of a sound that clips, comes late or is not heard it would say nothing: then none is, whatever was found before.
    """
    if heard is None or found.verdict is not Verdict.GOOD:
        hint = _kept(None, drivers)
        return Finding(found.verdict, found.sentence, "; ".join(filter(None, (found.fix, hint))), found.facts)
    by = MeasuredWith.of(settings.microphone, settings.speaker.device)
    record = ReturnLoss(round(return_loss_db(heard, settings.speaker), 1), drivers.now(), by)
    hint = _kept(record, drivers)
    enough = record.loss_db >= NEEDED_DB
    sentence = f"{found.sentence}: {ENOUGH if enough else TOO_LITTLE}"
    if not enough and settings.listening.barge_in == "voice":
        return Finding(Verdict.WARNING, sentence, FIXES[TOO_LOUD], found.facts)
    return Finding(Verdict.GOOD, sentence, hint, found.facts)


def _kept(record: ReturnLoss | None, drivers: Drivers) -> str:
    """Put it in the place of what was on record; what hinders that, and what helps, or nothing."""
    if drivers.state is None:
        return ""
    try:
        if record:
            keep(record, drivers.state)
        else:
            forget(drivers.state)
    except FileNotFoundError:
        return f"that is not kept, for there is no {drivers.state}: install the service first"
    except OSError as error:
        return f"that is not kept ({error.strerror}): run it with sudo"
    return ""
