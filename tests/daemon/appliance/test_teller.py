"""Messages are told one after the other, each once, when there is a rest for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.conversation import commands as do
from daemon.conversation.events import (
    MessageTold,
    MuteSwitched,
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    RingDue,
    WakeWordDetected,
)
from daemon.conversation.exchange import State
from daemon.sound.sound_kind import SoundKind
from tests.daemon.appliance.test_appliance import Bench, running, sounds_like

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples


def message(value: int, samples: int = 4_800) -> Samples:
    return np.full(samples, value, np.int16)


def heard(bench: Bench, value: int) -> int:
    return int(np.count_nonzero(bench.heard() == value))


def told(bench: Bench) -> int:
    return sum(isinstance(event, MessageTold) for event in bench.diary.events)


async def test_messages_are_told_in_order_until_there_are_none() -> None:
    async with running(Bench()) as bench:
        bench.letters.post(message(11_111), message(22_222))
        await bench.until(lambda: told(bench) == 3)  # two, and that there are no more
        assert (heard(bench, 11_111), heard(bench, 22_222)) == (4_800, 4_800)
        assert not bench.appliance.conversation.situation.telling
        bench.letters.post(message(9_999))
        await bench.until(lambda: heard(bench, 9_999) == 4_800)


async def test_a_message_waits_for_the_end_of_an_exchange() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        bench.letters.post(message(11_111))
        session.say(ReplyStarted(1))
        session.say(ReplyComplete(1))
        await bench.diary.until_happened(PlayoutDrained)
        assert bench.state is State.IDLE
        await bench.until(lambda: heard(bench, 11_111) == 4_800)


async def test_a_message_waits_for_the_end_of_a_ring() -> None:
    async with running(Bench()) as bench:
        bench.happen(RingDue("eggs"))
        bench.letters.post(message(11_111))
        await bench.until(lambda: bool(np.any(bench.heard())))
        assert not bench.appliance.conversation.situation.telling
        bench.button.press()
        await bench.until(lambda: heard(bench, 11_111) == 4_800)


async def test_a_message_is_heard_while_muted() -> None:
    async with running(Bench()) as bench:
        bench.happen(MuteSwitched(True))
        bench.letters.post(message(11_111))
        await bench.until(lambda: heard(bench, 11_111) == 4_800)


async def test_a_press_silences_a_message_for_good_and_means_nothing_else() -> None:
    async with running(Bench()) as bench:
        bench.letters.post(message(11_111, 240_000))
        await bench.until(lambda: heard(bench, 11_111) > 0)
        bench.button.press()
        bench.button.release(1_000)
        assert bench.state is State.IDLE
        bench.letters.post(message(22_222))
        await bench.until(lambda: heard(bench, 22_222) == 4_800)
        assert heard(bench, 11_111) < 240_000
        assert bench.sessions == []


async def test_the_wake_word_silences_a_message_and_is_answered() -> None:
    async with running(Bench()) as bench:
        bench.letters.post(message(11_111, 240_000))
        await bench.until(lambda: heard(bench, 11_111) > 0)
        bench.happen(WakeWordDetected("x", 9_000))
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.AWAKE))
        assert bench.state is State.LISTENING


async def test_a_message_that_the_speaker_went_away_with_is_told_again() -> None:
    async with running(Bench()) as bench:
        bench.letters.post(message(11_111))
        await bench.until(lambda: heard(bench, 11_111) > 0)
        bench.cards[0].unplug()
        before = heard(bench, 11_111)
        assert before < 4_800
        bench.cards[0].replug()
        await bench.until(lambda: heard(bench, 11_111) == before + 4_800)


async def test_it_has_a_volume_of_its_own() -> None:
    bench = Bench()
    bench.knobs.volumes[SoundKind.MESSAGE] = 0.5
    bench = Bench(knobs=bench.knobs)
    async with running(bench):
        bench.letters.post(message(10_000))
        await bench.until(lambda: heard(bench, 2_500) == 4_800)
