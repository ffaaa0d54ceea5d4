"""What only shows between devices, groups and scenes: members and steps that cannot be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from daemon.abilities.devices.kinds.keys import OWNERS, nature_of
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.together.members import Directory, rooms_of, wish_of
from daemon.abilities.devices.together.settings import SceneStep
from daemon.names import folded
from daemon.settings.document import tables_of
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daemon.settings.problems import KeyPath

_NAMED: Final = 12
"""Names that are told as those that there are."""
_TAKES: Final[Mapping[str, tuple[str, ...]]] = {
    "percent": OWNERS["max_level"],
    "colour": OWNERS["green_pin"],
    "direction": OWNERS["backward_pin"],
    "degrees": OWNERS["min_angle"],
}
"""The kinds for which each key of a step has a meaning."""


def faults_of_members(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of groups and scenes, as far as the devices that they name can be read."""
    devices = list(_devices(document))
    directory = Directory(devices)
    broken = {folded(name) for _, table in tables_of(document, "device") if isinstance(name := table.get("name"), str)}
    unread = broken - {folded(device.name) for device in devices}
    rooms = {folded(room): room for room in rooms_of(devices)}
    for index, group in tables_of(document, "group"):
        yield from _faults_of_group(("group", index), group, directory, unread, rooms)
    for index, scene in tables_of(document, "scene"):
        yield from _faults_of_scene(("scene", index), scene, directory, unread)


def faults_of_interlocks(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of what excludes one another: one alone, two that are safe when on, a group or a scene that has two of them."""
    first: dict[str, tuple[KeyPath, bool]] = {}
    alone: dict[str, Fault] = {}
    for index, device in enumerate(_read_or_none(document)):
        if device is None or not device.interlock:
            continue
        word, path = folded(device.interlock), ("device", index, "interlock")
        if device.safe == "on" and device.read_only:
            what = f'must not be that of "{device.name}", which is always on: the others could never be'
            yield Fault(path, what, "remove it, or read_only")
        if word not in first:
            fix = "give it to another [[device]] too, or remove it"
            alone[word] = Fault(path, f'is of one device alone: no other has interlock = "{device.interlock}"', fix)
            first[word] = (path, device.safe == "on")
            continue
        alone.pop(word, None)
        other, on = first[word]
        if on and device.safe == "on":
            what = 'must not be that of two devices whose safe state is "on": both would be on at the start'
            yield Fault(path, what, 'use safe = "off" for all but one', other)
        elif device.safe == "on":
            first[word] = (path, True)
    yield from alone.values()
    yield from _faults_of_both(document)


def _faults_of_both(document: Mapping[str, Any]) -> Iterator[Fault]:
    directory = Directory(_devices(document))
    for index, group in tables_of(document, "group"):
        named = [(number, said) for number, said in enumerate(_list(group.get("devices")))]
        yield from _excluding(("group", index, "devices"), (), named, directory)
    for index, scene in tables_of(document, "scene"):
        steps = scene.get("steps")
        named = [
            (number, said)
            for number, step in enumerate(steps if isinstance(steps, list) else ())
            if isinstance(step, dict)
            and step.get("state", "on") == "on"
            and isinstance(said := step.get("device"), str)
        ]
        yield from _excluding(("scene", index, "steps"), ("device",), named, directory)


def _excluding(path: KeyPath, key: KeyPath, named: Iterable[tuple[int, str]], directory: Directory) -> Iterator[Fault]:
    """The second of two that are to be on together, and may not."""
    on: dict[str, tuple[str, KeyPath]] = {}
    for number, said in named:
        device, at = directory.find(said), (*path, number, *key)
        if device is None or not device.interlock:
            continue
        other, where = on.setdefault(folded(device.interlock), (device.name, at))
        if other != device.name:
            what = f'must not turn "{device.name}" on together with "{other}": they have one interlock'
            yield Fault(at, what, "remove one of the two", where)


def _read_or_none(document: Mapping[str, Any]) -> Iterator[DeviceSettings | None]:
    tables = document.get("device")
    for table in tables if isinstance(tables, list) else ():
        try:
            yield DeviceSettings.model_validate(dict(table)) if isinstance(table, dict) else None
        except ValidationError:
            yield None


def _devices(document: Mapping[str, Any]) -> Iterator[DeviceSettings]:
    yield from (device for device in _read_or_none(document) if device)


def _faults_of_group(
    path: KeyPath, group: Mapping[str, Any], directory: Directory, unread: set[str], rooms: Mapping[str, str]
) -> Iterator[Fault]:
    devices, wanted = _list(group.get("devices")), _list(group.get("rooms"))
    if not devices and not wanted:
        yield Fault(
            (*path, "devices"), "must name a device, or rooms must name a room", 'write devices = ["desk lamp"]'
        )
    for number, said in enumerate(devices):
        at = (*path, "devices", number)
        if (device := directory.find(said)) is None:
            yield from _unknown(at, said, directory, unread)
        elif not nature_of(device.kind).switched or device.read_only:
            why = (
                "which is only looked at" if device.read_only else f"a {device.kind}, which is not turned on by itself"
            )
            yield Fault(at, f'must not name "{said}", {why}', "name it in a scene, or not at all")
    for number, said in enumerate(wanted):
        if folded(said) not in rooms:
            fix = f"the rooms are {_some(rooms.values())}" if rooms else "give a [[device]] a room"
            yield Fault((*path, "rooms", number), f'must name a room of a device, not "{said}"', fix)


def _faults_of_scene(
    path: KeyPath, scene: Mapping[str, Any], directory: Directory, unread: set[str]
) -> Iterator[Fault]:
    seen: dict[str, KeyPath] = {}
    for number, raw in enumerate(steps if isinstance(steps := scene.get("steps"), list) else ()):
        at = (*path, "steps", number)
        try:
            step = SceneStep.model_validate(raw)
        except ValidationError:
            continue
        if (device := directory.find(step.device)) is None:
            yield from _unknown((*at, "device"), step.device, directory, unread)
            continue
        if other := seen.get(device.name):
            what = f'must name another device: there is a step for "{device.name}" already'
            yield Fault((*at, "device"), what, "make one step of the two", other)
        seen.setdefault(device.name, (*at, "device"))
        yield from _faults_of_step(at, step, device)


def _faults_of_step(at: KeyPath, step: SceneStep, device: DeviceSettings) -> Iterator[Fault]:
    if device.read_only:
        yield Fault((*at, "device"), f'must not name "{device.name}", which is only looked at', "remove the step")
    for key, kinds in _TAKES.items():
        if getattr(step, key) is not None and device.kind not in kinds:
            kind = f'"{device.name}" is a {device.kind}'
            yield Fault((*at, key), f"has no meaning here: {kind}", f"remove it; it is for {', '.join(kinds)}")
            return
    needed = nature_of(device.kind).on_needs
    if step.state == "on" and needed and getattr(step, needed) is None:
        what = f'is needed for "{device.name}", a {device.kind}'
        yield Fault((*at, "device"), f"{needed} {what}", f'write {needed} beside it, or state = "off"')
    elif step.degrees is not None and not device.min_angle <= step.degrees <= device.max_angle:
        angles = f"{device.min_angle:g} to {device.max_angle:g}"
        yield Fault((*at, "degrees"), f'must be {angles} for "{device.name}", not {step.degrees:g}', "choose another")
    elif step.percent is not None and not device.min_level <= (wish_of(step, device).level or 0) <= device.max_level:
        levels = f"{100 * device.min_level:g} to {100 * device.max_level:g}"
        yield Fault((*at, "percent"), f'must be {levels} for "{device.name}", not {step.percent:g}', "choose another")


def _unknown(path: KeyPath, said: str, directory: Directory, unread: set[str]) -> Iterator[Fault]:
    if folded(said) in unread:
        return
    names = _some(device.name for device in directory.everything())
    yield Fault(path, f'must name a device, not "{said}"', f"the devices are {names}" if names else "add a [[device]]")


def _some(names: Iterable[str]) -> str:
    """The first of them, as many as somebody reads."""
    first = list(islice(names, _NAMED + 1))
    return ", ".join([*first[:_NAMED], "…"] if len(first) > _NAMED else first)


def _list(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
