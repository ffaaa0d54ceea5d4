"""The one table of what a light shows: of each state how a single light blinks, how a row moves, and in which colour.

Two states differ by movement, never by colour alone: not everybody sees colours, and not every light has any.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from hardware.header.rhythm import OFF, STEADY, Rhythm, blink

Motion = Literal["blink", "swell", "spin", "breathe", "dots"]
"""How a row or ring of lights moves; of fewer lights than a motion needs the rhythm is shown.

"blink" is the rhythm of the single light on all of them; "swell" lights more of them from the middle on the louder it
is; "spin" goes round with a tail; "breathe" fades all in and out; "dots" are two that stay lit.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`hue` is a name of `daemon.lights.palettes`; `meaning` stands in the documentation."""

    meaning: str
    rhythm: Rhythm
    motion: Motion = "blink"
    hue: str = "white"


LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "idle": Look(meaning="waits for the wake word", rhythm=OFF),
        "listening": Look(meaning="your turn: nothing was said yet", rhythm=STEADY, hue="blue"),
        # Solid that winks: still listening, and to you.
        "hearing": Look(meaning="hears you speak", rhythm=blink(0.4, 0.1), motion="swell", hue="cyan"),
        "thinking": Look(meaning="asks the model", rhythm=blink(0.5, 0.5), motion="spin", hue="purple"),
        # A pulse twice as fast: nobody far away is asked.
        "home": Look(meaning="asks the brain at home", rhythm=blink(0.25, 0.25), hue="purple"),
        "speaking": Look(meaning="speaks", rhythm=blink(0.1, 0.1, 0.1, 0.7), motion="breathe", hue="green"),
        # Without a rest: the camera is on.
        "watching": Look(meaning="the camera is on", rhythm=blink(0.1, 0.1, 0.1, 0.1, 0.1, 0.3), hue="white"),
        # As a telephone rings: two long, and a rest.
        "ringing": Look(meaning="rings: a timer, an alarm", rhythm=blink(0.4, 0.2, 0.4, 1.0), hue="yellow"),
        # Now and then: alive, but deaf.
        "muted": Look(meaning="the microphone is closed", rhythm=blink(0.1, 2.9), motion="dots", hue="red"),
        "failed": Look(meaning="something does not work", rhythm=blink(0.1, 0.1), hue="orange"),
    }
)
"""By the values of `daemon.conversation.commands.Pattern`."""

RHYTHMS: Final[Mapping[str, Rhythm]] = MappingProxyType({name: look.rhythm for name, look in LOOKS.items()})

UNKNOWN: Final = LOOKS["idle"]


def look_of(pattern: str) -> Look:
    """The look of a pattern; an unknown one is dark."""
    return LOOKS.get(pattern, UNKNOWN)
