"""From a sentence to calls, and from their answers to a reply."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from daemon.brain.intents import task_of
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence, Value
from daemon.brain.task import Call, say
from tests.daemon.offline.offline_house import ABLE, DEVICES, House

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


async def carry_out(house: House, intent: Intent, slots: Mapping[str, Value]) -> str:
    task = task_of(Sentence(intent, slots), ABLE, NOW)
    return task.reply([await house.call(call.name, call.arguments) for call in task.calls])


@pytest.mark.parametrize(
    ("intent", "slots", "calls", "reply"),
    [
        (
            Intent.SWITCH,
            {"device": "fan", "state": "on"},
            [("set_device", {"device": "fan", "state": "on"})],
            "The fan is on.",
        ),
        (
            Intent.TOGGLE,
            {"device": "fan"},
            [("set_device", {"device": "fan", "state": "toggle"})],
            "The fan is on.",
        ),
        (
            Intent.SWITCH_TWO,
            {"device": "fan", "other": "coffee machine", "state": "on"},
            [
                ("set_device", {"device": "fan", "state": "on"}),
                ("set_device", {"device": "coffee machine", "state": "on"}),
            ],
            "The fan and the coffee machine are on.",
        ),
        (
            Intent.SWITCH_TWO,
            {"device": "fan", "other": "fan", "state": "off"},
            [("set_device", {"device": "fan", "state": "off"})],
            "The fan is off.",
        ),
        (
            Intent.SET_LEVEL,
            {"device": "lamp", "percent": 40},
            [("set_level", {"device": "lamp", "percent": 40})],
            "The lamp is on at 40 percent.",
        ),
        (Intent.SET_LEVEL, {"device": "fan", "percent": 40}, [], "The fan can only be turned on and off."),
        (Intent.PULSE, {"device": "fan"}, [("pulse", {"device": "fan"})], "The fan was on for a moment."),
        (Intent.ASK_STATE, {"device": "fan", "asked": "on"}, [("list_devices", {})], "No, the fan is off."),
        (Intent.ASK_STATE, {"device": "fan"}, [("list_devices", {})], "The fan is off."),
        (Intent.LIST_DEVICES, {"asked": "on"}, [("list_devices", {})], "No device is on."),
        (Intent.TELL_TIME, {}, [], "It is 14:05."),
        (Intent.GREET, {}, [], "Hello. What can I do for you?"),
        (Intent.THANK, {}, [], "You are welcome."),
    ],
)
async def test_calls_and_replies(
    intent: Intent, slots: Mapping[str, Value], calls: list[tuple[str, dict[str, Value]]], reply: str
) -> None:
    house = House()
    assert await carry_out(house, intent, slots) == reply
    assert house.calls == calls


async def test_everything_is_every_device_that_can_be_switched() -> None:
    house = House()
    reply = await carry_out(house, Intent.SWITCH_ALL, {"state": "off"})
    assert [arguments["device"] for _, arguments in house.calls] == list(DEVICES)
    assert reply == "The lamp, the fan, the garage door, the coffee machine and the kitchen light are off."


async def test_a_refusal_is_said_and_the_others_are_done() -> None:
    house = House(refusals={"garage door": {"error": '"garage door" may not be switched at night', "fix": ""}})
    reply = await carry_out(house, Intent.SWITCH_TWO, {"device": "garage door", "other": "fan", "state": "on"})
    assert reply == "The fan is on. I can't: the garage door may not be switched at night."


@pytest.mark.parametrize("intent", list(Intent))
def test_every_intent_has_a_task(intent: Intent) -> None:
    slots: dict[str, Value] = {"device": "lamp", "other": "fan", "state": "on", "percent": 5}
    task = task_of(Sentence(intent, slots), ABLE, NOW)
    assert task.reply([{"ok": True, "state": "on", "devices": []} for _ in task.calls]).endswith((".", "?"))


def test_a_sentence_of_another_grammar_is_refused() -> None:
    with pytest.raises(ValueError, match="launch"):
        task_of(Sentence("launch"), ABLE, NOW)


def test_a_plain_reply_calls_nothing() -> None:
    assert list(say("Good.").calls) == []
    assert say("Good.").reply(()) == "Good."
    assert Call("list_devices").arguments == {}
