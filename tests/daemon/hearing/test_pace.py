"""How much silence ends an utterance, at each pace."""

import pytest

from daemon.hearing.pace import PACES, SaidSoFar, fixed, pace_of
from daemon.sound.pcm import samples_of_ms


def ms(*, speech: float, pause: float = 0, loudness: float = 1.0) -> SaidSoFar:
    return SaidSoFar(samples_of_ms(speech), samples_of_ms(pause), loudness)


@pytest.mark.parametrize(
    ("said", "silence_ms"),
    [
        (ms(speech=600), 800),
        (ms(speech=2_990), 800),
        (ms(speech=3_000), 576),
        (ms(speech=1_500, loudness=0.5), 576),
        (ms(speech=1_490, loudness=0.5), 800),
        (ms(speech=3_000, loudness=1.1), 800),
        (ms(speech=590, loudness=0.1), 900),
    ],
)
def test_normal_goes_by_length_and_the_fall_of_the_voice(said: SaidSoFar, silence_ms: int) -> None:
    assert PACES["normal"].silence_after(said) == samples_of_ms(silence_ms)


def test_quick_goes_by_the_pauses() -> None:
    assert PACES["quick"].silence_after(ms(speech=900, pause=191)) == samples_of_ms(448)
    assert PACES["quick"].silence_after(ms(speech=900, pause=192)) == samples_of_ms(700)


def test_a_silence_of_the_settings_goes_before_the_pace() -> None:
    assert pace_of("quick", 0) is PACES["quick"]
    assert pace_of("quick", 1_500) == fixed(1_500)
    assert fixed(1_500).silence_after(ms(speech=100)) == samples_of_ms(1_500)
    assert fixed(300).silence_after(ms(speech=9_000, pause=290)) == samples_of_ms(300)
