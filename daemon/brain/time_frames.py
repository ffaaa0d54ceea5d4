"""What is asked of timers, alarms and reminders, and of devices later, by what a clause speaks of."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from daemon.brain.abilities import (
    CHANGE_TIMER,
    LIST_TIMERS,
    PLAN_DEVICE,
    SET_ALARM,
    SET_REMINDER,
    SET_TIMER,
)
from daemon.brain.clause import Clause
from daemon.brain.device_frames import Found
from daemon.brain.marks import Mark, Value
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.spoken_times import EITHER
from daemon.brain.time_phrases import TimeIntent

_LONGEST_NAME_WORDS: Final = 3
_WHEN: Final = ("time", "day", "repeat", "half", "delay", "number")
_KINDS: Final = ("timer", "alarm", "reminder")
_HOUR_S: Final = 3600
_SMALL_WORDS: Final = frozenset(
    (
        *("to", "about", "of", "that", "an", "ans", "am", "daran", "dran", "dass", "zu", "please", "bitte"),
        *("a", "à", "al", "de", "del", "que", "qu", "d", "para", "sobre", "do", "da", "pra"),
    )
)
"""What comes between "remind me" and what of."""

_SAYING_NOTHING: Final = ("filler", "comma", "in", "at", "for", "to", "and")


def timer_set(clause: Clause) -> Found:
    """A new timer."""
    seconds = clause.one("duration", "delay")
    if seconds is None or not clause.has("timer") or SET_TIMER not in clause.able.day:
        return []
    if not clause.only("timer", "duration", "delay", "", "on", "start", "more") or not is_name(clause.unknown()):
        return []
    if (clause.has("more") and not _is_new(clause)) or _is_astray(clause):
        return []
    return [Sentence(TimeIntent.SET_TIMER, {"duration": seconds, **_given(name=clause.unknown())})]


def _is_astray(clause: Clause) -> bool:
    """Whether an unknown word is no name of the timer: it begins the sentence, as what to do with it would, or stands
    right behind a number, as "and a half" would."""
    kinds = [mark.kind for mark in clause.marks]
    begins = kinds[:1] == [""] and "timer" not in kinds[: _LONGEST_NAME_WORDS + 1]
    return begins or any(pair in (("duration", ""), ("delay", ""), ("to", "")) for pair in pairwise(kinds))


def _is_new(clause: Clause) -> bool:
    """ "another timer" is a new one, and so is "another one minute timer"; "another minute" is not."""
    kinds = [mark.kind for mark in clause.marks if mark.kind not in ("filler", "set", "duration")]
    return any(pair == ("more", "timer") for pair in pairwise(kinds))


def timer_extended(clause: Clause) -> Found:
    """More time for a timer."""
    seconds = clause.one("duration")
    if seconds is None or not clause.has("add", "more") or CHANGE_TIMER not in clause.able.day or _is_new(clause):
        return []
    if not clause.only("timer", "duration", "", "on", "add", "more") or not is_name(clause.unknown()):
        return []
    return [Sentence(TimeIntent.EXTEND, {"duration": seconds, **_given(like=clause.unknown())})]


def timer_changed(clause: Clause) -> Found:
    """A timer, an alarm or a reminder that is cancelled, paused, or goes on."""
    change = _change(clause)
    kinds = [kind for kind in _KINDS if clause.has(kind)]
    if not change or len(kinds) != 1 or CHANGE_TIMER not in clause.able.day or not is_name(clause.unknown()):
        return []
    if not clause.only(*_KINDS, "cancel", "pause", "resume", "stop", "off", "all", "", *_WHEN):
        return []
    kind, name = kinds[0], clause.unknown()
    if clause.has("all"):
        return [] if name or clause.has(*_WHEN) else [Sentence(TimeIntent.CHANGE_ALL, {"change": change, "kind": kind})]
    if kind == "timer":
        timed = clause.has(*_WHEN)
        return [] if timed else [Sentence(TimeIntent.CHANGE, {"change": change, **_given(like=name)})]
    return _rung(clause, kind, change, name)


def _rung(clause: Clause, kind: str, change: str, name: str) -> Found:
    if change != "cancel" or name:
        return []
    if kind == "reminder":
        return [] if clause.has(*_WHEN) else [Sentence(TimeIntent.CANCEL_REMINDER)]
    if not clause.has(*_WHEN):
        return [Sentence(TimeIntent.STOP_RINGING)]
    clock = clock_of(clause)
    return [Sentence(TimeIntent.CANCEL_ALARM_AT, {"time": clock})] if clock and not clause.has("delay") else []


def _change(clause: Clause) -> str:
    for kind, change in (
        ("pause", "pause"),
        ("resume", "resume"),
        ("cancel", "cancel"),
        ("stop", "cancel"),
        ("off", "cancel"),
    ):
        if clause.has(kind):
            return change
    return ""


def alarm_skipped(clause: Clause) -> Found:
    """The next ring of an alarm, left out."""
    skips = clause.has("skip") and clause.has("alarm") and clause.only("skip", "alarm", "day")
    return [Sentence(TimeIntent.SKIP)] if skips and CHANGE_TIMER in clause.able.day else []


def snoozed(clause: Clause) -> Found:
    """A little more sleep."""
    if (
        not clause.has("snooze")
        or not clause.only("snooze", "duration", "delay", "alarm")
        or CHANGE_TIMER not in clause.able.day
    ):
        return []
    return [Sentence(TimeIntent.SNOOZE, _given(duration=clause.one("duration", "delay") or ""))]


def asked_left(clause: Clause) -> Found:
    """How long a timer takes yet."""
    if LIST_TIMERS not in clause.able.day or not clause.has("left") or not is_name(clause.unknown()):
        return []
    if not clause.only("left", "timer", "", "ask", "is", "on", "more", "run", "have", "off"):
        return []
    if not clause.has("timer", "more") and (not clause.unknown() or len(clause.marks) < 3) and not _asks_alone(clause):
        return []
    return [Sentence(TimeIntent.ASK_LEFT, _given(name=clause.unknown().removesuffix("'s")))]


def _asks_alone(clause: Clause) -> bool:
    """ "how much is left", and nothing else."""
    return clause.said == {"left"} and len(clause.marks[0].words.split()) > 1


def asked_timers(clause: Clause) -> Found:
    """What is set."""
    kinds = [kind for kind in _KINDS if clause.has(kind)]
    if len(kinds) != 1 or LIST_TIMERS not in clause.able.day or not clause.has("ask", "have", "is", "left"):
        return []
    if not clause.only(*_KINDS, "ask", "have", "is", "on", "all", "run", "left", "day", "more", "lit"):
        return []
    return [Sentence(TimeIntent.LIST_TIMERS, {"kind": kinds[0]})]


def alarm_set(clause: Clause) -> Found:
    """An alarm: in a while, or at a time of day."""
    if not clause.has("wake", "alarm") or not clause.only("wake", "alarm", *_WHEN, "duration", "on"):
        return []
    delay = clause.one("delay")
    if delay is not None and clause.has("wake") and not clause.has("time", "day", "repeat", "number"):
        return [Sentence(TimeIntent.SET_TIMER, {"duration": delay})] if SET_TIMER in clause.able.day else []
    clock = "" if clause.has("time") and clause.has("number") else clock_of(clause)
    if not clock or delay is not None or SET_ALARM not in clause.able.day:
        return []
    return [Sentence(TimeIntent.SET_ALARM, {"time": clock, **_days(clause)})]


def planned(clause: Clause) -> Found:
    """What a device does later."""
    devices, clock, delay = clause.named(clause.able.plannable), clock_of(clause), clause.one("delay")
    if len(devices) != 1 or not clause.state or bool(clock) == (delay is not None) or clause.asks():
        return []
    if PLAN_DEVICE not in clause.able.day or not clause.only(
        "name", "on", "off", "time", "day", "repeat", "half", "delay"
    ):
        return []
    when: Mapping[str, Value] = {"time": clock, **_days(clause)} if clock else {"duration": delay or 0}
    return [Sentence(TimeIntent.PLAN, {"device": devices[0], "state": clause.state, **when})]


def reminded(clause: Clause) -> Found:
    """Something to be reminded of: all the words that are not about when."""
    if not clause.has("remind") or SET_REMINDER not in clause.able.day:
        return []
    delay = clause.one("delay")
    clock = "" if delay is not None else clock_of(clause, numbers=False)
    text = _text(clause)
    if not text or (not clock and delay is None) or len(clause.values("delay", "duration")) > 1:
        return []
    when: Mapping[str, Value] = {"time": clock, **_days(clause)} if clock else {"duration": delay or 0}
    return [Sentence(TimeIntent.SET_REMINDER, {"text": text, **when})]


def _text(clause: Clause) -> str:
    """What stands after "remind me" and is not about when; else what stands before."""
    at = max(place for place, mark in enumerate(clause.marks) if mark.kind == "remind")
    return _told(clause.marks[at + 1 :]) or _told(clause.marks)


def _told(marks: Sequence[Mark]) -> str:
    pairs = pairwise((*marks, Mark("")))
    told = [mark for mark, after in pairs if (mark.kind, after.kind) != ("in", "delay")]
    of_what = [mark for mark in told if mark.kind not in ("remind", "time", "day", "repeat", "half", "delay", "?")]
    words = [word for mark in _trimmed(of_what) for word in mark.words.split()]
    while words and words[0].lower() in _SMALL_WORDS:
        words = words[1:]
    return " ".join(words).strip(" ,.")


def _trimmed(marks: list[Mark]) -> list[Mark]:
    """Without what is said out of politeness, before and after."""
    while marks and (marks[0].kind in ("comma", "and") or marks[0].words.lower() in _SMALL_WORDS):
        marks = marks[1:]
    while marks and marks[-1].kind in _SAYING_NOTHING:
        marks = marks[:-1]
    return marks


def clock_of(clause: Clause, *, numbers: bool = True) -> str:
    """The one time of day that is said, in the half of the day that is said with it; "" if there is none."""
    clock = clause.one("time")
    if clock is None and numbers and not clause.has("time"):
        clock = _bare(clause)
    if clock is None or _on_two_days(clause):
        return ""
    half = str(clause.one("half") or ("pm" if "tonight" in clause.values("day") else ""))
    return _in_half(str(clock), half)


def _on_two_days(clause: Clause) -> bool:
    """ "On Saturday and on Sundays": one of both was misheard."""
    return clause.has("repeat") and any(day not in ("today", "tonight", "tomorrow") for day in clause.values("day"))


def _bare(clause: Clause) -> Value | None:
    """A time that is only a number or two, or as many hours: "alarm six thirty", "réveil sept heures"."""
    numbers = [int(mark.value) for mark in clause.marks if mark.kind == "number"]
    seconds = clause.one("duration")
    if seconds is not None and not numbers:
        return _written(*divmod(int(seconds) // 60, 60)) if int(seconds) >= _HOUR_S else None
    if seconds is not None or not 0 < len(numbers) < 3:
        return None
    return _written(numbers[0], numbers[1] if len(numbers) > 1 else 0)


def _written(hour: int, minute: int) -> str | None:
    if hour > 23 or minute > 59:
        return None
    return f"{hour:02}:{minute:02}{EITHER if 0 < hour < 13 else ''}"


def _in_half(clock: str, half: str) -> str:
    hour, minute = int(clock[:2]), clock[3:5]
    if not clock.endswith(EITHER) or not half:
        return clock
    late = half == "pm" or (half == "night" and 6 <= hour < 12)
    return f"{hour % 12 + (12 if late else 0):02}:{minute}"


def _days(clause: Clause) -> Mapping[str, Value]:
    """The day and the repetition, as far as they are said."""
    return _given(day=clause.one("day") or "", repeat=clause.one("repeat") or "")


def is_name(words: str) -> bool:
    """Whether `words` are few enough for the name of a timer."""
    return len(words.split()) <= _LONGEST_NAME_WORDS


def _given(**slots: Value) -> Mapping[str, Value]:
    return {name: value for name, value in slots.items() if value}


TIME_FRAMES: Final = (
    *(reminded, timer_extended, timer_changed, alarm_skipped, snoozed, timer_set, asked_left, asked_timers),
    *(alarm_set, planned),
)
"""What a clause may be, the first that it is counts."""
