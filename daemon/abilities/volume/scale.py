"""The scale of the volume, and whose volumes there are.

A percent is a hundredth of the volume of `daemon.sound.fader`, whose amplitude is the square of the volume: n percent
are 40 lg(n / 100) dB below full, so that half the percents sound about half as loud (loudness halves with each 10 dB:
S. S. Stevens, "The measurement of loudness", JASA 27, 1955; ISO 532). Nothing in the sound card's mixer is touched.

A step is audible everywhere if it is so at the top, where steps are smallest: from 100 to 90 percent are 1.8 dB, from
100 to 94 are 1.1 dB, and about 1 dB is the least difference that people notice (Zwicker and Fastl, "Psychoacoustics",
7.1). So no step of the settings is smaller than SMALLEST_STEP. Lower down a step is more: from 20 to 10 are 12 dB.
"""

from typing import Final, Literal

Whose = Literal["voice", "alarm", "announcements"]
"""Earcons go with the voice."""

FULL: Final = 100
SOFTEST: Final = 10
"""40 dB below full: speech that is as loud as in a conversation when full can just be heard in a quiet room. Whoever
asks for "quieter" is not led below it, and no alarm can be."""
SMALLEST_STEP: Final = 6


def percent_of(volume: float) -> int:
    """Of a volume from 0 to 1."""
    return round(volume * FULL)
