"""The quiet-room gate asked where the sound arrives: the wake worker need not be woken to be told that it may rest.

One gate decides about every hop, once. It is asked in the microphone's thread as soon as a hop is complete; the engine,
which gets the same hop later and elsewhere, is given that answer. So it makes no difference to a score who asked first.
"""

from collections import deque
from typing import Final

from daemon.sound.pcm import Samples
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.quiet_gate import Judged, QuietGate, loudness_of

KEPT_HOPS: Final = 1_000
"""Answers that nobody has fetched, 80 s of them: the engine is given no hop that is as late as that."""


class EarlyGate:
    """A gate with two sides: `arrived` is for the microphone's thread, all else for the engine's."""

    def __init__(self, gate: QuietGate) -> None:
        self._gate = gate
        self._asked_early = False
        # bounded: the oldest goes, and its hop then counts as loud
        self._answers: deque[tuple[int, Judged]] = deque(maxlen=KEPT_HOPS)

    @property
    def open_ratio(self) -> float:
        """As `QuietGate.open_ratio`."""
        return self._gate.open_ratio

    def may_wait(self, *, patient: bool) -> None:
        """Whether hops may be measured later while the gate is open; may be said in any thread."""
        self._gate.patient = patient

    def arrived(self, hop: Samples, end: int) -> bool:
        """Whether the models must look at `hop`, which ends at position `end`; each hop, before the engine has it."""
        self._asked_early = True
        (judged,) = self._gate.judge(hop)
        self._answers.append((end, judged))
        return judged.passes

    def judge(self, samples: Samples, begin: int) -> list[Judged]:
        """Of each hop of `samples`, the first of which has position `begin`, the answer of `arrived`.

        The gate's own if nobody asks early. A hop without an answer is looked at.
        """
        if not self._asked_early:
            return self._gate.judge(samples)
        ends = range(begin + HOP_SAMPLES, begin + len(samples) + 1, HOP_SAMPLES)
        answers = [self._answer(end) for end in ends]
        if None in answers:
            heard = [Judged(passes=True, measured=(loudness,)) for loudness in loudness_of(samples)]
            return [answer or loud for answer, loud in zip(answers, heard, strict=True)]
        return [answer for answer in answers if answer]

    def _answer(self, end: int) -> Judged | None:
        while self._answers and self._answers[0][0] <= end:
            at, judged = self._answers.popleft()
            if at == end:
                return judged
        return None
