"""The wake word's score, with the real models and spoken words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal
from tests.daemon.wake.signals import room_noise
from tests.daemon.wake.speech import spoken

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return spoken("hey_jarvis", "hey jarvis", tmp_path_factory.mktemp("speech")).samples


def examined(models: Path, said: np.ndarray, **wake: Any) -> tuple[Finding, ScriptedTerminal]:
    heard = np.concatenate((room_noise(3), said, room_noise(2))).astype("<i2").tobytes()
    room, terminal = Room(heard=lambda _: heard), ScriptedTerminal()
    check = next(check for check in hands_on(room.drivers) if check.name == "wake-score")
    site = Patient(settings=settings(wake={"models_dir": str(models), **wake}))
    return check.run(site, terminal), terminal


def test_a_wake_word_that_is_heard(models: Path, word: np.ndarray) -> None:
    finding, terminal = examined(models, word)
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["detections"] == 1
    assert finding.facts["best_score"] > 0.9
    assert any(line.startswith("heard at ") for line in terminal.said)
    assert any("#" in line for line in terminal.shown)
    assert 'say "hey jarvis"' in " ".join(terminal.said)


def test_three_of_them_are_enough(models: Path, word: np.ndarray) -> None:
    said = np.concatenate([piece for n in range(5) for piece in (word, room_noise(2.5, seed=n))])
    finding, terminal = examined(models, said)
    assert finding.facts["detections"] == 3
    assert len(terminal.shown) < 12 * 50, "it ended before its 15 s were over"


def test_something_else_is_said(models: Path, tmp_path: Path) -> None:
    other = spoken("neither", "the weather will be fine tomorrow", tmp_path).samples
    finding, _ = examined(models, other)
    assert finding.verdict is Verdict.BAD
    assert "nothing like the wake word" in finding.sentence


def test_a_score_below_the_threshold_earns_advice(models: Path, word: np.ndarray) -> None:
    half = (word * 0.5).astype(np.int16)
    blurred = (half + np.random.default_rng(2).normal(0, 300, len(half))).astype(np.int16)
    finding, _ = examined(models, blurred, threshold=0.99)
    assert finding.verdict is Verdict.WARNING
    assert "of 0.99" in finding.sentence
    assert "set threshold = " in finding.fix


def test_a_score_that_is_high_for_too_short_a_time(models: Path, word: np.ndarray) -> None:
    finding, _ = examined(models, word, consecutive=10, threshold=0.9)
    assert finding.verdict is Verdict.WARNING
    assert "consecutive = 1" in finding.fix


def test_models_that_are_not_there(tmp_path: Path) -> None:
    finding, _ = examined(tmp_path, room_noise(1))
    assert finding.verdict is Verdict.BAD
    assert finding.fix
