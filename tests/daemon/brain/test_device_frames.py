"""What is asked of devices: a table of what is said and what is meant."""

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.device_frames import unclear
from daemon.brain.lexicon import lexicon
from daemon.brain.sentences_in import understood
from tests.benchmarks.understanding.house import functions_of

ABLE = abilities(functions_of("en"))


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("start the fan", "switch", {"device": "fan", "state": "on"}),
        ("kill the fan", "switch", {"device": "fan", "state": "off"}),
        ("lights out in the bedroom", "lights of a room", {"group": "bedroom", "state": "off"}),
        ("the bedroom off", "set group", {"group": "bedroom", "state": "off"}),
        ("everything off", "switch all", {"state": "off"}),
        ("the lamp is too bright", "change level", {"device": "lamp", "way": "dimmer"}),
        ("turn the lamp down to 20", "set level", {"device": "lamp", "percent": 20}),
        ("lamp to a quarter", "set level", {"device": "lamp", "percent": 25}),
        ("open up the garage door", "trigger", {"triggered": "garage door"}),
        ("is the heater still on", "ask state", {"device": "heater", "asked": "on"}),
        ("how cold is it in the garden", "measure", {"place": "garden", "quantity": "temperature"}),
        ("is the kitchen window open", "how it stands", {"place": "kitchen window"}),
        ("let's do movie night", "set scene", {"scene": "movie night"}),
    ],
)
def test_what_is_meant(text: str, intent: str, slots: dict[str, object]) -> None:
    (found,) = understood(text, ABLE, lexicon("en")).sentences
    assert (found.intent, found.slots) == (intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "open it",
            "close the garage door",
            "the garage door please",
            "movie night",
            "the lamp",
            "lamp 120 percent",
            "turn the lamp down by 20",
        ),
        *(
            "turn on the kitchen radio",
            "everything off except the lamp",
            "turn on the garage door",
            "switch the lamp on or off",
        ),
    ],
)
def test_what_is_nothing(text: str) -> None:
    assert understood(text, ABLE, lexicon("en")).sentences == ()


def test_something_is_wanted_and_not_of_which() -> None:
    found = understood("dim the light", ABLE, lexicon("en")).clause
    assert found is not None
    assert unclear(found)
