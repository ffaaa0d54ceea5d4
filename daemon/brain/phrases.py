"""The English sentences that the local brain understands, for what a client's functions can do."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from daemon.brain.abilities import Abilities
from daemon.brain.device_phrases import about_devices, chosen, device_slots
from daemon.brain.recognition.grammar import Grammar, Template, Value
from daemon.brain.sensor_phrases import about_sensors, sensor_slots
from daemon.brain.spoken_numbers import number_words


class Intent(StrEnum):
    """What a sentence of the grammar asks for."""

    SWITCH = "switch"
    TOGGLE = "toggle"
    SWITCH_TWO = "switch two"
    SWITCH_ALL = "switch all"
    SET_LEVEL = "set level"
    PULSE = "pulse"
    ASK_STATE = "ask state"
    LIST_DEVICES = "list devices"
    TELL_TIME = "tell time"
    TELL_DATE = "tell date"
    GREET = "greet"
    THANK = "thank"
    HELP = "help"


ACTING: Final = frozenset(
    {Intent.SWITCH, Intent.TOGGLE, Intent.SWITCH_TWO, Intent.SWITCH_ALL, Intent.SET_LEVEL, Intent.PULSE}
)
"""What does something, and so must not be done by mistake."""

_ASK: Final = "[please|can you|could you|would you]"
_PLEASE: Final = "[please|, please]"

_TALK: Final = (
    Template(Intent.TELL_TIME, f"{_ASK} tell me (the time|what time it is) {_PLEASE}"),
    Template(Intent.TELL_TIME, f"(what time is it|what's the time|what is the time) [now] {_PLEASE}"),
    Template(
        Intent.TELL_DATE, f"(what day is it|what is the date|what's the date|what day is today) [today|now] {_PLEASE}"
    ),
    Template(Intent.TELL_DATE, f"{_ASK} tell me (the date|what day it is) [today] {_PLEASE}"),
    Template(Intent.HELP, "(what can you do|what can I say|help)"),
    Template(Intent.GREET, "(hello|hi|good morning|good evening) [there|pipit]"),
    Template(Intent.THANK, "(thank you|thanks) [very much]"),
)

_SWITCHING: Final = (
    Template(Intent.SWITCH, f"{_ASK} (turn|switch) {{state}} [the|my] {{device}} {_PLEASE}"),
    Template(Intent.SWITCH, f"{_ASK} (turn|switch) [the|my] {{device}} {{state}} {_PLEASE}"),
    Template(Intent.SWITCH, f"{{device}} {{state}} {_PLEASE}"),
    Template(Intent.SWITCH_TWO, f"{_ASK} (turn|switch) {{state}} the {{device}} and the {{other}} {_PLEASE}"),
    Template(Intent.SWITCH_TWO, f"{_ASK} (turn|switch) the {{device}} and the {{other}} {{state}} {_PLEASE}"),
    Template(Intent.SWITCH_ALL, f"{_ASK} (turn|switch) (everything|all devices) {{state}} {_PLEASE}"),
    Template(Intent.SWITCH_ALL, f"{_ASK} (turn|switch) {{state}} (everything|all devices) {_PLEASE}"),
)

_TOGGLING: Final = (Template(Intent.TOGGLE, f"{_ASK} toggle [the|my] {{device}} {_PLEASE}"),)

_LEVELS: Final = (
    Template(Intent.SET_LEVEL, f"{_ASK} (set|dim|turn|put) [the|my] {{device}} to {{percent}} {_PLEASE}"),
    Template(Intent.SET_LEVEL, f"{_ASK} make the {{device}} {{percent}} {_PLEASE}"),
    Template(Intent.SET_LEVEL, f"[the] {{device}} to {{percent}} {_PLEASE}"),
)

_PULSING: Final = (Template(Intent.PULSE, f"{_ASK} (ring|pulse|flash) [the|my] {{device}} {_PLEASE}"),)

_QUESTIONS: Final = (
    Template(Intent.ASK_STATE, "(is|are) the {device} {asked}"),
    Template(Intent.ASK_STATE, "what is the state of the {device}"),
    Template(Intent.LIST_DEVICES, "(what|which) devices (are there|do you have|do you know|can you control)"),
    Template(Intent.LIST_DEVICES, "(list|show me) [all] [the|my] devices"),
    Template(Intent.LIST_DEVICES, "(what|which) devices are {asked}"),
)

_SIMPLE_STATES: Final = ("on", "off")
_NAME_WORD: Final = re.compile(r"[^\W_]+(?:['’]\w+)?")
_NAME_NUMBER: Final = re.compile(r"\b\d{1,2}\b")


def commands(abilities: Abilities) -> Grammar:
    """The sentences by which someone asks for what `abilities` allow."""
    templates: list[Template] = []
    if abilities.switchable:
        templates += _SWITCHING
        templates += _TOGGLING if "toggle" in abilities.states else ()
    if abilities.dimmable and abilities.level_argument:
        templates += _LEVELS
    if abilities.pulsable:
        templates += _PULSING
    if abilities.lists and abilities.devices:
        templates += _QUESTIONS
    templates += about_devices(abilities)
    templates += about_sensors(abilities)
    devices = spoken_names(abilities.devices)
    slots: dict[str, Mapping[str, Value]] = {
        "device": devices,
        "other": devices,
        "state": {state: state for state in _SIMPLE_STATES if state in abilities.states or abilities.special},
        "asked": {state: state for state in _SIMPLE_STATES},
        "percent": dict(percentages()),
        **{slot: spoken_names(names) for slot, names in chosen(abilities)},
        **dict(device_slots(abilities)),
        **dict(sensor_slots(abilities)),
    }
    return Grammar(tuple(templates), slots)


def small_talk() -> Grammar:
    """Sentences so common that a closed grammar would hear them in anything: only a free reading may find them.

    (Of 421 recordings of other speech "what time is it" was heard in 23, a command in none.)
    """
    return Grammar(_TALK, {})


@cache
def percentages() -> Mapping[str, int]:
    """How the levels from 0 to 100 percent are said."""
    return dict(_percentages())


def _percentages() -> Iterator[tuple[str, int]]:
    for number in range(101):
        for unit in ("percent", "per cent"):
            yield f"{number_words(number)} {unit}", number
            yield f"{number} {unit}", number
        yield f"{number}%", number
    yield from (("half", 50), ("full", 100), ("maximum", 100), ("minimum", 0))


def spoken_names(names: tuple[str, ...]) -> dict[str, str]:
    """How the devices of these names are called, and which each is."""
    return dict(_spoken_names(names))


def _spoken_names(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each name as it may be written: `TV_2` is "TV 2", "TV two", "tv 2" or "tv two"."""
    for name in names:
        as_given = " ".join(_NAME_WORD.findall(unicodedata.normalize("NFKC", name)))  # an accent apart is no letter
        for written in (as_given, as_given.lower()):
            yield written, name
            yield _NAME_NUMBER.sub(lambda match: number_words(int(match[0])), written), name
