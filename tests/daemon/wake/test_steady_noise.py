import numpy as np
import pytest

from daemon.sound.pcm import Samples
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.quiet_gate import loudness_of
from daemon.wake.steady_noise import DEAF_HOPS, STEADY_HOPS, SteadyNoise
from tests.daemon.wake.signals import room_noise

QUIETER = 300.0


def deafened(noise: SteadyNoise, samples: Samples) -> list[bool]:
    whole = samples[: len(samples) // HOP_SAMPLES * HOP_SAMPLES]
    return [noise.deafens(loudness) for loudness in loudness_of(whole)]


def after(before: Samples, rms: float = QUIETER, seconds: float = 4) -> list[bool]:
    noise = SteadyNoise()
    assert not any(deafened(noise, before))
    return deafened(noise, room_noise(seconds, rms, seed=3))


def test_what_is_quieter_than_a_steady_noise_before_it_is_not_heard_for_two_seconds() -> None:
    assert after(room_noise(5, 1_500)) == [True] * DEAF_HOPS + [False] * (50 - DEAF_HOPS)


def test_what_is_as_loud_is_heard() -> None:
    assert not any(after(room_noise(5, 1_500), rms=1_500))


def test_a_noise_that_is_not_loud_takes_nothing_away() -> None:
    assert not any(after(room_noise(5, 500), rms=50))


@pytest.mark.parametrize(("hops_of_noise", "deafens"), [(STEADY_HOPS - 1, False), (STEADY_HOPS, True)])
def test_noise_is_steady_after_so_long(hops_of_noise: int, deafens: bool) -> None:
    assert after(room_noise(hops_of_noise * 0.08, 1_500))[0] is deafens


def test_sound_with_quiet_moments_is_not_steady() -> None:
    """As speech has them, however loud it is."""
    syllables = np.where(np.arange(80_000) // 4_000 % 2 == 0, room_noise(5, 3_000), room_noise(5, 50))
    assert not any(after(syllables.astype(np.int16)))


def test_an_offset_of_the_sound_card_is_no_noise() -> None:
    assert not any(after(room_noise(5, 20) + np.int16(3_000), rms=5))


def test_it_says_whether_there_was_one() -> None:
    noise = SteadyNoise()
    deafened(noise, room_noise(1, 1_500))
    assert not noise.is_recent
    deafened(noise, room_noise(2, 1_500))
    assert noise.is_recent
    deafened(noise, room_noise(DEAF_HOPS * 0.08, QUIETER))
    assert not noise.is_recent
