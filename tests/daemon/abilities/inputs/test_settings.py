"""The table of an input: what cannot be is refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.daemon.abilities.inputs.entrance import table


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"actions": [{"when": "pressed", "do": "mute"}]}, 'must not wait for "pressed" of a contact'),
        ({"actions": [{"when": "opened"}]}, "must be given if scene and say are not, and only then"),
        ({"actions": [{"when": "opened", "say": "x", "do": "mute"}]}, "must be given if scene and say are not"),
        ({"actions": [{"when": "opened", "say": "x", "scene": "y"}]}, "must be given if scene and say are not"),
        ({"actions": [{"when": "opened", "do": "unmute"}]}, "'', 'listen' or 'mute'"),
        ({"held_after_ms": 500}, 'has no meaning for an input of kind "contact"'),
        ({"pin": 28}, "less than or equal to 27"),
        ({"name": " door"}, "must be words with single spaces"),
        ({"room": "a  b"}, "must be words with single spaces"),
    ],
)
def test_what_cannot_be(keys: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError) as error:
        table(**keys)
    assert what in str(error.value)


def test_what_can_be() -> None:
    button = table(
        kind="button", held_after_ms=500, actions=[{"when": "held", "do": "mute"}, {"when": "held", "say": "Off."}]
    )
    assert [action.when for action in button.actions] == ["held", "held"]
