"""The household's day, spoken by synthesised voices and heard by the recogniser."""

from pathlib import Path

import pytest

from daemon.brain.brain import Remark, UserTurn
from daemon.brain.local import LocalBrain
from daemon.brain.recognition.recogniser import Recogniser
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.speech.synthesis import Espeak, Flite, Synthesiser
from tests.daemon.brain.day_house import ALL_FUNCTIONS, NOW, DayHouse
from tests.daemon.brain.household_sentences import TUNED
from tests.daemon.brain.test_repertoire import mute
from tests.repetition import THOROUGH

VOICES: dict[str, Synthesiser] = {"espeak": Espeak("en-us"), "flite": Flite()}

SPOKEN = (
    *("set a timer for ten minutes", "Set a pasta timer for eight minutes.", "ten minute timer"),
    *("start a timer of one and a half hours", "how long is left on the pasta timer?", "cancel the pasta timer"),
    *("pause the timer", "what timers are there", "wake me at seven", "wake me at half past six tomorrow"),
    *("set an alarm for seven thirty on weekdays", "snooze for five minutes", "stop the alarm"),
    *("turn the fan off in twenty minutes", "turn the lamp on at seven on weekdays"),
    *("at 8 pm turn on the kitchen light", "set the volume to 40", "turn it up", "what is the volume"),
    *("do not disturb until eight", "you may talk again", "never mind", "That's all, thank you."),
    *("don't set a timer", "I set a timer for ten minutes yesterday", "don't turn the fan off in twenty minutes"),
)


BY_VOICE = [
    (text, voice)
    for number, text in enumerate(SPOKEN)
    for place, voice in enumerate(VOICES)
    if THOROUGH or number % len(VOICES) == place
]
"""By each voice, or by one after the other."""


@pytest.fixture(scope="module")
def brain(models: Path, recogniser: Recogniser) -> LocalBrain:
    return LocalBrain(models, lambda: NOW, synthesiser=mute, recogniser=recogniser)


READ_BACK = {
    ("set a timer for ten minutes", "flite"),  # nearly "set a time", and so on
    ("turn the lamp on at seven on weekdays", "flite"),
}
"""What these voices say so badly that it is asked for once more."""


@pytest.mark.parametrize(("text", "voice"), BY_VOICE)
async def test_what_a_household_says_aloud(brain: LocalBrain, text: str, voice: str) -> None:
    house = DayHouse()
    turn = UserTurn(audio=await VOICES[voice].speak(text, CAPTURE_RATE_HZ), functions=ALL_FUNCTIONS)
    words, *reply = [piece.text async for piece in brain.reply(turn, house.call)]
    assert reply
    asks = reply[-1].endswith("Shall I?")
    assert asks == ((text, voice) in READ_BACK)
    if asks:
        assert house.calls == []
        earlier = [Remark("user", words), Remark("model", "".join(reply))]
        yes = UserTurn(text="yes", functions=ALL_FUNCTIONS, history=earlier)
        assert [piece async for piece in brain.reply(yes, house.call)]
    assert house.calls == TUNED[text]
