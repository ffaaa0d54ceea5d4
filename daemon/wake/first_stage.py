"""The first stage: a small network hears everything, openWakeWord only what may be the wake word.

It lets through whatever the small network does not think impossible: the wake word is decided by openWakeWord alone,
over hops that are kept until then. So nothing is detected that was not before; what the small network takes for
impossible is lost: of 939 detections of "alexa", clean and in noise down to 5 dB, two (decisions 0047 and 0066).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.recall import Use, is_proven
from daemon.wake.small_model import SMALL_MODELS, SmallModel
from daemon.wake.steady_noise import SteadyNoise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from daemon.sound.pcm import Samples
    from daemon.wake.quiet_gate import Loudness

POSSIBLE: Final = -6.9
"""As log-odds, one in 1,000. What it costs to look from there on, and what is lost and told later from higher ones on,
tells decision 0066."""

POSSIBLE_AT_FIRST: Final = -7.8
"""The same right after the quiet gate opened: most wake words are said into a quiet room, and 1 % of those would be
told a hop later. It costs next to nothing, for the gate opens seldom."""

FIRST_HOPS: Final = 25
"""So long that is, 2 s: after so long all that the network remembers has been said since."""

NEAR: Final = -12.2
"""As log-odds, one in 200,000: from there on it may be possible with the next hop, so none waits for another."""

HOLD_HOPS: Final = 2
"""It stays open for 0.16 s after what was possible: no more is lost than with 0.24 s, and a sixth less passes."""

RESTING_HOPS: Final = 3
"""So many are heard at a time while it is closed and nothing is near."""

WARMING_HOPS: Final = 24
"""When the quiet gate opens the small network hears what it has missed, as much of it as it remembers anything of."""

LOOKED_BACK_HOPS: Final = 4
"""openWakeWord is at times surer earlier: so many hops before are scored, too. "alexa" takes three in a row."""

LEAST_THRESHOLD: Final = 0.3
"""With lower ones of openWakeWord's the small network would decide: at 0.1, 5 of 865 were lost in noise."""

log = logging.getLogger(__name__)


class Small(Protocol):
    """What `daemon.wake.small_model.SmallModel` does."""

    def hear(self, samples: Samples) -> float: ...


class FirstStage:
    """Decides whether openWakeWord must look; is asked about all that the quiet gate lets through."""

    def __init__(self, models: Sequence[Small]) -> None:
        self._models = models
        self._noise = SteadyNoise()
        self._left = 0
        self._near = False
        self._at_first = 0  # so many hops more
        self._hops = 0
        self._open_hops = 0

    @property
    def open_ratio(self) -> float:
        """Which part of the hops that it was asked about it let through, 0 to 1."""
        return self._open_hops / self._hops if self._hops else 1.0

    @property
    def is_open(self) -> bool:
        """Whether the next hop passes whatever is in it."""
        return self._left > 0

    @property
    def is_near(self) -> bool:
        """Whether the next hop may well be possible."""
        return self._near

    @property
    def is_wary(self) -> bool:
        """Whether the loudness of each hop matters as soon as it comes."""
        return self._noise.is_recent

    def rest(self) -> None:
        """The quiet gate is closed."""
        self._left, self._near, self._at_first = 0, False, FIRST_HOPS

    def hear(self, samples: Samples) -> float:
        """The highest log-odds of any of the words in `samples`, whole hops."""
        return max([model.hear(samples) for model in self._models])

    def passes(self, samples: Samples, loudness: Sequence[Loudness]) -> bool:
        """Whether openWakeWord must look at these whole hops: at all of them, or at none.

        `loudness` is of the hops that were measured by now, up to these.
        """
        hops, odds = len(samples) // HOP_SAMPLES, self.hear(samples)
        deafened = [self._noise.deafens(hop) for hop in loudness]
        self._near = odds >= NEAR
        possible = odds >= (POSSIBLE_AT_FIRST if self._at_first else POSSIBLE)
        self._at_first = max(0, self._at_first - hops)
        if possible or any(deafened):
            passes, self._left = True, HOLD_HOPS
        else:
            passes, self._left = self._left > 0, max(0, self._left - hops)
        self._hops += hops
        self._open_hops += passes * hops
        return passes


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
