"""The end of a wake word is left out before a pause, and nothing else is."""

import numpy as np
import pytest

from daemon.brain.recognition.leftover import KEPT_BLOCKS, without_leftover
from daemon.brain.recognition.loudness import BLOCK
from daemon.sound.pcm import Samples, samples_of_ms


def sound(ms: float) -> Samples:
    return (4_000 * np.sin(np.arange(samples_of_ms(ms)))).astype(np.int16)


def room(ms: float) -> Samples:
    return np.random.default_rng(1).normal(0, 8, samples_of_ms(ms)).round().astype(np.int16)


@pytest.mark.parametrize("left_ms", [40, 200, 400])
@pytest.mark.parametrize("pause_ms", [260, 900])
def test_what_begins_at_once_and_ends_soon_is_left_out_with_its_pause(left_ms: int, pause_ms: int) -> None:
    said = np.concatenate((sound(left_ms), room(pause_ms), sound(600), room(700)))
    rest = without_leftover(said)
    assert rest is not None
    assert len(rest) == samples_of_ms(600 + 700) + KEPT_BLOCKS * BLOCK


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([sound(600), room(400), sound(600)], id="too long to be that"),
        pytest.param([sound(200), room(150), sound(600)], id="no pause"),
        pytest.param([room(300), sound(200), room(400), sound(600)], id="begins later"),
        pytest.param([sound(200), room(900)], id="nothing else"),
        pytest.param([np.zeros(16_000, np.int16)], id="silence"),
        pytest.param([np.zeros(0, np.int16)], id="nothing"),
    ],
)
def test_anything_else_is_heard_as_it_is(said: list[Samples]) -> None:
    assert without_leftover(np.concatenate(said)) is None
