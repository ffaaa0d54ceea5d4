"""A microphone that is given to a taker: it sleeps while little is wanted, and no period is lost or late for that."""

import asyncio

import pytest

from hardware.base import PcmFormat
from hardware.sound.alsa import AlsaMicrophone
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone, eventually, gone
from tests.hardware.sound.streams import FORMAT as SCRIPTED
from tests.hardware.sound.streams import XRUN, listening, numbered
from tests.hardware.sound.virtual_card import Steps, Time, VirtualCapture, stepping

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)
SECOND = 50  # periods


class Taker:
    """Wants what the test says, and tells the loop when it says so."""

    def __init__(self, wanted_frames: int = 1) -> None:
        self.wanted = wanted_frames
        self.taken: list[bytes] = []
        self.at_s: list[float] = []
        self.tells = False
        self.now_s = lambda: 0.0

    def wanted_frames(self) -> int:
        return self.wanted

    def take(self, sound: bytes) -> bool:
        self.taken.append(sound)
        self.at_s.append(self.now_s())
        return self.tells

    @property
    def sound(self) -> bytes:
        return b"".join(self.taken)


class Bench:
    def __init__(self, taker: Taker, *, coarse: bool = False) -> None:
        self.time = Time()
        self.card = VirtualCapture(self.time, self.period, coarse=coarse)
        self.microphone = AlsaMicrophone("a card", FORMAT, open_pcm=self.card, clock=self.time)
        self.steps: Steps = stepping(self.microphone, self.time)
        self.taker = taker
        taker.now_s = self.time
        self.microphone._taker = taker

    @staticmethod
    def period(number: int) -> bytes:
        return number.to_bytes(2, "little") * FORMAT.period_frames

    def run(self, seconds: float) -> None:
        end_s = self.time.now_s + seconds
        while self.time.now_s < end_s:
            self.microphone._step()

    def expected(self) -> bytes:
        return b"".join(map(self.period, range(len(self.taker.sound) // FORMAT.period_bytes)))


@pytest.mark.parametrize("coarse", [False, True])
def test_a_thread_of_which_four_periods_are_wanted_is_woken_once_for_them(coarse):
    bench = Bench(Taker(4 * 320), coarse=coarse)
    bench.run(60)
    assert 12 * 60 < bench.time.wakes < 16 * 60
    assert bench.steps.loop_wakes == 0
    assert bench.taker.sound == bench.expected()
    assert {len(sound) for sound in bench.taker.taken[1:]} == {4 * FORMAT.period_bytes}


@pytest.mark.parametrize("coarse", [False, True])
def test_what_is_wanted_is_taken_within_two_milliseconds_after_its_last_period(coarse):
    bench = Bench(Taker(4 * 320), coarse=coarse)
    bench.run(60)
    for at_s, periods in zip(bench.taker.at_s, range(1, 4_000, 4), strict=False):
        assert at_s - (bench.card.began_s + periods * 0.02) < 0.002


def test_each_period_is_taken_as_it_comes_while_little_is_wanted():
    bench = Bench(Taker(1))
    bench.run(10)
    assert bench.time.wakes == 10 * SECOND
    assert bench.taker.sound == bench.expected()


def test_nothing_is_lost_when_more_and_less_is_wanted_in_turn():
    bench = Bench(Taker())
    for wanted in (4 * 320, 1, 3 * 320, 2 * 320, 1, 4 * 320) * 20:
        bench.taker.wanted = wanted
        bench.microphone.look_again()
        bench.run(0.33)
    assert bench.taker.sound == bench.expected()
    assert len(bench.taker.sound) >= 39 * SECOND * FORMAT.period_bytes


def test_a_nap_ends_when_something_else_is_wanted_and_what_the_card_holds_comes_at_once():
    bench = Bench(Taker(4 * 320))
    bench.run(1)
    began = len(bench.taker.taken)
    bench.time.now_s += 0.05  # in the middle of a nap
    bench.taker.wanted = 1
    bench.microphone.look_again()
    now_s = bench.time.now_s
    while len(bench.taker.taken) < began + 3:
        bench.microphone._step()
    assert bench.time.now_s - now_s < 0.021


def test_zeros_of_a_muted_microphone_are_gathered_too():
    bench = Bench(Taker(4 * 320))
    bench.microphone.mute(muted=True)

    class Enough(Exception):
        pass

    def take(sound: bytes) -> bool:
        bench.taker.taken.append(sound)
        if len(bench.taker.taken) == 25:
            raise Enough
        return False

    bench.taker.take = take
    bench.steps.nudged = False
    with pytest.raises(Enough):
        bench.microphone._step()
    assert bench.time.wakes <= 26
    assert bench.taker.sound == bytes(100 * FORMAT.period_bytes)
    assert bench.time.now_s == pytest.approx(1002.0)


async def test_what_was_read_before_the_card_failed_is_handed_on():
    card, taker = ScriptedMicrophone(), Taker(4 * SCRIPTED.period_frames)
    card.avail = lambda: 4 * SCRIPTED.period_frames
    async with listening(card) as microphone, asyncio.TaskGroup() as group:
        giving = group.create_task(anext(microphone.given_to(taker)))
        await eventually(lambda: microphone._taker is taker)
        card.give(*numbered(1, 3), gone(), *numbered(4, 1))
        await eventually(lambda: taker.sound == b"".join(numbered(1, 4)))
        giving.cancel()
    assert card.opened == 2


async def test_an_overrun_within_costs_its_period_and_nothing_else():
    eight = b"".join(numbered(1, 8))
    card, taker = ScriptedMicrophone(), Taker(4 * SCRIPTED.period_frames)
    card.avail = lambda: XRUN
    async with listening(card) as microphone, asyncio.TaskGroup() as group:
        giving = group.create_task(anext(microphone.given_to(taker)))
        await eventually(lambda: microphone._taker is taker)
        card.give(*numbered(1, 2), XRUN, *numbered(3, 10))
        await eventually(lambda: taker.sound[: len(eight)] == eight)
        giving.cancel()
    assert microphone.counters.xruns == 1


async def test_the_loop_hears_of_it_when_the_taker_says_so_once_until_it_has_looked():
    card, taker = ScriptedMicrophone(), Taker()
    async with listening(card) as microphone:
        posted = []
        post, microphone._thread.post = microphone._thread.post, posted.append
        giving = microphone.given_to(taker)
        told = asyncio.ensure_future(anext(giving))
        await asyncio.sleep(0)
        card.give(*numbered(1, 2))
        await eventually(lambda: len(taker.taken) == 2)
        assert posted == []
        taker.tells = True
        card.give(*numbered(3, 3))
        await eventually(lambda: len(taker.taken) == 5)
        assert len(posted) == 1
        microphone._thread.post = post
        posted[0]()
        await asyncio.wait_for(told, 60)
        card.give(*numbered(6, 1))
        await asyncio.wait_for(anext(giving), 60)
        assert taker.sound == b"".join(numbered(1, 6))


async def test_what_came_before_there_was_a_taker_is_its_first_sound():
    card, taker = ScriptedMicrophone(), Taker()
    taker.tells = True
    async with listening(card) as microphone:
        card.give(*numbered(1, 5))
        await eventually(lambda: len(microphone._waiting) == 5)
        giving = microphone.given_to(taker)
        await asyncio.wait_for(anext(giving), 60)
        card.give(*numbered(6, 1))
        await eventually(lambda: taker.sound == b"".join(numbered(1, 6)))
        await giving.aclose()


class ShallowCapture(VirtualCapture):
    """Says that it holds as much as any card, and loses what does not fit into less."""

    def __init__(self, time: Time, held: int, *, says: int) -> None:
        super().__init__(time, Bench.period)
        self._held, self._periods = held, says
        self.overruns = 0

    def avail(self) -> int:
        return XRUN if self.over else super().avail()

    @property
    def over(self) -> bool:
        return self.passed - self.done > self._held * self.format.period_frames

    def read(self) -> tuple[int, bytes]:
        if self.over:
            self.overruns += 1
            self.began_s = None
            return XRUN, b""
        return super().read()


@pytest.mark.parametrize(("held", "says"), [(3, 3), (2, 2), (1, 1), (3, 25), (2, 25)])
def test_a_card_that_holds_little_is_read_before_it_overflows(held, says):
    bench = Bench(Taker(4 * 320))
    card = ShallowCapture(bench.time, held, says=says)
    bench.microphone = AlsaMicrophone("a card", FORMAT, open_pcm=card, clock=bench.time)
    stepping(bench.microphone, bench.time)
    bench.microphone._taker = bench.taker
    bench.run(60)
    overruns = card.overruns
    assert overruns <= (0 if says == held else 6)
    bench.run(60)
    assert card.overruns == overruns
    assert len(bench.taker.sound) > 115 * SECOND * FORMAT.period_bytes


def test_one_overrun_makes_no_liar_of_a_card():
    bench = Bench(Taker(4 * 320))
    card = ShallowCapture(bench.time, 25, says=25)
    bench.microphone = AlsaMicrophone("a card", FORMAT, open_pcm=card, clock=bench.time)
    stepping(bench.microphone, bench.time)
    bench.microphone._taker = bench.taker
    for _ in range(8):
        bench.run(10)
        bench.time.now_s += 2  # the machine is busy
    bench.time.wakes = 0
    bench.run(60)
    assert bench.time.wakes < 16 * 60
    assert bench.microphone.counters.xruns == 8
