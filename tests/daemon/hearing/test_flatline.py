import numpy as np
import pytest

from daemon.hearing.flatline import FLAT_SAMPLES, Flatline
from daemon.sound.pcm import Samples


def value(number: int, samples: int = 320) -> Samples:
    return np.full(samples, number, np.int16)


def told(pieces: list[Samples]) -> list[tuple[int, bool]]:
    """After how many samples `flat` changed, and to what."""
    line, heard, changes = Flatline(), 0, []
    for samples in pieces:
        heard += len(samples)
        if line.hear(samples):
            changes.append((heard, line.flat))
    return changes


@pytest.mark.parametrize("number", [0, 1, -1, 12_000, -32_768])
def test_one_value_for_five_seconds_is_no_sound(number: int) -> None:
    ((after, flat),) = told([value(7), *[value(number)] * 1_000])
    assert flat
    assert after == pytest.approx(FLAT_SAMPLES + 320, abs=320)


def test_a_single_sample_of_sound_ends_it_and_is_told_once() -> None:
    click = value(0)
    click[100] = 1
    changes = told([*[value(0)] * 300, click, value(5), value(6)])
    assert changes == [(FLAT_SAMPLES, True), (301 * 320, False)]


def test_a_last_bit_that_flickers_now_and_then_is_sound() -> None:
    flicker = value(0, FLAT_SAMPLES - 1)
    flicker[-1] = -1
    assert told([flicker] * 10) == []


def test_periods_without_a_sample_tell_nothing() -> None:
    assert told([value(0, 0)] * 1_000) == []


def test_it_begins_anew_when_it_is_told_to() -> None:
    line = Flatline()
    line.hear(value(0, FLAT_SAMPLES))
    assert line.flat
    assert line.forget()
    assert not line.forget()
    assert not line.hear(value(0, FLAT_SAMPLES - 1))
    assert line.hear(value(0, 1))
