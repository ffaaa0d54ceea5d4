"""Whether a voice has fallen: how loud the end of an utterance is beside the rest of it."""

from statistics import quantiles
from typing import Final

LAST_HOPS: Final = 9
"""The last 0.3 s; what was said there is as loud as its loudest hop."""

FEWEST_HOPS: Final = 5


class Fading:
    """Remembers the loudness of each hop of an utterance: for the longest there is, a thousand numbers."""

    def __init__(self) -> None:
        self._hops: list[tuple[float, bool]] = []

    def begin(self) -> None:
        """Nothing was said yet."""
        self._hops.clear()

    def hop(self, amplitude: float, *, speech: bool) -> None:
        self._hops.append((amplitude, speech))

    def share(self, quiet_hops: int) -> float:
        """How loud it ended before the last `quiet_hops`: 1 is as the louder part, and what is unknown."""
        said = self._hops[: len(self._hops) - quiet_hops]
        speech = [amplitude for amplitude, is_speech in said if is_speech]
        usual = quantiles(speech, n=4)[2] if len(speech) >= FEWEST_HOPS else 0.0
        return max(amplitude for amplitude, _ in said[-LAST_HOPS:]) / usual if usual else 1.0
