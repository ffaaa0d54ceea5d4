import numpy as np
import pytest

from daemon.sound.pcm import Samples, silence
from daemon.sound.playout_queue import LONGEST_QUEUE_SAMPLES, Piece, PlayoutQueue, Reply
from daemon.sound.resample import resample
from daemon.sound.sound_kind import SoundKind
from tests.daemon.sound.signals import noise


def pull_all(queue: PlayoutQueue, frames: int = 960) -> list[tuple[Reply | None, Samples]]:
    pulled = []
    while part := queue.pull(frames):
        assert 0 < len(part.samples) <= frames
        pulled.append((part.owner, part.samples))
    return pulled


def joined(parts: list[tuple[Reply | None, Samples]]) -> Samples:
    return np.concatenate([silence(0), *(samples for _, samples in parts)])


def test_first_in_first_out_with_whose_it_is() -> None:
    queue = PlayoutQueue(24_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(1_500, seed=1), 24_000))
    queue.add(Piece(noise(900, seed=2), 24_000, reply))
    queue.add(Piece(noise(100, seed=3), 24_000))

    parts = pull_all(queue)

    assert joined([part for part in parts if part[0] is reply]).tolist() == noise(900, seed=2).tolist()
    assert joined(parts[:2]).tolist() == noise(1_500, seed=1).tolist()
    assert joined(parts[-1:]).tolist() == noise(100, seed=3).tolist()


def test_a_reply_is_resampled_and_its_end_gives_up_what_was_held_back() -> None:
    queue = PlayoutQueue(48_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(4_800), 24_000, reply))
    before = joined(pull_all(queue))
    queue.add(Piece(silence(0), 24_000, reply, last=True))
    tail = joined(pull_all(queue))

    assert len(before) == 9_600 - 480  # 10 ms
    assert np.array_equal(np.concatenate((before, tail)), resample(noise(4_800), 24_000, 48_000))


def test_a_reply_may_change_its_rate() -> None:
    queue = PlayoutQueue(48_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(2_400), 24_000, reply))
    queue.add(Piece(noise(1_600), 16_000, reply))
    queue.add(Piece(silence(0), 24_000, reply, last=True))

    expected = np.concatenate((resample(noise(2_400), 24_000, 48_000), resample(noise(1_600), 16_000, 48_000)))

    assert np.array_equal(joined(pull_all(queue)), expected)


def test_it_takes_a_period_at_a_time_from_a_long_piece() -> None:
    queue = PlayoutQueue(48_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(240_000), 24_000, reply))

    queue.pull(960)

    assert reply.resampler is not None
    assert queue.holds(reply)
    assert 238_000 < queue.samples < 240_000


def test_holds_only_what_is_left() -> None:
    queue = PlayoutQueue(24_000)
    reply, other = Reply(1, open=True), Reply(2)
    queue.add(Piece(noise(1_000), 24_000, reply))
    assert queue.holds(reply)
    assert not queue.holds(other)

    queue.pull(600)
    assert queue.holds(reply)
    queue.pull(600)
    assert not queue.holds(reply)


def test_clear_forgets_everything() -> None:
    queue = PlayoutQueue(48_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(4_800), 24_000, reply))
    queue.pull(100)

    queue.clear()

    assert queue.pull(100) is None
    assert not queue.holds(reply)


def test_the_tail_of_a_reply_counts_as_held_and_is_forgotten_by_clear() -> None:
    queue = PlayoutQueue(48_000)
    reply = Reply(1, open=True)
    queue.add(Piece(noise(4_800), 24_000, reply))
    pull_all(queue)
    queue.add(Piece(silence(0), 24_000, reply, last=True))

    queue.pull(100)  # of 480
    assert queue.holds(reply)
    queue.clear()

    assert not queue.holds(reply)
    assert queue.pull(100) is None


def test_five_minutes_are_the_most_it_takes() -> None:
    queue = PlayoutQueue(24_000)
    assert queue.add(Piece(silence(LONGEST_QUEUE_SAMPLES - 10), 24_000))

    assert not queue.add(Piece(silence(11), 24_000))
    assert queue.add(Piece(silence(10), 24_000))

    queue.pull(20)
    assert queue.add(Piece(silence(20), 24_000))


@pytest.mark.parametrize(("gathered", "periods_held_back"), [(2_400, 0), (2_399, 5), (10, 5)])
def test_the_prebuffer_holds_a_reply_back_until_it_has_enough_or_has_waited_long_enough(
    gathered: int, periods_held_back: int
) -> None:
    queue = PlayoutQueue(24_000, prebuffer_ms=100)
    queue.add(Piece(noise(gathered), 24_000, Reply(1, open=True)))

    held_back = 0
    while queue.pull(480) is None and held_back < 100:
        held_back += 1

    assert held_back == periods_held_back


def test_a_finished_reply_is_not_held_back() -> None:
    queue = PlayoutQueue(24_000, prebuffer_ms=100)
    queue.add(Piece(noise(10), 24_000, Reply(1, open=False)))

    assert queue.pull(480) is not None


def test_what_is_pulled_is_of_one_kind() -> None:
    queue = PlayoutQueue(24_000)
    for kind in SoundKind:
        queue.add(Piece(noise(100), 24_000, kind=kind))
    kinds = []
    while part := queue.pull(480):
        kinds.append(part.kind)
    assert kinds == list(SoundKind)
