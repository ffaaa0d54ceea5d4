"""Questions about sensors by the local brain: what is read, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.intents import task_of
from daemon.brain.understanding import typed_sentence
from tests.daemon.offline.offline_house import FUNCTIONS, choice, function

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
PLACES = ("garden door", "bedroom", "thermometer", "hall", "everything")
ABLE = abilities((*FUNCTIONS, function("read_sensor", sensor=choice(*PLACES))))


def measured(quantity: str, value: float, unit: str, sensor: str = "thermometer") -> dict[str, Any]:
    return {"sensor": sensor, "quantity": quantity, "value": value, "unit": unit, "age_s": 0.0}


WARM = measured("temperature", 21.42, "°C")
DAMP = measured("humidity", 48.1, "%")
DOOR = {"sensor": "garden door", "state": "open"}


@pytest.mark.parametrize(
    ("text", "place", "readings", "reply"),
    [
        ("what is the temperature in the bedroom", "bedroom", [WARM, DAMP], "The thermometer says 21.4 degrees."),
        ("what's the humidity in the bedroom", "bedroom", [WARM, DAMP], "The thermometer says 48.1 percent."),
        ("how warm is it in the bedroom", "bedroom", [WARM, DAMP], "The thermometer says 21.4 degrees."),
        (
            "what does the thermometer say",
            "thermometer",
            [measured("temperature", -3.06, "°C"), DAMP],
            "The thermometer says minus 3.1 degrees and the thermometer says 48.1 percent.",
        ),
        ("is the garden door open", "garden door", [DOOR], "Yes, the garden door is open."),
        ("is the garden door closed", "garden door", [DOOR], "No, the garden door is open."),
        (
            "is everything closed",
            "everything",
            [WARM, DOOR, {"sensor": "window", "state": "closed"}],
            "The garden door is open and the window is closed.",
        ),
        (
            "is there motion in the hall",
            "hall",
            [{"sensor": "hall", "state": "motion"}],
            "Yes, the hall sees somebody.",
        ),
        ("is somebody in the hall", "hall", [{"sensor": "hall", "state": "still"}], "No, the hall sees nobody."),
        (
            "what is the voltage in the bedroom",
            "bedroom",
            [WARM],
            "I can't measure that: there is nothing for it in the bedroom.",
        ),
        (
            "what is the temperature in the bedroom",
            "bedroom",
            [WARM, {"sensor": "air", "error": '"air" is not there', "fix": "check its wires"}],
            "The thermometer says 21.4 degrees. I can't: the air is not there. Check its wires.",
        ),
    ],
)
def test_a_question_its_call_and_its_reply(text: str, place: str, readings: list[Any], reply: str) -> None:
    sentence = typed_sentence(text, ABLE)
    assert sentence
    task = task_of(sentence, ABLE, NOW)
    assert [(call.name, call.arguments) for call in task.calls] == [("read_sensor", {"sensor": place})]
    assert task.reply([{"ok": True, "readings": readings}]) == reply


def test_what_is_refused_is_told() -> None:
    sentence = typed_sentence("how warm is the thermometer", ABLE)
    assert sentence
    answer = {"error": '"thermometer" reads 85 °C, which cannot be', "fix": "say that it is broken"}
    assert task_of(sentence, ABLE, NOW).reply([answer]).startswith("I can't: the thermometer reads 85 °C, which cannot")


def test_without_sensors_there_are_no_such_sentences() -> None:
    able = abilities(FUNCTIONS)
    assert typed_sentence("what is the temperature in the bedroom", able) is None
