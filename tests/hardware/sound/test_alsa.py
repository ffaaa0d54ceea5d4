import asyncio
import errno
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from hardware.base import PcmFormat
from hardware.errors import DeviceBusy, DeviceMissing, FormatRefused, HardwareError
from hardware.sound.alsa import (
    CAPTURE_BUFFER_MS,
    AlsaMicrophone,
    AlsaSpeaker,
    open_capture,
    open_playback,
)
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone, ScriptedSpeaker, eventually, gone

FORMAT = PcmFormat(rate_hz=16_000, period_frames=16)  # 1 ms
SILENCE = bytes(FORMAT.period_bytes)
XRUN = -errno.EPIPE


def numbered(first: int, periods: int) -> list[bytes]:
    return [bytes([number]) * FORMAT.period_bytes for number in range(first, first + periods)]


@asynccontextmanager
async def listening(card: ScriptedMicrophone, **options: Any) -> AsyncIterator[AlsaMicrophone]:
    """A microphone on `card` that waits next to nothing before it opens a lost card again."""
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card, **{"retry_s": (0.001,)} | options)
    async with microphone:
        try:
            yield microphone
        finally:
            card.released.set()


async def take(microphone: AlsaMicrophone, periods: int) -> list[bytes]:
    stream = microphone.periods()
    async with asyncio.timeout(60):
        return [await anext(stream) for _ in range(periods)]


# The microphone


async def test_periods_arrive_in_order_and_the_card_is_closed():
    card, said = ScriptedMicrophone(), numbered(1, 30)
    async with listening(card) as microphone:
        card.give(*said)
        assert await take(microphone, 30) == said
    assert (card.opened, card.closed) == (1, 1)
    assert microphone.counters.dropped_periods == 0


async def test_an_overrun_costs_its_period_and_is_counted():
    card = ScriptedMicrophone()
    async with listening(card) as microphone:
        card.give(*numbered(1, 1), XRUN, *numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        assert microphone.counters.xruns == 1


async def test_xruns_are_told_ever_more_seldom(caplog):
    card = ScriptedMicrophone()
    async with listening(card) as microphone:
        card.give(*[XRUN] * 9, *numbered(1, 1))
        await take(microphone, 1)
    told = [record.getMessage() for record in caplog.records if "xrun" in record.getMessage()]
    assert told == [f"microphone: an xrun, some sound was lost ({count} so far)" for count in (1, 2, 4, 8)]


async def test_a_busy_loop_loses_the_oldest_periods_and_counts_them():
    card, said = ScriptedMicrophone(), numbered(1, 20)
    async with listening(card, backlog=5) as microphone:
        card.give(*said)
        await eventually(lambda: microphone.counters.dropped_periods == 15)
        assert await take(microphone, 5) == said[15:]


async def test_a_card_faster_than_its_consumer_does_not_keep_the_loop_for_itself():
    """As the "null" device of ALSA gives its zeros: signals and the watchdog would wait for ever."""
    card, others = ScriptedMicrophone(), asyncio.Event()
    async with listening(card, backlog=5) as microphone:
        card.give(*numbered(1, 5))
        await eventually(lambda: len(microphone._waiting) == 5)
        asyncio.get_running_loop().call_soon(others.set)
        stream = microphone.periods()
        await anext(stream)
        await anext(stream)
        assert others.is_set()


async def test_what_waits_wakes_the_loop_once():
    card = ScriptedMicrophone()
    async with listening(card, backlog=100) as microphone:
        wakes = []
        microphone._thread.post = wakes.append
        card.give(*numbered(1, 50))
        await eventually(lambda: len(microphone._waiting) == 50)
        assert len(wakes) == 1


async def test_a_card_with_other_periods_is_cut_into_ours():
    card, said = ScriptedMicrophone(period_size=24), b"".join(numbered(1, 6))
    async with listening(card) as microphone:
        card.give(*[said[start : start + 48] for start in range(0, len(said), 48)])
        assert b"".join(await take(microphone, 6)) == said


async def test_an_overrun_leaves_no_partial_period_behind():
    card = ScriptedMicrophone(period_size=24)
    async with listening(card) as microphone:
        card.give(numbered(1, 1)[0] + b"\x09" * 16, XRUN, *numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)


NOTHING = [
    pytest.param(XRUN, "it gives no sound", id="an overrun each time"),
    pytest.param(b"", "it gives no sound", id="no frames"),
    pytest.param(-errno.EIO, "it gives no sound", id="another error"),
    pytest.param(b"odd", "3 bytes are not 1 frames of 2 bytes", id="no whole frames"),
]


@pytest.mark.parametrize(("item", "reason"), NOTHING)
async def test_a_card_that_gives_no_sound_is_lost_told_and_opened_again(caplog, item, reason):
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        card.give(*numbered(1, 1), *[item] * 8)
        await eventually(lambda: card.opened == 2)
        card.give(*[item] * 16)
        await eventually(lambda: card.opened == 4)
        assert (happened, card.reads) == (["lost"], 25)
        card.give(*numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        await eventually(lambda: happened == ["lost", "restored"])
    told = [record.getMessage() for record in caplog.records if "is gone" in record.getMessage()]
    assert len(told) == 1
    assert reason in told[0]


@pytest.mark.parametrize("item", [XRUN, b""])
async def test_a_card_that_gives_nothing_waits_before_it_is_opened_again(item):
    card = ScriptedMicrophone()
    async with listening(card, retry_s=(3600,)):
        card.give(*[item] * 1000)
        await eventually(lambda: card.closed == 1)
        await asyncio.sleep(0)
        assert (card.reads, card.opened) == (8, 1)


async def test_a_card_of_which_every_other_period_fails_is_lost_too():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        for number in range(30):
            card.give(XRUN, *numbered(number, 1))
        await eventually(lambda: "lost" in happened)  # and again, once it was opened anew


async def test_a_busy_machine_that_fails_one_period_in_three_keeps_its_card():
    card, happened = ScriptedMicrophone(), []
    async with listening(card, backlog=1000) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        for number in range(100):
            card.give(XRUN, *numbered(number, 2))
        assert len(await take(microphone, 200)) == 200
        assert (happened, card.opened, microphone.counters.xruns) == ([], 1, 100)


async def test_a_card_is_opened_anew_when_it_is_asked_for():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.reopen()
        card.give(*numbered(1, 1))  # the read that was under way
        await eventually(lambda: card.opened == 2)
        card.give(*numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        assert (card.closed, microphone.counters.reopened, happened) == (1, 1, [])


async def test_a_lost_card_is_told_once_and_opened_again():
    card = ScriptedMicrophone(None, gone(), gone(), gone("Device or resource busy"), None)
    happened: list[tuple[str, threading.Thread]] = []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append(("lost", threading.current_thread()))
        microphone.on_restored = lambda: happened.append(("restored", threading.current_thread()))
        card.give(*numbered(1, 1), gone(), *numbered(2, 2))
        assert await take(microphone, 3) == numbered(1, 3)
        await eventually(lambda: len(happened) == 2)
    assert happened == [("lost", threading.main_thread()), ("restored", threading.main_thread())]
    assert microphone.counters.reopened == 1
    assert (card.opened, card.closed) == (2, 2)
    assert card.openings == []


async def test_a_card_is_restored_by_its_first_period_not_by_opening():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        card.give(gone(), gone(), gone())  # opens each time, and is gone again at the first read
        await eventually(lambda: card.opened == 4)
        assert happened == ["lost"]
        card.give(*numbered(1, 1))
        await eventually(lambda: happened == ["lost", "restored"])


async def test_the_end_does_not_wait_for_the_next_attempt():
    card = ScriptedMicrophone()
    async with asyncio.timeout(60), listening(card, retry_s=(3600,)):
        card.give(gone())
        await eventually(lambda: card.closed == 1)
    assert card.opened == 1


# Mute


async def test_muting_closes_the_card_and_unmuting_opens_it_again():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        microphone.mute(muted=True)
        card.give(*numbered(1, 1))  # the read that was under way
        await eventually(lambda: card.closed == 1)
        assert (await take(microphone, 5))[1:] == [SILENCE] * 4
        microphone.mute(muted=False)
        await eventually(lambda: card.opened == 2)
        card.give(*numbered(2, 1))
        stream = microphone.periods()
        while (period := await anext(stream)) == SILENCE:
            pass
        assert period == numbered(2, 1)[0]
    assert happened == []
    assert microphone.counters.reopened == 0


async def test_a_muted_microphone_keeps_the_pace_of_the_card_without_drift():
    card, now = ScriptedMicrophone(), 0.0
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card, clock=lambda: now)
    microphone.mute(muted=True)
    async with microphone:
        stream = microphone.periods()
        now = 0.0055
        assert [await anext(stream) for _ in range(5)] == [SILENCE] * 5
        sixth = asyncio.ensure_future(anext(stream))
        await asyncio.wait([sixth], timeout=0.01)
        assert not sixth.done()
        now = 0.006
        assert await asyncio.wait_for(sixth, 60) == SILENCE


async def test_a_microphone_that_is_muted_from_the_start_is_not_opened():
    card = ScriptedMicrophone()
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card)
    microphone.mute(muted=True)
    async with microphone:
        assert await take(microphone, 3) == [SILENCE] * 3
        assert card.opened == 0


async def test_a_card_that_went_away_while_muted_is_lost_when_unmuted():
    card, happened = ScriptedMicrophone(None, gone(), None), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        microphone.mute(muted=True)
        card.give(SILENCE)
        await eventually(lambda: card.closed == 1)
        assert happened == []
        microphone.mute(muted=False)
        card.give(*numbered(1, 1))
        await eventually(lambda: happened == ["lost", "restored"])


# Cards that cannot be had at the start


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("No such file or directory", DeviceMissing),
        ("No such device", DeviceMissing),
        ("Device or resource busy", DeviceBusy),
        ("Invalid argument", FormatRefused),
        ("Input/output error", HardwareError),
    ],
)
@pytest.mark.parametrize("part", [AlsaMicrophone, AlsaSpeaker])
async def test_a_card_that_cannot_be_opened_ends_the_start(answer, error, part):
    card: Any = ScriptedSpeaker(gone(answer))
    driver = (
        AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card)
        if part is AlsaMicrophone
        else AlsaSpeaker("hw:Mic", FORMAT, Source(), open_pcm=card)
    )
    threads = {thread.name for thread in threading.enumerate()}
    with pytest.raises(error, match=r"'hw:Mic'.*Fix: .") as caught:
        async with driver:
            pass
    assert type(caught.value) is error
    assert not {"microphone", "speaker"} & ({thread.name for thread in threading.enumerate()} - threads)


async def test_a_card_that_gives_another_rate_is_refused_and_closed():
    card = ScriptedMicrophone(rate=48_000)
    with pytest.raises(FormatRefused, match=r"gave 48000 Hz where 16000 Hz were asked for. Fix: set rate_hz = 48000"):
        async with AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card):
            pass
    assert card.closed == 1


@pytest.mark.parametrize(("period_frames", "periods"), [(160, 50), (320, 25), (512, 16), (1280, 7)])
def test_the_capture_buffer_is_long_enough(monkeypatch, period_frames, periods):
    import alsaaudio

    asked = {}
    monkeypatch.setattr(alsaaudio, "PCM", lambda **options: asked.update(options))
    open_capture("hw:Mic", PcmFormat(rate_hz=16_000, channels=2, sample_format="S32_LE", period_frames=period_frames))
    assert asked["periods"] == periods
    assert asked["periods"] * asked["periodsize"] / 16 >= CAPTURE_BUFFER_MS
    assert (asked["type"], asked["format"], asked["channels"]) == (
        alsaaudio.PCM_CAPTURE,
        alsaaudio.PCM_FORMAT_S32_LE,
        2,
    )


def test_the_playback_buffer_is_four_periods(monkeypatch):
    import alsaaudio

    asked = {}
    monkeypatch.setattr(alsaaudio, "PCM", lambda **options: asked.update(options))
    open_playback("hw:Amp", PcmFormat(rate_hz=24_000, period_frames=480))
    assert (asked["type"], asked["rate"], asked["periodsize"], asked["periods"]) == (
        alsaaudio.PCM_PLAYBACK,
        24_000,
        480,
        4,
    )


# The speaker


class Source:
    """Says numbered periods; `log` has all that happened, with `thread` the one it happened on."""

    def __init__(self, fault: Callable[[int], bytes] | None = None) -> None:
        self.log: list[tuple[str, int]] = []
        self.threads: set[str] = set()
        self.said = 0
        self.fault = fault

    def next_period(self, frames: int) -> bytes:
        assert frames == FORMAT.period_frames
        self.threads.add(threading.current_thread().name)
        self.said += 1
        self.log.append(("asked", self.said))
        return self.fault(self.said) if self.fault else numbered(self.said, 1)[0]

    def period_written(self, frames: int, delay_frames: int) -> None:
        assert frames == FORMAT.period_frames
        self.log.append(("written", delay_frames))

    def dropped(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.log.append(("dropped", self.said))


@asynccontextmanager
async def playing(card: ScriptedSpeaker, source: Source, **options: Any) -> AsyncIterator[AlsaSpeaker]:
    speaker = AlsaSpeaker("hw:Mic", FORMAT, source, open_pcm=card, **{"retry_s": (0.001,)} | options)
    async with speaker:
        try:
            yield speaker
        finally:
            card.released.set()


async def test_what_the_source_says_is_written_in_order_on_a_thread_of_its_own():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source):
        card.permit(10)
        await eventually(lambda: len(card.written) == 10)
        assert card.written == numbered(1, 10)
    assert source.threads == {"speaker"}
    assert (card.opened, card.closed, card.dropped) == (1, 1, 1)


async def test_the_delay_is_what_the_card_holds():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source):
        for card.room in (48, 16, 0, XRUN, 100):
            card.permit()
            written = len(source.log) // 2 + 1
            await eventually(lambda written=written: len(source.log) == 2 * written + 1)
    assert [delay for what, delay in source.log[:10] if what == "written"] == [16, 48, 64, 0, 0]


async def test_after_an_underrun_the_period_is_written_again():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [None, XRUN, None]
    async with playing(card, source) as speaker:
        card.permit(4)
        await eventually(lambda: len(card.written) == 3)
        assert card.written == numbered(1, 3)
        assert speaker.counters.xruns == 1


async def test_after_a_short_write_the_rest_is_written():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [5]
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: len(card.written) == 3)
        assert b"".join(card.written) == b"".join(numbered(1, 2))
        assert speaker.counters.xruns == 0


async def test_a_period_is_written_until_the_card_has_taken_it():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [XRUN] * 7
    async with playing(card, source) as speaker:
        card.permit(8)
        await eventually(lambda: source.said == 2)
        assert card.written == numbered(1, 1)
        assert [what for what, _ in source.log] == ["asked", "written", "asked"]
        assert speaker.counters.xruns == 7


async def test_a_card_that_says_it_took_more_than_it_was_given_took_all_of_it():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [1000, 1000]
    async with playing(card, source):
        card.permit(3)
        await eventually(lambda: source.said == 4)
        assert card.written == numbered(1, 3)


async def test_a_drop_forgets_the_rest_of_a_short_write():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [5]
    async with playing(card, source) as speaker:
        card.permit()
        await eventually(lambda: len(card.written) == 1)
        speaker.drop()
        card.permit()  # the write that is under way
        await eventually(lambda: source.said == 2)
        card.permit()
        await eventually(lambda: source.said == 3)
        assert card.written[-1] == numbered(2, 1)[0]


USELESS = [
    pytest.param([XRUN] * 8, id="an underrun each time"),
    pytest.param([0] * 8, id="takes nothing"),
    pytest.param([1] * 8, id="takes one frame at a time"),
    pytest.param([XRUN, 0, 1, -errno.EIO] * 2, id="whatever"),
]


@pytest.mark.parametrize("answers", USELESS)
async def test_a_card_that_takes_no_sound_is_lost_and_nothing_counts_as_heard(caplog, answers):
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = list(answers)
    async with playing(card, source, retry_s=(3600,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit(1000)
        await eventually(lambda: happened == ["lost"])
        assert source.log == [("asked", 1), ("dropped", 1)]
        assert (card.opened, card.closed, card.answers) == (1, 1, [])
    assert caplog.text.count("speaker 'hw:Mic' is gone: it does not take the sound that it is given") == 1


async def test_a_card_that_never_plays_what_it_takes_is_lost():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.room = XRUN
    async with playing(card, source, retry_s=(3600,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit(1000)
        await eventually(lambda: happened == ["lost"])


async def test_a_speaker_is_restored_when_it_has_taken_more_than_it_can_store():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = [gone(), None, None, gone()]
    async with playing(card, source) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        card.permit(4)
        await eventually(lambda: card.opened == 3)
        card.permit(4)  # as much as its buffer holds
        await eventually(lambda: len(card.written) == 6)
        await asyncio.sleep(0)
        assert happened == ["lost"]
        card.permit()
        await eventually(lambda: happened == ["lost", "restored"])


async def test_a_card_that_cannot_drop_is_lost():
    class Stubborn(ScriptedSpeaker):
        def drop(self) -> int:
            raise gone()

    card, source, happened = Stubborn(), Source(), []
    async with playing(card, source) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit()
        await eventually(lambda: source.said == 2)
        speaker.drop()
        card.permit()
        await eventually(lambda: card.opened == 2)
        await eventually(lambda: happened == ["lost"])
        assert ("dropped", 2) in source.log


async def test_drop_takes_effect_within_one_period():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: source.said == 4)  # the thread is blocked in writing the fourth
        speaker.drop()
        card.permit()
        await eventually(lambda: source.said == 5)
        assert [entry for entry in source.log if entry[0] != "written"][3:] == [
            ("asked", 4),
            ("dropped", 4),
            ("asked", 5),
        ]
        assert card.dropped == 1
        card.permit(2)
        await eventually(lambda: source.said == 7)
        assert card.dropped == 1
    assert source.threads == {"speaker"}


async def test_a_lost_card_is_opened_again_and_the_source_not_asked_until_then():
    card, source = ScriptedSpeaker(None, gone(), gone(), None), Source()
    card.answers = [None, gone("Input/output error"), None]
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: len(card.written) == 2)
        await eventually(lambda: source.said == 4)
    assert [entry for entry in source.log if entry[0] != "written"][:4] == [
        ("asked", 1),
        ("asked", 2),
        ("dropped", 2),
        ("asked", 3),
    ]
    assert (card.opened, card.closed, speaker.counters.reopened) == (2, 2, 1)


async def test_a_drop_while_the_card_is_away_is_answered_at_once():
    card, source = ScriptedSpeaker(None, *[gone()] * 3), Source()
    card.answers = [gone()]
    async with playing(card, source, retry_s=(3600,)) as speaker:
        card.permit()
        await eventually(lambda: source.log == [("asked", 1), ("dropped", 1)])
        speaker.drop()
        await eventually(lambda: source.log == [("asked", 1), ("dropped", 1), ("dropped", 1)])


async def test_a_fault_in_the_source_ends_the_block():
    def fault(said: int) -> bytes:
        raise RuntimeError(f"fault at {said}")

    card = ScriptedSpeaker()
    with pytest.raises(ExceptionGroup) as caught:
        async with playing(card, Source(fault)):
            await asyncio.sleep(10)
    assert str(caught.value.exceptions[0]) == "fault at 1"
    assert card.closed == 1


async def test_a_period_of_the_wrong_length_ends_the_block():
    card = ScriptedSpeaker()
    with pytest.raises(ExceptionGroup) as caught:
        async with playing(card, Source(lambda _said: b"odd")):
            await asyncio.sleep(10)
    assert "a period of 3 bytes where 32 were asked for" in str(caught.value.exceptions[0])


async def test_a_card_that_stands_still_is_told_and_so_is_one_that_goes_on(caplog):
    card, source, happened = ScriptedSpeaker(), Source(lambda _said: SILENCE), []
    async with playing(card, source, stuck_s=0.01) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        await eventually(lambda: happened == ["lost"])
        for _ in range(10):
            await asyncio.sleep(0.01)
        assert happened == ["lost"]
        card.permit(100_000)
        await eventually(lambda: happened[:2] == ["lost", "restored"])
    assert "the speaker has stood still for 0.01 s" in caplog.text
    assert (card.opened, card.closed) == (1, 1)


async def test_a_card_that_is_away_does_not_stand_still():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = [gone()]
    async with playing(card, source, stuck_s=0.01, retry_s=(3600,)) as speaker:
        card.permit()
        speaker.on_lost = lambda: happened.append("lost")
        await eventually(lambda: card.closed == 1)
        for _ in range(10):
            await asyncio.sleep(0.01)
        assert speaker._stuck is False


# Cards that do anything


ANYTHING = [None, None, None, XRUN, 0, 1, 5, 1000, -errno.EIO, -errno.ENODEV, gone(), gone("Input/output error")]


def alternates(happened: list[str]) -> bool:
    return happened == ["lost", "restored"] * (len(happened) // 2) + ["lost"] * (len(happened) % 2)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_a_speaker_answers_only_whole_periods_count_and_loss_and_return_alternate(seed):
    random = Random(seed)  # noqa: S311  a test that can be repeated
    openings = [None, *random.choices([None, gone(), gone("Device or resource busy")], k=50)]
    card, source, happened = ScriptedSpeaker(*openings), Source(lambda _said: SILENCE), []
    card.answers = random.choices(ANYTHING, k=400)
    async with playing(card, source, retry_s=(0,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        card.permit(100_000)
        await eventually(lambda: not card.answers)
        await eventually(lambda: happened[-1:] == ["restored"])
    assert alternates(happened)
    kinds = [what for what, _ in source.log]
    assert not [pair for pair in pairwise(kinds) if pair == ("asked", "asked")], "none is lost without a word"
    assert not [pair for pair in pairwise(kinds) if pair in {("dropped", "written"), ("written", "written")}]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_a_microphone_answers_only_whole_periods_arrive_and_loss_and_return_alternate(seed):
    random = Random(seed)  # noqa: S311  a test that can be repeated
    openings = [None, *random.choices([None, gone(), gone("No such device")], k=50)]
    card, happened = ScriptedMicrophone(*openings), []
    said = numbered(1, 200)
    async with listening(card, retry_s=(0,), backlog=1_000) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        for period in said:
            card.give(*random.choices([XRUN, b"", b"odd", -errno.EIO, gone()], k=random.choice([0, 0, 1, 12])), period)
        assert await take(microphone, 200) == said
        await eventually(lambda: happened[-1:] == ["restored"])
    assert alternates(happened)
