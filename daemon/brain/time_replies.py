"""What the local brain says of timers, alarms, reminders and planned acts, made from what the tools answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from daemon.brain.replies import Answer, joined, refusal, sentence_of, the

NO_TIME: Final = "For when? Please say it with the time."
WHICH_TIMER: Final = "Which one do you mean?"
NOTHING_RINGS: Final = "There is no alarm."

_UNITS: Final = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_SHORT_S: Final = 60
"""What is due within this is told by what is left: the minute says nothing."""
_SECONDS_MATTER_S: Final = 600
_DAYS: Final = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday"}
_WEEK: Final = {**_DAYS, "SA": "Saturday", "SU": "Sunday"}
_CHANGED: Final = {"cancel": "cancelled", "pause": "paused", "resume": "running again"}
_LONGEST_LIST: Final = 10


def span(seconds: float) -> str:
    """A duration in words, its two largest units: "1 hour and 20 minutes"."""
    left = max(0, round(seconds))
    parts = []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " and ".join(parts[:2]) or "0 seconds"


def moment_of(answer: Answer, now: datetime) -> str:
    """When something is due, as the tool said: "at 14:15", "tomorrow at 07:00"; "" if it did not say."""
    due = _due(answer)
    if due is None:
        return ""
    days = (due.date() - now.date()).days
    day = {0: "", 1: "tomorrow ", -1: "yesterday "}.get(days, f"on {due:%A}, {due:%B} {due.day}, ")
    return f"{day}at {due:%H:%M}"


def repeated(rule: Any) -> str:
    """ "on weekdays" for a rule of RFC 5545; "" for none."""
    if not isinstance(rule, str) or not rule:
        return ""
    days = [day for day in rule.partition("BYDAY=")[2].partition(";")[0].split(",") if day in _WEEK]
    if days == list(_DAYS):
        return "on weekdays"
    if days == ["SA", "SU"]:
        return "at weekends"
    if days:
        return f"every {joined([_WEEK[day] for day in days])}"
    return "every day" if "FREQ=DAILY" in rule else "again and again"


def timer_set(answer: Answer, now: datetime) -> str:
    """What came of setting a timer."""
    if "error" in answer:
        return refusal(answer)
    left = answer.get("left_s")
    after = f" in {span(left)}" if isinstance(left, int | float) else ""
    at = f", {moment_of(answer, now)}" if not isinstance(left, int | float) or left > _SHORT_S else ""
    rings = f"{label({**answer, 'kind': 'timer'})} rings{after}{at if answer.get('due') else ''}"
    return sentence_of(rings) + warned(answer)


def alarm_set(answer: Answer, repeat: str, now: datetime) -> str:
    """What came of setting an alarm."""
    if "error" in answer:
        return refusal(answer)
    often = f", and then {repeated(repeat)}" if repeat else ""
    return sentence_of(f"the alarm is set: it rings {moment_of(answer, now)}{often}") + warned(answer)


def reminder_set(text: str, answer: Answer, repeat: str, now: datetime) -> str:
    """What came of setting a reminder."""
    if "error" in answer:
        return refusal(answer)
    often = f", and then {repeated(repeat)}" if repeat else ""
    return f"I will remind you {moment_of(answer, now)}{often}: {text}.{warned(answer)}"


def planned(device: str, state: str, answer: Answer, repeat: str, now: datetime) -> str:
    """What came of planning what a device does."""
    if "error" in answer:
        return refusal(answer)
    often = f", and then {repeated(repeat)}" if repeat else ""
    does = "changes" if state == "toggle" else f"turns {state}"
    return sentence_of(f"{the(device)} {does} {moment_of(answer, now)}{often}") + warned(answer)


def warned(answer: Answer) -> str:
    """What the tool warns of, as a sentence that follows; "" if of nothing."""
    warning = answer.get("warning")
    return f" But {warning}." if isinstance(warning, str) and warning else ""


def changed(listed: Answer, change: str, answer: Answer, now: datetime) -> str:
    """What came of changing what `listed` tells of: a sentence for each, as it stands now where the tool said so."""
    if "error" in answer:
        return refusal(answer)
    told = answer.get("changed")
    news = [one for one in told if isinstance(one, Mapping)] if isinstance(told, Sequence) else []
    return " ".join(sentence_of(_changed(listed, change, one, now)) for one in (news or [{}])[:_LONGEST_LIST])


def _changed(listed: Answer, change: str, news: Answer, now: datetime) -> str:
    known = {**listed, **{key: value for key, value in news.items() if value not in (None, "")}}
    name, when = label(known), moment_of(news, now)
    if change == "skip_next":
        return f"{name} is left out once{f'; the next is {when}' if when else ''}"
    if change == "stop":
        return f"{name} is stopped{f'; the next is {when}' if when else ''}"
    if change in _CHANGED:
        return f"{name} is {_CHANGED[change]}"
    if news.get("state") == "paused":
        return _left(known, now)
    return f"{name} rings in {span(news['left_s'])}, {when}" if when and "left_s" in news else f"{name} rings later"


def all_changed(kind: str, change: str, answers: Sequence[Answer]) -> str:
    """What came of changing all of a kind."""
    if errors := [answer for answer in answers if "error" in answer]:
        return refusal(errors[0])
    return f"All {kind}s are {_CHANGED.get(change, 'changed')}." if kind else f"Everything is {_CHANGED.get(change)}."


def left(listed: Sequence[Answer], now: datetime) -> str:
    """How long it takes until those that were asked about ring."""
    return " ".join(sentence_of(_left(one, now)) for one in listed[:_LONGEST_LIST])


def inventory_of(listed: Sequence[Answer], kind: str, now: datetime) -> str:
    """What is set, of a kind or of all ("")."""
    noun = kind if kind in ("timer", "alarm", "reminder") else "timer"
    if not listed:
        return f"There are no {noun}s." if kind else "Nothing is set."
    count = f"There {'is 1' if len(listed) == 1 else f'are {len(listed)}'}"
    named = joined([_described(one, now) for one in listed[:_LONGEST_LIST]])
    return f"{count} {noun if kind else 'set'}{'s' if kind and len(listed) > 1 else ''}: {named}."


def none_of(kind: str, name: str) -> str:
    """Said when there is nothing to ask about or to change."""
    return f"There is no {f'{name} ' if name else ''}{kind}."


def which_of(listed: Sequence[Answer], now: datetime) -> str:
    """Asked when several may be meant."""
    return f"{WHICH_TIMER} There are {joined([_described(one, now) for one in listed[:_LONGEST_LIST]])}."


def label(listed: Mapping[str, Any]) -> str:
    """What one is called in a sentence."""
    name, kind = str(listed.get("name") or ""), str(listed.get("kind") or "timer")
    if kind == "reminder" and listed.get("text"):
        return f"the reminder to {listed['text']}"
    noun = {"action": "plan"}.get(kind, kind)
    if name:
        return f"the {name}" if name.endswith(noun) else f"the {name} {noun}"
    return f"the {noun}"


def _described(listed: Answer, now: datetime) -> str:
    if listed.get("state") == "paused":
        return _left(listed, now)
    if listed.get("kind") == "timer" and isinstance(listed.get("left_s"), int | float):
        return f"{label(listed)} with {span(listed['left_s'])} left"
    often = repeated(listed.get("repeat"))
    return " ".join(filter(None, (label(listed), moment_of(listed, now), often)))


def _left(listed: Answer, now: datetime) -> str:
    if listed.get("state") == "ringing":
        return f"{label(listed)} is ringing"
    seconds = listed.get("left_s")
    told = _rounded(seconds) if isinstance(seconds, int | float) else ""
    if listed.get("state") == "paused":
        return f"{label(listed)} is paused with {told} left"
    return f"{label(listed)} rings in {told}" if told else f"{label(listed)} rings {moment_of(listed, now)}"


def _rounded(seconds: float) -> str:
    """To whole minutes, where seconds do not matter."""
    return span(seconds if seconds < _SECONDS_MATTER_S else round(seconds / 60) * 60)


def _due(answer: Answer) -> datetime | None:
    try:
        due = datetime.fromisoformat(str(answer.get("due")))
    except ValueError:
        return None
    return due
