"""The local brain in a household of another language, with a recogniser that hears what it is told to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from daemon.brain.brain import Heard, Remark, Spoken, UserTurn
from daemon.brain.local import LocalBrain
from daemon.brain.other_ears import OtherEars
from daemon.brain.recognition.whisper import Reading
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, samples_of_ms
from tests.benchmarks.understanding.house import House, functions_of
from tests.daemon.brain.test_other_ears import Scripted

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
NO_MODELS = Path("/nonexistent")


class Mute:
    """Speaks no sound."""

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        assert text
        return np.zeros(rate_hz // 50, np.int16)


def brain(*heard: Reading) -> tuple[LocalBrain, list[str]]:
    """A brain that hears `heard` in turn, and the languages of its voices."""
    rest, voices = list(heard), list[str]()

    class InTurn(Scripted):
        def speaks(self, language: str) -> bool:
            return language in ("de", "es", "fr", "pt")

        def hear(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Reading:
            super().hear(samples, language, names)
            return rest.pop(0)

    def voice(language: str) -> Mute:
        voices.append(language)
        return Mute()

    ears = OtherEars(lambda: InTurn(Reading("")))
    return LocalBrain(NO_MODELS, lambda: NOW, synthesiser=voice, ears=ears), voices


def turn(language: str, sound: Samples | None = None) -> UserTurn:
    audio = np.full(8_000, 100, np.int16) if sound is None else sound
    return UserTurn(audio=audio, functions=functions_of(language), language=language)


async def replied(local: LocalBrain, said: UserTurn, house: House) -> tuple[str, str]:
    pieces = [piece async for piece in local.reply(said, house.call)]
    heard = "".join(piece.text for piece in pieces if isinstance(piece, Heard))
    return heard, "".join(piece.text for piece in pieces if isinstance(piece, Spoken))


@pytest.mark.parametrize(
    ("language", "heard", "done", "reply"),
    [
        ("de", "Mach bitte die Heizung aus.", ["heater=off"], "Heizung ist aus."),
        ("de", "Öffne das Garagentor!", ["trigger garage door"], "Geöffnet: Garagentor."),
        ("fr", "Lampe à 30%", ["lamp=30 dimmer"], "Lampe"),
    ],
)
async def test_a_command_is_done_and_answered_in_its_language(
    language: str, heard: str, done: list[str], reply: str
) -> None:
    local, voices = brain(Reading(heard, -0.2, 0.0))
    house = House(language)
    said = turn(language)
    assert await local.sure(said)
    words, told = await replied(local, said, house)  # it is not read again
    assert words == heard
    assert house.done == done
    assert told.startswith(reply)
    assert voices == [language]


@pytest.mark.parametrize(
    "reading",
    [
        Reading("Mach die Lampe nicht an.", -0.1, 0.0),
        Reading("Mach die Lampe an.", -1.5, 0.0),
        Reading("Mach die Lampe an.", -0.1, 0.95),
        Reading("Turn on the lamp.", -0.1, 0.0),
        Reading("Mach die Lampfe ein bisschen wunderbar.", -0.1, 0.0),
        Reading(""),
    ],
)
async def test_what_is_not_sure_or_not_meant_is_not_done_and_that_is_said(reading: Reading) -> None:
    local, _ = brain(reading)
    house = House("de")
    assert not await local.sure(turn("de"))
    _, told = await replied(local, turn("de"), house)
    assert house.done == []
    assert told in ("Das habe ich nicht verstanden.", "Gut, ich lasse alles, wie es ist.")


async def test_the_end_of_a_wake_word_is_left_out_where_it_makes_no_sense() -> None:
    loud, pause = np.full(samples_of_ms(200), 9_000, np.int16), np.zeros(samples_of_ms(400), np.int16)
    sound = np.concatenate((loud, pause, np.full(samples_of_ms(700), 9_000, np.int16)))
    local, _ = brain(Reading("Wis mach die Heizung aus.", -0.2, 0.0), Reading("Mach die Heizung aus.", -0.2, 0.0))
    house = House("de")
    await replied(local, turn("de", sound), house)
    assert house.done == ["heater=off"]


async def test_an_unknown_word_is_misheard_and_never_guessed() -> None:
    local, _ = brain(Reading("Añad de 5 minutos al temporizador.", -0.1, 0.0))
    house = House("de")
    await replied(local, turn("de"), house)
    assert house.done == []


@pytest.mark.parametrize(
    ("language", "heard", "other", "yes", "done"),
    [
        ("de", "Mach die Lampe an.", "Mach die Lampe aus.", "Ja, bitte.", "lamp=on"),
        ("es", "Enciende la lámpara.", "Apaga la lámpara.", "Sí.", "lamp=on"),
        ("fr", "Allume la lampe.", "Éteins la lampe.", "Oui.", "lamp=on"),
        ("pt-BR", "Acende o abajur.", "Apaga o abajur.", "Sim.", "lamp=on"),
    ],
)
async def test_what_was_nearly_something_else_is_read_back_and_done_after_a_yes(
    language: str, heard: str, other: str, yes: str, done: str
) -> None:
    local, _ = brain(Reading(heard, -0.2, 0.0, (other,)), Reading(yes, -0.2, 0.0))
    house = House(language)
    assert not await local.sure(turn(language))
    words, asked = await replied(local, turn(language), house)
    assert house.done == []
    assert heard.rstrip(".") in asked
    assert asked.endswith("?")
    history = (Remark("user", words), Remark("model", asked))
    again = replace(turn(language, np.full(9_000, 100, np.int16)), history=history)
    assert await local.sure(again)
    await replied(local, again, house)
    assert house.done == [done]


async def test_the_names_of_the_house_are_told_to_the_recogniser() -> None:
    told: list[Sequence[str]] = []

    class Listens(Scripted):
        def hear(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Reading:
            told.append(names)
            return super().hear(samples, language, names)

    ears = OtherEars(lambda: Listens(Reading("Mach die Lampe an.", -0.2, 0.0)))
    local = LocalBrain(NO_MODELS, lambda: NOW, synthesiser=lambda _: Mute(), ears=ears)
    await replied(local, turn("de"), House("de"))
    assert {"Lampe", "Küche", "Filmabend", "Garten"} <= set(told[0])
