"""The household's day, typed: from the sentence to the calls."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from daemon.brain.brain import UserTurn
from daemon.brain.local import LocalBrain
from daemon.brain.recognition.recogniser import Recogniser
from daemon.sound.pcm import Samples, silence
from daemon.speech.synthesis import Synthesiser
from tests.daemon.abilities.timers import time_machine
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
def brain(models: Path, recogniser: Recogniser) -> LocalBrain:
    return LocalBrain(models, lambda: NOW, synthesiser=mute, recogniser=recogniser)


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


def promised() -> list[str]:
    """What the page for the household says that one can say."""
    page = (Path(__file__).parents[3] / "docs/household.md").read_text().partition("\n## ")[0]
    rows = [row for row in page.splitlines() if row.startswith("| ") and not row.startswith(("| [devices]", "| rooms"))]
    return [sentence for row in rows for sentence in re.findall(r'"([^"]+)"', row)]


@pytest.mark.parametrize("text", promised())
async def test_what_the_page_for_the_household_promises_is_understood(brain: LocalBrain, text: str) -> None:
    called, _ = await asked(brain, text)
    assert called, f"nothing is done about {text!r}"


async def test_a_change_is_answered_with_what_the_tool_made_of_it(models: Path, recogniser: Recogniser) -> None:
    house = time_machine.House()
    await house.call("set_timer", seconds=600, name="pasta")
    brain = LocalBrain(models, lambda: house.clocks.now().shown, synthesiser=mute, recogniser=recogniser)

    async def call(name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return await house.call(name, **arguments)

    async def said(text: str) -> str:
        turn = UserTurn(text=text, functions=ALL_FUNCTIONS)
        return "".join([piece.text async for piece in brain.reply(turn, call)]).strip()

    assert "rings in 15 minutes, at 01:08" in await said("Add five minutes to the pasta timer.")
    assert "rings in 20 minutes, at 01:13" in await said("Extend the timer by five minutes.")
    assert await said("Set a timer for zero minutes.") == "I can't: 0 seconds is no time to wait."
    assert await said("Cancel the soup timer.") == (
        "I can't: there is none called the soup. Look first at what is set."
    )
    await house.call("set_timer", seconds=60, name="Pasta")
    assert await said("Cancel the pasta timer.") == "I can't: 2 are called so: numbers 1 and 2."
    assert await said("Cancel everything.") == "Everything is cancelled."
    assert await said("Snooze.") == "I can't: there is nothing to snooze. Look first at what is set."
