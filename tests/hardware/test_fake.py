import asyncio
from itertools import count

import numpy as np
import pytest

from hardware.base import PcmFormat
from hardware.fake import HISS_PERIODS, FakeButton, Pace, RecordingIndicator, RecordingSpeaker, WavMicrophone
from tests.hardware.manual_clock import ManualClock

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)  # 20 ms
PERIOD_S = 0.02


def ramp(periods: float, fmt: PcmFormat = FORMAT) -> np.ndarray:
    """Samples that are never zero and all different in a period."""
    return (np.arange(int(periods * fmt.period_frames)) % 30_000 + 1).astype(np.int16)


async def collect(microphone: WavMicrophone, into: list[bytes]) -> None:
    async for period in microphone.periods():
        into.append(period)  # noqa: PERF401  a test looks at what has arrived so far


# The microphone


async def test_gives_the_audio_bit_for_bit_and_ends():
    audio = ramp(10)
    async with WavMicrophone(audio, FORMAT, pace=Pace.CONSUMER) as microphone:
        periods = [period async for period in microphone.periods()]
    assert [len(period) for period in periods] == [FORMAT.period_bytes] * 10
    assert b"".join(periods) == audio.tobytes()


async def test_takes_bytes_in_its_own_format_and_fills_the_last_period_up():
    audio = ramp(2.5).tobytes()
    async with WavMicrophone(audio, FORMAT, pace=Pace.CONSUMER) as microphone:
        periods = [period async for period in microphone.periods()]
    assert b"".join(periods) == audio + bytes(FORMAT.period_bytes // 2)


async def test_puts_samples_on_every_channel_at_full_scale():
    wide = PcmFormat(rate_hz=48_000, channels=2, sample_format="S32_LE", period_frames=4)
    samples = np.array([1, -2, 32_767, -32_768], np.int16)
    async with WavMicrophone(samples, wide, pace=Pace.CONSUMER) as microphone:
        (period,) = [period async for period in microphone.periods()]
    frames = np.frombuffer(period, "<i4").reshape(-1, 2)
    assert (frames[:, 0] == frames[:, 1]).all()
    assert (frames[:, 0] >> 16 == samples).all()


async def test_real_time_gives_one_period_per_period():
    clock, heard = ManualClock(), []
    async with WavMicrophone(ramp(3), FORMAT, clock=clock) as microphone, asyncio.TaskGroup() as tasks:
        tasks.create_task(collect(microphone, heard))
        await clock.advance(PERIOD_S * 0.9)
        assert heard == []
        await clock.advance(PERIOD_S * 0.2)
        assert len(heard) == 1
        await clock.advance(PERIOD_S)
        assert len(heard) == 2
        await clock.advance(PERIOD_S)


async def test_consumer_pace_hurries_through_the_audio_but_not_through_the_quiet_after_it():
    clock, heard = ManualClock(), []
    microphone = WavMicrophone(ramp(5), FORMAT, pace=Pace.CONSUMER, then_silence=True, clock=clock)
    async with microphone, asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(collect(microphone, heard))
        await clock.settle()
        assert len(heard) == 5
        await clock.advance(3 * PERIOD_S)
        assert heard[5:] == [bytes(FORMAT.period_bytes)] * 3
        listening.cancel()


async def test_hears_what_is_said_later_and_tells_when_it_has_been_taken():
    clock, heard, audio = ManualClock(), [], ramp(2)
    microphone = WavMicrophone(b"", FORMAT, then_silence=True, clock=clock)
    async with microphone, asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(collect(microphone, heard))
        await clock.advance(2 * PERIOD_S)
        microphone.say(audio)
        said = tasks.create_task(microphone.all_said())
        await clock.advance(PERIOD_S)
        assert not said.done()
        await clock.advance(2 * PERIOD_S)
        assert said.done()
        assert b"".join(heard[2:4]) == audio.tobytes()
        assert heard[4] == bytes(FORMAT.period_bytes)
        listening.cancel()


async def test_all_said_returns_at_once_when_there_is_nothing_to_say():
    await asyncio.wait_for(WavMicrophone(b"", FORMAT).all_said(), 60)


async def test_a_muted_microphone_gives_zeros_and_does_not_keep_what_it_did_not_hear():
    audio = ramp(4)
    async with WavMicrophone(audio, FORMAT, pace=Pace.CONSUMER) as microphone:
        periods = microphone.periods()
        heard = [await anext(periods)]
        microphone.mute(muted=True)
        heard += [await anext(periods), await anext(periods)]
        microphone.mute(muted=False)
        heard.append(await anext(periods))
    unheard = bytes(FORMAT.period_bytes)
    assert heard == [audio[:320].tobytes(), unheard, unheard, audio[960:].tobytes()]


async def test_quiet_may_hiss_the_same_each_time():
    async def quiet() -> bytes:
        async with WavMicrophone(b"", FORMAT, then_silence=True, hiss_rms=10, clock=InstantClock()) as microphone:
            return await anext(microphone.periods())

    first = await quiet()
    assert first == await quiet()
    assert 8 < np.frombuffer(first, "<i2").std() < 12


async def test_no_two_periods_of_a_hiss_are_the_same_however_long_it_lasts():
    async with WavMicrophone(b"", FORMAT, then_silence=True, hiss_rms=10, clock=InstantClock()) as microphone:
        periods = microphone.periods()
        heard = [await anext(periods) for _ in range(3 * HISS_PERIODS)]
    assert {len(period) for period in heard} == {FORMAT.period_bytes}
    assert len(set(heard)) == len(heard)


async def test_an_unplugged_microphone_is_silent_until_it_is_back():
    clock, heard, happened, audio = ManualClock(), [], [], ramp(6)
    microphone = WavMicrophone(audio, FORMAT, then_silence=True, clock=clock)
    microphone.on_lost = lambda: happened.append("lost")
    microphone.on_restored = lambda: happened.append(("restored", len(heard)))
    async with microphone, asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(collect(microphone, heard))
        await clock.advance(2 * PERIOD_S)
        microphone.unplug()
        await clock.advance(10 * PERIOD_S)
        assert len(heard) == 2
        assert happened == ["lost"]
        microphone.replug()
        await clock.advance(PERIOD_S)
        assert len(heard) == 3, "it does not make up for the time it was gone"
        assert happened == ["lost", ("restored", 2)]
        await clock.advance(3 * PERIOD_S)
        listening.cancel()
    assert b"".join(heard) == audio.tobytes()
    assert microphone.counters.reopened == 1


class InstantClock(ManualClock):
    """Time passes by sleeping."""

    async def sleep_until(self, deadline: float) -> None:
        self._now = max(self._now, deadline)
        await asyncio.sleep(0)


async def test_the_loops_own_clock_paces_too():
    loop = asyncio.get_running_loop()
    started = loop.time()
    fast = PcmFormat(rate_hz=16_000, period_frames=16)  # 1 ms
    async with WavMicrophone(ramp(3, fast), fast) as microphone:
        assert len([period async for period in microphone.periods()]) == 3
    assert loop.time() - started >= 0.0029


# The speaker


class ScriptedSource:
    """Says the given periods, then silence; remembers what it was told."""

    def __init__(self, *periods: bytes) -> None:
        self.periods = list(periods)
        self.written: list[int] = []
        self.drops = 0

    def next_period(self, frames: int) -> bytes:
        return self.periods.pop(0) if self.periods else bytes(frames * 2)

    def period_written(self, frames: int, delay_frames: int) -> None:
        assert frames == FORMAT.period_frames
        self.written.append(delay_frames // frames)

    def dropped(self) -> None:
        self.drops += 1


def numbered(first: int, periods: int) -> list[bytes]:
    """Periods that are all different and none silent."""
    return [np.full(FORMAT.period_frames, number, "<i2").tobytes() for number in range(first, first + periods)]


SILENCE = bytes(FORMAT.period_bytes)


async def test_a_period_is_heard_when_it_has_passed_through_the_card():
    clock, said = ManualClock(), numbered(1, 6)
    source = ScriptedSource(*said)
    async with RecordingSpeaker(FORMAT, source, buffer_periods=3, clock=clock) as speaker:
        await clock.settle()
        assert source.written == [1, 2, 3], "the card is filled at once"
        assert speaker.heard() == b""
        await clock.advance(2 * PERIOD_S)
        assert speaker.heard() == b"".join(said[:2])
        assert source.written == [1, 2, 3, 3, 3]
        await clock.advance(10 * PERIOD_S)
        assert speaker.heard() == b"".join(said) + 6 * SILENCE


async def test_what_was_dropped_is_never_heard():
    clock = ManualClock()
    source = ScriptedSource(*numbered(1, 20))
    async with RecordingSpeaker(FORMAT, source, buffer_periods=4, clock=clock) as speaker:
        await clock.advance(5 * PERIOD_S)
        source.periods = []
        speaker.drop()
        await clock.advance(PERIOD_S)
        assert source.drops == 1
        await clock.advance(5 * PERIOD_S)
    assert speaker.heard() == b"".join(numbered(1, 5)) + 5 * SILENCE
    assert source.drops == 1


async def test_a_speaker_that_is_unplugged_loses_what_it_holds_and_is_not_asked_until_it_is_back():
    clock, happened = ManualClock(), []
    source = ScriptedSource(*numbered(1, 20))
    async with RecordingSpeaker(FORMAT, source, buffer_periods=4, clock=clock) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        await clock.advance(2 * PERIOD_S)
        speaker.unplug()
        assert (happened, source.drops) == (["lost"], 1)
        written = len(source.written)
        await clock.advance(50 * PERIOD_S)
        assert len(source.written) == written
        speaker.replug()
        await clock.advance(3 * PERIOD_S)
        assert happened == ["lost", "restored"]
        assert speaker.heard()[: 2 * FORMAT.period_bytes] == b"".join(numbered(1, 2))
        assert speaker.heard()[2 * FORMAT.period_bytes :][: FORMAT.period_bytes] == numbered(7, 1)[0]
        assert speaker.counters.reopened == 1


async def test_a_microphone_that_is_opened_anew_goes_on():
    microphone = WavMicrophone(b"".join(numbered(1, 3)), FORMAT, pace=Pace.CONSUMER)
    microphone.reopen()
    assert [period async for period in microphone.periods()] == numbered(1, 3)
    assert microphone.counters.reopened == 1


async def test_consumer_pace_hurries_through_sound_only():
    clock, said = ManualClock(), numbered(1, 50)
    source = ScriptedSource(*said)
    async with RecordingSpeaker(FORMAT, source, pace=Pace.CONSUMER, buffer_periods=2, clock=clock) as speaker:
        for _ in range(100):
            await clock.settle()
        assert len(speaker.timeline) == 49, "one more is in the card, behind it silence that takes its time"
        assert source.periods == []
        await clock.advance(PERIOD_S)
    assert speaker.heard() == b"".join(said)


async def test_onsets_and_the_time_line_are_dated():
    clock = ManualClock()
    source = ScriptedSource(SILENCE, *numbered(1, 2), *[SILENCE] * 3, *numbered(3, 1))
    async with RecordingSpeaker(FORMAT, source, buffer_periods=1, clock=clock) as speaker:
        await clock.advance(8 * PERIOD_S)
    assert list(speaker.onsets_s) == pytest.approx([PERIOD_S, 6 * PERIOD_S])
    loud = [period.at_s for period in speaker.timeline if any(period.pcm)]
    assert loud == pytest.approx([2 * PERIOD_S, 3 * PERIOD_S, 7 * PERIOD_S])


class FaultySource(ScriptedSource):
    def next_period(self, frames: int) -> bytes:
        if len(self.written) == 5:
            raise RuntimeError("no more")
        return super().next_period(frames)


async def test_a_fault_in_the_source_ends_the_block():
    clock = ManualClock()

    async def play() -> None:
        async with RecordingSpeaker(FORMAT, FaultySource(), clock=clock):
            for _ in count():
                await clock.advance(PERIOD_S)

    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(play(), 60)
    assert str(caught.value.exceptions[0]) == "no more"


async def test_a_period_of_the_wrong_length_is_refused():
    with pytest.raises(ExceptionGroup) as caught:
        async with RecordingSpeaker(FORMAT, ScriptedSource(b"odd")):
            await asyncio.sleep(5)
    assert "a period of 3 bytes where 640 were asked for" in str(caught.value.exceptions[0])


async def test_an_error_in_the_block_stays_as_it_is():
    with pytest.raises(LookupError):
        async with RecordingSpeaker(FORMAT, ScriptedSource()):
            raise LookupError


# Button and light


async def test_the_button_calls_back():
    happened = []
    async with FakeButton() as button:
        button.press()
        button.on_pressed = lambda: happened.append("pressed")
        button.on_released = happened.append
        button.press()
        button.release(held_ms=120)
    assert happened == ["pressed", 120]


async def test_the_light_remembers():
    async with RecordingIndicator() as light:
        light.show("listening")
        light.show("idle")
    assert list(light.shown) == ["listening", "idle"]
