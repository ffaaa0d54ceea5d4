"""What a client's function declarations allow."""

from typing import Any

import pytest

from daemon.brain.abilities import Abilities, abilities
from daemon.brain.brain import FunctionDeclaration
from tests.daemon.offline.offline_house import ABLE, DEVICES, DIMMABLE, FUNCTIONS, choice, function


def test_pipits_own_functions_are_read_off_their_schemas() -> None:
    assert abilities(FUNCTIONS) == ABLE


def test_devices_are_listed_once_in_the_clients_order() -> None:
    assert ABLE.devices == DEVICES
    assert Abilities(switchable=("fan",), dimmable=("strip", "fan")).devices == ("fan", "strip")


def test_no_functions_are_no_abilities() -> None:
    assert abilities(()) == Abilities()
    assert Abilities().devices == ()


def test_the_argument_of_the_level_is_found_whatever_its_name() -> None:
    offered = function("set_level", device=choice(*DIMMABLE), level_percent={"type": "integer"})
    assert abilities([offered]).level_argument == "level_percent"


@pytest.mark.parametrize(
    "declared",
    [
        FunctionDeclaration("set_device"),
        FunctionDeclaration("set_device", parameters={"type": "object", "properties": None}),
        function("set_device", device={"type": "string"}, state={"type": "string"}),
        function("set_device", device={"type": "string", "enum": [1, None]}),
        function("launch_rocket", device=choice("lamp")),
    ],
)
def test_a_function_of_another_shape_gives_nothing(declared: FunctionDeclaration) -> None:
    assert abilities([declared]) == Abilities()


@pytest.mark.parametrize("enum", [5, None, "lamp", {"lamp": 1}, [1, None, {}], ["", " ", "!", "🙈"]])
def test_choices_that_cannot_be_said_are_none(enum: Any) -> None:
    """ "Turn on" alone must never be the name of something."""
    functions = [FunctionDeclaration("set_device", parameters={"properties": {"device": {"enum": enum}}})]
    assert abilities(functions).devices == ()
