"""The house that the sentences are said to: what it declares, what its functions answer, and what was done in it.

What was done is written as in the lists, joined by ", " in any order:

* `lamp=on`, `lamp=off`, `lamp=40`, `lamp=brighter`, `lamp=dimmer`; `kitchen=on` stands for each device of the room
* `lamp colour red`, `trigger garage door`, `pulse bell`, `scene movie night`
* `timer 600 [name]`, `alarm ISO [rule]`, `remind at=ISO|seconds=60 words`, `plan lamp on at=…|seconds=…`
* `cancel|pause|resume pasta|alarm|reminder|all`, `extend pasta 300`, `snooze alarm`
* `louder [alarm]`, `quieter`, `volume 40 [alarm]`, `quiet [ISO|seconds]`, `end`

The names are English here; `NAMES` has how the household of each language calls the same things.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from daemon.brain.brain import FunctionDeclaration
from tests.daemon.brain.day_house import CHANGES, COUNT, OF, TEXT, row
from tests.daemon.offline.offline_house import choice, function

NOW: Final = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)

DIMMABLE: Final = ("lamp", "reading lamp", "kitchen light")
SWITCHED: Final = (*DIMMABLE, "bedroom light", "fan", "heater", "coffee machine")
ROOMS: Final[Mapping[str, tuple[str, ...]]] = {
    "kitchen": ("kitchen light", "coffee machine"),
    "living room": ("lamp", "reading lamp", "fan"),
    "bedroom": ("bedroom light", "heater"),
    "all lights": ("lamp", "reading lamp", "kitchen light", "bedroom light"),
    "everything": SWITCHED,
}
SCENES: Final = ("movie night", "bedtime")
SENSORS: Final = ("living room", "garden", "kitchen window")
COLOURS: Final = ("red", "green", "blue", "white", "orange", "purple")
ON_AT_FIRST: Final = {"lamp": 50, "kitchen light": 50, "heater": 0}

_ENGLISH: Final = (*SWITCHED, "garage door", "bell", *ROOMS, *SCENES, "garden", "kitchen window", "pasta")
_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "en": _ENGLISH,
    "de": (
        *("Lampe", "Leselampe", "Küchenlicht", "Schlafzimmerlicht", "Ventilator", "Heizung", "Kaffeemaschine"),
        *("Garagentor", "Klingel", "Küche", "Wohnzimmer", "Schlafzimmer", "alle Lichter", "everything"),
        *("Filmabend", "Schlafenszeit", "Garten", "Küchenfenster", "Nudeln"),
    ),
    "es": (
        *("lámpara", "lámpara de lectura", "luz de la cocina", "luz del dormitorio", "ventilador", "calefacción"),
        *("cafetera", "puerta del garaje", "timbre", "cocina", "salón", "dormitorio", "todas las luces"),
        *("everything", "noche de cine", "hora de dormir", "jardín", "ventana de la cocina", "pasta"),
    ),
    "fr": (
        *("lampe", "lampe de lecture", "lumière de la cuisine", "lumière de la chambre", "ventilateur", "chauffage"),
        *("machine à café", "porte du garage", "sonnette", "cuisine", "salon", "chambre", "toutes les lumières"),
        *("everything", "soirée cinéma", "heure du coucher", "jardin", "fenêtre de la cuisine", "pâtes"),
    ),
    "pt-BR": (
        *("abajur", "luminária de leitura", "luz da cozinha", "luz do quarto", "ventilador", "aquecedor", "cafeteira"),
        *("portão da garagem", "campainha", "cozinha", "sala", "quarto", "todas as luzes", "everything"),
        *("noite de cinema", "hora de dormir", "jardim", "janela da cozinha", "macarrão"),
    ),
}
NAMES: Final = {language: dict(zip(_ENGLISH, called, strict=True)) for language, called in _CALLED.items()}
"""How each thing is called, by its English name, in each language."""


def functions_of(language: str) -> tuple[FunctionDeclaration, ...]:
    """What the house declares, in the shapes of Pipit's own tools."""
    called = NAMES[language]

    def named(*names: str) -> Mapping[str, Any]:
        return choice(*(called[name] for name in names))

    return (
        function("set_device", device=named(*SWITCHED), state=choice("on", "off", "toggle")),
        function("set_level", device=named(*DIMMABLE), percent={"type": "number"}),
        function("list_devices"),
        function("pulse", device=named("bell"), seconds={"type": "number"}, times={"type": "integer"}),
        function("set_colour", device=named("lamp"), colour=choice(*COLOURS)),
        function("trigger", device=named("garage door")),
        function("set_group", group=named(*ROOMS), state=choice("on", "off")),
        function("set_scene", scene=named(*SCENES)),
        function("read_sensor", sensor=named(*SENSORS)),
        function("set_timer", seconds=COUNT, name=TEXT),
        function("set_alarm", at=TEXT, repeat=TEXT, name=TEXT),
        function("set_reminder", text=TEXT, seconds=COUNT, at=TEXT, repeat=TEXT),
        function(
            "plan_device", device=named(*SWITCHED), state=choice("on", "off"), seconds=COUNT, at=TEXT, repeat=TEXT
        ),
        function("list_timers"),
        function("change_timer", which=TEXT, change=CHANGES, seconds=COUNT),
        function("set_volume", percent=COUNT, of=OF),
        function("change_volume", direction=choice("louder", "quieter"), percent=COUNT, of=OF),
        function("get_volume", of=OF),
        function("do_not_disturb", until=TEXT, seconds=COUNT, on={"type": "boolean"}),
        function("end_conversation"),
    )


@dataclass
class House:
    """What is called is carried out, and written down: `done` acts, `read` only looks."""

    language: str
    done: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=lambda: {name: ON_AT_FIRST.get(name, 0) for name in SWITCHED})
    on: set[str] = field(default_factory=lambda: set(ON_AT_FIRST))

    def __post_init__(self) -> None:
        self._english = {called: name for name, called in NAMES[self.language].items()}

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """As Pipit's tools answer."""
        given = {key: self._english.get(value, value) for key, value in arguments.items()}
        answer: Mapping[str, Any] = getattr(self, f"_{name}")(**given)
        return {"ok": True, **answer}

    def _named(self, device: str) -> str:
        return NAMES[self.language][device]

    def _row(self, device: str) -> dict[str, Any]:
        level = {"level_percent": self.levels[device]} if device in DIMMABLE else {}
        room = next((name for name in ("kitchen", "living room", "bedroom") if device in ROOMS[name]), "")
        state = "on" if device in self.on else "off"
        return {"device": self._named(device), "room": self._named(room) if room else "", "state": state, **level}

    def _set_device(self, device: str, state: str) -> Mapping[str, Any]:
        if device not in SWITCHED:
            return {"error": "there is no such device"}
        wanted = state if state != "toggle" else "off" if device in self.on else "on"
        self.done.append(f"{device}={wanted}")
        (self.on.add if wanted == "on" else self.on.discard)(device)
        return self._row(device)

    def _set_level(self, device: str, percent: int) -> Mapping[str, Any]:
        self.done.append(f"{device}={percent} {'brighter' if percent > self.levels[device] else 'dimmer'}")
        self.levels[device] = percent
        self.on.add(device)
        return self._row(device)

    def _list_devices(self) -> Mapping[str, Any]:
        self.read.append("devices")
        return {"devices": [self._row(device) for device in SWITCHED]}

    def _pulse(self, device: str, **_: Any) -> Mapping[str, Any]:
        self.done.append(f"pulse {device}")
        return {"device": self._named(device), "state": "off"}

    def _set_colour(self, device: str, colour: str) -> Mapping[str, Any]:
        self.done.append(f"{device} colour {colour}")
        return {**self._row(device), "state": "on", "colour": colour}

    def _trigger(self, device: str) -> Mapping[str, Any]:
        self.done.append(f"trigger {device}")
        return {"device": self._named(device), "state": "on"}

    def _set_group(self, group: str, state: str) -> Mapping[str, Any]:
        return {"devices": [dict(self._set_device(device, state)) for device in ROOMS[group]]}

    def _set_scene(self, scene: str) -> Mapping[str, Any]:
        self.done.append(f"scene {scene}")
        return {"devices": [self._row("lamp")]}

    def _read_sensor(self, sensor: str) -> Mapping[str, Any]:
        self.read.append(f"sensor {sensor}")
        called = self._named(sensor)
        if sensor == "kitchen window":
            return {"readings": [{"sensor": called, "state": "closed"}]}
        return {
            "readings": [
                {"sensor": called, "quantity": "temperature", "value": 19.5, "unit": "°C"},
                {"sensor": called, "quantity": "humidity", "value": 52, "unit": "%"},
            ]
        }

    def _set_timer(self, seconds: int, name: str = "") -> Mapping[str, Any]:
        self.done.append(f"timer {seconds} {name}".strip())
        return self._due({"seconds": seconds}, name)

    def _set_alarm(self, at: str, repeat: str = "") -> Mapping[str, Any]:
        self.done.append(f"alarm {at} {repeat}".strip())
        return self._due({"at": at})

    def _set_reminder(self, text: str, repeat: str = "", **when: Any) -> Mapping[str, Any]:
        self.done.append(f"remind {_when(when)} {text} {repeat}".strip())
        return self._due(when)

    def _plan_device(self, device: str, state: str, repeat: str = "", **when: Any) -> Mapping[str, Any]:
        self.done.append(f"plan {device} {state} {_when(when)} {repeat}".strip())
        return self._due(when)

    def _list_timers(self) -> Mapping[str, Any]:
        self.read.append("timers")
        return {"now": NOW.isoformat(), "timers": list(self._timers())}

    def _timers(self) -> Iterator[Mapping[str, Any]]:
        yield row(3, "timer", "2026-11-22T14:10", name=self._named("pasta"))
        yield row(8, "alarm", "2026-11-23T07:00", repeat="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
        yield row(11, "reminder", "2026-11-22T20:00", text="call mum")

    def _change_timer(self, which: str, change: str, seconds: int = 0) -> Mapping[str, Any]:
        which = {"3": "pasta", "8": "alarm", "11": "reminder", "last": "alarm"}.get(which, which)
        if which not in ("pasta", "alarm", "reminder", "all"):
            return {"error": f'there is none called "{which}"'}
        self.done.append(f"{change} {which} {seconds or ''}".strip())
        return {}

    def _set_volume(self, percent: int, of: str = "voice") -> Mapping[str, Any]:
        self.done.append(f"volume {percent}{_of(of)}")
        return {"of": of, "percent": percent, "largest": 90}

    def _change_volume(self, direction: str, percent: int = 0, of: str = "voice") -> Mapping[str, Any]:
        self.done.append(f"{direction}{f' {percent}' if percent else ''}{_of(of)}")
        return {"of": of, "percent": 40, "largest": 90}

    def _get_volume(self, of: str = "voice") -> Mapping[str, Any]:
        self.read.append("volume")
        return {"of": of, "percent": 40, "largest": 90}

    def _do_not_disturb(self, until: str = "", seconds: int = 0, on: bool = True) -> Mapping[str, Any]:
        self.done.append(" ".join(filter(None, ("quiet" if on else "talk", until, str(seconds or "")))))
        return {}

    def _end_conversation(self) -> Mapping[str, Any]:
        self.done.append("end")
        return {}

    def _due(self, when: Mapping[str, Any], name: str = "") -> Mapping[str, Any]:
        at, seconds = when.get("at"), when.get("seconds", 0)
        due = datetime.fromisoformat(f"{at}+00:00") if at else NOW + timedelta(seconds=seconds)
        return {"number": 9, "name": name, "due": due.isoformat(), "left_s": (due - NOW).total_seconds()}


def _when(when: Mapping[str, Any]) -> str:
    return f"at={when['at']}" if when.get("at") else f"seconds={when.get('seconds')}"


def _of(of: str) -> str:
    return "" if of == "voice" else f" {of}"
