"""Everything that the local brain understands of one client: the sentences, and what may stand in their slots.

There are two readings. The recogniser's grammar is closed: a slot is a list of phrases, durations and times among
them, so that "for nineteen minutes" is heard where a free transcript would have "forty Midas". What was typed, and a
free transcript, are read with open slots: any duration, any name, any words to be reminded of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from daemon.brain.abilities import Abilities
from daemon.brain.device_phrases import ACTING_ON_DEVICES, DeviceIntent
from daemon.brain.light_tasks import ACTING_ON_LIGHTS, LightIntent
from daemon.brain.open_reader import OpenGrammar, SlotReader
from daemon.brain.phrases import ACTING, Intent, commands, percentages, spoken_names
from daemon.brain.recognition.grammar import Grammar, Value
from daemon.brain.sound_phrases import ACTING_ON_SOUND, SoundIntent, freely_about_sound, heard_about_sound
from daemon.brain.spoken_durations import duration_phrases, length_phrases, seconds_of
from daemon.brain.spoken_numbers import number_words, whole_number
from daemon.brain.spoken_times import day_of, day_phrases, repeat_of, repeat_phrases, time_of, time_phrases
from daemon.brain.time_phrases import ACTING_LATER, freely_about_time, heard_about_time, typed_about_time
from daemon.brain.written import normalised

TIMED: Final[frozenset[str]] = ACTING_LATER | {SoundIntent.QUIET_ON, SoundIntent.QUIET_OFF}
"""What may be meant for later, or is called "do not" something."""

DOING: Final[frozenset[str]] = ACTING | ACTING_ON_DEVICES | ACTING_ON_LIGHTS | ACTING_LATER | ACTING_ON_SOUND
"""What does something, and so must not be done by mistake."""

SEEN_AT_ONCE: Final[frozenset[str]] = frozenset(
    (
        *(Intent.SWITCH, Intent.SWITCH_TWO, Intent.TOGGLE, Intent.SET_LEVEL),
        *(*LightIntent, DeviceIntent.SET_GROUP, DeviceIntent.SET_COLOUR, DeviceIntent.SET_SCENE),
        *(SoundIntent.SET_VOLUME, SoundIntent.CHANGE_VOLUME),
    )
)
"""What is seen or heard where it was said, and undone by another word: no door, and not everything at once."""

NAMES: Final = (
    *("pasta", "egg", "eggs", "pizza", "tea", "coffee", "rice", "bread", "cake", "cookies", "potato", "potatoes"),
    *("oven", "chicken", "fish", "steak", "roast", "soup", "noodle", "noodles", "vegetables", "kitchen", "lunch"),
    *("dinner", "laundry", "washing", "dryer", "bath", "break", "nap", "workout", "homework", "meeting"),
)
"""Of timers, as far as the recogniser hears them: a closed grammar needs a list."""

_LONGEST_NAME_WORDS: Final = 3
_NO_NAME: Final = frozenset(
    (
        *("a", "an", "the", "my", "our", "this", "that", "it", "all", "no", "not", "never", "don't", "if"),
        *("and", "or", "to", "for", "of", "on", "in", "at", "what", "which", "how", "when", "is", "are"),
        *("timer", "timers", "alarm", "alarms", "reminder", "reminders", "volume", "percent", "set", "start", "make"),
        *("last", "next", "first", "second", "seconds", "minute", "minutes", "hour", "hours"),
    )
)
_CHANGES: Final[Mapping[str, Value]] = {
    **dict.fromkeys(("cancel", "stop", "delete", "remove", "clear", "end"), "cancel"),
    **dict.fromkeys(("pause", "hold"), "pause"),
    **dict.fromkeys(("resume", "continue", "restart"), "resume"),
}
_KINDS: Final[Mapping[str, Value]] = {"timers": "timer", "alarms": "alarm", "reminders": "reminder"}
_EVERYTHING: Final[Mapping[str, Value]] = dict.fromkeys(
    ("everything", "everything that is set", "all timers and alarms", "all of them"), "all"
)
_OF: Final[Mapping[str, Value]] = {
    **dict.fromkeys(("alarm", "alarms", "timer", "timers", "ring"), "alarm"),
    **dict.fromkeys(("announcement", "announcements", "message", "messages"), "announcements"),
    **dict.fromkeys(("voice", "speech"), "voice"),
}
_DIRECTIONS: Final[Mapping[str, Value]] = {"up": "louder", "down": "quieter"}
_LOUDER: Final[Mapping[str, Value]] = {
    **dict.fromkeys(("louder", "more loudly", "up"), "louder"),
    **dict.fromkeys(("quieter", "softer", "more quietly", "lower"), "quieter"),
}
_TOO: Final[Mapping[str, Value]] = {
    **dict.fromkeys(("too loud", "not so loud"), "quieter"),
    **dict.fromkeys(("too quiet", "too low", "too soft"), "louder"),
}


def heard(able: Abilities) -> Grammar:
    """The closed grammar for the recogniser."""
    grammar = commands(able)
    templates = (*grammar.templates, *heard_about_time(able.day), *heard_about_sound(able.day))
    return replace(grammar, templates=templates, slots={**grammar.slots, **_phrases()}) if able.day else grammar


def transcribed(able: Abilities) -> OpenGrammar:
    """The open grammar for a free transcript."""
    return OpenGrammar((*freely_about_time(able.day), *freely_about_sound(able.day)), _readers(able))


def typed(able: Abilities) -> OpenGrammar:
    """The open grammar for what was typed: whatever else is understood by ear, and what is not."""
    templates = (
        *(*heard_about_sound(able.day), *freely_about_sound(able.day)),
        *(*heard_about_time(able.day), *freely_about_time(able.day), *typed_about_time(able.day)),
    )
    return OpenGrammar(templates, _readers(able))


@cache
def _phrases() -> Mapping[str, Mapping[str, Value]]:
    return {
        **_CLOSED,
        "duration": dict(duration_phrases()),
        "length": dict(length_phrases()),
        "time": dict(time_phrases()),
        "day": {_capitalised(said): day for said, day in day_phrases().items()},
        "repeat": {_capitalised(said): rule for said, rule in repeat_phrases().items()},
        "name": {name: name for name in NAMES},
        "level": {**percentages(), **{number_words(number): number for number in range(101)}},
    }


_CLOSED: Final[Mapping[str, Mapping[str, Value]]] = {
    "change": _CHANGES,
    "kind": _KINDS,
    "everything": _EVERYTHING,
    "of": _OF,
    "direction": _DIRECTIONS,
    "louder": _LOUDER,
    "too": _TOO,
}


def _capitalised(said: str) -> str:
    """As the recogniser writes it: "on Monday"."""
    return " ".join(
        word.capitalize() if word.rstrip("s").endswith("day") and word not in _SMALL else word for word in said.split()
    )


_SMALL: Final = frozenset(("day", "today", "weekday", "weekdays"))


def _readers(able: Abilities) -> Mapping[str, SlotReader]:
    devices = spoken_names(able.devices)
    return {
        **{slot: _one_of(phrases) for slot, phrases in _CLOSED.items()},
        "duration": seconds_of,
        "length": seconds_of,
        "more": _more,
        "time": time_of,
        "day": day_of,
        "repeat": repeat_of,
        "name": _name,
        "text": lambda words: " ".join(words),
        "level": _level,
        "percent": _percent,
        "device": _one_of({normalised(said): name for said, name in devices.items()}),
        "state": _one_of({"on": "on", "off": "off"}),
    }


def _one_of(phrases: Mapping[str, Value]) -> Callable[[Sequence[str]], Value | None]:
    return lambda words: phrases.get(" ".join(words))


def _name(words: Sequence[str]) -> str | None:
    return None if len(words) > _LONGEST_NAME_WORDS or _NO_NAME & set(words) or _counts(words) else " ".join(words)


def _counts(words: Sequence[str]) -> bool:
    """Whether it is a duration or a time, as in "the seven o'clock alarm", and no name."""
    return seconds_of(words) is not None or (words[-1] in ("o'clock", "oclock") and time_of(words) is not None)


def _more(words: Sequence[str]) -> int | None:
    """ "two more minutes"."""
    return seconds_of([word for word in words if word != "more"]) if "more" in words else None


def _level(words: Sequence[str]) -> Value | None:
    value = whole_number(words)
    return value if value is not None and value <= 100 else _percent(words)


def _percent(words: Sequence[str]) -> Value | None:
    return percentages().get(" ".join(words))
