"""The wake word models on other sound than is being heard: what is heard goes on as if that had not been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.wake.features import StreamingFeatures
from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples
    from daemon.wake.embedding import StreamingEmbedding
    from daemon.wake.package import Model

LOOKED_HOPS: Final = 8
"""So many moments at the end of the sound get a score, 0.64 s; the word may have ended in any."""


class SecondLook:
    """For one thread, that of the engine. Costs as much as hearing all of the sound."""

    def __init__(self, model: Model, embedding: StreamingEmbedding) -> None:
        self._model = model
        self._features = StreamingFeatures(embedding.another(), max(model.model_inputs.values()), primed=False)
        self.wanted_samples: Final = (self._features.settling_hops - 1 + LOOKED_HOPS) * HOP_SAMPLES
        """So much sound is looked at, the last of what is given; what lacks was silence."""

    def best_scores(self, samples: Samples) -> dict[str, float]:
        """The best score of each model in `LOOKED_HOPS` hops at the end of `samples`, which are whole hops."""
        usual, self._model.preprocessor = self._model.preprocessor, self._features
        try:
            return self._look(samples[-self.wanted_samples :])
        finally:
            self._model.preprocessor = usual

    def _look(self, samples: Samples) -> dict[str, float]:
        hops = [samples[at : at + HOP_SAMPLES] for at in range(0, len(samples), HOP_SAMPLES)]
        for hop in hops[:-LOOKED_HOPS]:
            self._features.skip(hop)
        scores = [self._model.predict(hop) for hop in hops[-LOOKED_HOPS:]]
        return {key: max(float(score[key]) for score in scores) for key in scores[0]}
