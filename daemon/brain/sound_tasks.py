"""What is called for the sentences about loudness, being left alone, and the end of a conversation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from daemon.brain import replies, sound_replies
from daemon.brain.abilities import CHANGE_VOLUME, DO_NOT_DISTURB, END_CONVERSATION, GET_VOLUME, SET_VOLUME
from daemon.brain.sound_phrases import SoundIntent
from daemon.brain.spoken_moments import from_now, moment, with_its_half
from daemon.brain.task import Call, Task

Slots = Mapping[str, Any]


def sound_task(intent: SoundIntent, slots: Slots, now: datetime) -> Task:
    """What to do about a sentence on Pipit's own sound, said at `now`."""
    return _TASKS[intent](slots, now)


def _volume(name: str, slots: Slots, **arguments: Any) -> Task:
    of = slots.get("of", "voice")
    call = Call(name, {**arguments, "of": of})
    return Task([call], lambda answers: sound_replies.volume_is(of, answers[0]))


def _set(slots: Slots, _now: datetime) -> Task:
    return _volume(SET_VOLUME, slots, percent=slots.get("level", slots.get("percent")))


def _change(slots: Slots, _now: datetime) -> Task:
    direction = next(slots[slot] for slot in ("direction", "louder", "too") if slot in slots)
    step = slots.get("percent", slots.get("level"))
    return _volume(CHANGE_VOLUME, slots, direction=direction, **({"percent": step} if step else {}))


def _ask(slots: Slots, _now: datetime) -> Task:
    return _volume(GET_VOLUME, slots)


def _quiet(said: Slots, now: datetime) -> Task:
    slots = with_its_half(said)
    if "duration" in slots:
        return _disturb_not({"seconds": slots["duration"]}, from_now(slots["duration"], now), now)
    if "time" in slots:
        until = moment(slots["time"], now, day=slots.get("day", ""))
        return _disturb_not({"until": until}, until, now)
    return _disturb_not({}, "", now)


def _disturb_not(when: Mapping[str, Any], until: str, now: datetime) -> Task:
    return Task([Call(DO_NOT_DISTURB, when)], lambda answers: sound_replies.quiet_until(until, answers[0], now))


def _loud_again(_slots: Slots, _now: datetime) -> Task:
    return Task([Call(DO_NOT_DISTURB, {"on": False})], lambda answers: sound_replies.talking_again(answers[0]))


def _end(words: str) -> "Callable[[Slots, datetime], Task]":
    return lambda *_: Task([Call(END_CONVERSATION)], lambda _answers: words)


_TASKS: Mapping[SoundIntent, Callable[[Slots, datetime], Task]] = {
    SoundIntent.SET_VOLUME: _set,
    SoundIntent.CHANGE_VOLUME: _change,
    SoundIntent.ASK_VOLUME: _ask,
    SoundIntent.QUIET_ON: _quiet,
    SoundIntent.QUIET_OFF: _loud_again,
    SoundIntent.END: _end(replies.OKAY),
    SoundIntent.THANK_AND_END: _end(replies.WELCOME),
    SoundIntent.PART: _end(replies.FAREWELL),
}
