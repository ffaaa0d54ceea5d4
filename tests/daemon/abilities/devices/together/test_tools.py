"""A whole flat as the model has it: few tools, every name understood, rooms and scenes through the gate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from daemon.house.checks import faults_between
from daemon.house.settings import Settings
from daemon.house.wiring import gpio_pins, wired
from tests.daemon.abilities.devices.asking import ask, undone
from tests.daemon.abilities.devices.together.test_members import FLAT

if TYPE_CHECKING:
    from daemon.tools.tool import Toolbox

CHARACTERS_PER_TOKEN = 4
"""Of JSON in English, by rule of thumb; Google's own page on tokens says the same."""


def states(answer: Any) -> dict[str, str]:
    return {row["device"]: row.get("state", row.get("error")) for row in answer["devices"]}


async def listed(toolbox: Toolbox) -> dict[str, str]:
    return states(await ask(toolbox, "list_devices"))


async def test_the_declarations_of_a_whole_flat_fit_into_two_thousand_tokens() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        declared = wiring.toolbox.declarations()
        assert len(declared) <= 11
        assert len(json.dumps(declared, ensure_ascii=False)) / CHARACTERS_PER_TOKEN <= 2000


async def test_every_name_of_a_device_is_understood_and_the_answer_has_its_own() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        for said in ("Küchenlampe", "KÜCHENLAMPE", "kitchen light"):
            assert (await ask(wiring.toolbox, "set_device", device=said, state="on"))["device"] == "kitchen light"
        assert (await ask(wiring.toolbox, "set_level", device="Leselampe", percent=30))["device"] == "reading lamp"
        assert (await ask(wiring.toolbox, "set_angle", device="Rollo", degrees=10))["device"] == "blind"
        assert "error" in await ask(wiring.toolbox, "set_device", device="fridge", state="off")


async def test_a_room_is_turned_on_and_off_and_what_it_did_is_taken_back() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        answer = await ask(wiring.toolbox, "set_group", group="Kitchen", state="on")
        assert states(answer) == dict.fromkeys(("kitchen light", "counter light", "extractor", "kettle"), "on")
        assert (await listed(wiring.toolbox))["fridge"] == "on"
        everything = await ask(wiring.toolbox, "set_group", group="everything", state="off")
        assert set(states(everything).values()) == {"off"}
        assert await undone(wiring.toolbox, "set_group", group="unten", state="on")
        now = await listed(wiring.toolbox)
        assert [name for name, state in now.items() if state == "on"] == ["fridge"]


async def test_a_scene_by_any_of_its_names() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        await ask(wiring.toolbox, "set_device", device="ceiling light", state="on")
        answer = await ask(wiring.toolbox, "set_scene", scene="kinoabend")
        assert "error" in answer, "the curtain rests from the start"
        assert answer["error"].startswith('1 of 4 devices did not do it; the first: "curtain" must stay off')
        rows = {row["device"]: row for row in answer["devices"]}
        assert rows["ceiling light"]["state"] == "off"
        assert (rows["mood light"]["colour"], rows["mood light"]["level_percent"]) == ("purple", 30)
        assert rows["curtain"]["fix"] == "try again in 1 s"


async def test_what_is_always_true_of_a_device_is_listed_with_it() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        rows = {row["device"]: row for row in (await ask(wiring.toolbox, "list_devices"))["devices"]}
        assert rows["front door"]["room"] == "hall"
        assert rows["front door"]["also_called"] == ["Haustür", "porte d'entrée"]
        assert rows["fridge"]["only_looked_at"] is True
        assert rows["fountain"] == {"device": "fountain", "state": "off"}


@pytest.mark.parametrize(
    ("keys", "offered"),
    [({}, False), ({"room": "hall"}, True), ({"aliases": ["Lampe"]}, True), ({"kind": "servo"}, False)],
)
async def test_without_rooms_groups_or_other_names_there_is_no_tool_for_them(
    keys: dict[str, Any], offered: bool
) -> None:
    lamp = {"name": "lamp", "kind": "led", "pin": 17, **keys}
    with wired(Settings.model_validate({"gpio": {"factory": "mock"}, "device": [lamp]}), gpio_pins) as wiring:
        assert ("set_group" in wiring.toolbox) is offered
        assert "set_scene" not in wiring.toolbox


def test_the_flat_has_no_fault() -> None:
    assert faults_between(FLAT.model_dump(mode="json", by_alias=True, exclude_defaults=True)) == []
