"""A network that remembers answers as one that does not, whatever it was asked before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.brain.recognition.grammar import Grammar, Template
from daemon.wake.embedding import StreamingEmbedding
from daemon.wake.inference import open_session
from daemon.wake.models import STREAMING_EMBEDDING
from tests import networks
from tests.networks import Remembering, RememberingRecogniser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.sound.pcm import Samples


class Counted:
    """A network that counts how often it is asked."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.asked = 0

    def get_inputs(self) -> Any:
        return self._session.get_inputs()

    def run(self, names: list[str] | None, inputs: Mapping[str, Any]) -> Any:
        self.asked += 1
        return self._session.run(names, inputs)


@pytest.fixture
def counted(models: Path) -> Counted:
    return Counted(open_session(models / STREAMING_EMBEDDING))


def heard(session: Any, seed: int, hops: tuple[int, ...]) -> list[np.ndarray]:
    """What the network makes of noise that begins alike, in so many hops at a time."""
    network = StreamingEmbedding(Path(), lambda _: session)  # type: ignore[arg-type]
    noise = np.random.default_rng(1).normal(size=(80, 32)).astype(np.float32)
    noise[40:] *= seed
    starts = np.cumsum((0, *hops))
    return [network.step(noise[8 * start : 8 * (start + size)]) for start, size in zip(starts, hops, strict=False)]


def test_it_is_asked_once_and_says_the_same_of_each_stream(counted: Counted, models: Path) -> None:
    alone, session = open_session(models / STREAMING_EMBEDDING), Remembering(counted)
    for seed, hops, new in ((1, (2, 1, 1, 1), 4), (1, (2, 1, 1, 1), 0), (2, (2, 1, 1, 1), 0), (2, (2, 1, 3), 1)):
        before = counted.asked
        for one, other in zip(heard(session, seed, hops), heard(alone, seed, hops), strict=True):
            np.testing.assert_array_equal(one, other)
        assert counted.asked - before == new


def test_two_streams_part_where_they_differ(counted: Counted) -> None:
    session = Remembering(counted)
    first, second = (heard(session, seed, (5, 1, 1)) for seed in (1, 2))
    assert [np.array_equal(one, other) for one, other in zip(first, second, strict=True)] == [True, False, False]
    assert counted.asked == 5


def test_what_a_stream_has_heard_before_is_a_part_of_the_question(counted: Counted) -> None:
    session, rows = Remembering(counted), np.random.default_rng(1).normal(size=(8, 32)).astype(np.float32)
    after = []
    for loudness in (1, 2):
        network = StreamingEmbedding(Path(), lambda _: session)  # type: ignore[arg-type]
        network.step(rows * np.float32(loudness))
        after.append(network.step(rows))
    assert not np.array_equal(*after)


@dataclass
class CountedRecogniser:
    asked: int = 0

    def hear(self, samples: Samples, grammar: Grammar) -> tuple[int, Samples, Grammar]:
        self.asked += 1
        return self.asked, samples, grammar


def test_a_recogniser_is_asked_once_about_the_same_sound_and_grammar() -> None:
    recogniser = CountedRecogniser()
    remembering = RememberingRecogniser(recogniser)  # type: ignore[arg-type]
    lamp, fan = (Grammar([Template("switch", text)], {}) for text in ("the {device}", "the {other}"))
    named = Grammar(lamp.templates, {"device": {"lamp": "lamp"}})
    quiet, loud = (np.full(9, level, np.int16) for level in (1, 2))
    asked = [(quiet, lamp), (loud, lamp), (quiet, fan), (quiet, named)]
    first = [remembering.hear(*question) for question in asked]
    assert recogniser.asked == len(asked)
    assert [remembering.hear(samples.copy(), grammar) for samples, grammar in asked] == first
    assert recogniser.asked == len(asked)


def test_the_oldest_are_forgotten_and_no_answer_can_be_changed(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "KEPT", 2)
    session = Remembering(counted)
    for _ in range(2):
        answers = heard(session, 1, (1, 1, 1))
    assert counted.asked == 6
    with pytest.raises(ValueError, match="read-only"):
        answers[0][0] = 1
