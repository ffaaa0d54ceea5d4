"""The first stage: a small network hears everything, openWakeWord only what may be the wake word.

It lets through whatever the small network does not think impossible: the wake word is decided by openWakeWord alone,
over hops that are kept until then. So nothing is detected that was not before; what the small network takes for
impossible is lost: of 941 detections of "alexa", clean and in noise down to 5 dB, one (decision 0047).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from daemon.wake.recall import Use, is_proven
from daemon.wake.small_model import SMALL_MODELS, SmallModel
from daemon.wake.steady_noise import SteadyNoise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from daemon.sound.pcm import Samples

POSSIBLE: Final = 1 / 256
"""The least that a small network can say but "impossible". At 0.1 it lost 8 of the 941, and was later than openWakeWord
in 5 % of them instead of 1 %; other speech passed for 1 % of the time instead of 5 %."""

HOLD_HOPS: Final = 4
"""It stays open for 0.3 s after that: one of the 941 is lost by it. With 1 s none is, and half as much more passes."""

OPENING_HOPS: Final = 25
"""When the quiet gate opens openWakeWord hears the first 2 s, as without a first stage: most wake words are said into
a quiet room, and what the small network remembers is older than the quiet."""

LOOKED_BACK_HOPS: Final = 4
"""openWakeWord is at times surer earlier: so many hops before are scored, too. "alexa" takes three in a row."""

LEAST_THRESHOLD: Final = 0.3
"""With lower ones of openWakeWord's the small network would decide: at 0.1, 5 of 865 were lost in noise."""

log = logging.getLogger(__name__)


class Small(Protocol):
    """What `daemon.wake.small_model.SmallModel` does."""

    def hear(self, samples: Samples) -> float: ...


class FirstStage:
    """Decides hop by hop whether openWakeWord must look; is asked about every hop that the quiet gate lets through."""

    def __init__(self, models: Sequence[Small]) -> None:
        self._models = models
        self._noise = SteadyNoise()
        self._left = OPENING_HOPS
        self._hops = 0
        self._open_hops = 0

    @property
    def open_ratio(self) -> float:
        """Which part of the hops that it was asked about it let through, 0 to 1."""
        return self._open_hops / self._hops if self._hops else 1.0

    def rest(self) -> None:
        """The quiet gate is closed: when it opens, the first 2 s pass."""
        self._left = OPENING_HOPS

    def passes(self, hop: Samples) -> bool:
        """Whether openWakeWord must look at `hop` (1280 samples)."""
        possible = max([model.hear(hop) for model in self._models]) >= POSSIBLE
        if self._noise.deafens(hop) or possible:
            self._left = max(self._left, HOLD_HOPS)
        else:
            self._left = max(0, self._left - 1)
        self._hops += 1
        self._open_hops += self._left > 0
        return self._left > 0


def why_none(words: Collection[str], threshold: float, use: Use) -> str:
    """Why these wake words have no first stage on any machine, as the end of a sentence; empty if they can have one."""
    if use == "off":
        return "it is turned off"
    if without := [word for word in words if word not in SMALL_MODELS]:
        return f"there is no small network for {', '.join(without)}"
    if use == "auto" and (unproven := [word for word in words if not is_proven(word)]):
        return f"it is not known from real voices whether it loses any {', '.join(unproven)}"
    if threshold < LEAST_THRESHOLD:
        return f"the threshold is below {LEAST_THRESHOLD:g}"
    return ""


def first_stage_of(words: Collection[str], threshold: float, use: Use = "auto") -> FirstStage | None:
    """A first stage for these wake words; none unless each of them may have one, and it runs here."""
    why = why_none(words, threshold, use)
    if not why:
        try:
            return FirstStage([SmallModel(word) for word in words])
        except (ImportError, OSError) as error:
            why = f"pymicro-wakeword cannot be used here: {error}"
    log.debug("the wake word has no first stage: %s", why)
    return None
