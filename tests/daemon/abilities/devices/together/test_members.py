"""Who belongs to what in a whole flat."""

from __future__ import annotations

import tomllib
from pathlib import Path

from daemon.abilities.devices.together.called_twice import EVERYTHING
from daemon.abilities.devices.together.members import Directory, Wish, groups_of, rooms_of, wishes_of
from daemon.house.settings import Settings

FLAT = Settings.model_validate(
    tomllib.loads((Path(__file__).parents[5] / "docs/examples/flat.toml").read_text("utf-8"))
)


def test_rooms_are_those_that_devices_name_in_their_order_and_one_however_it_is_written() -> None:
    assert rooms_of(FLAT.devices) == ["living room", "kitchen", "bathroom", "bedroom", "hall"]
    first, second = FLAT.devices[:2]
    assert rooms_of([first, second.model_copy(update={"room": "LIVING  ROOM"})]) == ["living room"]


def test_a_room_is_turned_on_without_its_bell_and_its_door_and_off_with_all_but_what_rests() -> None:
    groups = groups_of(FLAT.devices, FLAT.groups)
    assert groups["hall"].on == ("hall light",)
    assert groups["hall"].off == ("front door", "bell", "hall light")
    assert groups["kitchen"].on == ("kitchen light", "counter light", "extractor", "kettle")
    assert "fridge" not in groups["kitchen"].off, "it is only looked at"
    assert groups["bedroom"].off == ("bedroom light",)
    assert groups["living room"].off[-1] == "curtain"


def test_a_group_has_its_devices_and_those_of_its_rooms_each_once() -> None:
    groups = groups_of(FLAT.devices, FLAT.groups)
    assert groups["all lights"].on == groups["all lights"].off
    assert len(groups["all lights"].on) == 6
    assert groups["downstairs"].on == (
        *("kitchen light", "counter light", "extractor", "kettle"),
        *("ceiling light", "reading lamp", "mood light", "hall light"),
    )
    assert len(groups[EVERYTHING].off) == len(FLAT.devices) - 2


def test_a_device_is_found_by_each_of_its_names_however_they_are_written() -> None:
    directory = Directory(FLAT.devices)
    for said in ("front door", "Haustür", "HAUSTU\u0308R", "Porte d'entrée"):
        found = directory.find(said)
        assert found is not None
        assert found.name == "front door"
    assert directory.find("back door") is None


def test_a_scene_turns_off_before_it_turns_on() -> None:
    wishes = wishes_of(FLAT.scenes[0], Directory(FLAT.devices))
    assert wishes == [
        Wish("ceiling light", on=False),
        Wish("reading lamp", on=True, level=0.1),
        Wish("mood light", on=True, level=0.3, mode="purple"),
        Wish("curtain", on=True, mode="forward"),
    ]
    blind, light, _ = wishes_of(FLAT.scenes[1], Directory(FLAT.devices))
    assert (blind.device, round(blind.level or 0, 3), light.device) == ("blind", 0.875, "kitchen light")
