"""What Pipit says itself wakes nobody; what a person says over it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import WakeWordDetected
from daemon.hearing.listener import Listener, NoWakeWords
from daemon.hearing.own_words import LATER_SAMPLES, OwnWords
from daemon.sound.pcm import Samples, silence
from tests.daemon.wake.signals import hops, room_noise, wake_engine
from tests.daemon.wake.speech import SENTENCES, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WORD = WakeWordDetected("hey_jarvis", 30_000)
WANTED = 20_000


class Played:
    def __init__(self, sound: Samples | None = None, *, sounds: bool = True) -> None:
        self.sound = silence(0) if sound is None else sound
        self.sounds = sounds
        self.asked: list[tuple[float, int]] = []

    def sounds_at(self, captured: float) -> bool:
        assert captured == WORD.at or self.sound.any()
        return self.sounds

    def read(self, captured: float, count: int, early: int) -> tuple[Samples, int]:
        assert early == 0
        self.asked.append((captured, count))
        begin = int(captured)
        return np.concatenate((silence(max(0, -begin)), self.sound))[max(0, begin) :][:count], 0


class Engine(NoWakeWords):
    second_look_samples = WANTED

    def __init__(self, score: float) -> None:
        self.score = score

    def scores_of(self, samples: Samples) -> Mapping[str, float]:  # noqa: ARG002
        return {"hey_jarvis": self.score}

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]:  # noqa: ARG002
        return [WORD]


@pytest.mark.parametrize(("score", "own"), [(0.9, True), (0.16, True), (0.14, False), (0.0, False)])
def test_it_is_our_own_where_what_is_played_says_it_too(score: float, own: bool) -> None:
    words = OwnWords(played := Played(), Engine(score), threshold=0.5)
    assert words.is_own(WORD, 32_000) is own
    assert words.refused == own
    assert played.asked == [(32_000 + LATER_SAMPLES - WANTED, WANTED)]


def test_while_nothing_is_played_nothing_is_looked_at() -> None:
    words = OwnWords(played := Played(sounds=False), Engine(0.9), threshold=0.5)
    assert not words.is_own(WORD, 32_000)
    assert played.asked == []


@pytest.mark.parametrize(("score", "heard"), [(0.9, []), (0.0, [WORD])])
def test_the_listener_does_not_tell_of_our_own(score: float, heard: list[WakeWordDetected]) -> None:
    engine = Engine(score)
    listener = Listener(engine, None, None)  # type: ignore[arg-type]
    listener.beware(OwnWords(Played(), engine, 0.5).is_own)
    listener._judge = lambda *_: []  # type: ignore[method-assign]
    assert listener.hear(silence(320), 0) == heard


@pytest.fixture
def jarvis(tmp_path: Path) -> Samples:
    """After three seconds, and again silence."""
    said = spoken("hey_jarvis", SENTENCES["hey_jarvis"], tmp_path).samples
    return np.concatenate((room_noise(3), said // 2, room_noise(3)))


def test_the_models_hear_it_in_what_was_played_and_what_is_heard_goes_on(models: Path, jarvis: Samples) -> None:
    engine, undisturbed = (wake_engine(["hey_jarvis"], models) for _ in range(2))
    told, expected, others = [], [], []
    for number, hop in enumerate(hops(jarvis)):
        expected += undisturbed.process(hop, number * 1_280)
        for event in engine.process(hop, number * 1_280):
            told.append(OwnWords(Played(jarvis), engine, 0.5).is_own(event, engine.decided_at))
            others.append(OwnWords(Played(room_noise(9)), engine, 0.5).is_own(event, engine.decided_at))
        assert engine.last_scores == undisturbed.last_scores
    assert expected
    assert told == [True] * len(expected)
    assert others == [False] * len(expected)


def test_who_says_it_at_another_moment_is_heard(models: Path, jarvis: Samples) -> None:
    engine = wake_engine(["hey_jarvis"], models)
    later = np.concatenate((silence(24_000), jarvis))
    told = [
        OwnWords(Played(later), engine, 0.5).is_own(event, engine.decided_at)
        for number, hop in enumerate(hops(jarvis))
        for event in engine.process(hop, number * 1_280)
    ]
    assert told == [False]
