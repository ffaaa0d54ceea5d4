"""The wake word engine: samples in, `WakeWordDetected` out."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from daemon.conversation.events import WakeWordDetected
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms
from daemon.wake.detector import Detector
from daemon.wake.early_gate import EarlyGate
from daemon.wake.embedding import StreamingEmbedding
from daemon.wake.features import StreamingFeatures
from daemon.wake.first_stage import LOOKED_BACK_HOPS, RESTING_HOPS, WARMING_HOPS, FirstStage
from daemon.wake.gathered_hops import GatheredHops
from daemon.wake.inference import OpenSession, open_session
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import STREAMING_EMBEDDING, WakeWord, check_words, wake_word
from daemon.wake.package import Model, load_model
from daemon.wake.quiet_gate import Judged, QuietGate, loudness_of
from daemon.wake.second_look import SecondLook

STRIDE_HOPS: Final = 2
"""In strides hops are looked at two at a time: the second finds warm caches, and costs a third of the first.

Nothing is told later for that while the models look, for no word is decided by one hop: after the first of its hops
each is looked at when it comes. While the first stage is closed strides may be longer (decision 0066)."""

log = logging.getLogger(__name__)


class _Listened:
    """A wake word that is listened for, with the detector that follows its scores."""

    def __init__(self, word: WakeWord, path: Path, threshold: float, consecutive: int) -> None:
        self.name = word.name
        self.key = path.stem  # what openWakeWord calls it
        self.lag_samples = samples_of_ms(word.longest_lag_ms)
        self.consecutive = consecutive or word.consecutive
        self.detector = Detector(threshold, self.consecutive, word.name)


class WakeEngine:
    """`openwakeword.Model` over Pipit's own features, behind the quiet-room gate. Synchronous; for one thread.

    Any chunks may be given: the models look at hops of 1280 samples, counted from the first sample ever given, so the
    chunking changes no score and no event, only when it is told. The first 2 s are ignored: until then the features
    contain noise that was never heard.
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
        paths = check_words(wake_words, models_dir)
        self._words = [_Listened(wake_word(name), path, threshold, consecutive) for name, path in paths.items()]
        self._embedding = embedding = StreamingEmbedding(models_dir / STREAMING_EMBEDDING, open_model)
        self._model: Model = load_model([*paths.values()])
        self._features = StreamingFeatures(embedding, max(self._model.model_inputs.values()), LOOKED_BACK_HOPS)
        self._model.preprocessor = self._features
        self.gate = EarlyGate(QuietGate()) if gated else None
        """May be asked about each hop before `process` has it; hops are counted from position 0."""
        self._first_stage = first_stage
        most = min(word.consecutive for word in self._words)
        self._stride: Final = min(STRIDE_HOPS, most) if first_stage or strides else 1
        self._resting_stride: Final = min(RESTING_HOPS, most)
        self._unheard_hops = 0  # by the first stage, since the room is quiet
        self._held_ends: deque[int] = deque(maxlen=LOOKED_BACK_HOPS)  # of the hops it held back last, drops the oldest
        self._unsettled_hops = self._features.settling_hops
        self._refractory: Final = int(refractory_s * CAPTURE_RATE_HZ)
        self._refractory_left = 0
        self._gathered = GatheredHops()
        self._wanted_hops = 1
        self._scores = {word.name: 0.0 for word in self._words}
        self._decided_at = 0

    @property
    def last_scores(self) -> Mapping[str, float]:
        """The scores of the hop looked at last, by wake word; 0 while a gate is closed and in the first 2 s."""
        return self._scores

    @property
    def decided_at(self) -> int:
        """Where the hop ended that decided the last detection: the wake word is over by then."""
        return self._decided_at

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
        return sum(word.detector.near_misses for word in self._words)

    @property
    def second_look_samples(self) -> int:
        """How much sound `scores_of` looks at."""
        return self._second_look.wanted_samples

    def scores_of(self, samples: Samples) -> Mapping[str, float]:
        """The best scores in the last moments of other sound, whole hops; what is heard is not touched by that."""
        scores = self._second_look.best_scores(samples)
        return {word.name: scores[word.key] for word in self._words}

    @cached_property
    def _second_look(self) -> SecondLook:
        return SecondLook(self._model, self._embedding)

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
        if self._is_rising():
            return 1
        if self._first_stage is None or self._first_stage.is_open:
            return self._stride
        return 1 if self._first_stage.is_near else self._resting_stride

    def _is_rising(self) -> bool:
        return any(word.detector.rising for word in self._words)

    def _hear(self, hops: Samples, begin: int) -> list[WakeWordDetected]:
        judged, events, at = self._judge(hops, begin), [], min(self._unsettled_hops, len(hops) // HOP_SAMPLES)
        if at:
            self._settle([*hops.reshape(-1, HOP_SAMPLES)[:at]])
        while at < len(judged):
            size = self._alike(judged[at:])
            start, end = at * HOP_SAMPLES, (at + size) * HOP_SAMPLES
            self._refractory_left -= end - start
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

    def _settle(self, hops: Sequence[Samples]) -> None:
        if self._first_stage is not None:
            self._first_stage.hear(np.concatenate(hops))
        self._features.prepare(hops)
        for hop in hops:
            self._model.predict(hop)
        self._refractory_left -= len(hops) * HOP_SAMPLES
        self._unsettled_hops -= len(hops)
        if self._unsettled_hops == 0:
            log.debug("wake words count from here on: the models have heard enough")

    def _part(self, hops: Samples, begin: int, judged: Sequence[Judged]) -> list[WakeWordDetected]:
        if not judged[0].passes:
            return self._rest(hops)
        ends = [*range(begin + HOP_SAMPLES, begin + len(hops) + 1, HOP_SAMPLES)]
        if self._first_stage is None:
            return self._look([*hops.reshape(-1, HOP_SAMPLES)], ends)
        self._warm(self._first_stage)
        passes = self._first_stage.passes(hops, [loudness for hop in judged for loudness in hop.measured])
        if not passes and not self._is_rising():  # openWakeWord is not interrupted half-way through a word
            self._held_ends.extend(ends)
            return self._skip(hops)
        return self._look_back(hops, ends)

    def _rest(self, hops: Samples) -> list[WakeWordDetected]:
        """The room is quiet: nothing is computed."""
        self._held_ends.clear()
        if self._first_stage is not None:
            self._first_stage.rest()
        self._unheard_hops += len(hops) // HOP_SAMPLES
        return self._skip(hops)

    def _warm(self, stage: FirstStage) -> None:
        """Let the small network hear what it missed while the room was quiet, as far as that matters."""
        if self._unheard_hops:
            missed = self._features.skipped(min(self._unheard_hops, WARMING_HOPS))
            stage.hear(np.concatenate(missed))
            self._unheard_hops = 0

    def _look_back(self, hops: Samples, ends: Sequence[int]) -> list[WakeWordDetected]:
        """Look at what the first stage held back last, too: it is at times later than openWakeWord."""
        held = self._features.take_back(len(self._held_ends))
        ends = [*self._held_ends, *ends]
        self._held_ends.clear()
        return self._look([*held, *hops.reshape(-1, HOP_SAMPLES)], ends)

    def _look(self, hops: Sequence[Samples], ends: Sequence[int]) -> list[WakeWordDetected]:
        """Look at `hops`, which end at `ends`; nothing has come since."""
        self._features.prepare(hops)
        ages = range(len(hops) - 1, -1, -1)
        return [event for hop, end, age in zip(hops, ends, ages, strict=True) for event in self._score(hop, end, age)]

    def _score(self, hop: Samples, end: int, age_hops: int) -> list[WakeWordDetected]:
        """Of `hop`, after which `age_hops` others have come."""
        scores = self._model.predict(hop)
        self._scores = {word.name: float(scores[word.key]) for word in self._words}
        return [event for word in self._words for event in self._follow(word, end, age_hops * HOP_SAMPLES)]

    def _skip(self, hops: Samples) -> list[WakeWordDetected]:
        self._features.skip(hops)
        for word in self._words:
            self._scores[word.name] = 0.0
            word.detector.settle()
        return []

    def _follow(self, word: _Listened, end: int, age_samples: int) -> list[WakeWordDetected]:
        deaf = self._refractory_left + age_samples > 0
        first_end = word.detector.hop(self._scores[word.name], end, deaf=deaf)
        if first_end is None:
            return []
        self._refractory_left = self._refractory - age_samples
        self._decided_at = end
        return [WakeWordDetected(word.name, max(0, first_end - word.lag_samples))]
