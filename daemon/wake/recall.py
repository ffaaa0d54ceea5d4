"""What the first stage was measured to lose of each word, and whether that is enough to have it without being asked.

Decisions 0047 and 0066 and docs/benchmarks.md tell how. A word belongs here once it was measured, and is trusted by its
figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Use = Literal["auto", "on", "off"]
"""Only where it was shown to lose no word; wherever there is a small network; never."""

LEAST_RECALL: Final = 0.995
"""Of what openWakeWord alone detects. No household may lose its wake word for processor time."""

LEAST_DETECTIONS: Final = 600
"""With none lost of so many, the recall is above 0.995 with a confidence of 95 % (3 / 600)."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Of so many detections by openWakeWord alone, in quiet and in noise down to 5 dB, so many were lost."""

    detections: int
    lost: int
    real_voices: bool

    @property
    def proven(self) -> bool:
        enough = self.detections >= LEAST_DETECTIONS
        return self.real_voices and enough and 1 - self.lost / self.detections >= LEAST_RECALL


RECALLS: Final[Mapping[str, Recall]] = MappingProxyType(
    {
        "alexa": Recall(939, 2, real_voices=True),  # 242 recordings by many people
        "hey_jarvis": Recall(170, 11, real_voices=False),  # synthetic, and "jarvis" after the "hey" of others
    }
)
"""Of `hey_mycroft` there are no recordings."""


def is_proven(word: str) -> bool:
    """Whether a first stage was shown to lose next to nothing of this word, as people say it."""
    return word in RECALLS and RECALLS[word].proven
