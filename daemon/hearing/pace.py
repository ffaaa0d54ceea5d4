"""How much silence ends an utterance, by what was heard of it so far.

The figures of each pace are those of `tests/benchmarks/test_end_of_turn.py`; what else was tried is in
docs/decisions/0046-the-end-of-speech-is-judged-by-length-and-loudness.md.
"""

from dataclasses import dataclass
from typing import Final, Literal

from daemon.sound.pcm import samples_of_ms

SHORT_UTTERANCE_MS: Final = 600
HESITATION_MS: Final = 900
"""Whoever has said less than the one may think for the other: "um …" after the wake word is not a request."""


@dataclass(frozen=True, slots=True)
class SaidSoFar:
    """Samples at 16 kHz; `loudness` is that of the last 0.3 s of speech, as a share of the louder part of it all."""

    speech: int
    longest_pause: int = 0
    loudness: float = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """`hold_ms` of silence end an utterance, or `longer_ms` where it may not be whole."""

    hold_ms: float
    longer_ms: float
    pause_ms: float | None = None
    """Whoever paused for so long once may do so again."""
    whole_ms: float | None = None
    """So much speech is a whole request, if its end is as loud as the rest; half as loud, half of it is."""

    @property
    def apart(self) -> int:
        """Samples: sounds so far apart are not one utterance."""
        return samples_of_ms(self.longer_ms)

    def silence_after(self, said: SaidSoFar) -> int:
        """Samples of silence that end it."""
        ms = self.longer_ms if self._may_go_on(said) else self.hold_ms
        if said.speech < samples_of_ms(SHORT_UTTERANCE_MS):
            ms = max(ms, self.longer_ms, HESITATION_MS)
        return samples_of_ms(ms)

    def _may_go_on(self, said: SaidSoFar) -> bool:
        if self.pause_ms is not None and said.longest_pause >= samples_of_ms(self.pause_ms):
            return True
        return self.whole_ms is not None and said.speech < samples_of_ms(self.whole_ms) * said.loudness


PaceName = Literal["quick", "normal", "patient"]

PACES: Final[dict[PaceName, Pace]] = {
    "quick": Pace(448, 700, pause_ms=192),
    "normal": Pace(576, 800, whole_ms=3_000),
    "patient": Pace(1_100, 1_100),
}


def fixed(silence_ms: float) -> Pace:
    """The same silence ends whatever is said."""
    return Pace(silence_ms, silence_ms)


def pace_of(name: PaceName, end_silence_ms: float) -> Pace:
    """That of the settings: a silence that they name goes before the pace; 0 is none."""
    return fixed(end_silence_ms) if end_silence_ms else PACES[name]
