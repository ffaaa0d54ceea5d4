"""The pictures of the devices' page: one of each kind, current, well-formed, with the pins of the kind's example."""

from __future__ import annotations

import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import PINS
from daemon.abilities.inputs.settings import INPUT_PINS
from daemon.house.reference import PICTURES
from daemon.house.wiring_drawing import ACROSS_X, ON_THE_HEADER, PART_X, pictures
from daemon.house.wiring_rows import SHOWN
from daemon.house.wiring_tables import INPUTS
from hardware.header.pins import HEADER_PINS

FOLDER = Path(__file__).parents[3] / PICTURES
MOST_BYTES = 6_000
SVG = "{http://www.w3.org/2000/svg}"
WIRED = {**{name: kind.wired for name, kind in KINDS.items()}, **INPUTS}


def words(kind: str) -> list[str]:
    """Everything that is written on the picture."""
    drawn = ET.fromstring(pictures()[f"{kind}.svg"])  # noqa: S314  our own
    return [element.text or "" for element in drawn.iter(f"{SVG}text")]


def test_the_committed_pictures_are_current_and_there_are_no_others() -> None:
    committed = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
    assert committed == pictures(), "run `python -m daemon.house.reference`"


def test_every_kind_that_is_wired_has_one() -> None:
    assert [kind for kind, wired in WIRED.items() if wired.wires] == list(SHOWN)


@pytest.mark.parametrize("kind", SHOWN)
def test_it_is_small_and_shows_the_pins_of_the_example_each_once(kind: str) -> None:
    assert len(pictures()[f"{kind}.svg"].encode()) <= MOST_BYTES
    table = tomllib.loads(WIRED[kind].table)
    pins = [table[key] for key in dict.fromkeys((*PINS, *INPUT_PINS)) if key in table]
    written = words(kind)
    assert [sum(word.startswith(f"GPIO {pin} ") for word in written) for pin in pins] == [1] * len(pins)


@pytest.mark.parametrize("kind", SHOWN)
def test_it_shows_every_wire_of_the_table_beside_it(kind: str) -> None:
    ends = {end for wire, _ in WIRED[kind].wires for end in wire.split(", ")}
    ends = {{"SDA": "GPIO 2", "SCL": "GPIO 3"}.get(end, end) for end in ends}
    shown = {end for row in SHOWN[kind].rows for end in row.end.split(", ")}
    supplied = {"5V"} if "own supply +" in shown else set()
    assert ends - supplied <= shown


@pytest.mark.parametrize("kind", SHOWN)
def test_every_wire_begins_at_a_pin_or_at_a_supply(kind: str) -> None:
    table = tomllib.loads(WIRED[kind].table)
    for end in (end for row in SHOWN[kind].rows for end in row.end.split(", ")):
        assert end in table or end in ON_THE_HEADER or end.startswith("own supply")


def test_what_divides_an_echo_is_between_the_pin_and_what_keeps_it_from_five_volts() -> None:
    """Behind the 1 kΩ, it would do nothing for the pin."""
    [across], rows = SHOWN["distance"].across, SHOWN["distance"].rows
    assert (rows[across.upper].end, rows[across.lower].end, across.where) == ("echo_pin", "GND", "before")
    assert ACROSS_X["before"] < PART_X < ACROSS_X["behind"]


def test_no_place_on_the_header_is_two_pins_and_none_but_those_of_a_hat_is_left_out() -> None:
    assert len(set(ON_THE_HEADER.values())) == len(ON_THE_HEADER)
    assert {f"GPIO {pin}" for pin in HEADER_PINS if pin > 1} <= ON_THE_HEADER.keys()
