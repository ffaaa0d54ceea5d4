"""The library, where it is installed: it takes the echo away, and leaves the voice."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from daemon.sound.echo.speexdsp import FRAME_SAMPLES, LIBRARY, NoEchoLibrary, SpeexCanceller, open_library
from daemon.sound.pcm import Samples, silence
from tests.daemon.sound.echo.cards import echo_of
from tests.daemon.sound.signals import db, noise, rms

SECONDS = 6
COUNT = SECONDS * 16_000 // FRAME_SAMPLES * FRAME_SAMPLES


@pytest.fixture
def canceller() -> SpeexCanceller:
    try:
        return SpeexCanceller(open_library())
    except NoEchoLibrary:
        pytest.skip(f"{LIBRARY} is not installed")


def cleaned(canceller: SpeexCanceller, microphone: Samples, reference: Samples) -> Samples:
    frames = range(0, COUNT, FRAME_SAMPLES)
    out = [canceller.process(microphone[at : at + FRAME_SAMPLES], reference[at : at + FRAME_SAMPLES]) for at in frames]
    return np.concatenate(out)


def test_what_is_played_goes(canceller: SpeexCanceller) -> None:
    played = noise(COUNT)
    heard = echo_of(played, 320)
    out = cleaned(canceller, heard, played)
    assert db(rms(out[COUNT // 2 :]) / rms(heard)) < -25


def test_what_is_said_stays_and_comes_a_frame_later(canceller: SpeexCanceller) -> None:
    voice = noise(COUNT) // 4
    bursts = (voice * (np.arange(COUNT) // 1_600 % 2)).astype(np.int16)
    out = cleaned(canceller, bursts, silence(COUNT))
    kept = bursts[COUNT // 2 : -FRAME_SAMPLES].astype(np.float64)
    came = out[COUNT // 2 + FRAME_SAMPLES :].astype(np.float64)
    assert kept @ came / np.sqrt((kept @ kept) * (came @ came)) > 0.9


def test_zeros_full_scale_and_another_length_do_no_harm(canceller: SpeexCanceller) -> None:
    loud = np.full(FRAME_SAMPLES, 32_767, np.int16)
    for microphone, reference in [
        (loud, loud),
        (-loud, loud),
        (silence(FRAME_SAMPLES), loud),
        (loud, silence(FRAME_SAMPLES)),
    ]:
        assert canceller.process(microphone, reference).shape == (FRAME_SAMPLES,)
    with pytest.raises(ValueError, match="shape"):
        canceller.process(loud[:100], loud)


def test_many_can_be_made_and_forgotten(canceller: SpeexCanceller) -> None:
    library = open_library()
    for _ in range(20):
        SpeexCanceller(library).process(noise(FRAME_SAMPLES), noise(FRAME_SAMPLES))
    gc.collect()
    assert canceller.process(noise(FRAME_SAMPLES), noise(FRAME_SAMPLES)).shape == (FRAME_SAMPLES,)


def test_a_tail_that_is_no_tail_is_refused(canceller: SpeexCanceller) -> None:
    with pytest.raises(ValueError, match="tail of 100"):
        SpeexCanceller(open_library(), canceller.frame_samples, 100)


@pytest.mark.parametrize("name", ["libnothing-like-it.so.1", "libm.so.6"])
def test_where_it_is_missing_or_another_that_is_said(name: str) -> None:
    with pytest.raises(NoEchoLibrary, match=rf"{name} cannot be loaded") as raised:
        open_library(name)
    assert raised.value.fix == "sudo apt install libspeexdsp1"
