"""The English sentences the local brain says, made from what the tools really answered."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from daemon.offline.abilities import Abilities

Answer = Mapping[str, Any]
"""What a tool answered: `{"ok": true, "device": …, "state": …}`, or `{"error": …, "fix": …}`."""

NOTHING_HEARD: Final = "I did not hear anything."
GREETING: Final = "Hello. What can I do for you?"
WELCOME: Final = "You are welcome."

_LONGEST_LIST: Final = 10
_TO_THE_MODEL: Final = ("say", "call")
"""How a fix begins that is meant for a language model, not for the user."""


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
        elif wanted in ("on", "off") and answer["state"] != wanted:
            sentences.append(f"I tried, but {the(device)} {_is([device])} {state}.")
        else:
            done.setdefault(state, []).append(device)
    reports = [f"{_start(_all(names))} {_is(names)} {state}." for state, names in done.items()]
    return " ".join((*reports, *dict.fromkeys(sentences)))


def refusal(answer: Answer) -> str:
    """Why a tool did not do what it was asked, and what is possible instead."""
    problem = f"I can't: {_aloud(str(answer['error']))}."
    fix = _aloud(str(answer.get("fix") or ""))
    return f"{problem} {_start(fix)}." if fix and not fix.startswith(_TO_THE_MODEL) else problem


def pulsed(device: str, answer: Answer) -> str:
    """What came of turning `device` on for a moment."""
    return refusal(answer) if "error" in answer else f"{_start(the(device))} {_was([device])} on for a moment."


def inventory(answer: Answer, only: str) -> str:
    """The devices and their states, as `list_devices` tells them; `only` those that are "on" or "off", if given."""
    if "error" in answer:
        return refusal(answer)
    devices = [device for device in _listed(answer) if not only or device.get("state") == only]
    if not devices:
        return f"No device is {only}." if only else "There are no devices."
    names = [_described(str(device["device"]), _state(device)) for device in devices]
    more = len(names) - _LONGEST_LIST
    named = _joined([*names[:_LONGEST_LIST], f"{more} more"] if more > 0 else names)
    if only:
        return f"{_start(named)}."
    return f"There {'is 1 device' if len(devices) == 1 else f'are {len(devices)} devices'}: {named}."


def state_report(device: str, asked: str, answer: Answer) -> str:
    """Whether `device` is in the state that was `asked` about ("" for any), as `list_devices` tells it."""
    if "error" in answer:
        return refusal(answer)
    found = next((listed for listed in _listed(answer) if listed["device"] == device), None)
    if found is None or not _state(found):
        return f"I can't tell how {the(device)} {_is([device])}."
    report = _described(device, _state(found))
    if not asked:
        return f"{_start(report)}."
    return f"{'Yes' if found['state'] == asked else 'No'}, {report}."


def time_of_day(now: datetime) -> str:
    """The time, to the minute."""
    return f"It is {now:%H:%M}."


def not_dimmable(device: str) -> str:
    """Said instead of a call that no function offers."""
    return f"{_start(the(device))} can only be turned on and off."


def unknown_device(name: str, abilities: Abilities) -> str:
    """Said when a device was named that does not exist."""
    return f"I know no {name}. {what_i_can_do(abilities)}"


def not_understood(abilities: Abilities) -> str:
    """Said instead of guessing."""
    return f"I did not understand that. {what_i_can_do(abilities)}"


def what_i_can_do(abilities: Abilities) -> str:
    """An honest sentence of what works without the cloud."""
    skills = ["tell the time"]
    if abilities.dimmable:
        skills.insert(0, f"dim {_all(abilities.dimmable[:_LONGEST_LIST])}")
    if abilities.switchable:
        skills.insert(0, f"switch {_all(abilities.switchable[:_LONGEST_LIST])}")
    return f"I work offline now: I can {_joined(skills)}."


def the(device: str) -> str:
    """A device's name in a sentence."""
    name = device.replace("_", " ")
    owned = name.split()[0].endswith(("'s", "’s"))
    return name if owned or name.lower().startswith(("the ", "my ")) else f"the {name}"


def _state(answer: Answer) -> str:
    """The state as read back, with the level if it has one."""
    state, level = answer.get("state"), answer.get("level_percent")
    if state is None:
        return "" if level is None else f"at {level} percent"
    return f"{state} at {level} percent" if state == "on" and level is not None else str(state)


def _described(device: str, state: str) -> str:
    return f"{the(device)} {_is([device])} {state}" if state else the(device)


def _listed(answer: Answer) -> list[Answer]:
    devices = answer.get("devices", ())
    return [device for device in devices if isinstance(device, Mapping) and "device" in device]


def _all(devices: Sequence[str]) -> str:
    return _joined([the(device) for device in devices])


def _joined(items: Sequence[str]) -> str:
    return " and ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def _is(devices: Sequence[str]) -> str:
    return "are" if _plural(devices) else "is"


def _was(devices: Sequence[str]) -> str:
    return "were" if _plural(devices) else "was"


def _plural(devices: Sequence[str]) -> bool:
    return len(devices) > 1 or bool(re.search(r"[^su]s$", devices[0]))


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _aloud(text: str) -> str:
    """An error's words as they are spoken: names without quotation marks, seconds in full."""
    named = re.sub(r'"([^"]+)"', lambda match: the(match[1]), text)
    return re.sub(r"(\d) s\b", r"\1 seconds", named).rstrip(".")
