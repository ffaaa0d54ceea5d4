"""What only some devices do, as it is typed and heard: the calls that come of it, and the replies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.intents import task_of
from daemon.brain.understanding import against, typed_sentence
from tests.daemon.offline.offline_house import FUNCTIONS, choice, function

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
HOUSE = (
    *FUNCTIONS,
    function("set_colour", device=choice("mood light", "lamp"), colour=choice("red", "warm white")),
    function("set_angle", device=choice("blind"), degrees={"type": "number"}),
    function("run_motor", device=choice("curtain"), direction=choice("forward", "backward", "stop")),
    function("trigger", device=choice("front door")),
    function("set_group", group=choice("everything", "kitchen", "upstairs"), state=choice("on", "off")),
    function("set_scene", scene=choice("movie night")),
)
ABLE = abilities(HOUSE)


def calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    sentence = typed_sentence(text, ABLE)
    if sentence is None or against(sentence, text, ABLE):
        return []
    return [(call.name, dict(call.arguments)) for call in task_of(sentence, ABLE, NOW).calls]


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("make the mood light red", "set_colour", {"device": "mood light", "colour": "red"}),
        ("set the lamp to warm white please", "set_colour", {"device": "lamp", "colour": "warm white"}),
        ("turn the blind to thirty degrees", "set_angle", {"device": "blind", "degrees": 30}),
        ("move the blind to minus 45 degrees", "set_angle", {"device": "blind", "degrees": -45}),
        ("run the curtain forward", "run_motor", {"device": "curtain", "direction": "forward"}),
        ("move the curtain backwards", "run_motor", {"device": "curtain", "direction": "backward"}),
        ("stop the curtain", "run_motor", {"device": "curtain", "direction": "stop"}),
        ("could you open the front door", "trigger", {"device": "front door"}),
        ("turn off the kitchen", "set_group", {"group": "kitchen", "state": "off"}),
        ("turn everything in the kitchen on", "set_group", {"group": "kitchen", "state": "on"}),
        ("turn everything off", "set_group", {"group": "everything", "state": "off"}),
        ("activate movie night", "set_scene", {"scene": "movie night"}),
        ("start the scene movie night", "set_scene", {"scene": "movie night"}),
        ("turn on the lamp", "set_device", {"device": "lamp", "state": "on"}),
    ],
)
def test_a_sentence_is_a_call(text: str, name: str, arguments: dict[str, Any]) -> None:
    assert calls(text) == [(name, arguments)]


def test_a_home_is_read_by_what_it_has_itself_whatever_another_had_before() -> None:
    plain = abilities(FUNCTIONS)
    for _ in range(2):
        assert typed_sentence("activate movie night", ABLE) is not None
        assert typed_sentence("activate movie night", plain) is None


@pytest.mark.parametrize(
    "text",
    [
        "don't open the front door",
        "open the front door in ten minutes",
        "did somebody open the front door",
        "make the fan red",
        "open the lamp",
        "turn the blind to two hundred degrees",
    ],
)
def test_what_is_not_meant_or_cannot_be_is_no_call(text: str) -> None:
    assert calls(text) == []


@pytest.mark.parametrize(
    ("text", "answer", "reply"),
    [
        (
            "make the mood light red",
            {"device": "mood light", "state": "on", "colour": "red", "level_percent": 40},
            "The mood light is on red at 40 percent.",
        ),
        ("turn the blind to 30 degrees", {"state": "on", "angle_degrees": 30}, "The blind is on at 30 degrees."),
        ("run the curtain forward", {"state": "on", "direction": "forward"}, "The curtain is on forward."),
        ("stop the curtain", {"state": "off"}, "The curtain is off."),
        ("open the front door", {"state": "on"}, "The front door is on for a moment."),
        (
            "open the front door",
            {"error": '"front door" must stay off for at least 5 s', "fix": "try again in 3 s"},
            "I can't: the front door must stay off for at least 5 seconds. Try again in 3 seconds.",
        ),
        (
            "turn off the kitchen",
            {"ok": True, "devices": [{"device": "lamp", "state": "off"}, {"device": "hob", "error": "it is stuck"}]},
            "The lamp is off. I can't: it is stuck.",
        ),
        ("activate movie night", {"error": "there is no such scene"}, "I can't: there is no such scene."),
    ],
)
def test_the_reply_is_what_was_answered(text: str, answer: dict[str, Any], reply: str) -> None:
    sentence = typed_sentence(text, ABLE)
    assert sentence
    assert task_of(sentence, ABLE, NOW).reply([answer]) == reply


def test_without_such_devices_there_are_no_such_sentences() -> None:
    able = abilities(FUNCTIONS)
    assert not able.special
    assert typed_sentence("activate movie night", able) is None
