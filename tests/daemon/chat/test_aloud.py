"""A conversation by microphone, with the real session, the offline server and shipped cards."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.brain.brain import Spoken as Said
from daemon.chat.aloud import BY_ENTER, HANDS_FREE, AloudTalk
from daemon.chat.line import Line, connected
from daemon.chat.screen import Look
from daemon.chat.talk import Parts, Spoken
from daemon.conversation.events import UtteranceEnded, UtteranceStarted
from daemon.offline.rehearsal.scenario import Hear, Say
from daemon.sound.capture import CaptureConverter
from daemon.sound.preroll import AudioRing
from daemon.speech.loudspeaker import loudspeaker
from daemon.speech.settings import SpeakerSettings
from hardware.base import PcmFormat
from hardware.fake import Pace, WavMicrophone
from tests.daemon.chat.chatting import Paper, account, asked_in
from tests.daemon.chat.test_talk import Cards
from tests.system.home import FastClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from daemon.hearing.listener import Heard
    from daemon.live.options import LiveOptions
    from daemon.sound.pcm import Samples
    from tests.daemon.chat.chatting import Serve

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)
SPEECH = np.random.default_rng(3).normal(0, 2_000, 8_000).round().astype(np.int16)


@dataclass
class Room:
    """Somebody at a keyboard, a microphone and, if wanted, a speaker."""

    talk: AloudTalk
    line: Line
    ring: AudioRing
    microphone: WavMicrophone
    paper: Paper
    keys: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)

    async def lines(self) -> AsyncIterator[str]:
        while (line := await self.keys.get()) is not None:
            yield line

    def enter(self, text: str = "") -> None:
        self.keys.put_nowait(f"{text}\n")

    def leave(self) -> None:
        self.keys.put_nowait(None)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Cards and sockets run by themselves."""
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def say(self, samples: Samples) -> None:
        """Be heard to the last sample."""
        self.microphone.say(samples)
        await self.microphone.all_said()
        taken = self.ring.end
        await self.until(lambda: self.ring.end > taken)

    async def question(self, samples: Samples = SPEECH) -> None:
        """Enter, speech, Enter."""
        self.enter()
        await self.until(lambda: self.talk.talking)
        await self.say(samples)
        self.enter()


@asynccontextmanager
async def room(
    options: LiveOptions, listener: Any = None, cards: Cards | None = None, **given: Any
) -> AsyncIterator[Room]:
    paper = Paper(Look(labelled=True, streaming=True))
    ring = AudioRing(16_000 * 60)
    microphone = WavMicrophone(np.zeros(320, np.int16), FORMAT, then_silence=True, clock=FastClock(8))
    spoken = None
    async with loudspeaker(SpeakerSettings(volume=1.0), cards or Cards()) as speaker:
        spoken = Spoken(speaker)
        async with connected(lambda: options, ring, witnesses=[paper, spoken]) as line:
            parts = Parts(line=line, screen=paper, account=account(), spoken=spoken, attended=True)
            talk = AloudTalk(parts, microphone, CaptureConverter(FORMAT), ring, listener, **given)
            here = Room(talk, line, ring, microphone, paper)
            async with asyncio.TaskGroup() as group:
                group.create_task(talk.run(here.lines()))
                yield here
                here.leave()


async def test_what_is_said_between_two_presses_is_sent_and_nothing_else(serve: Serve) -> None:
    async with serve([Hear("noise"), Say("I hear you.", tone_s=0.1)]) as (server, options), room(options) as here:
        await here.say(SPEECH[::-1])  # nobody asked for that
        await here.question()
        await here.until(lambda: "pipit  I hear you." in here.paper.said)
        session = await server.session()
        (window,) = session.windows
        assert session.stray_audio == b""
    assert here.paper.said == ["you    noise", "pipit  I hear you."]
    assert here.paper.noted[:2] == [BY_ENTER, "listening; Enter ends it"]
    heard = window.samples[np.flatnonzero(window.samples)[0] :][: len(SPEECH)]
    assert np.array_equal(heard, SPEECH)
    assert not np.any(window.samples[: np.flatnonzero(window.samples)[0]])


async def test_enter_during_a_reply_silences_it_and_begins_to_listen_in_the_same_session(serve: Serve) -> None:
    loud = np.full(240_000, 3_000, np.int16)  # ten seconds
    cards = Cards(Pace.REAL_TIME)
    turns = [Said("Once upon a time", loud)], [Say("Two.", tone_s=0.1)]
    async with serve(*turns) as (server, options), room(options, cards=cards) as here:
        await here.question()
        await here.until(lambda: bool(cards.made[0].onsets_s))
        await here.question(SPEECH[:4_000])
        await here.until(lambda: "pipit  Two." in here.paper.said)
        assert len(server.sessions) == 1
        assert len((await server.session()).windows) == 2
        assert len(cards.heard()) < 120_000
    assert "(interrupted)" in here.paper.noted


async def test_a_line_that_is_not_empty_is_a_question(serve: Serve) -> None:
    async with serve([Say("Noon.", tone_s=0.1)]) as (server, options), room(options) as here:
        here.enter("What time is it?")
        await here.until(lambda: "pipit  Noon." in here.paper.said)
        assert asked_in(await server.session()) == ["What time is it?"]


async def test_a_finger_that_slipped_asks_nothing(serve: Serve) -> None:
    async with serve([Say("Yes?", tone_s=0.1)]) as (_, options), room(options) as here:
        here.enter()
        here.enter()
        await here.until(lambda: any("too short" in note for note in here.paper.noted))
        await here.question()
        await here.until(lambda: "pipit  Yes?" in here.paper.said)


async def test_a_question_that_nobody_ends_is_ended(serve: Serve) -> None:
    async with serve([Say("Enough.", tone_s=0.1)]) as (_, options), room(options, longest_s=0.2) as here:
        here.enter()
        await here.until(lambda: "pipit  Enough." in here.paper.said)
    assert any("0.2 s are the most" in note for note in here.paper.noted)


async def test_ctrl_c_breaks_a_question_off(serve: Serve) -> None:
    async with serve([Say("Yes?", tone_s=0.1)]) as (server, options), room(options) as here:
        here.enter()
        await here.until(lambda: here.talk.talking)
        assert here.talk.interrupt()
        assert not here.talk.interrupt(), "the next one ends the command"
        first = await server.session()
        await first.until(lambda session: not session.open)
    assert "(broken off)" in here.paper.noted


async def test_what_is_being_said_at_the_end_is_still_answered(serve: Serve) -> None:
    async with serve([Say("Good bye.", tone_s=0.1)]) as (_, options):
        async with room(options) as here:
            here.enter()
            await here.until(lambda: here.talk.talking)
            await here.say(SPEECH)
        assert here.paper.said == ["pipit  Good bye."]


# Hands free


class Marked:
    """Finds an utterance between the samples of value 7,001 and 7,002."""

    def __init__(self) -> None:
        self.watching = False
        self.watches: list[int] = []

    def hear(self, samples: Samples, at: int) -> list[Heard]:
        if not self.watching:
            return []
        begun = [UtteranceStarted(at + int(found)) for found in np.flatnonzero(samples == 7_001)]
        ended = [UtteranceEnded(at + int(found)) for found in np.flatnonzero(samples == 7_002)]
        return [*begun, *ended]

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]:  # noqa: ARG002
        self.watching = True
        self.watches.append(from_sample)
        return []

    def stop_watching(self) -> None:
        self.watching = False

    def listen_for_short(self, *, wanted: bool) -> None:
        self.short = wanted


def utterance() -> Samples:
    samples = SPEECH.clip(-6_000, 6_000)
    samples[0], samples[-1] = 7_001, 7_002
    return samples


async def test_hands_free_an_utterance_is_a_question_and_after_the_reply_comes_the_next(serve: Serve) -> None:
    listener = Marked()
    async with (
        serve([Say("One.", tone_s=0.1)], [Say("Two.", tone_s=0.1)]) as (server, options),
        room(options, listener) as here,
    ):
        for number, reply in enumerate(("pipit  One.", "pipit  Two."), start=1):
            await here.until(lambda number=number: len(listener.watches) == number)  # type: ignore[misc]
            await here.say(utterance())
            await here.until(lambda reply=reply: reply in here.paper.said)  # type: ignore[misc]
        windows = (await server.session()).windows
        for window in windows:
            said = utterance()[:-1]  # what was on its way when the end was found may follow
            assert np.array_equal(window.samples[: len(said)], said)
    assert here.paper.noted[0] == HANDS_FREE


async def test_hands_free_nobody_listens_while_a_reply_is_given_until_enter_stops_it(serve: Serve) -> None:
    listener = Marked()
    cards = Cards(Pace.REAL_TIME)
    turns = [Said("Once upon a time", np.full(240_000, 3_000, np.int16))], [Say("Two.", tone_s=0.1)]
    async with serve(*turns) as (server, options), room(options, listener, cards) as here:
        await here.until(lambda: listener.watching)
        await here.say(utterance())
        await here.until(lambda: bool(cards.made[0].onsets_s))
        await here.say(utterance())
        assert not listener.watching
        here.enter()
        await here.until(lambda: listener.watching)
        await here.say(utterance())
        await here.until(lambda: "pipit  Two." in here.paper.said)
        sessions = [await server.session(number) for number in (1, 2)]
        assert [len(session.windows) for session in sessions] == [1, 1]


async def test_a_microphone_that_goes_away_or_falls_silent_is_told(serve: Serve) -> None:
    async with serve([Hear("noise"), Say("I hear you.", tone_s=0.1)]) as (_, options), room(options) as here:
        here.microphone.unplug()
        here.microphone.replug()
        await here.until(lambda: "the microphone is back" in here.paper.noted)
        await here.until(lambda: "the microphone delivers nothing but zeros; is it muted?" in here.paper.noted)
        await here.say(SPEECH)
        await here.until(lambda: "the microphone delivers sound again" in here.paper.noted)
        assert here.paper.noted.count("the microphone is gone; it is waited for") == 1
