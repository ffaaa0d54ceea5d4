"""Networks that are opened once, and asked once: they keep nothing, so the same input has the same output.

For tests of what stands around the networks. Whoever tests a network itself opens it with `open_session`.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
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
        self._answers: dict[tuple[object, ...], list[Any]] = {}  # bounded by KEPT, drops the oldest
        self._digests: dict[int, bytes] = {}  # of the answers that are kept: most are asked about next

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, names: list[str] | None, inputs: Mapping[str, Any]) -> list[Any]:
        question = (*(names or ()), *((name, self._digest(value)) for name, value in inputs.items()))
        if question not in self._answers:
            self._keep(question, self._session.run(names, inputs))
        return [*self._answers[question]]

    def _digest(self, value: Any) -> bytes:
        return self._digests.get(id(value)) or _digest(value)

    def _keep(self, question: tuple[object, ...], answers: list[Any]) -> None:
        if len(self._answers) == KEPT:
            for forgotten in self._answers.pop(next(iter(self._answers))):
                del self._digests[id(forgotten)]
        self._answers[question] = answers
        for answer in answers:
            answer.flags.writeable = False
            self._digests[id(answer)] = _digest(answer)


def _digest(value: Any) -> bytes:
    array = np.ascontiguousarray(value)
    return sha256(f"{array.dtype.char} {np.shape(value)} ".encode() + array.tobytes()).digest()


class RememberingRecogniser:
    """A recogniser that looks up what it heard before, to the sample. Only what a brain asks of one."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._heard: dict[tuple[bytes, bytes], Hearing] = {}  # as many as the tests have sentences

    def hear(self, samples: Samples, grammar: Grammar) -> Hearing:
        key = samples.tobytes(), sha256(repr(grammar).encode()).digest()
        if key not in self._heard:
            self._heard[key] = self._recogniser.hear(samples, grammar)
        return self._heard[key]

    def transcribe(self, samples: Samples) -> Transcript:
        return self._recogniser.transcribe(samples)


@cache
def remembering(path: Path) -> Any:
    """An `OpenSession`: the same session each time."""
    return Remembering(open_session(path))
