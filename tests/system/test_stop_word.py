""" "Stop" without the wake word: it ends what rings and a reply, and a reply that says it does not end itself."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.commands import FlushPlayout, StopRinging
from daemon.conversation.events import PlayoutDrained, ReplyStarted, StopHeard
from daemon.conversation.exchange import State
from daemon.hearing.short_utterances import BEFORE_SAMPLES, ShortUtterances
from daemon.hearing.stop_word import StopWord
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.echo.speexdsp import NoEchoLibrary, open_library
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.sound.resample import resample
from tests.daemon.at_home.brain_in_process import InProcess
from tests.repetition import THOROUGH
from tests.system.kitchen import Kitchen
from tests.system.test_ringing import SET_AND_SAY, until_it_rings
from tests.system.voices import spoken

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.brain.local import LocalBrain
    from tests.system.conftest import Homes
    from tests.system.voices import Voice

LONG = Say("A long story.", tone_s=20)
TIMES = 4 if THOROUGH else 2
"""How often a reply says the word."""


@pytest.fixture(scope="module")
def stop() -> Samples:
    return np.concatenate((spoken("please stop", "rms"), silence(8_000)))


@pytest.fixture(scope="module")
def greeting() -> Samples:
    return np.concatenate((spoken("good morning"), silence(8_000)))


async def test_a_timer_that_rings_is_stopped_by_a_word(
    at_home: Homes, synthetic_voice: Voice, local_brain: LocalBrain, stop: Samples
) -> None:
    async with at_home(Scenario(turns=[SET_AND_SAY]), brain=InProcess(local_brain).start) as home:
        await until_it_rings(home, synthetic_voice)
        home.say(stop)
        await home.diary.until_happened(StopHeard)
        assert StopRinging(("1",), answered=True) in home.diary.commands
        assert home.state is State.IDLE


@pytest.mark.hears_levels
async def test_another_word_stops_nothing(
    at_home: Homes, synthetic_voice: Voice, local_brain: LocalBrain, greeting: Samples, stop: Samples
) -> None:
    async with at_home(Scenario(turns=[SET_AND_SAY]), brain=InProcess(local_brain).start) as home:
        await until_it_rings(home, synthetic_voice)
        began = home.appliance.ring.end
        home.say(greeting, stop)
        heard = await home.diary.until_happened(StopHeard)
        assert heard.at - began > len(greeting) + len(stop) // 2


@pytest.mark.hears_levels
async def test_where_it_is_not_wanted_it_is_a_word_like_any_other(
    at_home: Homes, synthetic_voice: Voice, local_brain: LocalBrain, stop: Samples
) -> None:
    tables = {"listening": {"stop_word": False, "follow_up_s": 0}}
    async with at_home(Scenario(turns=[SET_AND_SAY]), brain=InProcess(local_brain).start, **tables) as home:
        await until_it_rings(home, synthetic_voice)
        home.say(stop)
        await home.microphone.all_said()
        assert not home.diary.all(StopHeard)


@pytest.mark.parametrize("taken_out", [True, pytest.param(False, marks=pytest.mark.hears_levels)])
async def test_a_reply_is_stopped_by_it_where_the_echo_is_taken_out(
    at_home: Homes, synthetic_voice: Voice, local_brain: LocalBrain, stop: Samples, *, taken_out: bool
) -> None:
    echo = partial(EchoPath, by_board=taken_out)
    scenario = Scenario(turns=[[LONG]])
    tables = {"offline": {"use": "fallback", "ready": "always"}}
    async with at_home(scenario, brain=InProcess(local_brain).start, echo=echo, **tables) as home:
        assert home.house.at_home
        await home.house.at_home.load()
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        home.say(stop)
        if not taken_out:
            await home.diary.until_happened(PlayoutDrained)
            assert not home.diary.all(StopHeard)
            return
        await home.diary.until_happened(StopHeard)
        assert FlushPlayout() in home.diary.commands
        assert not home.diary.all(PlayoutDrained)
        assert home.state is State.IDLE


class Reading:
    """The recogniser without its process."""

    loaded = True

    def __init__(self, brain: LocalBrain) -> None:
        self._brain = brain

    async def prepare(self) -> None: ...

    async def words(self, samples: Samples) -> str:
        return await self._brain.words(samples)


def stops_heard(kitchen: Kitchen, models: Path, reading: Reading, seconds: float, said: Samples | None = None) -> int:
    """How often the stop word is heard meanwhile; all of it, as the appliance would."""
    word = StopWord(reading, kitchen.path.loopback, over_replies=True)
    activity, cutter, heard = VoiceActivity(models), ShortUtterances(), [silence(0)]
    begin, stops = kitchen.position, []
    for period in range(round(seconds * 50)):
        kitchen.live(0.02, None if said is None else said[period * 320 : period * 320 + 320])
        before = sum(map(len, heard)) // WINDOW_SAMPLES
        heard.append(kitchen.out[-1])
        for number, probability in enumerate(activity.process(kitchen.out[-1]), before):
            if found := cutter.hop(probability, begin + number * WINDOW_SAMPLES):
                samples = np.concatenate(heard)[max(0, found.begin - begin - BEFORE_SAMPLES) : found.heard_to - begin]
                work = word.reads(found, samples, stops.append)
                assert work
                asyncio.run(work)
    return len(stops)


@pytest.mark.parametrize("cancelling", [False, True], ids=["with its echo", "without"])
def test_a_reply_that_says_it_does_not_stop_itself_and_a_person_over_it_does(
    models: Path, local_brain: LocalBrain, stop: Samples, *, cancelling: bool
) -> None:
    try:
        open_library()
    except NoEchoLibrary as error:
        pytest.skip(error.message)
    kitchen, reading = Kitchen(models, gain=0.5, cancelling=cancelling), Reading(local_brain)
    kitchen.live(3)
    own = np.concatenate((resample(stop, 16_000, REPLY_RATE_HZ), silence(REPLY_RATE_HZ)))
    for _ in range(TIMES):
        kitchen.playout.play_sound(own)
    assert stops_heard(kitchen, models, reading, 2.5 * TIMES) == 0
    assert stops_heard(kitchen, models, reading, 4, stop // 2) == 1
