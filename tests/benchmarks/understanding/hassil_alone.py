"""hassil with the sentences of home-assistant-intents, and nothing besides: what could be installed instead."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from hassil import recognize_all
from hassil.intents import Intents, TextSlotList
from home_assistant_intents import get_intents

from tests.benchmarks.understanding.house import DIMMABLE, NAMES, ROOMS, SENSORS, SWITCHED, House

_DOMAINS: Final = {
    **dict.fromkeys((*DIMMABLE, "bedroom light"), "light"),
    **dict.fromkeys(("heater", "coffee machine"), "switch"),
    "fan": "fan",
    "garage door": "cover",
}
_SPOKEN_OF: Final = ("kitchen", "living room", "bedroom", "garden")


async def hassil_alone(text: str, house: House) -> str:
    """Does what the first reading says, and says how it went."""
    intents, lists = _loaded(house.language)
    found = list(recognize_all(text, intents, slot_lists=lists, language=house.language))
    found.sort(key=lambda one: "name" not in one.entities)
    if not found:
        return "I did not understand."
    slots = {name: entity.value for name, entity in found[0].entities.items()}
    return await _done(found[0].intent.name, slots, house)


@cache
def _loaded(language: str) -> tuple[Intents, Mapping[str, Any]]:
    written = get_intents(language)
    assert written is not None
    called = NAMES[language]
    names = [(called[name], called[name], {"domain": domain}) for name, domain in _DOMAINS.items()]
    areas = [(called[name], called[name]) for name in _SPOKEN_OF]
    return Intents.from_dict(written), {
        "name": TextSlotList.from_tuples(names, allow_template=False),
        "area": TextSlotList.from_tuples(areas, allow_template=False),
        "floor": TextSlotList.from_tuples([], allow_template=False),
    }


async def _done(intent: str, slots: Mapping[str, Any], house: House) -> str:
    named = next((english for english, called in NAMES[house.language].items() if called == slots.get("name")), "")
    room = next((english for english, called in NAMES[house.language].items() if called == slots.get("area")), "")
    if intent in ("HassTurnOn", "HassTurnOff"):
        return await _switched("on" if intent == "HassTurnOn" else "off", named, room, slots, house)
    call = _calls(intent, slots, named, room, house)
    if call is None:
        return "14:05, 22" if intent in ("HassGetCurrentTime", "HassGetCurrentDate") else "Not here."
    await house.call(*call)
    return "Done."


async def _switched(state: str, named: str, room: str, slots: Mapping[str, Any], house: House) -> str:
    called = NAMES[house.language]
    if named == "garage door":
        if state == "on":
            await house.call("trigger", {"device": called[named]})
        return "Done."
    lights = slots.get("domain") == "light"
    members = ROOMS.get(room, SWITCHED)
    chosen = [named] if named else [one for one in members if not lights or _DOMAINS[one] == "light"]
    for device in chosen:
        await house.call("set_device", {"device": called[device], "state": state})
    return "Done."


def _calls(
    intent: str, slots: Mapping[str, Any], named: str, room: str, house: House
) -> tuple[str, Mapping[str, Any]] | None:
    called = NAMES[house.language]
    if intent == "HassLightSet" and named in DIMMABLE and "brightness" in slots:
        return "set_level", {"device": called[named], "percent": slots["brightness"]}
    if intent == "HassLightSet" and named == "lamp" and "color" in slots:
        return "set_colour", {"device": called[named], "colour": slots["color"]}
    seconds = 3600 * _whole(slots, "hours") + 60 * _whole(slots, "minutes") + _whole(slots, "seconds")
    if intent == "HassStartTimer":
        return "set_timer", {"seconds": seconds}
    if intent == "HassIncreaseTimer":
        return "change_timer", {"which": "3", "change": "extend", "seconds": seconds}
    if intent == "HassCancelTimer":
        return "change_timer", {"which": "3", "change": "cancel"}
    if intent == "HassPauseTimer":
        return "change_timer", {"which": "3", "change": "pause"}
    if intent == "HassSetVolume":
        return "set_volume", {"percent": slots["volume_level"]}
    if intent == "HassSetVolumeRelative":
        return "change_volume", {"direction": "louder" if slots.get("volume_step") == "up" else "quieter"}
    if intent == "HassClimateGetTemperature" and room in SENSORS:
        return "read_sensor", {"sensor": called[room]}
    looks = {"HassGetState": "list_devices", "HassTimerStatus": "list_timers"}
    return (looks[intent], {}) if intent in looks else None


def _whole(slots: Mapping[str, Any], name: str) -> int:
    return int(slots.get(name, 0))
