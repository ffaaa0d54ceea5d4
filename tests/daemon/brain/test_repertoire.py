"""The household's day, typed: from the sentence to the calls."""

from pathlib import Path

import pytest

from daemon.brain.brain import UserTurn
from daemon.brain.local import LocalBrain
from daemon.sound.pcm import Samples, silence
from daemon.speech.synthesis import Synthesiser
from tests.daemon.brain.day_house import ALL_FUNCTIONS, NOW, DayHouse
from tests.daemon.brain.household_sentences import MEASURED, NOTHING, TUNED, Calls

LEAST_UNDERSTOOD = 0.85
"""Of the sentences that nobody tuned on."""


class Mute:
    """A voice that costs no time."""

    async def speak(self, _text: str, rate_hz: int) -> Samples:
        return silence(rate_hz // 100)


def mute(_language: str) -> Synthesiser:
    return Mute()


@pytest.fixture(scope="module")
def brain(models: Path) -> LocalBrain:
    return LocalBrain(models, lambda: NOW, synthesiser=mute)


async def asked(brain: LocalBrain, text: str) -> tuple[Calls, str]:
    """What was called, and what was said."""
    house = DayHouse()
    turn = UserTurn(text=text, functions=ALL_FUNCTIONS)
    reply = "".join([piece.text async for piece in brain.reply(turn, house.call)])
    return house.calls, reply


@pytest.mark.parametrize(("text", "calls"), TUNED.items(), ids=TUNED)
async def test_what_a_household_says(brain: LocalBrain, text: str, calls: Calls) -> None:
    called, reply = await asked(brain, text)
    assert called == calls
    assert reply.endswith((".", "?"))


async def test_what_a_household_says_in_words_that_were_not_worked_on(brain: LocalBrain) -> None:
    wrong = {text: called for text, calls in MEASURED.items() if (called := (await asked(brain, text))[0]) != calls}
    print(wrong)
    assert 1 - len(wrong) / len(MEASURED) >= LEAST_UNDERSTOOD
    assert not [text for text in wrong if MEASURED[text] == NOTHING], "done although it was not asked for"


async def test_a_measured_sentence_is_none_that_was_worked_on() -> None:
    assert not MEASURED.keys() & TUNED.keys()
    assert len(MEASURED) + len(TUNED) >= 120
