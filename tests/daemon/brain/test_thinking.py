"""From what was typed to what is done and said: the half of the lists that is worked on, and that a no is a no."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.brain.brain import Remark, UserTurn
from daemon.brain.thinking import thought, thought_of
from daemon.brain.utterance import Utterance
from tests.benchmarks.understanding.house import NOW, House, functions_of
from tests.benchmarks.understanding.lists import LANGUAGES, Said, judged, said
from tests.daemon.offline.offline_house import choice, function
from tests.repetition import THOROUGH

LEAST_RIGHT = 0.95

NO = {
    "en": ("don't {}", "never {}", "please do not {}", "no, {}", "{}, no, don't"),
    "de": ("{} nicht", "nicht {}", "auf keinen Fall {}", "bitte niemals {}"),
    "es": ("no {}", "nunca {}", "por favor no {}"),
    "fr": ("ne {} pas", "surtout pas: {}", "jamais {}"),
    "pt-BR": ("não {}", "nunca {}", "por favor não {}"),
}
"""How a sentence is turned into what is not wanted; none of them is what leaves somebody alone."""


def asked(text: str, language: str, history: tuple[Remark, ...] = ()) -> tuple[House, str]:
    house = House(language)
    turn = UserTurn(text=text, functions=functions_of(language), language=language, history=history)
    return house, asyncio.run(thought(text, turn, house.call, lambda: NOW))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_say_is_understood_and_nothing_else_done(language: str) -> None:
    sentences = said(language, "tuning")[:: (3 if language == "en" else 1) * (1 if THOROUGH else 2)]
    verdicts = {one.text: judged(one, *asked(one.text, language)) for one in sentences}
    assert {text: verdict.what for text, verdict in verdicts.items() if verdict.wrong_act} == {}
    assert sum(verdict.right for verdict in verdicts.values()) >= LEAST_RIGHT * len(verdicts)


def test_a_plan_is_counted_with_its_rule() -> None:
    daily = "plan heater on at=2026-11-23T06:00 FREQ=DAILY"
    house = House("en", done=[daily])
    assert judged(Said("en", "", (daily,)), house, "").right
    assert judged(Said("en", "", (daily.removesuffix(" FREQ=DAILY"),)), house, "").wrong_act


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_what_is_negated_is_never_done(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    done = [one.text for one in said(language, "tuning") if one.to_be_done and "quiet" not in one.outcomes[0]]
    text = data.draw(st.sampled_from(NO[language])).format(data.draw(st.sampled_from(done)).rstrip("?. "))
    house, _ = asked(text, language)
    assert set(house.done) <= {"end"}, text


def test_a_household_is_answered_in_its_language() -> None:
    assert asked("mach die Lampe nicht an", "de")[1] == "Gut, ich lasse alles, wie es ist."
    assert asked("apaga la luz", "es")[1] == "¿Qué aparato?"
    assert asked("bla bla", "fr")[1] == "Je n'ai pas compris."


def test_it_is_what_was_named_before() -> None:
    history = (Remark("user", "is the lamp on"), Remark("model", "Yes, the lamp is on."))
    assert asked("make it green", "en", history)[0].done == ["lamp colour green"]


def test_an_answer_that_is_wrapped_is_opened() -> None:
    house = House("en")

    async def wrapped(name: str, arguments: object) -> dict[str, object]:
        return {"output": await house.call(name, arguments)}  # type: ignore[arg-type]

    turn = UserTurn(text="turn the fan on", functions=functions_of("en"))
    assert asyncio.run(thought(turn.text, turn, wrapped, lambda: NOW)) == "The fan is on."


@pytest.mark.parametrize("name", ["la\u0301mpara", "lámpara"])
def test_a_name_may_be_written_with_its_accent_apart(name: str) -> None:
    switch = function("set_device", device=choice(name), state=choice("on", "off"))
    done: list[dict[str, object]] = []

    async def call(_: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        done.append(dict(arguments))
        return {"ok": True, "device": name, "state": "on"}

    turn = UserTurn(text="enciende la lámpara", functions=[switch], language="es")
    asyncio.run(thought(turn.text, turn, call, lambda: NOW))
    assert done == [{"device": name, "state": "on"}]


def test_what_was_agreed_to_is_not_read_back_again() -> None:
    house, words = House("en"), "Turn on the whole lamp."
    misheard = Utterance(words, None, (), words)
    turn = UserTurn(functions=functions_of("en"), language="en")
    asked = asyncio.run(thought_of(misheard, turn, house.call, lambda: NOW))
    assert asked.endswith("Shall I?")
    assert house.done == []
    history = (Remark("user", words), Remark("model", asked))
    asyncio.run(
        thought_of(Utterance("Yes.", None, (), "Yes."), replace(turn, history=history), house.call, lambda: NOW)
    )
    assert house.done == ["lamp=on"]


def test_every_evening_is_in_the_evening() -> None:
    for text in ("remind me every evening at eight to lock up", "remind me at eight every evening to lock up"):
        house = House("en")
        turn = UserTurn(text=text, functions=functions_of("en"), language="en")
        asyncio.run(thought(text, turn, house.call, lambda: NOW))
        assert house.done == ["remind at=2026-11-22T20:00 lock up FREQ=DAILY"]
    house = House("en")
    text = "turn the fan off every night at eleven"
    asyncio.run(thought(text, replace(turn, text=text), house.call, lambda: NOW))
    assert house.done == ["plan fan off at=2026-11-22T23:00 FREQ=DAILY"]
    house = House("en")
    text = "turn the heater on every morning at six"
    asyncio.run(thought(text, replace(turn, text=text), house.call, lambda: NOW))
    assert house.done == ["plan heater on at=2026-11-23T06:00 FREQ=DAILY"]
