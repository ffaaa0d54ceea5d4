"""The streaming embedding network: each 80 ms of mel spectrogram in, 96 features out, the past kept between calls."""

from copy import copy
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from daemon.errors import ModelFileError
from daemon.wake.inference import OpenSession, open_session
from daemon.wake.melspectrogram import MEL_BANDS

EMBEDDING_SIZE: Final = 96

RECEPTIVE_HOPS: Final = 10
"""The network sees 76 rows of 10 ms: after so many hops its output depends on nothing older."""


class StreamingEmbedding:
    """Google's speech_embedding, in the form `daemon.wake.streaming` derives."""

    def __init__(self, path: Path, open_model: OpenSession = open_session) -> None:
        """Raises ModelFileError if the file is missing or contains something else."""
        self._session = open_model(path)
        mel, *states = self._session.get_inputs()
        if len(mel.shape) != 4 or not isinstance(mel.shape[1], str):  # it has a name for how many rows it is given
            raise ModelFileError(f"{path} is not the streaming embedding network", fix="run install.sh again")
        self._mel = mel.name
        self._states = {state.name: np.zeros(state.shape, np.float32) for state in states}

    def another(self) -> Self:
        """The same network for another stream; it forgets within `RECEPTIVE_HOPS` what this one has heard."""
        return copy(self)

    def step(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The embeddings that end with each hop of `rows`, shape (8 hops, 32); shape (hops, 96).

        Many at once take half the time of one after the other, and are the same to the bit.
        """
        hops = rows.reshape(1, -1, MEL_BANDS, 1)
        embeddings, *states = self._session.run(None, {self._mel: hops, **self._states})
        self._states = dict(zip(self._states, states, strict=True))
        result: NDArray[np.float32] = embeddings.reshape(-1, EMBEDDING_SIZE)
        return result
