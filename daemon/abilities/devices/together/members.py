"""Who belongs to what: the devices of a room, of a group, of everything; and what a scene wants of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import nature_of
from daemon.abilities.devices.together.called_twice import EVERYTHING
from daemon.names import folded
from hardware.header.angles import level_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from daemon.abilities.devices.settings import DeviceSettings
    from daemon.abilities.devices.together.settings import GroupSettings, SceneSettings, SceneStep


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall become of a device; without a level it has its last, without a mode too."""

    device: str
    on: bool
    level: float | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    """The devices of a group: those that are turned on with it, and those that are turned off."""

    on: tuple[str, ...]
    off: tuple[str, ...]


class Directory:
    """Every device by each of its names, however they are written."""

    def __init__(self, devices: Iterable[DeviceSettings]) -> None:
        self._devices: Final[dict[str, DeviceSettings]] = {}
        self._each: Final[list[DeviceSettings]] = []
        self._rooms: Final[dict[str, list[DeviceSettings]]] = {}
        for device in devices:
            if self._devices.setdefault(folded(device.name), device) is device:
                self._each.append(device)
                self._rooms.setdefault(folded(device.room), []).append(device)
            for said in device.aliases:
                self._devices[folded(said)] = device

    def find(self, said: str) -> DeviceSettings | None:
        """The device that is called so."""
        return self._devices.get(folded(said))

    def in_room(self, room: str) -> Iterator[DeviceSettings]:
        """The devices of a room, in the order of the settings."""
        yield from self._rooms.get(folded(room), ())

    def everything(self) -> list[DeviceSettings]:
        """All of them, each once."""
        return list(self._each)


def rooms_of(devices: Iterable[DeviceSettings]) -> list[str]:
    """Every room that some device is in, as it was written first."""
    return list({folded(device.room): device.room for device in reversed(list(devices)) if device.room}.values())[::-1]


def groups_of(devices: Sequence[DeviceSettings], groups: Iterable[GroupSettings]) -> Mapping[str, Members]:
    """Everything, each room and each group by its name."""
    directory = Directory(devices)
    found = {EVERYTHING: _in_rooms(directory.everything())}
    found |= {room: _in_rooms(list(directory.in_room(room))) for room in rooms_of(devices)}
    for group in groups:
        named = [device for said in group.devices if (device := directory.find(said))]
        found[group.name] = _both(
            _named(named), _in_rooms([device for room in group.rooms for device in directory.in_room(room)])
        )
    return {name: members for name, members in found.items() if members.off}


def _in_rooms(devices: Sequence[DeviceSettings]) -> Members:
    """Nobody who says "the kitchen" means its buzzer; but off is off."""
    return Members(
        tuple(d.name for d in devices if nature_of(d.kind).switched and KINDS[d.kind].in_rooms and not d.read_only),
        tuple(d.name for d in devices if nature_of(d.kind).turned_off and not d.read_only),
    )


def _named(devices: Sequence[DeviceSettings]) -> Members:
    names = tuple(device.name for device in devices)
    return Members(names, names)


def _both(first: Members, second: Members) -> Members:
    return Members(tuple(dict.fromkeys((*first.on, *second.on))), tuple(dict.fromkeys((*first.off, *second.off))))


def wishes_of(scene: SceneSettings, directory: Directory) -> list[Wish]:
    """What it wants; what is turned off comes first, for it may be in the way of what is turned on."""
    wishes = [wish_of(step, device) for step in scene.steps if (device := directory.find(step.device))]
    return sorted(wishes, key=lambda wish: wish.on)


def wish_of(step: SceneStep, device: DeviceSettings) -> Wish:
    """What a step of a scene wants of the device that it names."""
    if step.degrees is not None:
        return Wish(device.name, on=True, level=level_of(step.degrees, device.min_angle, device.max_angle))
    level = None if step.percent is None else step.percent / 100
    return Wish(device.name, step.state == "on", level, step.colour or step.direction or "")
