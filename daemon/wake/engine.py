"""The wake word engine: samples in, `WakeWordDetected` out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from daemon.conversation.events import WakeWordDetected
from daemon.sound.pcm import Samples
from daemon.wake.early_gate import EarlyGate
from daemon.wake.first_stage import LOOKED_BACK_HOPS, RESTING_HOPS, WARMING_HOPS, FirstStage
from daemon.wake.gathered_hops import GatheredHops
from daemon.wake.inference import OpenSession, open_session
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.quiet_gate import Judged, QuietGate, loudness_of
from daemon.wake.spotter import Spotter

STRIDE_HOPS: Final = 2
"""In strides hops are looked at two at a time: the second finds warm caches, and costs a third of the first.

Nothing is told later for that while the models look, for no word is decided by one hop: after the first of its hops
each is looked at when it comes. While the first stage is closed strides may be longer (decision 0066)."""


class WakeEngine:
    """`openwakeword.Model` over Pipit's own features, behind the quiet-room gate. Synchronous; for one thread.

    Any chunks may be given: the models look at hops of 1280 samples, counted from the first sample ever given, so the
    chunking changes no score and no event, only when it is told. The first 2 s are ignored: until then the features
    contain noise that was never heard. What looks is `Spotter`; here is decided at what, and when.
    """

    def __init__(
        self,
        wake_words: Sequence[str],
        models_dir: Path,
        *,
        threshold: float = 0.5,
        consecutive: int = 0,
        refractory_s: float = 2.0,
        gated: bool = True,
        first_stage: FirstStage | None = None,
        strides: bool = False,
        open_model: OpenSession = open_session,
    ) -> None:
        """`wake_words` are names or paths (see `daemon.wake.models`); `consecutive` 0 means each model's own.

        `first_stage` is one for all of them (see `daemon.wake.first_stage`). With it, or with `strides`, hops are
        looked at two at a time where that tells no word later.
        Raises ModelFileError for a model that is unknown, missing, damaged or no wake word model.
        """
        self._spotter = spotter = Spotter(
            wake_words,
            models_dir,
            threshold=threshold,
            consecutive=consecutive,
            refractory_s=refractory_s,
            looked_back_hops=LOOKED_BACK_HOPS,
            open_model=open_model,
        )
        self.gate = EarlyGate(QuietGate()) if gated else None
        """May be asked about each hop before `process` has it; hops are counted from position 0."""
        self._first_stage = first_stage
        self._stride: Final = min(STRIDE_HOPS, spotter.fewest_hops) if first_stage or strides else 1
        self._resting_stride: Final = min(RESTING_HOPS, spotter.fewest_hops)
        self._unheard_hops = 0  # by the first stage, since the room is quiet
        self._gathered = GatheredHops()
        self._wanted_hops = 1

    @property
    def last_scores(self) -> Mapping[str, float]:
        """The scores of the hop looked at last, by wake word; 0 while a gate is closed and in the first 2 s."""
        return self._spotter.scores

    @property
    def decided_at(self) -> int:
        """Where the hop ended that decided the last detection: the wake word is over by then."""
        return self._spotter.decided_at

    @property
    def has_first_stage(self) -> bool:
        """Whether a small network decides what the models look at."""
        return self._first_stage is not None

    @property
    def open_ratio(self) -> float:
        """Which part of all hops the models looked at, 0 to 1."""
        return (self.gate.open_ratio if self.gate else 1) * (self._first_stage.open_ratio if self._first_stage else 1)

    @property
    def near_misses(self) -> int:
        """How often scores rose towards the threshold without a detection."""
        return self._spotter.near_misses

    @property
    def second_look_samples(self) -> int:
        """How much sound `scores_of` looks at."""
        return self._spotter.second_look.wanted_samples

    def scores_of(self, samples: Samples) -> Mapping[str, float]:
        """The best scores in the last moments of other sound, whole hops; what is heard is not touched by that."""
        return self._spotter.by_word(self._spotter.second_look.best_scores(samples))

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]:
        """What is heard in `samples`, the first of which has position `at`; they are kept, and stay as they are.

        The event is dated before the end of the wake word, never after, so that no word of the request is lost: from
        the end of the first hop over the threshold, back by the longest time in which that was seen to follow the word.
        """
        if self._gathered.add(samples) < self._wanted_hops:
            return []
        begin = self._gathered.begin(at + len(samples))
        events = self._hear(self._gathered.take(), begin)
        self._wanted_hops = self._wants()
        if self.gate is not None:
            self.gate.may_wait(patient=self._first_stage is None or not self._first_stage.is_wary)
        return events

    def _wants(self) -> int:
        """How many hops are to be looked at at a time from now on: one if a word may be ending."""
        if self._spotter.is_rising:
            return 1
        if self._first_stage is None or self._first_stage.is_open:
            return self._stride
        return 1 if self._first_stage.is_near else self._resting_stride

    def _hear(self, hops: Samples, begin: int) -> list[WakeWordDetected]:
        judged, events = self._judge(hops, begin), []
        at = min(self._spotter.unsettled_hops, len(judged))
        if at:
            self._settle(hops[: at * HOP_SAMPLES])
        while at < len(judged):
            size = self._alike(judged[at:])
            start, end = at * HOP_SAMPLES, (at + size) * HOP_SAMPLES
            events += self._part(hops[start:end], begin + start, judged[at : at + size])
            at += size
        return events

    def _judge(self, hops: Samples, begin: int) -> list[Judged]:
        if self.gate is None:
            return [Judged(passes=True, measured=(loudness,)) for loudness in loudness_of(hops)]
        return self.gate.judge(hops, begin)

    def _alike(self, judged: Sequence[Judged]) -> int:
        """How many of these hops are one part: the gate passes all of them, and they are not too many, or none."""
        passes, most = judged[0].passes, RESTING_HOPS if self._first_stage else len(judged)
        for number, hop in enumerate(judged):
            if hop.passes is not passes or (passes and number == most):
                return number
        return len(judged)

    def _settle(self, hops: Samples) -> None:
        if self._first_stage is not None:
            self._first_stage.hear(hops)
        self._spotter.settle(hops)

    def _part(self, hops: Samples, begin: int, judged: Sequence[Judged]) -> list[WakeWordDetected]:
        if not judged[0].passes:
            self._rest(hops)
            return []
        if self._first_stage is None or self._is_possible(self._first_stage, hops, judged):
            return self._spotter.look(hops, begin)
        self._spotter.hold(hops, begin)
        return []

    def _is_possible(self, stage: FirstStage, hops: Samples, judged: Sequence[Judged]) -> bool:
        self._warm(stage)
        passes = stage.passes(hops, [loudness for hop in judged for loudness in hop.measured])
        return passes or self._spotter.is_rising  # openWakeWord is not interrupted half-way through a word

    def _rest(self, hops: Samples) -> None:
        """The room is quiet: nothing is computed."""
        if self._first_stage is not None:
            self._first_stage.rest()
        self._unheard_hops += len(hops) // HOP_SAMPLES
        self._spotter.rest(hops)

    def _warm(self, stage: FirstStage) -> None:
        """Let the small network hear what it missed while the room was quiet, as far as that matters."""
        if self._unheard_hops:
            missed = self._spotter.missed(min(self._unheard_hops, WARMING_HOPS))
            stage.hear(np.concatenate(missed))
            self._unheard_hops = 0
