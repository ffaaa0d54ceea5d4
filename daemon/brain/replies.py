"""The English sentences the local brain says, made from what the tools really answered."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from daemon.brain.abilities import (
    CHANGE_VOLUME,
    DO_NOT_DISTURB,
    SET_ALARM,
    SET_REMINDER,
    SET_TIMER,
    Abilities,
)

Answer = Mapping[str, Any]
"""What a tool answered: `{"ok": true, "device": …, "state": …}`, or `{"error": …, "fix": …}`."""

NOTHING_HEARD: Final = "I did not hear anything."
HELLO: Final = "Hello."
GREETING: Final = "Hello. What can I do for you?"
WELCOME: Final = "You are welcome."
FAREWELL: Final = "Goodbye."
FINE: Final = "I am fine, thank you."
PRESENT: Final = "I am here."
NAME: Final = "I am Pipit."
OKAY: Final = "Okay."
NOT_UNDERSTOOD: Final = "I did not understand that."
NOT_UNDERSTOOD_EITHER: Final = "I did not understand that either. Ask me what I can do."
NEEDS_INTERNET: Final = "I would need the internet for that, and I work offline now."
MISSING: Final = "I can't do that while I work offline."
SAY_AGAIN: Final = "I am not sure what to do. Please say it again."
LEFT_ALONE: Final = "All right, I leave everything as it is."
NO_ANSWER: Final = "I can't answer that."
NOT_LATER: Final = "I can do things only at once, not later. I did nothing."
NOT_UNDERSTOOD_WHEN: Final = "I did not understand when. I did nothing."
NO_CONDITIONS: Final = "I can't wait for something to happen. I did nothing."
ONE_AT_A_TIME: Final = "Please tell me one thing at a time."
HOW_BRIGHT: Final = "To how many percent? From 0 to 100."
WHICH_DEVICE: Final = "Which device do you mean?"
NO_DEVICES: Final = "I know no devices."

_SKILLS: Final = {
    SET_TIMER: "set timers",
    SET_ALARM: "wake you",
    SET_REMINDER: "remind you of something",
    CHANGE_VOLUME: "talk louder or quieter",
    DO_NOT_DISTURB: "leave you in peace",
}
_LONGEST_LIST: Final = 10
_LONGEST_ALOUD: Final = 300
"""Characters of an error that anyone wants to hear."""
SHALL_I: Final = "Shall I?"
"""What is asked where a tool wants the user's word; a yes to that has it done."""
_ASKS_THE_USER: Final = "ask the user"
_TO_THE_MODEL: Final = ("say", "call", "ask")
"""How a fix begins that is meant for a language model, not for the user."""


def read_back(words: str) -> str:
    """Asked where something else was nearly heard; `words` have no mark at their end."""
    return f"I heard: {words}. {SHALL_I}"


def outcome(devices: Sequence[str], wanted: str, answers: Sequence[Answer]) -> str:
    """What came of asking for `devices` to be `wanted` ("on", "off", "toggle" or, with levels, ""), as read back."""
    done: dict[str, list[str]] = {}
    sentences = []
    for device, answer in zip(devices, answers, strict=True):
        state = _state(answer)
        if "error" in answer:
            sentences.append(refusal(answer))
        elif not state:
            sentences.append(f"{_start(the(device))} did not say what it does now.")
        elif wanted in ("on", "off") and answer.get("state", wanted) != wanted:
            sentences.append(f"I tried, but {the(device)} {_is([device])} {state}.")
        else:
            done.setdefault(state, []).append(device)
    reports = [f"{_start(_all(names))} {_is(names)} {state}." for state, names in done.items()]
    return " ".join((*reports, *dict.fromkeys(sentences)))


def refusal(answer: Answer) -> str:
    """Why a tool did not do what it was asked, and what is possible instead."""
    if not (why := _aloud(answer["error"])):
        return "I tried, but that did not work."
    fix = _aloud(answer.get("fix"))
    if fix.startswith(_ASKS_THE_USER):
        return f"{_start(why.replace('the user has', 'you have'))}. {SHALL_I}"
    problem = f"I can't: {why}."
    return f"{problem} {_start(fix)}." if fix and not fix.startswith(_TO_THE_MODEL) else problem


def pulsed(device: str, answer: Answer) -> str:
    """What came of turning `device` on for a moment."""
    return refusal(answer) if "error" in answer else f"{_start(the(device))} {_was([device])} on for a moment."


def triggered(device: str, answer: Answer) -> str:
    """What came of giving `device` its pulse."""
    return refusal(answer) if "error" in answer else f"{_start(the(device))} {_is([device])} on for a moment."


def several(answer: Answer) -> str:
    """What came of several devices that were worked by one call, each with an answer of its own."""
    rows = _listed(answer)
    if "error" in answer and not rows:
        return refusal(answer)
    return outcome([str(row["device"]) for row in rows], "", rows) or OKAY


def inventory(answer: Answer, only: str) -> str:
    """The devices and their states, as `list_devices` tells them; `only` those that are "on" or "off", if given."""
    if "error" in answer:
        return refusal(answer)
    devices = [device for device in _listed(answer) if not only or device.get("state") == only]
    if not devices:
        return f"No device is {only}." if only else "There are no devices."
    names = [_described(str(device["device"]), _state(device)) for device in devices]
    more = len(names) - _LONGEST_LIST
    named = joined([*names[:_LONGEST_LIST], f"{more} more"] if more > 0 else names)
    if only:
        return f"{_start(named)}."
    return f"There {'is 1 device' if len(devices) == 1 else f'are {len(devices)} devices'}: {named}."


def state_report(device: str, asked: str, answer: Answer) -> str:
    """Whether `device` is in the state that was `asked` about ("" for any), as `list_devices` tells it."""
    if "error" in answer:
        return refusal(answer)
    found = next((listed for listed in _listed(answer) if device in _names_of(listed)), None)
    if found is None or not _state(found):
        return f"I can't tell how {the(device)} {_is([device])}."
    report = _described(device, _state(found))
    if not asked:
        return f"{_start(report)}."
    if found.get("state") not in ("on", "off"):
        return f"{_start(report)}."
    return f"{'Yes' if found['state'] == asked else 'No'}, {report}."


def date_of(now: datetime) -> str:
    """The day, as it is said."""
    return f"It is {now:%A}, {now:%B} {now.day}."


def time_of_day(now: datetime) -> str:
    """The time, to the minute."""
    return f"It is {now:%H:%M}."


def not_dimmable(device: str) -> str:
    """Said instead of a call that no function offers."""
    return f"{_start(the(device))} can only be turned on and off."


def what_about(device: str) -> str:
    """Asked when nothing but a device was named."""
    return f"What shall I do with {the(device)}?"


def cannot(device: str) -> str:
    """Said when a device is to do what it does not."""
    return f"I can't do that with {the(device)}."


def unknown_device(name: str, abilities: Abilities) -> str:
    """Said when a device was named that does not exist."""
    named = the(name)
    problem = f"I know no {name}" if named == f"the {name}" else f"I don't know {named}"
    return f"{problem}." if abilities.devices else f"{problem}, nor any other device."


def what_i_can_do(abilities: Abilities) -> str:
    """An honest sentence of what works without the cloud."""
    skills = [*(skill for name, skill in _SKILLS.items() if name in abilities.day), "tell the time"]
    if abilities.dimmable:
        skills.insert(0, f"dim {_all(abilities.dimmable[:_LONGEST_LIST])}")
    if abilities.switchable:
        skills.insert(0, f"switch {_all(abilities.switchable[:_LONGEST_LIST])}")
    return f"I work offline now: I can {joined(skills)}."


def the(device: str) -> str:
    """A device's name in a sentence."""
    name = device.replace("_", " ")
    owned = name.partition(" ")[0].endswith(("'s", "’s"))
    return name if owned or name.lower().startswith(("the ", "my ")) else f"the {name}"


def sentence_of(words: str) -> str:
    """`words` as a sentence of its own."""
    return f"{_start(words.strip())}."


def _state(answer: Answer) -> str:
    """The state as read back, with the level if it has one; "" for what no tool of ours answers."""
    state, level = answer.get("state"), answer.get("level_percent")
    at = f"at {level:.3g} percent" if isinstance(level, int | float) and not isinstance(level, bool) else ""
    if not isinstance(state, str):
        return at
    detail = " ".join(word for word in (_detail(answer), at) if word)
    return f"{state} {detail}" if state == "on" and detail else state


def _detail(answer: Answer) -> str:
    """What else an answer says of what is on: a colour, a direction, an angle."""
    words = [word for key in ("colour", "direction") if isinstance(word := answer.get(key), str)]
    angle = answer.get("angle_degrees")
    if isinstance(angle, int | float) and not isinstance(angle, bool):
        words.append(f"at {angle:.3g} degrees")
    return " ".join(words)


def _described(device: str, state: str) -> str:
    return f"{the(device)} {_is([device])} {state}" if state else the(device)


def _listed(answer: Answer) -> list[Answer]:
    devices = answer.get("devices")
    listed = devices if isinstance(devices, Sequence) else ()
    return [device for device in listed if isinstance(device, Mapping) and device.get("device")]


def _names_of(listed: Answer) -> list[Any]:
    also = listed.get("also_called")
    return [listed["device"], *(also if isinstance(also, list) else ())]


def _all(devices: Sequence[str]) -> str:
    return joined([the(device) for device in devices])


def joined(items: Sequence[str]) -> str:
    """A list as it is said: "a, b and c"."""
    return " and ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def _is(devices: Sequence[str]) -> str:
    return "are" if _plural(devices) else "is"


def _was(devices: Sequence[str]) -> str:
    return "were" if _plural(devices) else "was"


def _plural(devices: Sequence[str]) -> bool:
    return len(devices) > 1 or bool(re.search(r"[^su]s$", devices[0]))


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _aloud(text: Any) -> str:
    """An error's words as they are spoken, names without quotation marks, seconds in full; "" for what is none."""
    if not isinstance(text, str) or len(text) > _LONGEST_ALOUD or not any(map(str.isalnum, text)):
        return ""
    named = re.sub(r'"([^"]+)"', lambda match: the(match[1]), text)
    return re.sub(r"\b1 seconds", "1 second", re.sub(r"(\d) s\b", r"\1 seconds", named)).strip().rstrip(".!")
