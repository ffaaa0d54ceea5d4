"""What the local brain says about the tools' answers."""

from datetime import UTC, datetime

import pytest

from daemon.offline import replies
from daemon.offline.abilities import Abilities
from daemon.offline.replies import Answer
from tests.daemon.offline.offline_house import ABLE

REFUSED: Answer = {"error": '"garage door" must stay off for at least 30 s', "fix": "try again in 12 s"}


@pytest.mark.parametrize(
    ("answer", "wanted", "reply"),
    [
        ({"ok": True, "device": "lamp", "state": "on"}, "on", "The lamp is on."),
        ({"ok": True, "state": "on", "level_percent": 40}, "on", "The lamp is on at 40 percent."),
        ({"ok": True, "state": "off", "level_percent": 0}, "toggle", "The lamp is off."),
        ({"ok": True, "state": "on", "level_percent": 40}, "", "The lamp is on at 40 percent."),
        ({"ok": True, "level_percent": 40}, "", "The lamp is at 40 percent."),
        ({"ok": True, "state": "off"}, "on", "I tried, but the lamp is off."),
        ({"ok": True}, "on", "The lamp did not say what it does now."),
        ({}, "on", "The lamp did not say what it does now."),
        ({"error": "the lamp is broken."}, "on", "I can't: the lamp is broken."),
    ],
)
def test_what_is_said_is_what_was_read_back(answer: Answer, wanted: str, reply: str) -> None:
    assert replies.outcome(["lamp"], wanted, [answer]) == reply


def test_devices_with_the_same_outcome_share_a_sentence_and_refusals_have_their_own() -> None:
    on: Answer = {"ok": True, "state": "on"}
    assert replies.outcome(["lamp", "garage door", "fan", "pump"], "on", [on, REFUSED, on, on]) == (
        "The lamp, the fan and the pump are on."
        " I can't: the garage door must stay off for at least 30 seconds. Try again in 12 seconds."
    )


def test_the_same_refusal_is_said_once() -> None:
    broken: Answer = {"error": "the bus is dead"}
    assert replies.outcome(["lamp", "fan"], "on", [broken, broken]) == "I can't: the bus is dead."


@pytest.mark.parametrize(
    "fix", ["say that it did not work; its wiring should be checked", "call list_devices again", None]
)
def test_advice_to_a_language_model_is_not_said_aloud(fix: str | None) -> None:
    assert (
        replies.refusal({"error": "the lamp does not turn off", "fix": fix}) == "I can't: the lamp does not turn off."
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("kitchen lights", "The kitchen lights are on."),
        ("glass", "The glass is on."),
        ("bus", "The bus is on."),
        ("desk_lamp", "The desk lamp is on."),
        ("Anna's lamp", "Anna's lamp is on."),
        ("the big one", "The big one is on."),
    ],
)
def test_names_in_a_sentence(name: str, sentence: str) -> None:
    assert replies.outcome([name], "on", [{"state": "on"}]) == sentence


def test_a_pulse() -> None:
    assert replies.pulsed("blinds", {"ok": True}) == "The blinds were on for a moment."
    refused = {"error": '"bell" is on', "fix": "turn it off first"}
    assert replies.pulsed("bell", refused) == "I can't: the bell is on. Turn it off first."


LISTED: Answer = {
    "ok": True,
    "devices": [
        {"device": "lamp", "state": "on", "level_percent": 40},
        {"device": "blinds", "state": "off"},
        {"device": "fan"},
    ],
}


@pytest.mark.parametrize(
    ("only", "reply"),
    [
        ("", "There are 3 devices: the lamp is on at 40 percent, the blinds are off and the fan."),
        ("on", "The lamp is on at 40 percent."),
        ("off", "The blinds are off."),
    ],
)
def test_inventory(only: str, reply: str) -> None:
    assert replies.inventory(LISTED, only) == reply


def test_an_inventory_of_nothing() -> None:
    assert replies.inventory({"ok": True, "devices": []}, "") == "There are no devices."
    assert replies.inventory({"ok": True}, "on") == "No device is on."
    assert replies.inventory({"error": "no answer in 10 s"}, "") == "I can't: no answer in 10 seconds."


def test_a_long_inventory_is_cut_short() -> None:
    many: Answer = {"devices": [{"device": f"lamp {n}", "state": "off"} for n in range(30)]}
    reply = replies.inventory(many, "")
    assert reply.startswith("There are 30 devices: the lamp 0 is off, ")
    assert reply.endswith("the lamp 9 is off and 20 more.")


@pytest.mark.parametrize(
    ("device", "asked", "reply"),
    [
        ("lamp", "on", "Yes, the lamp is on at 40 percent."),
        ("lamp", "off", "No, the lamp is on at 40 percent."),
        ("lamp", "", "The lamp is on at 40 percent."),
        ("blinds", "on", "No, the blinds are off."),
        ("fan", "on", "I can't tell how the fan is."),
        ("heater", "on", "I can't tell how the heater is."),
    ],
)
def test_a_question_is_answered_from_the_list(device: str, asked: str, reply: str) -> None:
    assert replies.state_report(device, asked, LISTED) == reply


def test_a_question_that_cannot_be_answered_says_why() -> None:
    assert replies.state_report("lamp", "on", REFUSED).startswith("I can't: the garage door must")


def test_the_time_is_told_to_the_minute() -> None:
    assert replies.time_of_day(datetime(2026, 11, 22, 7, 5, 59, tzinfo=UTC)) == "It is 07:05."


def test_what_it_can_do_is_what_the_client_offers() -> None:
    assert replies.what_i_can_do(Abilities()) == "I work offline now: I can tell the time."
    assert replies.what_i_can_do(ABLE) == (
        "I work offline now: I can switch the lamp, the fan, the garage door, the coffee machine and the kitchen light,"
        " dim the lamp and the kitchen light and tell the time."
    )


def test_not_understanding_is_admitted() -> None:
    assert replies.not_understood(Abilities()).startswith("I did not understand that. I work offline now")
    assert replies.unknown_device("television", Abilities()).startswith("I know no television. ")
    assert replies.not_dimmable("fans") == "The fans can only be turned on and off."
