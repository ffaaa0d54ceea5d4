import threading
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.sound.playout import Drained, Playout, PlayoutNotice, Resumed, Starved, Told
from daemon.sound.playout_queue import LONGEST_QUEUE_SAMPLES
from daemon.sound.resample import resample
from daemon.sound.sound_kind import SoundKind
from hardware.base import PcmFormat
from tests.daemon.sound.signals import cut, noise


class Card:
    """A speaker without a thread: it plays a period when it is told, and holds `buffer_periods` of them unheard."""

    def __init__(
        self, rate_hz: int = 24_000, channels: int = 1, *, buffer_periods: int = 2, prebuffer_ms: float = 0
    ) -> None:
        period = rate_hz // 50
        self.format = PcmFormat(rate_hz=rate_hz, channels=channels, period_frames=period)
        self.notices: list[PlayoutNotice] = []
        self.playout = Playout(self.format, volume=1.0, notify=self.notices.append, prebuffer_ms=prebuffer_ms)
        self.heard: list[Samples] = []
        self._held: deque[Samples] = deque()
        self._buffer_periods = buffer_periods

    def run(self, periods: int) -> None:
        for _ in range(periods):
            data = self.playout.next_period(self.format.period_frames)
            assert len(data) == self.format.period_bytes
            self._held.append(np.frombuffer(data, "<i2")[:: self.format.channels])
            while len(self._held) > self._buffer_periods:
                self.heard.append(self._held.popleft())
            self.playout.period_written(self.format.period_frames, len(self._held) * self.format.period_frames)

    def drop(self) -> None:
        self._held.clear()
        self.playout.dropped()

    @property
    def sound(self) -> Samples:
        """All that was heard, without the silence around it."""
        together = np.concatenate([silence(0), *self.heard])
        loud = np.flatnonzero(together)
        return together[loud[0] : loud[-1] + 1] if len(loud) else silence(0)


def speech(samples: int, seed: int = 1) -> Samples:
    """Noise without a zero in it, so that silence can be told from it."""
    return np.abs(noise(samples, seed=seed)) + np.int16(1)


def test_a_reply_is_heard_sample_for_sample() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(5_000).tobytes())
    card.playout.finish(1)
    card.run(20)

    assert card.sound.tolist() == speech(5_000).tolist()
    assert card.notices == [Drained(1, 5_000)]


@given(sizes=st.lists(st.integers(0, 3_000), max_size=10), rate_hz=st.sampled_from([24_000, 44_100, 48_000]))
def test_the_pieces_make_no_difference(sizes: list[int], rate_hz: int) -> None:
    card = Card(rate_hz)
    card.playout.expect(1)
    for piece in cut(speech(6_000), sizes):
        card.playout.play(1, piece.tobytes())
    card.playout.finish(1)
    card.run(20)

    assert np.array_equal(np.trim_zeros(card.sound), np.trim_zeros(resample(speech(6_000), 24_000, rate_hz)))
    assert card.notices == [Drained(1, 6_000)]


@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
def test_the_first_period_after_the_first_packet_sounds(rate_hz: int) -> None:
    card = Card(rate_hz)
    card.playout.expect(1)
    card.run(3)
    card.playout.play(1, speech(960).tobytes())  # 40 ms

    first = np.frombuffer(card.playout.next_period(card.format.period_frames), "<i2")

    assert np.count_nonzero(first) == len(first)


def test_stereo_and_bytes_that_are_no_whole_samples() -> None:
    card = Card(channels=2)
    card.playout.expect(1)
    card.playout.play(1, b"\x05\x00\x06\x00\x07")
    card.run(4)

    assert card.sound.tolist() == [5, 6]


# What was heard


def test_heard_samples_follow_the_delay() -> None:
    card = Card(48_000, buffer_periods=3)
    card.playout.expect(1)
    card.playout.play(1, speech(4_800).tobytes())

    counts = []
    for _ in range(6):
        card.run(1)
        counts.append(card.playout.heard_samples(1))

    assert counts == [0, 0, 0, 480, 960, 1_440]
    assert card.playout.heard_samples(2) == 0


def test_drained_comes_when_the_last_sample_has_left_the_speaker_and_not_before() -> None:
    card = Card(buffer_periods=4)
    card.playout.expect(1)
    card.playout.play(1, speech(480 * 3).tobytes())
    card.playout.finish(1)

    card.run(3 + 3)
    assert card.notices == []
    card.run(1)
    assert card.notices == [Drained(1, 1_440)]
    card.run(5)
    assert len(card.notices) == 1


def test_a_reply_without_audio_drains_at_once() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.finish(1)
    card.run(1)

    assert card.notices == [Drained(1, 0)]


def test_drained_does_not_wait_for_earcons_behind() -> None:
    card = Card(buffer_periods=0)
    card.playout.expect(1)
    card.playout.play(1, speech(480).tobytes())
    card.playout.finish(1)
    card.playout.play_sound(speech(4_800, seed=2))
    card.run(2)

    assert card.notices == [Drained(1, 480)]


def test_nothing_drains_that_was_not_finished() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(480).tobytes())
    card.run(10)

    assert not any(isinstance(notice, Drained) for notice in card.notices)


def test_more_audio_opens_a_finished_reply_again() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(480).tobytes())
    card.playout.finish(1)
    card.playout.play(1, speech(480, seed=2).tobytes())
    card.run(10)
    assert card.notices == [Starved(1)]

    card.playout.finish(1)
    card.run(4)
    assert card.notices == [Starved(1), Drained(1, 960)]


def test_a_reply_that_goes_on_after_it_drained_counts_on() -> None:
    card = Card()
    card.playout.expect(1)
    for _ in range(2):
        card.playout.play(1, speech(480).tobytes())
        card.playout.finish(1)
        card.run(6)

    assert card.notices == [Drained(1, 480), Drained(1, 960)]


def test_what_went_with_a_lost_card_was_not_heard() -> None:
    card = Card(buffer_periods=2)
    card.playout.expect(1)
    card.playout.play(1, speech(4_800).tobytes())
    card.playout.finish(1)
    card.run(5)
    card.drop()
    card.run(10)

    assert card.notices == [Drained(1, 4_800 - 960)]


def test_a_reply_of_which_the_rest_went_with_a_lost_card_is_over_at_once() -> None:
    card = Card(buffer_periods=4)
    card.playout.expect(1)
    card.playout.play(1, speech(4_800).tobytes())
    card.playout.finish(1)
    card.run(11)
    assert card.notices == []
    card.drop()
    assert card.notices == [Drained(1, 7 * 480)]
    card.run(10)
    assert card.notices == [Drained(1, 7 * 480)]


def test_a_speaker_may_ask_ahead_of_writing() -> None:
    card = Card()
    playout = card.playout
    playout.expect(1)
    playout.next_period(480)
    playout.play(1, speech(480).tobytes())
    playout.next_period(480)

    playout.period_written(480, 0)
    assert playout.heard_samples(1) == 0
    playout.period_written(480, 0)
    assert playout.heard_samples(1) == 480

    playout.flush()
    playout.expect(2)
    playout.play(2, speech(480).tobytes())
    for _ in range(3):  # two are silent, for the drop
        playout.next_period(480)
    playout.period_written(960, 0)
    assert playout.heard_samples(2) == 0
    playout.period_written(480, 0)
    assert playout.heard_samples(2) == 480


def test_expecting_the_same_turn_again_changes_nothing() -> None:
    card = Card()
    for seed in range(3):
        card.playout.expect(1)
        card.playout.play(1, speech(480, seed).tobytes())
        card.run(1)
    card.playout.expect(1)
    card.playout.finish(1)
    card.run(5)

    assert card.notices == [Drained(1, 1_440)]


# Starving


def test_starved_and_resumed_once_for_each_dry_spell() -> None:
    card = Card()
    card.playout.expect(1)
    for seed in range(2):
        card.playout.play(1, speech(480, seed).tobytes())
        card.run(15)
    card.playout.play(1, speech(480).tobytes())
    card.playout.finish(1)
    card.run(5)

    assert card.notices == [Starved(1), Resumed(1), Starved(1), Resumed(1), Drained(1, 1_440)]


def test_a_reply_that_comes_in_bursts_has_no_gap_while_enough_is_queued() -> None:
    card = Card(buffer_periods=0)
    card.playout.expect(1)
    said = speech(480 * 400)
    for burst, late in zip(range(0, 400, 20), [0, 15] * 10, strict=True):  # 400 ms of sound, 300 ms late at times
        card.run(late)
        card.playout.play(1, said[burst * 480 : (burst + 20) * 480].tobytes())
        card.run(20 - late)
    card.playout.finish(1)
    card.run(30)

    gaps = [notice for notice in card.notices if isinstance(notice, Starved)]
    assert card.sound[card.sound != 0].tolist() == said.tolist()
    assert len(gaps) == 1  # the first hole finds nothing queued; what was gathered after it covers the others
    assert card.notices == [Starved(1), Resumed(1), Drained(1, 480 * 400)]


def test_a_reply_that_goes_on_after_a_gap_waits_no_longer_than_for_200_ms() -> None:
    card = Card(buffer_periods=0)
    card.playout.expect(1)
    card.playout.play(1, speech(480).tobytes())
    card.run(5)
    card.playout.play(1, speech(480).tobytes())
    card.run(10)
    assert card.notices == [Starved(1)]
    card.run(1)
    assert card.notices == [Starved(1), Resumed(1)]
    card.run(1)
    card.playout.play(1, speech(4_800).tobytes())
    card.run(1)
    assert card.notices == [Starved(1), Resumed(1), Starved(1), Resumed(1)]


def test_a_reply_that_has_not_begun_does_not_starve() -> None:
    card = Card()
    card.playout.expect(1)
    card.run(10)

    assert card.notices == []


def test_a_starved_reply_may_just_end() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(960).tobytes())
    card.run(5)
    card.playout.finish(1)
    card.run(5)

    assert card.notices == [Starved(1), Drained(1, 960)]


def test_the_prebuffer_is_gathered_again_after_a_dry_spell() -> None:
    card = Card(buffer_periods=0, prebuffer_ms=260)
    card.playout.expect(1)
    card.playout.play(1, speech(6_240).tobytes())
    card.run(20)
    card.playout.play(1, speech(480).tobytes())
    card.run(13)

    assert card.notices == [Starved(1)]
    card.run(1)
    assert card.notices == [Starved(1), Resumed(1)]


# Interruption


def test_flush_returns_what_was_heard_and_silences_the_rest() -> None:
    card = Card(buffer_periods=2)
    card.playout.expect(1)
    card.playout.play(1, speech(24_000).tobytes())
    card.run(10)

    assert card.playout.flush() == 8 * 480
    card.drop()
    card.run(10)
    assert card.sound.tolist() == speech(24_000)[: 8 * 480].tolist()
    assert card.playout.heard_samples(1) == 8 * 480
    assert card.notices == []


def test_late_packets_of_an_interrupted_turn_are_dropped() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(4_800).tobytes())
    card.run(2)
    card.playout.flush()
    card.drop()
    heard = len(card.sound)
    card.playout.play(1, speech(4_800).tobytes())
    card.playout.finish(1)
    card.playout.expect(2)
    card.playout.play(1, speech(4_800).tobytes())
    card.run(5)
    assert len(card.sound) == heard
    assert card.playout.dropped_samples == 9_600

    card.playout.play(2, speech(480, seed=2).tobytes())
    card.playout.finish(2)
    card.run(5)
    assert card.sound[-480:].tolist() == speech(480, seed=2).tolist()
    assert card.notices == [Drained(2, 480)]


def test_what_was_resampled_and_not_heard_does_not_leak_into_the_next_reply() -> None:
    card = Card(48_000)
    card.playout.expect(1)
    card.playout.play(1, speech(24_000).tobytes())
    card.run(1)
    card.playout.flush()
    card.drop()
    card.playout.expect(2)
    card.playout.play(2, speech(4_800, seed=2).tobytes())
    card.playout.finish(2)
    card.run(20)

    assert np.array_equal(card.sound, np.trim_zeros(resample(speech(4_800, seed=2), 24_000, 48_000)))


def test_an_earcon_after_a_flush_is_heard_whole() -> None:
    """The drop takes effect a period after it is asked for: the earcon must not begin before that."""
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(24_000).tobytes())
    card.run(1)
    card.playout.flush()
    card.playout.play_sound(speech(2_000, seed=2))
    card.run(1)
    card.drop()
    card.run(10)

    assert card.sound.tolist() == speech(2_000, seed=2).tolist()


def test_a_drop_that_never_comes_silences_for_two_periods_only() -> None:
    card = Card(buffer_periods=0)
    card.playout.flush()
    card.playout.play_sound(speech(480))

    card.run(2)
    assert not len(card.sound)
    card.run(1)
    assert card.sound.tolist() == speech(480).tolist()


def test_after_the_drop_an_earcon_waits_no_longer() -> None:
    card = Card(buffer_periods=0)
    card.playout.flush()
    card.drop()
    card.playout.play_sound(speech(480))
    card.run(1)

    assert card.sound.tolist() == speech(480).tolist()


def test_flush_drops_earcons_too() -> None:
    card = Card()
    card.playout.play_sound(speech(4_800))

    assert card.playout.flush() == 0
    card.run(20)
    assert not len(card.sound)


# Earcons and limits


def test_sounds_at_another_rate_are_resampled() -> None:
    card = Card(48_000)
    card.playout.play_sound(speech(1_600), rate_hz=16_000)
    card.run(10)

    assert np.array_equal(card.sound, np.trim_zeros(resample(speech(1_600), 16_000, 48_000)))


def test_what_is_beyond_five_minutes_is_dropped_and_counted() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, bytes(2 * LONGEST_QUEUE_SAMPLES))
    card.playout.play(1, bytes(2 * 100))
    card.playout.play_sound(silence(10))

    assert card.playout.dropped_samples == 110


def test_the_volume_changes_what_is_queued_already() -> None:
    card = Card()
    card.playout.play_sound(np.full(4_800, 10_000, np.int16))
    card.run(2)
    card.playout.set_volume(SoundKind.EARCON, 0.5)
    card.run(10)

    assert card.sound[960:].tolist() == sorted(card.sound[960:].tolist(), reverse=True)
    assert card.sound[-1] == 2_500


def test_notify_may_call_the_playout() -> None:
    heard: list[int] = []
    pcm_format = PcmFormat(rate_hz=24_000, period_frames=480)
    playout = Playout(pcm_format, volume=1.0, notify=lambda _: heard.append(playout.heard_samples(1)))
    playout.expect(1)
    playout.play(1, speech(100).tobytes())
    playout.next_period(480)
    playout.finish(1)
    playout.next_period(480)
    playout.period_written(960, 0)

    assert heard == [0, 100]  # Starved, then Drained


def test_two_threads_lose_nothing() -> None:
    card = Card(buffer_periods=0)
    card.playout.expect(1)
    finished = threading.Event()

    def fill() -> None:
        for piece in cut(speech(120_000), [17 * n for n in range(1, 100)]):
            card.playout.play(1, piece.tobytes())
        card.playout.finish(1)
        finished.set()

    thread = threading.Thread(target=fill)
    thread.start()
    while not finished.is_set():
        card.run(1)
    thread.join()
    card.run(300)

    together = np.concatenate(card.heard)
    assert together[together != 0].tolist() == speech(120_000).tolist()
    assert card.notices[-1] == Drained(1, 120_000)


# Volumes


def test_a_reply_an_earcon_and_a_message_in_one_period_have_each_their_volume() -> None:
    card = Card()
    for kind, volume in ((SoundKind.EARCON, 0.5), (SoundKind.MESSAGE, 0.1)):
        card.playout.set_volume(kind, volume)
    card.run(1)
    card.playout.expect(1)
    card.playout.play(1, np.full(100, 10_000, "<i2").tobytes())
    card.playout.play_sound(np.full(100, 10_000, np.int16))
    card.playout.play_message(np.full(100, 10_000, np.int16))
    card.run(5)
    assert card.sound.tolist() == [10_000] * 100 + [2_500] * 100 + [100] * 100


# Messages


def test_a_message_is_told_when_its_last_sample_was_heard() -> None:
    card = Card(buffer_periods=2)
    number = card.playout.play_message(speech(960))
    card.run(3)
    assert card.notices == []
    card.run(1)
    assert card.notices == [Told(number)]
    card.run(5)
    assert card.notices == [Told(number)]
    assert card.sound.tolist() == speech(960).tolist()


def test_a_message_waits_for_what_is_being_said_and_is_resampled() -> None:
    card = Card(48_000)
    card.playout.play_sound(speech(960, seed=2))
    card.playout.play_message(speech(2_400))
    card.run(10)
    expected = resample(speech(2_400), 24_000, 48_000)
    assert np.array_equal(card.sound, np.trim_zeros(np.concatenate((speech(960, seed=2), expected))))


def test_a_message_that_is_flushed_is_not_told_and_the_next_has_another_number() -> None:
    card = Card()
    first = card.playout.play_message(speech(4_800))
    card.run(3)
    card.playout.flush()
    card.drop()
    second = card.playout.play_message(speech(480))
    card.run(5)
    assert card.notices == [Told(second)]
    assert first != second


def test_a_message_that_has_no_room_is_over() -> None:
    card = Card()
    card.playout.play_message(silence(LONGEST_QUEUE_SAMPLES))
    number = card.playout.play_message(speech(480))
    assert card.playout.dropped_samples == 480
    card.run(1)
    assert card.notices == [Told(number)]


# What rings


class Hum:
    """A ring that can be told by its samples. Implements `Ring`."""

    def __init__(self) -> None:
        self.asked = 0

    def next(self, frames: int) -> Samples:
        self.asked += 1
        return np.full(frames, 7_777, np.int16)


def test_it_rings_from_the_very_next_period_until_it_is_told_not_to() -> None:
    card = Card()
    card.run(3)
    card.playout.ring(Hum())
    assert set(np.frombuffer(card.playout.next_period(480), "<i2").tolist()) == {7_777}
    assert card.playout.ring(None), "the card has it"
    assert not any(card.playout.next_period(480))


def test_a_ring_is_silent_two_periods_after_it_was_stopped_whatever_the_card_holds() -> None:
    card = Card(buffer_periods=8)
    card.playout.ring(Hum())
    card.run(12)
    assert card.playout.ring(None)
    heard = len(card.heard)
    card.run(1)
    card.drop()
    card.run(20)
    assert not np.any(np.concatenate(card.heard[heard + 1 :]))


def test_what_is_to_be_heard_after_a_ring_loses_nothing_by_its_end() -> None:
    card = Card()
    card.playout.ring(Hum())
    card.run(4)
    card.playout.ring(None)
    card.playout.play_sound(speech(960))
    card.run(1)
    card.drop()
    card.run(10)
    assert card.sound[-960:].tolist() == speech(960).tolist()


def test_a_ring_that_was_never_heard_leaves_nothing_to_drop() -> None:
    card = Card()
    card.playout.ring(Hum())
    assert not card.playout.ring(None)


def test_what_is_queued_silences_a_ring_while_it_lasts() -> None:
    card = Card(buffer_periods=0)
    hum = Hum()
    card.playout.ring(hum)
    card.run(2)
    card.playout.play_sound(speech(700))
    card.run(2)
    assert hum.asked == 2
    assert np.concatenate(card.heard[2:]).tolist() == [*speech(700).tolist(), *[0] * 260]
    card.run(1)
    assert set(card.heard[-1].tolist()) == {7_777}


def test_a_flush_does_not_end_a_ring() -> None:
    card = Card(buffer_periods=0)
    card.playout.ring(Hum())
    card.run(1)
    card.playout.flush()
    card.drop()
    card.run(1)
    assert set(card.heard[-1].tolist()) == {7_777}


def test_a_ring_has_a_volume_of_its_own() -> None:
    card = Card(buffer_periods=0)
    card.playout.set_volume(SoundKind.RING, 0.5)
    card.run(1)
    card.playout.ring(Hum())
    card.run(1)
    assert set(card.heard[-1].tolist()) == {round(7_777 / 4)}


def test_it_is_at_rest_when_all_that_is_anybodys_was_heard() -> None:
    card = Card()
    assert card.playout.at_rest()
    card.playout.expect(1)
    assert card.playout.at_rest(), "there may be no reply"
    card.playout.play(1, speech(480).tobytes())
    card.run(10)
    assert not card.playout.at_rest(), "more of it may come"
    card.playout.finish(1)
    assert not card.playout.at_rest()
    card.run(1)
    assert card.playout.at_rest()


def test_it_is_not_at_rest_while_a_card_holds_a_message() -> None:
    card = Card(buffer_periods=3)
    card.playout.play_message(speech(480))
    card.run(2)
    assert not card.playout.at_rest()
    card.run(4)
    assert card.playout.at_rest()
    assert card.notices == [Told(1)]


def test_it_is_not_at_rest_before_a_drop_has_happened() -> None:
    card = Card()
    card.playout.flush()
    assert not card.playout.at_rest()
    card.drop()
    assert card.playout.at_rest()


@pytest.mark.parametrize("what", ["reply", "end of a reply", "earcon", "message", "ring"])
def test_whatever_there_is_to_play_stirs_the_speaker(what: str) -> None:
    playout = Card().playout
    playout.expect(1)
    playout.play(1, speech(480).tobytes())
    stirred: list[bool] = []
    playout.on_stirred = lambda: stirred.append(playout.at_rest())
    match what:
        case "reply":
            playout.play(1, speech(480).tobytes())
        case "end of a reply":
            playout.finish(1)
        case "earcon":
            playout.play_sound(speech(480))
        case "message":
            playout.play_message(speech(480))
        case "ring":
            playout.ring(Hum())
    assert stirred == [False]


def test_it_is_at_ease_only_where_nobody_is_spoken_with() -> None:
    card = Card()
    assert not card.playout.at_ease()
    card.playout.ease(True)
    assert card.playout.at_ease()
    card.playout.play_sound(speech(480))
    assert not card.playout.at_ease()
    card.run(10)
    assert card.playout.at_ease()
    card.playout.ease(False)
    assert not card.playout.at_ease()


def test_an_alert_lasts_for_so_much_of_what_is_played_and_no_shorter_one_ends_it() -> None:
    card = Card()
    card.playout.ease(True)
    card.playout.alert(1.0)
    card.playout.alert(0.1)
    card.run(49)
    assert not card.playout.at_ease()
    card.run(1)
    assert card.playout.at_ease()


def test_a_reply_that_flows_and_has_enough_is_at_ease_whoever_is_spoken_with() -> None:
    card = Card()
    card.playout.expect(1)
    card.playout.play(1, speech(REPLY_RATE_HZ).tobytes())
    assert not card.playout.at_ease(), "its first sample is waited for"
    card.run(1)
    assert card.playout.at_ease()
    card.run(38)
    assert not card.playout.at_ease(), "it may run dry"
    card.playout.play(1, speech(REPLY_RATE_HZ).tobytes())
    assert card.playout.at_ease()
    card.playout.flush()
    assert not card.playout.at_ease()


def test_several_periods_at_once_are_the_same_as_one_after_the_other() -> None:
    heard = []
    for at_once in (1, 4):
        playout = Card().playout
        playout.expect(1)
        playout.play(1, speech(4_000).tobytes())
        playout.finish(1)
        asked = playout.format.period_frames * at_once
        heard.append(b"".join(playout.next_period(asked) for _ in range(12 // at_once)))
    assert heard[0] == heard[1]
    assert any(heard[0])
