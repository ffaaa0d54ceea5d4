"""A house for the tests of the local brain: what a client declares, and devices that answer as Pipit's tools do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daemon.brain.abilities import Abilities
from daemon.brain.brain import FunctionDeclaration

DEVICES = ("lamp", "fan", "garage door", "coffee machine", "kitchen light")
DIMMABLE = ("lamp", "kitchen light")
ABLE = Abilities(DEVICES, ("on", "off", "toggle"), DIMMABLE, "percent", lists=True, pulsable=DEVICES)


def choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def function(name: str, /, **properties: Mapping[str, Any]) -> FunctionDeclaration:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return FunctionDeclaration(name, f"what {name} does", parameters)


FUNCTIONS = (
    function("set_device", device=choice(*DEVICES), state=choice("on", "off", "toggle")),
    function("set_level", device=choice(*DIMMABLE), percent={"type": "number", "minimum": 0, "maximum": 100}),
    function("list_devices"),
    function("pulse", device=choice(*DEVICES), seconds={"type": "number"}, times={"type": "integer"}),
)


@dataclass
class House:
    """Devices by name; `refusals` are answered instead of obeying. `calls` is what was called, in order."""

    states: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            name: {"device": name, "state": "off", **({"level_percent": 0} if name in DIMMABLE else {})}
            for name in DEVICES
        }
    )
    refusals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls.append((name, dict(arguments)))
        if name == "list_devices":
            return {"ok": True, "devices": list(self.states.values())}
        device = self.states[arguments["device"]]
        if device["device"] in self.refusals:
            return self.refusals[device["device"]]
        if name == "pulse":
            return {"ok": True, **device, "pulses": 1}
        if name == "set_level":
            device.update(state="on" if arguments["percent"] else "off", level_percent=arguments["percent"])
        elif arguments["state"] == "toggle":
            device["state"] = "off" if device["state"] == "on" else "on"
        else:
            device["state"] = arguments["state"]
        return {"ok": True, **device}
