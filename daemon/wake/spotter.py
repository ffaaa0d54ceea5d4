"""openWakeWord's networks over hops that another chose, and for each wake word the detector that follows its scores."""

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from daemon.conversation.events import WakeWordDetected
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms
from daemon.wake.detector import Detector
from daemon.wake.embedding import StreamingEmbedding
from daemon.wake.features import StreamingFeatures
from daemon.wake.inference import OpenSession, open_session
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import STREAMING_EMBEDDING, WakeWord, check_words, wake_word
from daemon.wake.package import Model, load_model
from daemon.wake.second_look import SecondLook

log = logging.getLogger(__name__)


class _Listened:
    """A wake word that is listened for, with the detector that follows its scores."""

    def __init__(self, word: WakeWord, path: Path, threshold: float, consecutive: int) -> None:
        self.name = word.name
        self.key = path.stem  # what openWakeWord calls it
        self.lag_samples = samples_of_ms(word.longest_lag_ms)
        self.consecutive = consecutive or word.consecutive
        self.detector = Detector(threshold, self.consecutive, word.name)


class Spotter:
    """Is given every hop, in order, to be looked at or not: to `settle`, `look`, `hold` or `rest`. For one thread."""

    def __init__(
        self,
        wake_words: Sequence[str],
        models_dir: Path,
        *,
        threshold: float,
        consecutive: int,
        refractory_s: float,
        looked_back_hops: int,
        open_model: OpenSession = open_session,
    ) -> None:
        """`wake_words` and `consecutive` are as `WakeEngine` has them; `looked_back_hops` are looked at of those held.

        Raises ModelFileError for a model that is unknown, missing, damaged or no wake word model.
        """
        paths = check_words(wake_words, models_dir)
        self._words = [_Listened(wake_word(name), path, threshold, consecutive) for name, path in paths.items()]
        self._embedding = embedding = StreamingEmbedding(models_dir / STREAMING_EMBEDDING, open_model)
        self._model: Model = load_model([*paths.values()])
        self._features = StreamingFeatures(embedding, max(self._model.model_inputs.values()), looked_back_hops)
        self._model.preprocessor = self._features
        self.fewest_hops: Final = min(word.consecutive for word in self._words)
        """No word is detected by less."""
        self.unsettled_hops = self._features.settling_hops
        """So many more are to be settled with: until then a score depends on noise that was never heard."""
        self.scores: Mapping[str, float] = {word.name: 0.0 for word in self._words}
        """Of the hop looked at last, by wake word; 0 while none is looked at, and until all is settled."""
        self.decided_at = 0
        """Where the hop ended that decided the last detection."""
        self._held_ends: deque[int] = deque(maxlen=looked_back_hops)  # drops the oldest
        self._refractory: Final = int(refractory_s * CAPTURE_RATE_HZ)
        self._refractory_left = 0

    @property
    def is_rising(self) -> bool:
        """Whether a word may be ending."""
        return any(word.detector.rising for word in self._words)

    @property
    def near_misses(self) -> int:
        """How often scores rose towards the threshold without a detection."""
        return sum(word.detector.near_misses for word in self._words)

    @cached_property
    def second_look(self) -> SecondLook:
        """For other sound than is being heard; made when it is asked for first."""
        return SecondLook(self._model, self._embedding)

    def by_word(self, scores: Mapping[str, float]) -> dict[str, float]:
        """By wake word what openWakeWord has by model."""
        return {word.name: float(scores[word.key]) for word in self._words}

    def missed(self, count: int) -> list[Samples]:
        """The newest `count` hops of those that were not looked at since the last one was, oldest first."""
        return self._features.skipped(count)

    def settle(self, hops: Samples) -> None:
        """Only hear them: whatever their scores are, they do not count."""
        each = _hops_of(hops)
        self._features.prepare(each)
        for hop in each:
            self._model.predict(hop)
        self._refractory_left -= len(hops)
        self.unsettled_hops -= len(each)
        if self.unsettled_hops == 0:
            log.debug("wake words count from here on: the models have heard enough")

    def rest(self, hops: Samples) -> None:
        """Nobody speaks in these."""
        self._held_ends.clear()
        self._skip(hops)

    def hold(self, hops: Samples, begin: int) -> None:
        """No wake word ends in these, the first of which has position `begin`, but one may be on its way."""
        self._held_ends.extend(_ends(hops, begin))
        self._skip(hops)

    def look(self, hops: Samples, begin: int) -> list[WakeWordDetected]:
        """What is detected in these, the first of which has position `begin`, and in those that were held before.

        A gate is at times later than openWakeWord. The events are dated as `WakeEngine.process` says.
        """
        self._refractory_left -= len(hops)
        ends = [*self._held_ends, *_ends(hops, begin)]
        looked_at = [*self._features.take_back(len(self._held_ends)), *_hops_of(hops)]
        self._held_ends.clear()
        self._features.prepare(looked_at)
        ages = range(len(looked_at) - 1, -1, -1)
        each = zip(looked_at, ends, ages, strict=True)
        return [event for hop, end, age in each for event in self._score(hop, end, age * HOP_SAMPLES)]

    def _skip(self, hops: Samples) -> None:
        self._refractory_left -= len(hops)
        self._features.skip(hops)
        self.scores = dict.fromkeys(self.scores, 0.0)
        for word in self._words:
            word.detector.settle()

    def _score(self, hop: Samples, end: int, age_samples: int) -> list[WakeWordDetected]:
        """Of `hop`, after which so many samples have come."""
        self.scores = self.by_word(self._model.predict(hop))
        return [event for word in self._words for event in self._follow(word, end, age_samples)]

    def _follow(self, word: _Listened, end: int, age_samples: int) -> list[WakeWordDetected]:
        deaf = self._refractory_left + age_samples > 0
        first_end = word.detector.hop(self.scores[word.name], end, deaf=deaf)
        if first_end is None:
            return []
        self._refractory_left = self._refractory - age_samples
        self.decided_at = end
        return [WakeWordDetected(word.name, max(0, first_end - word.lag_samples))]


def _hops_of(samples: Samples) -> list[Samples]:
    return [*samples.reshape(-1, HOP_SAMPLES)]


def _ends(hops: Samples, begin: int) -> range:
    return range(begin + HOP_SAMPLES, begin + len(hops) + 1, HOP_SAMPLES)
