"""Speech synthesis by the real programs."""

import shutil

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples
from daemon.speech.rhvoice import END_MS
from daemon.speech.synthesis import Espeak, Flite, Synthesiser

needs_flite = pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed (sudo apt install flite)")


def loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


@pytest.mark.parametrize("synthesiser", [Espeak(), Espeak("de-CH"), pytest.param(Flite(), marks=needs_flite)])
async def test_a_sentence_becomes_sound_of_a_plausible_length(synthesiser: Synthesiser) -> None:
    sound = await synthesiser.speak("The lamp is on.", REPLY_RATE_HZ)
    assert sound.dtype == np.int16
    assert 0.6 < len(sound) / REPLY_RATE_HZ < 2.5
    assert loudness(sound) > 500


async def test_the_rate_changes_the_number_of_samples_and_not_the_length() -> None:
    slow, fast = [await Espeak().speak("Hello.", rate) for rate in (CAPTURE_RATE_HZ, REPLY_RATE_HZ)]
    assert len(fast) / len(slow) == pytest.approx(REPLY_RATE_HZ / CAPTURE_RATE_HZ, abs=0.01)


@pytest.mark.parametrize("text", ["", " \n"])
@pytest.mark.parametrize("synthesiser", [Espeak(program="/nonexistent"), Flite(program="/nonexistent")])
async def test_no_text_is_no_sound(synthesiser: Synthesiser, text: str) -> None:
    assert len(await synthesiser.speak(text, REPLY_RATE_HZ)) == 0


async def test_text_that_looks_like_an_option_is_spoken() -> None:
    assert loudness(await Espeak().speak("--version", REPLY_RATE_HZ)) > 500


async def test_languages_sound_different() -> None:
    american, german = [await Espeak(tag).speak("Radio Hamburg", REPLY_RATE_HZ) for tag in ("en", "de")]
    assert not np.array_equal(american, german)


async def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ModelFileError, match=r"espeak-ng: .*voice.*Fix: choose a language that `espeak-ng --voices`"):
        await Espeak("xx").speak("Hello.", REPLY_RATE_HZ)


async def test_a_missing_program_says_how_to_get_it() -> None:
    with pytest.raises(ModelFileError, match=r"cannot run /nowhere/espeak-ng .*Fix: sudo apt install espeak-ng$"):
        await Espeak(program="/nowhere/espeak-ng").speak("Hello.", REPLY_RATE_HZ)


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl"])
async def test_espeak_ends_in_silence_by_itself_so_that_it_does_not_click(language: str) -> None:
    sound = await Espeak(language).speak("Radio", REPLY_RATE_HZ)
    assert int(np.abs(sound[-REPLY_RATE_HZ * END_MS // 1000 :]).max()) < 33  # -60 dB of full scale
