"""The tools for several devices at once. Each device is asked by itself, through the gate, and read back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.together.members import Directory, Members, Wish, groups_of, wishes_of
from daemon.abilities.devices.together.settings import GroupSettings, SceneSettings
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.errors import PipitError
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo


def together_tools(
    worked: Worked,
    devices: Sequence[DeviceSettings],
    groups: Sequence[GroupSettings] = (),
    scenes: Sequence[SceneSettings] = (),
) -> list[Tool]:
    """`set_group` where devices have rooms, groups or other names, and `set_scene` where there are scenes."""
    tools, directory = [], Directory(devices)
    members = groups_of(devices, groups)
    wishes = {scene.name: wishes_of(scene, directory) for scene in scenes}
    together = _Together(worked, members, wishes)
    if members and (groups or any(device.room or device.aliases for device in devices)):
        called = {name: name for name in members} | _aliases(group for group in groups if group.name in members)
        tools.append(Tool.of(together.set_group, choices={"group": called}))
    if wishes:
        called = {name: name for name in wishes} | _aliases(scenes)
        tools.append(Tool.of(together.set_scene, choices={"scene": called}))
    return tools


def _aliases(named: Iterable[GroupSettings | SceneSettings]) -> dict[str, str]:
    return {alias: one.name for one in named for alias in one.aliases}


class _Together:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, worked: Worked, members: Mapping[str, Members], wishes: Mapping[str, Sequence[Wish]]) -> None:
        self._worked = worked
        self._members = members
        self._wishes = wishes

    async def set_group(
        self,
        group: Annotated[str, Field(description="Which room or group.")],
        state: Annotated[Literal["on", "off"], Field(description="What its devices shall be.")],
        undo: Undo,
    ) -> Answer:
        """Turn all devices of a room or a group on or off. The answer says what state each is in now."""
        members = self._members[group]
        names = members.on if state == "on" else members.off
        return await self._granted([Wish(name, state == "on") for name in names], undo)

    async def set_scene(self, scene: Annotated[str, Field(description="Which scene.")], undo: Undo) -> Answer:
        """Make several devices as a scene wants them. The answer says what state each is in now."""
        return await self._granted(self._wishes[scene], undo)

    async def _granted(self, wishes: Iterable[Wish], undo: Undo) -> Answer:
        rows = [await self._grant(wish, undo) for wish in wishes]
        refused = [row for row in rows if "error" in row]
        if not refused:
            return {"ok": True, "devices": rows}
        first = refused[0]
        what = f"{len(refused)} of {len(rows)} devices did not do it; the first: {first['error']}"
        return {"error": what, "fix": first["fix"], "devices": rows}

    async def _grant(self, wish: Wish, undo: Undo) -> dict[str, Any]:
        gate, name = self._worked.gate, wish.device
        try:
            async with self._worked.noting(name, undo, turning_on=wish.on):
                if wish.on and (wish.level is not None or wish.mode):
                    gate.set_level(name, wish.level, wish.mode)
                else:
                    gate.switch(name, wish.on)
            if gate.read(name).on != wish.on:
                raise disobeyed(name, "on" if wish.on else "off", self._worked.state(name))
            return self._worked.state(name)
        except PipitError as error:
            return {"device": name, "error": error.message, "fix": error.fix}
