"""A typed conversation, with the real session and the offline server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.brain.brain import Spoken as Said
from daemon.chat.line import connected
from daemon.chat.screen import Look
from daemon.chat.talk import Parts, Spoken, Talk
from daemon.offline.rehearsal.scenario import Say
from daemon.offline.service.faults import CloseSocket, SendRaw, Stall
from daemon.sound.pcm import Samples, from_bytes
from daemon.speech.loudspeaker import loudspeaker
from daemon.speech.making import speaker_format
from daemon.speech.meanings import SessionFailed
from daemon.speech.settings import SpeakerSettings
from hardware.fake import Pace, RecordingSpeaker
from tests.daemon.chat.chatting import ANSWER, Paper, account, asked_in, failure_of, lines_of, samples_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from hardware.base import PlayoutSource, Speaker
    from tests.daemon.chat.chatting import Serve


async def talk(options: LiveOptions, paper: Paper, lines: AsyncIterator[str], **parts: Any) -> None:
    spoken = parts.get("spoken")
    async with connected(lambda: options, witnesses=[paper, *([spoken] if spoken else [])]) as line:
        await Talk(Parts(line=line, screen=paper, account=account(), **parts)).run(lines)


async def test_it_asks_each_line_and_keeps_each_reply(serve: Serve, tmp_path: Path) -> None:
    other = ANSWER[::-1][:4_801]
    kept = tmp_path / "new" / "folder"
    paper = Paper()
    async with serve([Said("Noon.", ANSWER)], [Said("You are welcome.", other)]) as (server, options):
        await talk(options, paper, lines_of("What time is it?\n", "\n", "   \n", " Thanks!\n"), keep=kept)
        assert asked_in(await server.session()) == ["What time is it?", "Thanks!"]
    assert paper.said == ["pipit  Noon.", "pipit  You are welcome."]
    assert paper.noted == [f"kept as {kept / 'reply-1.wav'}", f"kept as {kept / 'reply-2.wav'}"]
    assert np.array_equal(samples_in(kept / "reply-1.wav"), ANSWER)
    assert np.array_equal(samples_in(kept / "reply-2.wav"), other)


class Cards:
    """A driver of recording speakers."""

    def __init__(self, pace: Pace = Pace.CONSUMER) -> None:
        self.made: list[RecordingSpeaker] = []
        self._pace = pace

    def __call__(self, settings: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        def make(source: PlayoutSource) -> RecordingSpeaker:
            self.made.append(RecordingSpeaker(speaker_format(settings), source, pace=self._pace))
            return self.made[0]

        return make

    def heard(self) -> Samples:
        """Without the silence around and between."""
        samples = from_bytes(self.made[0].heard())
        return samples[samples != 0]


async def test_it_speaks_each_reply_to_its_end_before_it_takes_the_next_line(serve: Serve) -> None:
    loud = [np.full(6_000, level, np.int16) for level in (1_000, 2_000)]
    cards = Cards()
    heard_at_line: list[int] = []

    async def lines() -> AsyncIterator[str]:
        for line in ("one", "two"):
            yield line
            heard_at_line.append(len(cards.heard()))

    async with (
        serve([Said("One.", loud[0])], [Said("Two.", loud[1])]) as (_, options),
        loudspeaker(SpeakerSettings(volume=1.0), cards) as speaker,
    ):
        await talk(options, Paper(), lines(), spoken=Spoken(speaker))
    assert heard_at_line == [6_000, 12_000]
    assert np.array_equal(cards.heard(), np.concatenate(loud))


async def test_it_goes_on_after_a_reply_that_says_nothing(serve: Serve) -> None:
    paper = Paper()
    async with serve([], [Say("Yes.", tone_s=0.1)]) as (_, options):
        await talk(options, paper, lines_of("Hm.", "Are you there?"))
    assert paper.said == ["pipit  (no reply)", "pipit  Yes."]


async def test_thoughts_are_not_shown_and_sources_are(serve: Serve) -> None:
    thought = {"modelTurn": {"parts": [{"text": "Let me think.", "thought": True}]}}
    source = {"groundingMetadata": {"groundingChunks": [{"web": {"title": "Pipits", "uri": "https://example.org/p"}}]}}
    turn = [SendRaw({"serverContent": thought | source}), Say("A bird.", tone_s=0.1)]
    paper = Paper()
    async with serve(turn) as (_, options):
        await talk(options, paper, lines_of("What is a pipit?"))
    assert paper.said == ["pipit  A bird.", "       Pipits: https://example.org/p"]


# Failures

HALF = [Say("Half a sent", tone_s=0.1), CloseSocket(1011, "Internal error encountered.")]


async def test_unattended_it_ends_with_the_session(serve: Serve) -> None:
    paper = Paper()
    async with serve([Say("One.", tone_s=0.1)], HALF, [Say("Three.", tone_s=0.1)]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await talk(options, paper, lines_of("one", "two", "three"))
    assert failure_of(raised).exit_status != 0
    assert paper.said == ["pipit  One."]


async def test_attended_it_tells_what_failed_and_goes_on(serve: Serve) -> None:
    paper = Paper()
    async with serve(HALF, [Say("Two.", tone_s=0.1)]) as (_, options):
        await talk(options, paper, lines_of("one", "two"), attended=True)
    assert paper.said == ["pipit  Two."]
    assert paper.noted[0].startswith("the session failed: overloaded (1011")


async def test_what_would_fail_again_ends_it_whoever_attends(serve: Serve) -> None:
    async with serve([CloseSocket(1007, "API key not valid.")]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await talk(options, Paper(), lines_of("one"), attended=True)
    assert isinstance(failure_of(raised), SessionFailed)


# Ctrl-C


async def test_an_interrupted_reply_is_silent_and_the_next_is_not(serve: Serve) -> None:
    loud = np.full(240_000, 3_000, np.int16)  # ten seconds
    cards = Cards(Pace.REAL_TIME)
    paper = Paper(Look(labelled=True, streaming=True))
    async with (
        serve([Said("Once upon a time", loud)], [Said("Two.", loud[:2_400])]) as (_, options),
        loudspeaker(SpeakerSettings(volume=1.0), cards) as speaker,
    ):
        spoken = Spoken(speaker)
        async with connected(lambda: options, witnesses=[paper, spoken]) as line:
            parts = Parts(line=line, screen=paper, account=account(), spoken=spoken, attended=True)
            talking = Talk(parts)
            assert not talking.interrupt(), "there is nothing to interrupt"

            async def press_when_heard() -> None:
                while not (cards.made[0].onsets_s and line.exchange.complete):  # noqa: ASYNC110 - they run by themselves
                    await asyncio.sleep(0.01)
                assert talking.interrupt()
                assert not talking.interrupt(), "the second one ends the command"

            async with asyncio.TaskGroup() as group:
                group.create_task(press_when_heard())
                await talking.run(lines_of("a story", "two"))
    assert len(cards.heard()) < 120_000
    assert paper.said == ["pipit  Once upon a time", "pipit  Two."]
    assert paper.noted == ["(interrupted)"]


async def test_unattended_nothing_is_interrupted(serve: Serve) -> None:
    async with serve([Stall()]) as (_, options), connected(lambda: options) as line:
        talking = Talk(Parts(line=line, screen=Paper(), account=account()))
        async with asyncio.TaskGroup() as group:
            running = group.create_task(talking.run(lines_of("hello")))
            while not line.exchange.asked:  # noqa: ASYNC110
                await asyncio.sleep(0)
            assert not talking.interrupt()
            running.cancel()


# Reckoning


async def test_tokens_and_cost_are_told_after_each_turn_and_in_all(serve: Serve) -> None:
    paper = Paper(Look(labelled=True, reckoning=True))
    async with serve([Say("One.", tone_s=0.1)], [Say("Two.", tone_s=0.1)]) as (_, options):
        await talk(options, paper, lines_of("one", "two"))
    one, two, both = paper.noted
    assert "tokens in" in one
    assert two.endswith("USD")
    assert both.startswith("in all ")
