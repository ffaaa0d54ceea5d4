"""The page of devices: every kind, every pin of it, and tables that are settings without a fault."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import OWNERS, PINS
from daemon.abilities.inputs.kinds.input_kinds import KNOBS, SENSORS, SWITCHES
from daemon.house.checks import faults_between
from daemon.house.devices_page import devices_page
from daemon.house.reference import DEVICES_FILE
from daemon.house.settings import Settings
from daemon.house.wiring import gpio_pins, wired
from daemon.house.wiring_tables import INPUTS

ROOT = Path(__file__).parents[3]


def table(kind: str) -> dict[str, Any]:
    return tomllib.loads(KINDS[kind].wired.table)


def test_the_committed_page_is_current() -> None:
    assert (ROOT / DEVICES_FILE).read_text(encoding="utf-8") == devices_page(), "run `python -m daemon.house.reference`"


def test_every_kind_has_its_section() -> None:
    assert [kind for kind in KINDS if f"\n## {kind}\n" not in devices_page()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_pin_goes_somewhere_and_is_in_the_example(kind: str) -> None:
    pins = ["pin", *(key for key in PINS if kind in OWNERS.get(key, ()))]
    assert [end for end, _ in KINDS[kind].wired.wires if not end.isupper() and end != "5V"] == pins
    assert set(pins) <= table(kind).keys()


@pytest.mark.parametrize("kind", KINDS)
async def test_its_example_has_no_fault_and_is_worked_by_the_tools_that_are_named(kind: str) -> None:
    document = {"gpio": {"factory": "mock"}, "device": [table(kind)]}
    assert faults_between(document) == []
    with wired(Settings.model_validate(document), gpio_pins) as wiring:
        names = {tool["name"] for tool in wiring.toolbox.declarations()} - {"list_devices"}
    assert (table(kind)["kind"], names) == (kind, set(KINDS[kind].wired.tools))


def test_all_examples_together_are_a_household() -> None:
    assert faults_between({"device": [table(kind) for kind in KINDS]}) == []


def input_table(kind: str) -> dict[str, Any]:
    return tomllib.loads(INPUTS[kind].table)


def test_every_kind_of_input_has_its_section() -> None:
    assert list(INPUTS) == [*SWITCHES, *KNOBS, *SENSORS]
    assert [kind for kind in INPUTS if f"\n### {kind}\n" not in devices_page()] == []


@pytest.mark.parametrize("kind", INPUTS)
async def test_the_example_of_an_input_has_no_fault_and_can_be_read(kind: str) -> None:
    document = {"gpio": {"factory": "mock"}, "input": [input_table(kind)]}
    assert faults_between(document) == []
    with wired(Settings.model_validate(document), gpio_pins) as wiring:
        names = {tool["name"] for tool in wiring.toolbox.declarations()}
    assert (input_table(kind)["kind"], names) == (kind, set() if kind in {"button", *KNOBS} else {"read_sensor"})


def test_all_inputs_and_devices_together_are_a_household() -> None:
    assert faults_between({"device": [table(kind) for kind in KINDS], "input": [input_table(i) for i in INPUTS]}) == []
