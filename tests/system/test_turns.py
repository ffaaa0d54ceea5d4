"""Whole turns through real parts: speech in, activity windows at the server, tools on mock pins, sound out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.commands import Earcon, EndActivity, Pattern, PlayEarcon, StartActivity
from daemon.conversation.events import PlayoutDrained, SessionOpened, ToolFinished, UtteranceEnded, WakeWordDetected
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.offline.rehearsal.scenario import Call, Hear, Say, Scenario
from daemon.offline.service.faults import ConnectionFaults
from daemon.offline.wire.client_messages import ActivityEnd, ActivityStart, AudioStreamEnd, FunctionAnswer
from daemon.sound.pcm import samples_of_ms

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

TONE_S = 0.5
ALREADY_SENT_SAMPLES = samples_of_ms(200)
"""While the endpoint is being decided, the pieces after it are on their way (at four times the pace of life)."""
ANSWER = Say("Done.", tone_s=TONE_S)
ONE_TURN = Scenario(turns=[[Hear("turn on the lamp"), ANSWER]])


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


async def expect_exact_window(home: Home, turn: int = 1) -> None:
    """The window of `turn` reached the server whole: no sample missing, none changed, none from long after its end."""
    start = next(c for c in home.diary.commands if isinstance(c, StartActivity) and c.turn == turn)
    end = next(c for c in home.diary.commands if isinstance(c, EndActivity) and c.turn == turn)
    session = await home.session()
    await session.until(lambda s: len(s.windows) >= turn and s.windows[turn - 1].ended_at_s is not None)
    sent = session.windows[turn - 1].samples
    assert 0 <= len(sent) - (end.at_sample - start.from_sample) <= ALREADY_SENT_SAMPLES
    assert np.array_equal(sent, home.appliance.ring.read(start.from_sample, start.from_sample + len(sent)))
    assert session.stray_audio == b""


async def test_a_turn_by_wake_word(at_home: Homes, voice: Voice) -> None:
    async with at_home(ONE_TURN) as home:
        home.say(voice.wake_and_request)
        drained = await home.diary.until_happened(PlayoutDrained)
        wake = home.diary.all(WakeWordDetected)[0]
        assert home.diary.states == [State.LISTENING, State.HEARING, State.THINKING, State.SPEAKING, State.IDLE]
        assert drained.heard_samples == pytest.approx(TONE_S * 24_000, abs=10)
        assert next(c for c in home.diary.commands if isinstance(c, StartActivity)).from_sample == wake.at
        await expect_exact_window(home)
        assert list(home.indicator.shown) == ["listening", "hearing", "thinking", "speaking", "idle"]


async def test_the_window_holds_the_whole_request(at_home: Homes, voice: Voice) -> None:
    """Promise 2, told by the sound itself: the request is in the window from its first sample to its last."""
    async with at_home(ONE_TURN) as home:
        home.say(voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        sent = (await home.session()).windows[0].samples
        at = offset_of(voice.request, sent)
        assert np.array_equal(sent[at : at + len(voice.request)], voice.request)


def offset_of(needle: np.ndarray, haystack: np.ndarray) -> int:
    """Where `needle` begins, by the place of its loudest sample."""
    mark = int(np.argmax(np.abs(needle.astype(int))))
    probe = needle[mark - 20 : mark + 20]
    windows = np.lib.stride_tricks.sliding_window_view(haystack, len(probe))
    (found,) = np.flatnonzero((windows == probe).all(axis=1))
    return int(found) - (mark - 20)


@pytest.mark.parametrize(
    "delay_s", [0, *(pytest.param(delay_s, marks=pytest.mark.hears_levels) for delay_s in (0.5, 2)), 4]
)
async def test_promise_2_no_sample_is_lost_however_late_the_session_opens(
    at_home: Homes, voice: Voice, delay_s: float
) -> None:
    slow = Scenario(turns=ONE_TURN.turns, connections=[ConnectionFaults(setup_delay_ms=1000 * delay_s)])
    async with at_home(slow) as home:
        home.say(voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        opened, ended = (home.diary.events.index(home.diary.all(kind)[0]) for kind in (SessionOpened, UtteranceEnded))
        if delay_s in {0, 2, 4}:
            assert (opened > ended) == (delay_s > 0), "the delay was not what the test is about"
        await expect_exact_window(home)


@pytest.mark.hears_levels
async def test_a_turn_by_holding_the_button(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(ONE_TURN) as home:
        home.button.press()
        pressed_at = home.appliance.ring.end
        home.say(synthetic_voice.request)
        await home.microphone.all_said()
        released_at = home.appliance.ring.end
        home.button.release(held_ms=1_500)
        await home.diary.until_happened(PlayoutDrained)
        await expect_exact_window(home)
        tail = samples_of_ms(150)
        assert len((await home.session()).windows[0].samples) == released_at - pressed_at + tail


async def test_a_turn_by_a_tap(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(ONE_TURN) as home:
        home.button.press()
        home.button.release(held_ms=90)
        home.say(synthetic_voice.request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.diary.all(UtteranceEnded)
        await expect_exact_window(home)


async def test_two_turns_with_a_follow_up_and_one_session(at_home: Homes, voice: Voice) -> None:
    two = Scenario(turns=[[ANSWER], [ANSWER]])
    listening = {"follow_up_s": 4, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5}
    async with at_home(two, listening=listening) as home:
        home.say(voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.indicator.shown[-1] == Pattern.LISTENING.value
        home.say(voice.request)
        await home.diary.until_happened(PlayoutDrained, times=2)
        await expect_exact_window(home, turn=1)
        await expect_exact_window(home, turn=2)
        assert len(home.server.sessions) == 1


@pytest.mark.hears_levels
async def test_a_lingering_session_serves_the_next_wake_word(at_home: Homes, synthetic_voice: Voice) -> None:
    two = Scenario(turns=[[ANSWER], [ANSWER]])
    async with at_home(two) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained, times=2)
        assert len(home.server.sessions) == 1


@pytest.mark.hears_levels
async def test_a_tool_switches_the_lamp_and_its_refusal_reaches_the_model(at_home: Homes, voice: Voice) -> None:
    scenario = Scenario(
        turns=[
            [
                Call("set_device", {"device": "lamp", "state": "on"}, expect={"ok": True, "state": "on"}),
                Call("set_device", {"device": "heater", "state": "on"}),
                Call("set_level", {"device": "desk light", "percent": 90}),
                Call("open_the_door", {}),
                ANSWER,
            ]
        ]
    )
    async with at_home(scenario) as home:
        home.say(voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert [output.read().on for output in home.wiring.outputs] == [True, False, False]
        assert len(home.diary.all(ToolFinished)) == 4
        answers = [m.response for m in (await home.session()).messages(FunctionAnswer)]
        assert answers[0] == {"ok": True, "device": "lamp", "state": "on"}
        assert "600" in answers[1]["error"] or "10 minutes" in answers[1]["error"]
        assert "80" in answers[2]["error"]
        assert "open_the_door" in answers[3]["error"]


async def test_nothing_said_sends_nothing(at_home: Homes, voice: Voice) -> None:
    async with at_home() as home:
        home.say(voice.wake_word)
        await home.diary.until_happened(WakeWordDetected)
        await home.until_state(State.IDLE)
        assert PlayEarcon(Earcon.ASLEEP) in home.diary.commands
        session = await home.session()
        assert len(session.audio) == 0
        assert session.windows == []


@pytest.mark.hears_levels
async def test_a_stop_says_goodbye_to_the_service(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(ONE_TURN) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        assert session.open
    assert session.close_code == 1000


@pytest.mark.hears_levels
async def test_the_reply_sounds_as_it_was_sent(at_home: Homes, synthetic_voice: Voice) -> None:
    """The tone of the scenario comes out of the speaker at its pitch, its length and the level of the volume."""
    async with at_home(Scenario(turns=[[Say("", tone_s=1.0)]]), speaker={"volume": 1.0}) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        spectrum = np.abs(np.fft.rfft(home.heard()[-24_000:].astype(float)))
        assert np.argmax(spectrum) == pytest.approx(440, abs=2)
        assert loudness(home.heard()[-20_000:-4_000]) == pytest.approx(0.2 * 32767 / np.sqrt(2), rel=0.05)


@pytest.mark.hears_levels
async def test_a_written_reply_is_spoken_by_this_machine(at_home: Homes, synthetic_voice: Voice) -> None:
    """TEXT modality: the service sends no sound, the household hears the sentences all the same."""
    written = Scenario(turns=[[Hear("what time is it"), Say("It is noon. Lunch is ready.")]])
    live = {"model": "gemini-live-2.5-flash-preview", "response": "text"}
    async with at_home(written, live=live) as home:
        home.say(synthetic_voice.wake_and_request)
        drained = await home.diary.until_happened(PlayoutDrained)
        assert [said.text for said in home.diary.all(Transcribed) if said.speaker == "model"] == [
            "It is noon. ",
            "Lunch is ready. ",
        ]
        setup = (await home.session()).setup
        assert setup is not None
        assert setup.modality == "TEXT"
        assert drained.heard_samples > 24_000
        assert loudness(home.heard()[-drained.heard_samples :]) > 500


async def test_automatic_turn_taking_leaves_the_end_of_speech_to_the_service(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    scenario = Scenario(turns=[[Hear("turn on the lamp"), ANSWER], [ANSWER]])
    live = {"turns": {"taking": "automatic", "silence_ms": 500}}
    listening = {"follow_up_s": 6, "linger_s": 30, "nothing_said_s": 6, "reply_deadline_s": 5}
    async with at_home(scenario, live=live, listening=listening) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        marks = session.messages(ActivityStart, ActivityEnd, AudioStreamEnd)
        assert marks == [AudioStreamEnd()]
        home.say(synthetic_voice.request)
        await home.diary.until_happened(PlayoutDrained, times=2)
        assert home.diary.states[:6] == [
            *(State.LISTENING, State.HEARING, State.SPEAKING),
            *(State.LISTENING, State.HEARING, State.SPEAKING),
        ]
        start = next(c for c in home.diary.commands if isinstance(c, StartActivity))
        sent = session.audio[: len(synthetic_voice.request)]
        assert np.array_equal(sent, home.appliance.ring.read(start.from_sample, start.from_sample + len(sent)))
