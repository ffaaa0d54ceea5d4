"""The household's day, spoken by synthesised voices and heard by the recogniser."""

from pathlib import Path

import pytest

from daemon.brain.brain import UserTurn
from daemon.brain.local import LocalBrain
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.speech.synthesis import Espeak, Flite, Synthesiser
from tests.daemon.brain.day_house import ALL_FUNCTIONS, NOW, DayHouse
from tests.daemon.brain.household_sentences import NOTHING, TUNED, Calls
from tests.daemon.brain.test_repertoire import mute

VOICES: dict[str, Synthesiser] = {"espeak": Espeak("en-us"), "flite": Flite()}

@pytest.fixture(scope="module")
def brain(models: Path) -> LocalBrain:
    return LocalBrain(models, lambda: NOW, synthesiser=mute)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("text", list(TUNED))
async def test_probe(brain: LocalBrain, text: str, voice: str) -> None:
    house = DayHouse()
    heard=[]
    turn = UserTurn(audio=await VOICES[voice].speak(text, CAPTURE_RATE_HZ), functions=ALL_FUNCTIONS)
    async for piece in brain.reply(turn, house.call): heard.append(piece.text)
    print("PROBE", voice, text, "OK" if house.calls==TUNED[text] else ("NONE" if not house.calls else "WRONG"), heard, house.calls if house.calls!=TUNED[text] else '')
