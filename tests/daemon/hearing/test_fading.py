"""The loudness of the end of an utterance beside the rest of it."""

import pytest

from daemon.hearing.fading import Fading


def said(*amplitudes: float, quiet: int = 0) -> Fading:
    fading = Fading()
    for amplitude in amplitudes:
        fading.hop(amplitude, speech=True)
    for _ in range(quiet):
        fading.hop(5_000.0, speech=False)
    return fading


def test_a_voice_that_falls_ends_as_a_share_of_what_it_was() -> None:
    assert said(*[1_000.0] * 20, *[250.0] * 9).share(0) == pytest.approx(0.25)
    assert said(*[1_000.0] * 20, *[250.0] * 8).share(0) == pytest.approx(1.0)


def test_the_silence_after_it_does_not_count() -> None:
    assert said(*[1_000.0] * 20, *[250.0] * 9, quiet=18).share(18) == pytest.approx(0.25)


def test_what_is_unknown_has_not_fallen() -> None:
    assert Fading().share(0) == 1.0
    assert said(9.0, 1.0).share(0) == 1.0
    assert said(*[0.0] * 40).share(0) == 1.0


def test_another_utterance_is_another_voice() -> None:
    fading = said(*[1_000.0] * 20)
    fading.begin()
    for _ in range(9):
        fading.hop(10.0, speech=True)
    assert fading.share(0) == 1.0
