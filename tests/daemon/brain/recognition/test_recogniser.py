"""Recognition of synthesised speech: what was said, what it means, and what is nothing of the kind."""

from collections.abc import Awaitable, Callable
from copy import copy

import numpy as np
import pytest

from daemon.brain.abilities import Abilities
from daemon.brain.phrases import Intent, commands
from daemon.brain.recognition.grammar import Sentence, Value
from daemon.brain.recognition.recogniser import (
    LARGEST_MARGIN,
    SMALLEST_LEAD,
    SMALLEST_SHARE,
    Match,
    Recogniser,
    Strictness,
)
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, silence
from daemon.speech.synthesis import Espeak
from tests.daemon.offline.offline_house import ABLE

Say = Callable[[str], Awaitable[Samples]]

GRAMMAR = commands(ABLE)
LAMP_ON = Sentence(Intent.SWITCH, {"device": "lamp", "state": "on"})


@pytest.fixture
def say() -> Say:
    async def speak(text: str) -> Samples:
        return await Espeak("en-us").speak(text, CAPTURE_RATE_HZ)

    return speak


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("turn on the lamp", Intent.SWITCH, {"device": "lamp", "state": "on"}),
        ("switch off the coffee machine", Intent.SWITCH, {"device": "coffee machine", "state": "off"}),
        ("set the lamp to forty percent", Intent.SET_LEVEL, {"device": "lamp", "percent": 40}),
        ("is the kitchen light on", Intent.ASK_STATE, {"device": "kitchen light", "asked": "on"}),
        ("what devices are there", Intent.LIST_DEVICES, {}),
    ],
)
async def test_commands_are_understood(
    recogniser: Recogniser, say: Say, text: str, intent: Intent, slots: dict[str, Value]
) -> None:
    match = recogniser.match(await say(text), GRAMMAR)
    assert match is not None
    assert match.sentence == Sentence(intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        "tell me a joke about penguins",
        "turn on the television",
        "don't turn on the lamp",
        "what is the weather like tomorrow",
        "how do I get to the station",
    ],
)
async def test_other_speech_is_not_forced_into_the_grammar(recogniser: Recogniser, say: Say, text: str) -> None:
    assert recogniser.match(await say(text), GRAMMAR) is None


async def test_free_speech_is_written_down(recogniser: Recogniser, say: Say) -> None:
    transcript = recogniser.transcribe(await say("what is the weather like tomorrow"))
    assert "weather" in transcript.text
    assert transcript.log_probability < 0
    assert len(transcript.tokens) >= 7


async def test_both_readings_are_those_that_each_gives_alone(recogniser: Recogniser, say: Say) -> None:
    sound = await say("turn on the lamp")
    hearing = recogniser.hear(sound, GRAMMAR)
    assert hearing.transcript == recogniser.transcribe(sound)
    assert hearing.match == recogniser.match(sound, GRAMMAR)
    assert hearing.match is not None
    assert hearing.match.sentence == LAMP_ON
    assert hearing.match.text.rstrip(".?!") == "Turn on the lamp"


async def test_quiet_speech_in_noise_is_understood(recogniser: Recogniser, say: Say) -> None:
    sound = (await say("turn on the lamp")) // 8
    padded = np.concatenate((silence(8000), sound, silence(12_000)))
    noise = np.random.default_rng(1).normal(0, 12, len(padded))
    match = recogniser.match((padded + noise).astype(np.int16), GRAMMAR)
    assert match is not None
    assert match.sentence == LAMP_ON


@pytest.mark.parametrize("samples", [0, 1, 700, CAPTURE_RATE_HZ, 15 * CAPTURE_RATE_HZ])
def test_silence_of_any_length_is_no_command(recogniser: Recogniser, samples: int) -> None:
    hearing = recogniser.hear(silence(samples), GRAMMAR)
    assert hearing.match is None
    assert len(hearing.transcript.tokens) < 20


def test_noise_is_no_command(recogniser: Recogniser) -> None:
    noise = np.random.default_rng(1).normal(0, 2000, 3 * CAPTURE_RATE_HZ).astype(np.int16)
    assert recogniser.match(noise, GRAMMAR) is None


@pytest.mark.parametrize(
    ("margin", "lead", "share", "accepted"),
    [
        (LARGEST_MARGIN, SMALLEST_LEAD, SMALLEST_SHARE, True),
        (-3.0, float("inf"), 1.5, True),
        (LARGEST_MARGIN + 0.1, float("inf"), 1.0, False),
        (0.0, SMALLEST_LEAD - 0.1, 1.0, False),
        (0.0, float("inf"), SMALLEST_SHARE - 0.1, False),  # "fan on" found in a long text
    ],
)
def test_a_match_must_be_near_clear_and_long_enough(
    margin: float, lead: float, share: float, *, accepted: bool
) -> None:
    assert Strictness().accepts(Match(LAMP_ON, "Turn on the lamp.", margin, lead, share)) is accepted


def judging(recogniser: Recogniser, strictness: Strictness) -> Recogniser:
    """As one that was made so, but without loading its networks anew."""
    other = copy(recogniser)
    other._strictness = strictness
    return other


async def test_the_margin_decides_what_is_speech_of_the_grammar(recogniser: Recogniser, say: Say) -> None:
    sound = await say("turn on the television")
    forced = judging(recogniser, Strictness(1000.0, smallest_lead=0.0)).match(sound, GRAMMAR)
    assert forced is not None
    assert forced.margin > LARGEST_MARGIN
    assert judging(recogniser, Strictness(forced.margin - 0.1, smallest_lead=0.0)).match(sound, GRAMMAR) is None


async def test_the_lead_decides_what_is_clear(recogniser: Recogniser, say: Say) -> None:
    sound = await say("turn on the lamp")
    clear = judging(recogniser, Strictness(largest_margin=60.0, smallest_lead=0.0)).match(sound, GRAMMAR)
    assert clear is not None
    assert clear.sentence == LAMP_ON
    assert SMALLEST_LEAD < clear.lead < 50
    assert judging(recogniser, Strictness(largest_margin=60.0, smallest_lead=50.0)).match(sound, GRAMMAR) is None


async def test_a_hundred_devices_are_told_apart(recogniser: Recogniser, say: Say) -> None:
    rooms = ("kitchen", "bedroom", "bathroom", "garage", "hallway", "office", "attic", "cellar", "garden", "study")
    things = ("lamp", "light", "fan", "heater", "blind", "socket", "radio", "screen", "pump", "valve")
    names = tuple(f"{room} {thing}" for room in rooms for thing in things)
    grammar = commands(Abilities(names, ("on", "off", "toggle"), names, "percent", lists=True))
    match = recogniser.match(await say("turn on the bathroom heater"), grammar)
    assert match is not None
    assert match.sentence == Sentence(Intent.SWITCH, {"device": "bathroom heater", "state": "on"})
