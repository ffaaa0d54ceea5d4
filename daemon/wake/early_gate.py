"""The quiet-room gate asked where the sound arrives: the wake worker need not be woken to be told that it may rest.

One gate decides about every hop, once. It is asked in the microphone's thread as soon as a hop is complete; the engine,
which gets the same hop later and elsewhere, is given that answer. So it makes no difference to a score who asked first.
"""

from collections import deque
from typing import Final

from daemon.sound.pcm import Samples
from daemon.wake.quiet_gate import QuietGate

KEPT_HOPS: Final = 1_000
"""Answers that nobody has fetched, 80 s of them: the engine is given no hop that is as late as that."""


class EarlyGate:
    """A gate with two sides: `arrived` is for the microphone's thread, all else for the engine's."""

    def __init__(self, gate: QuietGate) -> None:
        self._gate = gate
        self._asked_early = False
        self._answers: deque[tuple[int, bool]] = deque(maxlen=KEPT_HOPS)  # the oldest goes: its hop then counts as loud

    @property
    def open_ratio(self) -> float:
        """As `QuietGate.open_ratio`."""
        return self._gate.open_ratio

    def arrived(self, hop: Samples, end: int) -> bool:
        """Whether the models must look at `hop`, which ends at position `end`; each hop, before the engine has it."""
        self._asked_early = True
        passes = self._gate.passes(hop)
        self._answers.append((end, passes))
        return passes

    def passes(self, hop: Samples, end: int) -> bool:
        """The answer of `arrived`, or the gate's own if nobody asks early. A hop without an answer is looked at."""
        if not self._asked_early:
            return self._gate.passes(hop)
        while self._answers and self._answers[0][0] <= end:
            at, passes = self._answers.popleft()
            if at == end:
                return passes
        return True
