"""Replies that are heard one after the other."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.errors import HardwareError
from daemon.sound.pcm import Samples, from_bytes
from daemon.speech.loudspeaker import Loudspeaker, loudspeaker
from daemon.speech.making import speaker_format
from daemon.speech.settings import SpeakerSettings
from hardware.fake import Pace, RecordingSpeaker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hardware.base import PlayoutSource, Speaker

DEADLINE_S = 60.0
SETTINGS = SpeakerSettings(volume=1.0)


@dataclass
class Bench:
    """A loudspeaker whose card records."""

    cards: list[RecordingSpeaker] = field(default_factory=list)

    @asynccontextmanager
    async def loudspeaker(self) -> AsyncIterator[Loudspeaker]:
        async with asyncio.timeout(DEADLINE_S), loudspeaker(SETTINGS, self._driver) as speaker:
            yield speaker

    def _driver(self, settings: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        def make(source: PlayoutSource) -> RecordingSpeaker:
            self.cards.append(RecordingSpeaker(speaker_format(settings), source, pace=Pace.CONSUMER))
            return self.cards[0]

        return make

    def heard(self) -> Samples:
        """What was heard so far, without the silence around and between."""
        samples = from_bytes(self.cards[0].heard())
        return samples[samples != 0]


def reply(level: int, samples: int = 4_000) -> Samples:
    return np.full(samples, level, np.int16)


async def test_replies_are_heard_to_their_last_sample_before_the_next_begins() -> None:
    bench = Bench()
    replies = [reply(1_000), reply(2_000, 5_123), reply(3_000, 700)]
    async with bench.loudspeaker() as speaker:
        for count, samples in enumerate(replies, start=1):
            speaker.play(samples[:500].tobytes())
            speaker.play(samples[500:].tobytes())
            await speaker.played()
            assert np.array_equal(bench.heard(), np.concatenate(replies[:count]))


async def test_the_next_reply_need_not_wait_for_the_last_to_be_awaited_to_be_whole() -> None:
    bench = Bench()
    async with bench.loudspeaker() as speaker:
        speaker.play(reply(1_000).tobytes())
        speaker.play(reply(2_000).tobytes())
        await speaker.played()
        assert len(bench.heard()) == 8_000


async def test_a_card_that_does_not_play_is_an_error_and_no_wait_for_ever() -> None:
    speaker = Loudspeaker(SETTINGS, grace_s=0.01)  # no card asks it for sound
    speaker.play(reply(1_000, 24).tobytes())
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(HardwareError, match="does not play") as error:
            await speaker.played()
    assert "--text" in error.value.fix


async def test_a_hushed_reply_is_not_heard_and_the_next_one_is() -> None:
    bench = Bench()
    async with bench.loudspeaker() as speaker:
        speaker.play(reply(1_000, 240_000).tobytes())
        while not len(bench.heard()):  # noqa: ASYNC110
            await asyncio.sleep(0)
        speaker.hush()
        speaker.play(reply(2_000).tobytes())
        await speaker.played()
    heard = bench.heard()
    assert np.array_equal(heard[heard == 2_000], reply(2_000))
    assert len(heard) < 24_000


async def test_a_reply_of_another_rate_lasts_as_long() -> None:
    bench = Bench()
    async with bench.loudspeaker() as speaker:
        speaker.play(reply(1_000, 16_000).tobytes(), 16_000)
        await speaker.played()
    assert len(bench.heard()) == pytest.approx(24_000, abs=200)
