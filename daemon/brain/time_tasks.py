"""What is called for the sentences about time, as the tools' contract has it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from daemon.brain import time_replies
from daemon.brain.abilities import CHANGE_TIMER, LIST_TIMERS, PLAN_DEVICE, SET_ALARM, SET_REMINDER, SET_TIMER
from daemon.brain.replies import Answer, refusal
from daemon.brain.spoken_moments import moment, with_its_half
from daemon.brain.spoken_times import EITHER
from daemon.brain.task import Call, Task, say
from daemon.brain.time_phrases import TimeIntent

Slots = Mapping[str, Any]

_THAT_CAN: Final = {
    "pause": ("running", "snoozed"),
    "resume": ("paused",),
    "cancel": ("running", "paused", "ringing", "snoozed"),
    "extend": ("running", "paused", "ringing", "snoozed"),
}
"""The states of what a change may be meant for."""
_TODAY: Final = ("today", "tonight")


def time_task(intent: TimeIntent, slots: Slots, now: datetime) -> Task:
    """What to do about a sentence on time, said at `now`."""
    return _TASKS[intent](with_its_half(slots), now)


def _set_timer(slots: Slots, now: datetime) -> Task:
    seconds = slots.get("duration", slots.get("length"))
    call = Call(SET_TIMER, {"seconds": seconds, **_given(name=slots.get("name"))})
    return Task([call], lambda answers: time_replies.timer_set(answers[0], now))


def _set_alarm(slots: Slots, now: datetime) -> Task:
    call = Call(SET_ALARM, _when(slots, now, morning=True))
    return Task([call], lambda answers: time_replies.alarm_set(answers[0], slots.get("repeat", ""), now))


def _set_reminder(slots: Slots, now: datetime) -> Task:
    text = slots["text"]
    call = Call(SET_REMINDER, {"text": text, **_when(slots, now)})
    return Task([call], lambda answers: time_replies.reminder_set(text, answers[0], slots.get("repeat", ""), now))


def _plan(slots: Slots, now: datetime) -> Task:
    device, state = slots["device"], slots["state"]
    another_day = slots.get("day", "today") not in _TODAY  # "the heater on at six tomorrow" is for breakfast
    call = Call(PLAN_DEVICE, {"device": device, "state": state, **_when(slots, now, morning=another_day)})
    return Task([call], lambda answers: time_replies.planned(device, state, answers[0], slots.get("repeat", ""), now))


def _ask_left(slots: Slots, now: datetime) -> Task:
    name = slots.get("name", "")

    def reply(answers: Sequence[Answer]) -> str:
        found = [one for one in _listed(answers[0]) if not name or _called(one, name)]
        found = [one for one in found if one.get("kind") == "timer"] or found
        if "error" in answers[0]:
            return refusal(answers[0])
        return time_replies.left(found, now) if found else time_replies.none_of("timer", name)

    return Task([Call(LIST_TIMERS)], reply)


def _list(slots: Slots, now: datetime) -> Task:
    kind = slots.get("kind", "")

    def reply(answers: Sequence[Answer]) -> str:
        found = [one for one in _listed(answers[0]) if not kind or one.get("kind") == kind]
        return refusal(answers[0]) if "error" in answers[0] else time_replies.inventory_of(found, kind, now)

    return Task([Call(LIST_TIMERS)], reply)


def _change(slots: Slots, now: datetime) -> Task:
    if "like" in slots:
        return _change_like(str(slots["change"]), slots["like"], now)
    return _change_one(str(slots["change"]), slots.get("name", ""), now)


def _extend(slots: Slots, now: datetime) -> Task:
    seconds = slots.get("duration", slots.get("more"))
    if "like" in slots:
        return _change_like("extend", slots["like"], now, seconds=seconds)
    return _change_one("extend", slots.get("name", ""), now, seconds=seconds)


def _snooze(slots: Slots, now: datetime) -> Task:
    seconds = _given(seconds=slots.get("duration", slots.get("more")))
    return _changing("last", "snooze", {"kind": "alarm"}, now, **seconds)


def _change_one(change: str, name: str, now: datetime, **more: Any) -> Task:
    """By its name, or else the only one that there is."""
    if name:
        return _changing(name, change, {"name": name}, now, **more)
    return _looked_up("timer", _THAT_CAN[change], lambda one: _changing(_number(one), change, one, now, **more), now)


def _change_like(change: str, like: str, now: datetime, **more: Any) -> Task:
    """The only one whose name begins as is said: "Nudeltimer" for "Nudeln"."""

    def then(answers: Sequence[Answer]) -> Task:
        found = [one for one in _listed(answers[0]) if _is_like(one, like)]
        if "error" in answers[0] or not found:
            return say(refusal(answers[0]) if "error" in answers[0] else time_replies.none_of("timer", like))
        if len(found) > 1:
            return say(time_replies.which_of(found, now))
        return _changing(_number(found[0]), change, found[0], now, **more)

    return Task([Call(LIST_TIMERS)], then=then)


def _is_like(one: Answer, like: str) -> bool:
    name, words = str(one.get("name", "")).casefold(), like.casefold().split()
    return bool(name) and bool(words) and any(name.startswith(words[-1]) or word == name for word in words)


def _change_all(slots: Slots, _now: datetime) -> Task:
    change, kind = str(slots["change"]), slots.get("kind", "")
    if not kind:
        call = Call(CHANGE_TIMER, {"which": "all", "change": change})
        return Task([call], lambda answers: time_replies.all_changed("", change, answers))

    def then(answers: Sequence[Answer]) -> Task:
        found = [one for one in _listed(answers[0]) if one.get("kind") == kind and one["state"] in _THAT_CAN[change]]
        if "error" in answers[0] or not found:
            return say(refusal(answers[0]) if "error" in answers[0] else time_replies.none_of(kind, ""))
        calls = [Call(CHANGE_TIMER, {"which": _number(one), "change": change}) for one in found]
        return Task(calls, lambda answers: time_replies.all_changed(kind, change, answers))

    return Task([Call(LIST_TIMERS)], then=then)


def _stop_ringing(_slots: Slots, now: datetime) -> Task:
    """What rings is stopped; if nothing does, the alarm is cancelled, if there is one alone."""

    def then(answers: Sequence[Answer]) -> Task:
        if any(one.get("state") in ("ringing", "snoozed") for one in _listed(answers[0])):
            call = Call(CHANGE_TIMER, {"which": "last", "change": "cancel"})
            return Task([call], lambda answers: time_replies.changed({"kind": "alarm"}, "stop", answers[0], now))
        return _choose(
            answers[0], "alarm", _THAT_CAN["cancel"], lambda one: _changing(_number(one), "cancel", one, now), now
        )

    return Task([Call(LIST_TIMERS)], then=then)


def _cancel_alarm_at(slots: Slots, now: datetime) -> Task:
    """The only alarm that rings at that time of day, whichever half of the day was meant."""
    clock = str(slots["time"])
    hours = {clock[:5], f"{(int(clock[:2]) + 12) % 24:02}:{clock[3:5]}"} if clock.endswith(EITHER) else {clock}

    def then(answers: Sequence[Answer]) -> Task:
        found = [one for one in _listed(answers[0]) if str(one.get("due"))[11:16] in hours]
        return _choose(
            {**answers[0], "timers": found},
            "alarm",
            _THAT_CAN["cancel"],
            lambda one: _changing(_number(one), "cancel", one, now),
            now,
        )

    return Task([Call(LIST_TIMERS)], then=then)


def _cancel_reminder(_slots: Slots, now: datetime) -> Task:
    states = _THAT_CAN["cancel"]
    return _looked_up("reminder", states, lambda one: _changing(_number(one), "cancel", one, now), now)


def _skip(_slots: Slots, now: datetime) -> Task:
    def then(answers: Sequence[Answer]) -> Task:
        alarms = [one for one in _listed(answers[0]) if one.get("kind") == "alarm" and one.get("state") != "ringing"]
        if "error" in answers[0] or not alarms:
            return say(refusal(answers[0]) if "error" in answers[0] else time_replies.none_of("alarm", ""))
        first = min(alarms, key=lambda one: str(one.get("due")))
        return _changing(_number(first), "skip_next", first, now)

    return Task([Call(LIST_TIMERS)], then=then)


def _looked_up(kind: str, states: Sequence[str], task: Callable[[Answer], Task], now: datetime) -> Task:
    return Task([Call(LIST_TIMERS)], then=lambda answers: _choose(answers[0], kind, states, task, now))


def _choose(answer: Answer, kind: str, states: Sequence[str], task: Callable[[Answer], Task], now: datetime) -> Task:
    """`task` for the only one of a kind in one of `states`; else which is meant is asked."""
    if "error" in answer:
        return say(refusal(answer))
    found = [one for one in _listed(answer) if one.get("kind") == kind and one.get("state") in states]
    if not found:
        return say(time_replies.none_of(kind, ""))
    return task(found[0]) if len(found) == 1 else say(time_replies.which_of(found, now))


def _changing(which: str, change: str, one: Answer, now: datetime, **more: Any) -> Task:
    call = Call(CHANGE_TIMER, {"which": which, "change": change, **more})
    return Task([call], lambda answers: time_replies.changed(one, change, answers[0], now))


def _when(slots: Slots, now: datetime, *, morning: bool = False) -> Mapping[str, Any]:
    """`seconds`, or `at` with `repeat`."""
    if "duration" in slots:
        return {"seconds": slots["duration"]}
    day, repeat = slots.get("day", ""), slots.get("repeat", "")
    return {"at": moment(slots["time"], now, day=day, repeat=repeat, morning=morning), **_given(repeat=repeat)}


def _listed(answer: Answer) -> list[Answer]:
    listed = answer.get("timers")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, Sequence) else []


def _called(one: Answer, name: str) -> bool:
    return str(one.get("name", "")).casefold() == name.casefold()


def _number(one: Answer) -> str:
    return str(one.get("number"))


def _given(**arguments: Any) -> Mapping[str, Any]:
    return {name: value for name, value in arguments.items() if value}


_TASKS: Mapping[TimeIntent, Callable[[Slots, datetime], Task]] = {
    TimeIntent.SET_TIMER: _set_timer,
    TimeIntent.SET_ALARM: _set_alarm,
    TimeIntent.SET_REMINDER: _set_reminder,
    TimeIntent.PLAN: _plan,
    TimeIntent.ASK_LEFT: _ask_left,
    TimeIntent.LIST_TIMERS: _list,
    TimeIntent.CHANGE: _change,
    TimeIntent.CHANGE_ALL: _change_all,
    TimeIntent.EXTEND: _extend,
    TimeIntent.SNOOZE: _snooze,
    TimeIntent.STOP_RINGING: _stop_ringing,
    TimeIntent.CANCEL_REMINDER: _cancel_reminder,
    TimeIntent.CANCEL_ALARM_AT: _cancel_alarm_at,
    TimeIntent.SKIP: _skip,
    TimeIntent.NO_TIME: lambda *_: say(time_replies.NO_TIME),
}
