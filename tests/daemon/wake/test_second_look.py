"""Scores of other sound are those that the engine would make of it, and cost it nothing of what it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.sound.pcm import silence
from daemon.wake.second_look import LOOKED_HOPS
from tests.daemon.wake.signals import hops, room_noise, wake_engine
from tests.daemon.wake.speech import SENTENCES, spoken

if TYPE_CHECKING:
    from pathlib import Path


def test_scores_are_those_of_an_engine_that_heard_it(models: Path, tmp_path: Path) -> None:
    said = spoken("hey_jarvis", SENTENCES["hey_jarvis"], tmp_path).samples
    sound = np.concatenate((room_noise(4), said, room_noise(1)))
    sound = sound[: len(sound) // 1_280 * 1_280]
    looking, heard, compared = wake_engine(["hey_jarvis"], models), [], 0
    wanted = looking.second_look_samples
    engine = wake_engine(["hey_jarvis"], models, gated=False)
    for number, hop in enumerate(hops(sound)):
        engine.process(hop, number * 1_280)
        heard.append(engine.last_scores["hey_jarvis"])
        end = (number + 1) * 1_280
        if end >= wanted + 26 * 1_280 and number % 4 == 0:
            best = looking.scores_of(sound[end - wanted : end])["hey_jarvis"]
            assert best == pytest.approx(max(heard[-LOOKED_HOPS:]), abs=1e-4)
            compared += best > 0.5
    assert compared


def test_of_silence_there_is_no_score(models: Path) -> None:
    engine = wake_engine(["alexa", "hey_jarvis"], models)
    scores = engine.scores_of(silence(engine.second_look_samples))
    assert set(scores) == {"alexa", "hey_jarvis"}
    assert max(scores.values()) < 0.2
