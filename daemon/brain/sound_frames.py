"""What is asked of Pipit's own sound, of the time, and of the conversation, by what a clause speaks of."""

from typing import Final

from daemon.brain.abilities import CHANGE_VOLUME, DO_NOT_DISTURB, END_CONVERSATION, GET_VOLUME, SET_VOLUME
from daemon.brain.clause import Clause
from daemon.brain.device_frames import Found
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sound_phrases import SoundIntent
from daemon.brain.time_frames import clock_of

_WAYS: Final = ("louder", "quieter", "up", "down", "brighter", "dimmer")


def volume_set(clause: Clause) -> Found:
    """So loud, or louder by so much."""
    amount, direction = clause.one("percent", "number", "level"), _direction(clause)
    by_so_much = clause.has("louder", "quieter") and clause.before("percent") == "by"
    if amount is None or not (clause.has("volume") or by_so_much) or int(amount) > 100 or clause.has("ask", "is"):
        return []
    if not clause.only("volume", "percent", "number", "level", "alarm", *_WAYS):
        return []
    of = {"of": "alarm"} if clause.has("alarm") else {}
    if direction and clause.before("percent", "number", "level") not in ("to", "for", "in"):
        louder = Sentence(SoundIntent.CHANGE_VOLUME, {"louder": direction, "level": int(amount), **of})
        return [louder] if CHANGE_VOLUME in clause.able.day else []
    return [Sentence(SoundIntent.SET_VOLUME, {"level": int(amount), **of})] if SET_VOLUME in clause.able.day else []


def volume_changed(clause: Clause) -> Found:
    """Louder or quieter, by a step. Up and down are of the volume only if it is named."""
    direction = _direction(clause)
    if not direction or CHANGE_VOLUME not in clause.able.day or not clause.only("volume", "alarm", "is", *_WAYS):
        return []
    if not clause.has("volume", "louder", "quieter") or clause.has("brighter", "dimmer"):
        return []
    of = {"of": "alarm"} if clause.has("alarm") else {}
    return [Sentence(SoundIntent.CHANGE_VOLUME, {"louder": direction, **of})]


def _direction(clause: Clause) -> str:
    louder, quieter = clause.has("louder", "up", "brighter"), clause.has("quieter", "down", "dimmer")
    return "" if louder == quieter else "louder" if louder else "quieter"


def volume_asked(clause: Clause) -> Found:
    """How loud it is."""
    asks = clause.has("loud") or (clause.has("volume") and clause.has("ask", "is"))
    if not asks or GET_VOLUME not in clause.able.day or not clause.only("loud", "volume", "ask", "is", "alarm"):
        return []
    return [Sentence(SoundIntent.ASK_VOLUME, {"of": "alarm"} if clause.has("alarm") else {})]


def left_alone(clause: Clause) -> Found:
    """Nothing to be said, for a while or until a time."""
    if not clause.has("disturb") or DO_NOT_DISTURB not in clause.able.day:
        return []
    if not clause.only("disturb", "until", "time", "day", "half", "duration", "delay", "number"):
        return []
    seconds, clock = clause.one("duration", "delay"), clock_of(clause)
    if seconds is not None:
        return [] if clock else [Sentence(SoundIntent.QUIET_ON, {"duration": seconds})]
    if not clock:
        return [] if clause.has("until", "day", "half") else [Sentence(SoundIntent.QUIET_ON)]
    day = clause.one("day")
    return [Sentence(SoundIntent.QUIET_ON, {"time": clock, **({"day": day} if day else {})})]


def disturbed_again(clause: Clause) -> Found:
    """The end of that."""
    ends = clause.has("loud_again") and clause.only("loud_again") and DO_NOT_DISTURB in clause.able.day
    return [Sentence(SoundIntent.QUIET_OFF)] if ends else []


def told(clause: Clause) -> Found:
    """The time and the date."""
    if clause.has("ask_time") and clause.only("ask_time", "ask", "is"):
        return [Sentence(Intent.TELL_TIME)]
    today = set(clause.values("day")) <= {"today"}
    if clause.has("ask_date") and today and clause.only("ask_date", "ask", "is", "day"):
        return [Sentence(Intent.TELL_DATE)]
    return []


def ended(clause: Clause) -> Found:
    """The end of the conversation."""
    ends = clause.has("end", "stop") and clause.only("end", "stop") and END_CONVERSATION in clause.able.day
    return [Sentence(SoundIntent.END)] if ends else []


SOUND_FRAMES: Final = (volume_set, volume_changed, volume_asked, left_alone, disturbed_again, told, ended)
"""What a clause may be, the first that it is counts."""
