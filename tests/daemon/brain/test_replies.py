"""What the local brain says about the tools' answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.brain import replies
from daemon.brain.abilities import Abilities
from daemon.brain.replies import Answer
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


def test_a_device_that_does_not_exist() -> None:
    assert replies.unknown_device("television", ABLE) == "I know no television."
    assert replies.unknown_device("anna's radio", ABLE) == "I don't know anna's radio."
    assert replies.unknown_device("lamp", Abilities()) == "I know no lamp, nor any other device."


def test_a_device_that_does_something_else() -> None:
    assert replies.not_dimmable("fans") == "The fans can only be turned on and off."
    assert replies.cannot("garage_door") == "I can't do that with the garage door."
    assert replies.what_about("my lamp") == "What shall I do with my lamp?"


def test_the_date_is_told_as_it_is_said() -> None:
    assert replies.date_of(datetime(2026, 11, 2, tzinfo=UTC)) == "It is Monday, November 2."


@pytest.mark.parametrize("error", [None, "", " ", 5, {"code": 5}, ["no"], "...", "x" * 1_000])
def test_a_refusal_without_a_sentence(error: Any) -> None:
    assert replies.refusal({"error": error, "fix": error}) == "I tried, but that did not work."


def test_a_refusal_in_the_singular() -> None:
    assert replies.refusal({"error": "wait 1 s!", "fix": "try in 21 s"}) == "I can't: wait 1 second. Try in 21 seconds."


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ({"state": {"on": 1}}, "The lamp did not say what it does now."),
        ({"state": None, "level_percent": True}, "The lamp did not say what it does now."),
        ({"level_percent": 100 / 3}, "The lamp is at 33.3 percent."),
        ({"state": "on", "level_percent": "high"}, "The lamp is on."),
        ({"level_percent": 40}, "The lamp is at 40 percent."),
    ],
)
def test_answers_that_no_tool_of_ours_gives(answer: Answer, reply: str) -> None:
    assert replies.outcome(["lamp"], "on", [answer]) == reply


@pytest.mark.parametrize("devices", [None, 5, "lamp", {}, [None, 5, "lamp", {}, {"device": ""}, {"device": None}]])
def test_lists_that_are_none(devices: Any) -> None:
    assert replies.inventory({"devices": devices}, "") == "There are no devices."
    assert replies.state_report("lamp", "on", {"devices": devices}) == "I can't tell how the lamp is."


def test_a_state_that_is_neither_is_told_as_it_is() -> None:
    answer = {"devices": [{"device": "lamp", "level_percent": 40}]}
    assert replies.state_report("lamp", "on", answer) == "The lamp is at 40 percent."
