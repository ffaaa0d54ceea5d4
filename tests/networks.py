"""Networks that are opened once, and asked once: they keep nothing, so the same input has the same output.

For tests of what stands around the networks. Whoever tests a network itself opens it with `open_session`.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.wake.inference import open_session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daemon.brain.recognition.grammar import Grammar
    from daemon.brain.recognition.recogniser import Hearing, Recogniser, Transcript
    from daemon.sound.pcm import Samples
    from daemon.wake.inference import InferenceSession

KEPT: Final = 2_000
"""Answers of each network; one of the embedding has 38 kB."""


class Remembering:
    """A session that looks up what it was asked before, to the bit; what it answers cannot be written to."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self._answers: dict[bytes, list[Any]] = {}  # bounded by KEPT, drops the oldest

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, names: list[str] | None, inputs: Mapping[str, Any]) -> list[Any]:
        key = _key(names, inputs)
        if key not in self._answers:
            if len(self._answers) == KEPT:
                del self._answers[next(iter(self._answers))]
            self._answers[key] = self._session.run(names, inputs)
            for answer in self._answers[key]:
                answer.flags.writeable = False
        return [*self._answers[key]]


def _key(names: list[str] | None, inputs: Mapping[str, Any]) -> bytes:
    key = blake2b(repr(names).encode(), digest_size=16)
    for name, value in inputs.items():
        array = np.ascontiguousarray(value)
        key.update(f"{name} {array.dtype.char} {np.shape(value)} ".encode())
        key.update(array.tobytes())
    return key.digest()


class RememberingRecogniser:
    """A recogniser that looks up what it heard before, to the sample. Only what a brain asks of one."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._heard: dict[tuple[bytes, bytes], Hearing] = {}  # as many as the tests have sentences

    def hear(self, samples: Samples, grammar: Grammar) -> Hearing:
        key = samples.tobytes(), blake2b(repr(grammar).encode(), digest_size=16).digest()
        if key not in self._heard:
            self._heard[key] = self._recogniser.hear(samples, grammar)
        return self._heard[key]

    def transcribe(self, samples: Samples) -> Transcript:
        return self._recogniser.transcribe(samples)


@cache
def remembering(path: Path) -> Any:
    """An `OpenSession`: the same session each time."""
    return Remembering(open_session(path))
