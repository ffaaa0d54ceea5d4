"""Messages are told one after the other, each once, when there is a rest for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.appliance.appliance import Appliance
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
from daemon.speech.bulletins import Bulletins, Fate
from tests.daemon.appliance.test_appliance import Bench, running, sounds_like

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine

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


class Letterbox:
    """Bulletins on a bench. The voice says a number: what was posted."""

    def __init__(self) -> None:
        self.is_quiet = False
        self.bench = Bench()
        self.bulletins = Bulletins(self.speak, lambda: self.is_quiet, lambda: 0.0, start=self.start)
        witnesses = [self.bench.diary, self.bulletins]
        self.bench.appliance = Appliance(replace(self.bench.parts(), telling=self.bulletins, witnesses=witnesses))

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self.bench.appliance.start(work)

    async def speak(self, text: str) -> Samples:
        return message(int(text))

    def order(self) -> list[int]:
        """The messages of which something was heard, in the order of their ends; a tune may have a few of a value."""
        heard = self.bench.heard()
        ends = {value: np.flatnonzero(heard == value) for value in (7_001, 7_002, 7_003)}
        assert all(len(found) < 2 * 4_800 for found in ends.values()), "none is told twice"
        return sorted((value for value, found in ends.items() if len(found) > 100), key=lambda value: ends[value][-1])


async def test_of_bulletins_that_wait_each_is_heard_once_though_each_is_reported_once() -> None:
    box = Letterbox()
    async with running(box.bench) as bench:
        session = bench.ask()
        numbers = [box.bulletins.post(str(number)) for number in (7_001, 7_002, 7_003)]
        session.say(ReplyStarted(1))
        session.say(ReplyComplete(1))
        await bench.until(lambda: all(box.bulletins.fate(number) is Fate.TOLD for number in numbers))
        assert box.order() == [7_001, 7_002, 7_003]


async def test_after_one_that_is_cut_short_the_next_is_heard() -> None:
    box = Letterbox()
    async with running(box.bench) as bench:
        numbers = [box.bulletins.post(str(number)) for number in (7_001, 7_002)]
        await bench.until(lambda: heard(bench, 7_001) > 0)
        bench.button.press()
        await bench.until(lambda: box.bulletins.fate(numbers[1]) is Fate.TOLD)
        assert heard(bench, 7_002) == 4_800
        assert box.order() == [7_001, 7_002]


async def test_what_quiet_held_is_heard_once_it_ends() -> None:
    box = Letterbox()
    async with running(box.bench) as bench:
        box.is_quiet = True
        held, urgent = box.bulletins.post("7001"), box.bulletins.post("7002", held=False)
        await bench.until(lambda: told(bench) == 2)  # the urgent one, and that there are no more
        assert [box.bulletins.fate(number) for number in (held, urgent)] == [Fate.WAITING, Fate.TOLD]
        box.is_quiet = False
        box.bulletins.quiet_changed()
        await bench.until(lambda: box.bulletins.fate(held) is Fate.TOLD)
        assert box.order() == [7_002, 7_001]
