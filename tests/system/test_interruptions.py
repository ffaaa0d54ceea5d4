"""Barge-in, stop and mute, in the middle of everything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.brain.brain import Spoken
from daemon.conversation.commands import CloseSession, StartActivity
from daemon.conversation.events import PlayoutDrained, ReplyStarted, UtteranceStarted, WakeWordDetected
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.service.faults import ConnectionFaults, Wait
from daemon.offline.service.server_options import Delivery
from daemon.offline.wire.client_messages import ActivityStart
from daemon.sound.pcm import REPLY_RATE_HZ
from tests.system.home import PATIENCE_S, SPEED

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

HISS = np.random.default_rng(5).normal(0, 6_000, 20 * REPLY_RATE_HZ).clip(-32_000, 32_000).astype(np.int16)
LONG_REPLY = Spoken("A long story.", HISS)
"""Twenty seconds of noise: no earcon sounds like it."""
SHORT_REPLY = Say("Done.", tone_s=0.3)
INTERRUPTED = Scenario(turns=[[LONG_REPLY], [SHORT_REPLY]])
AS_IT_SPEAKS = {"delivery": Delivery(realtime=True), "sleep": lambda seconds: asyncio.sleep(seconds / SPEED)}
"""A service that is still sending when it is interrupted."""


async def speaking(home: Home, voice: Voice) -> None:
    """One turn, up to where its reply can be heard."""
    home.say(voice.wake_and_request)
    await home.diary.until_happened(ReplyStarted)
    async with asyncio.timeout(PATIENCE_S):
        while home.appliance.playout.heard_samples(1) < 2_400:  # noqa: ASYNC110 - nobody tells how far it is
            await asyncio.sleep(0.01)


def periods_of_the_story_since(home: Home, periods: int) -> int:
    """How many of the periods heard after the first `periods` are still of the long reply."""
    return sum(_is_hiss(np.frombuffer(p.pcm, np.int16)) for p in list(home.speaker.timeline)[periods:])


def _is_hiss(samples: np.ndarray) -> bool:
    """Most of its energy lies above 3 kHz, where earcons and the tone have none."""
    energy = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    return bool(energy[60:].sum() > energy.sum() / 2)


async def test_the_wake_word_over_a_reply_silences_it_and_opens_the_next_window(at_home: Homes, voice: Voice) -> None:
    async with at_home(INTERRUPTED, server=AS_IT_SPEAKS) as home:
        await speaking(home, voice)
        home.say(voice.wake_and_request)
        await home.diary.until_happened(WakeWordDetected, times=2)
        heard = len(home.speaker.timeline)
        assert home.state is State.HEARING
        await home.diary.until_happened(PlayoutDrained)
        assert periods_of_the_story_since(home, heard) <= 2
        session = await home.session()
        assert len(session.windows) == 2
        assert any("interrupted" in m.message.get("serverContent", {}) for m in session.sent)


async def test_holding_the_button_over_a_reply_is_the_next_turn(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(INTERRUPTED, server=AS_IT_SPEAKS) as home:
        await speaking(home, synthetic_voice)
        heard = len(home.speaker.timeline)
        home.button.press()
        home.say(synthetic_voice.request)
        await home.microphone.all_said()
        home.button.release(held_ms=1_000)
        await home.diary.until_happened(PlayoutDrained)
        assert periods_of_the_story_since(home, heard) <= 2
        assert len((await home.session()).windows) == 2


async def test_a_tap_over_a_reply_stops_it_and_tells_the_service(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(INTERRUPTED, server=AS_IT_SPEAKS) as home:
        await speaking(home, synthetic_voice)
        heard = len(home.speaker.timeline)
        home.button.press()
        home.button.release(held_ms=80)
        session = await home.session()
        await session.until(lambda s: not s.open)
        assert home.state is State.IDLE
        await asyncio.sleep(0.2)  # the card would have played ten periods more
        assert periods_of_the_story_since(home, heard) <= 2


async def test_a_wake_word_over_a_reply_that_nobody_follows_up_ends_the_conversation(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    async with at_home(INTERRUPTED, server=AS_IT_SPEAKS) as home:
        await speaking(home, synthetic_voice)
        home.say(synthetic_voice.wake_word)
        await home.diary.until_happened(WakeWordDetected, times=2)
        await home.until_state(State.IDLE)
        assert CloseSession() in home.diary.commands


STATES = [State.IDLE, State.LISTENING, State.HEARING, State.THINKING, State.SPEAKING]


async def reach(home: Home, voice: Voice, state: State) -> None:
    """Bring the conversation into `state`, as a household would."""
    if state is State.LISTENING:
        home.say(voice.wake_word)
    elif state is not State.IDLE:
        home.say(voice.wake_and_request)
    if state is State.HEARING:
        await home.diary.until_happened(UtteranceStarted)
    await home.until_state(state)


@pytest.mark.parametrize("state", STATES)
async def test_mute_in_each_state_ends_it_at_once_and_nothing_leaves_any_more(
    at_home: Homes, synthetic_voice: Voice, state: State
) -> None:
    slow_thought = Scenario(turns=[[Wait(400), LONG_REPLY]])
    async with at_home(slow_thought) as home:
        await reach(home, synthetic_voice, state)
        home.appliance.mute(muted=True)
        assert home.state is State.MUTED
        assert home.indicator.shown[-1] == "muted"
        muted_at = home.appliance.ring.end
        heard = len(home.speaker.timeline)
        home.say(synthetic_voice.wake_and_request)
        await home.microphone.all_said()
        assert home.state is State.MUTED
        assert periods_of_the_story_since(home, heard) <= 2
        for session in home.server.sessions:
            await session.until(lambda s: not s.open)
            starts = [c.from_sample for c in home.diary.commands if isinstance(c, StartActivity)]
            assert all(len(session.audio) <= muted_at - start for start in starts)


async def test_after_unmute_it_hears_again(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(Scenario(turns=[[SHORT_REPLY]])) as home:
        home.appliance.mute(muted=True)
        home.say(synthetic_voice.wake_and_request)
        await home.microphone.all_said()
        assert not home.diary.all(WakeWordDetected)
        home.appliance.mute(muted=False)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)


async def test_a_wake_word_while_the_session_still_opens_loses_neither_request(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    slow = Scenario(turns=[[SHORT_REPLY], [SHORT_REPLY]], connections=[ConnectionFaults(setup_delay_ms=2_500)])
    async with at_home(slow) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.until_state(State.THINKING)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until(lambda: len([c for c in home.diary.commands if isinstance(c, StartActivity)]) == 2)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        await session.until(lambda s: len(s.windows) == 2)
        assert len(session.messages(ActivityStart)) == 2
        assert all(len(window.samples) > len(synthetic_voice.request) for window in session.windows)
