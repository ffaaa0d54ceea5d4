"""What rings is heard at once, and silenced at once: the whole appliance around a bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.appliance.ringer import Ringer
from daemon.conversation import commands as do
from daemon.conversation.clocks import Timer
from daemon.conversation.events import (
    MuteSwitched,
    ReplyStarted,
    RingDue,
    RingWithdrawn,
    TimerExpired,
    WakeWordDetected,
)
from daemon.conversation.exchange import State
from daemon.conversation.messages import ReplyAudio
from daemon.sound.pcm import from_bytes
from daemon.sound.playout import Playout
from daemon.sound.ring_tone import tune
from daemon.sound.sound_kind import SoundKind
from tests.daemon.appliance.test_appliance import LOUD, SPEAKER, Bell, Bench, loud, running, sounds_like

if TYPE_CHECKING:
    from collections.abc import Callable

HELD_PERIODS = 4
"""What the fake card holds."""
WORDS = np.full(2_400, 20_000, np.int16)
SAID = round(20_000 * 10 ** (-12 / 20))


def periods(bench: Bench) -> list[bool]:
    """Of each period that was heard, whether it sounded."""
    return [any(period.pcm) for period in bench.cards[0].timeline]


async def heard(bench: Bench, count: int) -> None:
    """Let so many more periods be heard."""
    so_far = len(bench.cards[0].timeline)
    await bench.until(lambda: len(bench.cards[0].timeline) >= so_far + count)


async def test_what_is_due_at_rest_is_in_the_very_next_period() -> None:
    async with running(Bench()) as bench:
        before = len(bench.cards[0].timeline)
        bench.happen(RingDue("eggs"))
        await heard(bench, HELD_PERIODS + 2)
        assert periods(bench)[before:].index(True) <= HELD_PERIODS + 1
        assert bench.indicator.shown[-1] == "ringing"


async def test_it_is_heard_while_muted_and_the_microphone_stays_closed() -> None:
    async with running(Bench()) as bench:
        bench.mute_button.press()
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.MUTED))
        await heard(bench, 3)
        bench.happen(RingDue("eggs"), WakeWordDetected("x", 9_000))
        await heard(bench, HELD_PERIODS + 4)
        assert periods(bench)[-1]
        assert bench.state is State.MUTED
        assert bench.microphone._muted
        assert bench.sessions == []
        assert bench.indicator.shown[-1] == "muted"


@pytest.mark.parametrize("by", [lambda bench: bench.button.press(), lambda bench: bench.happen(RingWithdrawn("eggs"))])
async def test_it_is_silent_two_periods_after_it_is_stopped(by: Callable[[Bench], None]) -> None:
    async with running(Bench()) as bench:
        bench.happen(RingDue("eggs"))
        await heard(bench, HELD_PERIODS + 4)
        so_far = len(bench.cards[0].timeline)
        by(bench)
        await heard(bench, 20)
        assert not any(periods(bench)[so_far + 2 :])
        assert bench.cards[0].drops == 1
        assert bench.state is State.IDLE


async def test_each_end_is_told_to_who_rang() -> None:
    async with running(Bench()) as bench:
        bench.happen(RingDue("eggs"), RingDue("kettle"))
        bench.button.press()
        bench.happen(RingDue("tea"), TimerExpired(Timer.RINGING))
        bench.happen(RingDue("soup"), RingWithdrawn("soup"))
        assert bench.bell.ends == [(("eggs", "kettle"), True), (("tea",), False)]


async def test_what_rings_is_told_by_who_has_it_once_all_is_open() -> None:
    bench = Bench()
    assert bench.bell.report is None
    async with running(bench):
        assert bench.bell.report
        bench.bell.report(RingDue("eggs"))
        await bench.until(lambda: any(periods(bench)))


def test_its_words_are_said_though_they_come_late_and_those_of_before_are_not() -> None:
    playout, bell = Playout(SPEAKER, volume=1.0, notify=lambda _: None), Bell()
    ringer = Ringer(playout, bell, drop=lambda: None, soon=lambda work: work())
    for words in (WORDS, np.zeros(0, np.int16)):
        ringer.start()
        assert SAID not in from_bytes(playout.next_period(6 * SPEAKER.rate_hz)), "there were none in time"
        bell.said = words
        assert (SAID in from_bytes(playout.next_period(8 * SPEAKER.rate_hz))) == bool(len(words))
        ringer.stop((), answered=True)
        bell.said = np.zeros(0, np.int16)
        assert not any(playout.next_period(10))
        playout.dropped()


async def test_after_the_wake_word_silenced_it_the_earcon_is_heard_whole() -> None:
    async with running(Bench()) as bench:
        bench.happen(RingDue("eggs"))
        await heard(bench, HELD_PERIODS + 4)
        bench.happen(WakeWordDetected("x", 9_000))
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.AWAKE))
        assert bench.state is State.LISTENING


async def test_a_reply_is_cut_for_it_after_its_wait_and_nothing_of_it_is_heard_over_the_ring() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, loud(240_000)))
        await bench.until(lambda: LOUD in bench.heard())
        bench.happen(RingDue("eggs"))
        await heard(bench, 10)
        assert bench.state is State.SPEAKING
        bench.happen(TimerExpired(Timer.RING_WAIT))
        so_far = len(bench.heard())
        await heard(bench, 30)
        after = bench.heard()[so_far + 2 * SPEAKER.period_frames :]
        assert LOUD not in after
        assert np.any(after)


async def test_its_loudness_is_its_own() -> None:
    async with running(Bench()) as bench:
        bench.knobs.volumes[SoundKind.RING] = 0.0
        assert bench.knobs.report
        bench.knobs.report()
        bench.happen(RingDue("eggs"), MuteSwitched(True))
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.MUTED))
        await heard(bench, 20)
        assert not any(periods(bench)[-10:])


def test_the_tune_is_that_of_the_speaker() -> None:
    assert len(tune(SPEAKER.rate_hz)) == 1.6 * SPEAKER.rate_hz
