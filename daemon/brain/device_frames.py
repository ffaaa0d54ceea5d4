"""What is asked of devices, by what a clause speaks of."""

from typing import TYPE_CHECKING, Final

from daemon.brain.abilities import READ_SENSOR, SET_COLOUR, TRIGGER
from daemon.brain.clause import Clause
from daemon.brain.device_phrases import DeviceIntent
from daemon.brain.light_tasks import LightIntent, lights_of
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sensor_phrases import SensorIntent

if TYPE_CHECKING:
    from collections.abc import Iterable

Found = list[Sentence]
"""What is to be done, in order; empty if the clause is nothing of the kind."""

_SWITCHING: Final = ("name", "on", "off", "lit", "unlit", "run", "start", "all", "everything", "dark", "light", "stop")
_BRIGHTNESS: Final = ("brighter", "dimmer", "louder", "quieter", "up", "down")
_LARGEST: Final = 100


def switched(clause: Clause) -> Found:
    """Devices, rooms and everything, on or off."""
    state = clause.state or _begun_or_stopped(clause)
    if not state or clause.asks() or not clause.only(*_SWITCHING):
        return []
    if clause.has("everything"):
        return [] if clause.has("name", "light") else [Sentence(Intent.SWITCH_ALL, {"state": state})]
    if clause.has("all") and clause.has("light") and not clause.has("name"):
        return [Sentence(Intent.SWITCH, {"device": name, "state": state}) for name in lights_of(clause.able)]
    if devices := clause.named(clause.able.switchable):
        if clause.has("light"):
            return []  # "the light and the kitchen light": one of them is not told
        return [Sentence(Intent.SWITCH, {"device": device, "state": state}) for device in devices]
    return [_together(group, state, clause) for group in clause.groups]


def _begun_or_stopped(clause: Clause) -> str:
    """ "start the fan": of a device that is named, it is on."""
    if not clause.named(clause.able.switchable) or (clause.has("start") and clause.has("stop")):
        return ""
    begun = clause.has("start") or (clause.has("putting") and clause.said == {"name"})  # "pon la calefacción"
    return "on" if begun else "off" if clause.has("stop") else ""


def _together(group: str, state: str, clause: Clause) -> Sentence:
    intent = LightIntent.LIGHTS_OF if clause.has("light") else DeviceIntent.SET_GROUP
    return Sentence(intent, {"group": group, "state": state})


def levelled(clause: Clause) -> Found:
    """So many percent of brightness."""
    amount = clause.one("percent", "number", "level")
    devices = clause.named(clause.able.dimmable)
    if amount is None or not devices or clause.asks() or not clause.able.level_argument:
        return []
    if not clause.only("name", "percent", "number", "level", "on", "lit", *_BRIGHTNESS):
        return []
    relative = clause.has(*_BRIGHTNESS) and clause.before("percent", "number") not in ("to", "for", "in")
    if int(amount) > _LARGEST or (relative and not clause.has("level")):
        return []
    return [Sentence(Intent.SET_LEVEL, {"device": device, "percent": int(amount)}) for device in devices]


def brightened(clause: Clause) -> Found:
    """Brighter or dimmer, by a step."""
    devices = clause.named(clause.able.dimmable)
    up, down = clause.has("brighter", "louder", "up"), clause.has("dimmer", "quieter", "down")
    if up == down or not devices or not clause.able.level_argument or not clause.able.lists:
        return []
    if not clause.only("name", "is", *_BRIGHTNESS):
        return []
    way = "brighter" if up else "dimmer"
    return [Sentence(LightIntent.CHANGE_LEVEL, {"device": device, "way": way}) for device in devices]


def coloured(clause: Clause) -> Found:
    """A colour."""
    devices = clause.named(clause.choices(SET_COLOUR, "device"))
    colour = str(clause.one("colour") or "").replace("_", " ")
    if colour not in clause.choices(SET_COLOUR, "colour") or clause.asks():
        return []
    if not clause.only("name", "colour", "on", "light", "start"):
        return []
    return [Sentence(DeviceIntent.SET_COLOUR, {"coloured": device, "colour": colour}) for device in devices]


def triggered(clause: Clause) -> Found:
    """A door, which is opened if it is named, and nothing else is."""
    doors = clause.named(clause.choices(TRIGGER, "device"))
    if len(doors) != 1 or not clause.has("open") or not clause.only("name", "open") or clause.has("is", "ask"):
        return []
    return [Sentence(DeviceIntent.TRIGGER, {"triggered": doors[0]})]


def pulsed(clause: Clause) -> Found:
    """A bell."""
    bells = clause.named(clause.able.pulsable)
    if len(bells) != 1 or not clause.has("ring") or not clause.only("name", "ring") or clause.asks():
        return []
    return [Sentence(Intent.PULSE, {"device": bells[0]})]


def staged(clause: Clause) -> Found:
    """A scene; its name alone sets nothing."""
    scenes = clause.scenes
    if len(scenes) != 1 or not clause.only("name", "start", "on", "scene") or clause.asks():
        return []
    wanted = clause.has("start", "on", "scene", "set", "putting")
    return [Sentence(DeviceIntent.SET_SCENE, {"scene": scenes[0]})] if wanted else []


def asked_state(clause: Clause) -> Found:
    """Whether a device is on."""
    devices = clause.named(clause.able.devices)
    if len(devices) != 1 or not clause.able.lists or not clause.has("is", "ask", "have", "?", "run"):
        return []
    if not clause.only("name", "is", "ask", "have", "on", "off", "lit", "unlit", "run", "more", "light", "level"):
        return []
    if clause.has("?") and not clause.has("is", "ask", "run", "lit", "unlit"):
        return []
    return [Sentence(Intent.ASK_STATE, {"device": devices[0], **({"asked": clause.state} if clause.state else {})})]


def asked_devices(clause: Clause) -> Found:
    """Which devices there are, or are on."""
    if not clause.able.lists or not clause.has("ask", "is") or clause.has("name"):
        return []
    if not clause.only(
        "ask", "is", "devices", "light", "all", "everything", "on", "off", "lit", "unlit", "run", "more"
    ):
        return []
    if not (clause.state or clause.has("devices")):
        return []
    return [Sentence(Intent.LIST_DEVICES, {"asked": clause.state} if clause.state else {})]


def measured(clause: Clause) -> Found:
    """What a sensor says."""
    sensors = clause.sensors or _only_one(clause)
    if len(sensors) != 1:
        return []
    place = sensors[0]
    if clause.has("temperature", "humidity"):
        if not clause.only("name", "temperature", "humidity", "ask", "is", "off", "more", "dark"):
            return []
        quantity = "humidity" if clause.has("humidity") else "temperature"
        return [Sentence(SensorIntent.MEASURE, {"place": place, "quantity": quantity})]
    return _standing(clause, place)


def _standing(clause: Clause, place: str) -> Found:
    """Whether a window or a door is open; "offen" and "auf" say so, and so does "is it open"."""
    if not clause.has("open", "open_state", "close") or not clause.has("is", "ask", "?"):
        return []
    if not clause.only("name", "open", "open_state", "close", "is", "ask", "more"):
        return []
    return [Sentence(SensorIntent.HOW_IT_STANDS, {"place": place})]


def _only_one(clause: Clause) -> list[str]:
    """The sensor that is meant where there is but one."""
    choices = clause.choices(READ_SENSOR, "sensor")
    return list(choices) if len(choices) == 1 and not clause.has("name") else []


DEVICE_FRAMES: Final = (
    *(measured, asked_state, asked_devices, levelled, brightened, coloured, triggered, pulsed, staged, switched),
)
"""What a clause may be, the first that it is counts."""


def unclear(clause: Clause) -> bool:
    """Whether something is to be done to a light or a thing, and it is not said which."""
    wanted = clause.has("on", "off", "brighter", "dimmer", "percent", "level", "colour", "open", "up", "down")
    kinds: Iterable[str] = (*_SWITCHING, "percent", "level", "colour", "open", *_BRIGHTNESS)
    return wanted and not clause.has("name") and clause.only(*kinds) and not clause.asks()
