import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sound.pcm import silence
from daemon.sound.preroll import AudioRing


@given(capacity=st.integers(1, 50), chunks=st.lists(st.integers(0, 120), max_size=20), data=st.data())
def test_reads_like_a_list_that_forgets_its_beginning(capacity: int, chunks: list[int], data: st.DataObject) -> None:
    ring = AudioRing(capacity)
    model: list[int] = []
    for chunk in chunks:
        fresh = [len(model) + n for n in range(chunk)]
        ring.append(np.array(fresh, np.int16))
        model += fresh
        start = data.draw(st.integers(ring.start, ring.end))
        end = data.draw(st.integers(start, ring.end))
        assert ring.read(start, end).tolist() == model[start:end]
    assert ring.end == len(model)
    assert ring.start == max(0, len(model) - capacity)


def test_what_was_read_does_not_change_when_it_is_overwritten() -> None:
    ring = AudioRing(4)
    ring.append(np.array([1, 2, 3], np.int16))
    read = ring.read(0, 3)

    ring.append(np.array([4, 5, 6, 7], np.int16))

    assert read.tolist() == [1, 2, 3]
    assert read.dtype == np.int16


def test_overwritten_samples_are_refused() -> None:
    ring = AudioRing(10)
    ring.append(silence(25))

    with pytest.raises(ValueError, match="sample 14 is overwritten: the pre-roll begins at 15"):
        ring.read(14, 20)


def test_samples_of_the_future_are_refused() -> None:
    ring = AudioRing(10)
    ring.append(silence(5))

    with pytest.raises(ValueError, match="sample 5 is not captured yet: the pre-roll ends before 5"):
        ring.read(2, 6)


def test_a_backward_range_is_refused() -> None:
    ring = AudioRing(10)
    ring.append(silence(5))

    with pytest.raises(ValueError, match="backwards from sample 3 to 2"):
        ring.read(3, 2)


def test_an_empty_range_is_empty_even_at_the_very_end() -> None:
    ring = AudioRing(10)
    ring.append(silence(10))

    assert ring.read(10, 10).tolist() == []
