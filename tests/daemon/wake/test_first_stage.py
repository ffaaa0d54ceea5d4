"""With small networks that say what they are told to; the real ones are in test_small_model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from daemon.wake.first_stage import HOLD_HOPS, OPENING_HOPS, POSSIBLE, FirstStage, first_stage_of, why_none
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import WAKE_WORDS
from daemon.wake.small_model import SMALL_MODELS
from tests.daemon.wake.signals import room_noise

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples
    from daemon.wake.recall import Use

HOP = room_noise(0.08, 200)


@dataclass
class Told:
    """Says these one after the other, and then that the word is impossible."""

    says: list[float] = field(default_factory=list)
    heard: int = 0

    def hear(self, samples: Samples) -> float:
        assert len(samples) == HOP_SAMPLES
        self.heard += 1
        return self.says.pop(0) if self.says else 0.0


def begun(*models: Told) -> FirstStage:
    """A stage whose opening is over."""
    stage = FirstStage(models)
    passes(stage, OPENING_HOPS)
    return stage


def passes(stage: FirstStage, count: int) -> list[bool]:
    return [stage.passes(HOP) for _ in range(count)]


def test_when_the_quiet_gate_opens_everything_passes_for_two_seconds() -> None:
    stage = FirstStage([Told()])
    opening = [True] * (OPENING_HOPS - 1)
    assert passes(stage, 40) == opening + [False] * (40 - len(opening))
    stage.rest()
    assert passes(stage, 40) == opening + [False] * (40 - len(opening))


def test_what_is_possible_passes_and_a_second_after_it() -> None:
    small = Told()
    stage = begun(small)
    small.says = [POSSIBLE]
    assert passes(stage, 20) == [True] * HOLD_HOPS + [False] * (20 - HOLD_HOPS)


def test_what_is_possible_does_not_cut_the_opening_short() -> None:
    assert passes(FirstStage([Told([0.9])]), OPENING_HOPS - 1) == [True] * (OPENING_HOPS - 1)


def test_one_of_several_words_is_enough_and_each_hears_everything() -> None:
    first, second = Told(), Told()
    stage = begun(first, second)
    second.says = [0.5]
    assert passes(stage, 1) == [True]
    assert first.heard == second.heard == OPENING_HOPS + 1


def test_what_is_quieter_than_a_loud_noise_before_it_passes() -> None:
    stage = begun(Told())
    for hop in room_noise(2, 2_000).reshape(-1, HOP_SAMPLES):
        assert not stage.passes(hop)
    assert stage.passes(HOP)


def test_it_knows_how_much_it_lets_through() -> None:
    stage = FirstStage([Told()])
    assert stage.open_ratio == 1
    passes(stage, 2 * OPENING_HOPS)
    assert stage.open_ratio == pytest.approx((OPENING_HOPS - 1) / (2 * OPENING_HOPS))


@pytest.mark.parametrize(
    ("words", "threshold", "use", "why"),
    [
        (["alexa"], 0.5, "auto", ""),
        (["alexa"], 0.5, "off", "turned off"),
        (["alexa", "hey_jarvis", "hey_mycroft"], 0.3, "on", ""),
        (["alexa", "hey_jarvis", "hey_mycroft"], 0.3, "auto", "whether it loses any hey_jarvis, hey_mycroft"),
        (["hey_rhasspy"], 0.5, "on", "hey_rhasspy"),
        (["alexa", "/etc/pipit/fred.onnx"], 0.5, "auto", "no small network for /etc/pipit/fred.onnx"),
        (["alexa"], 0.29, "on", "threshold"),
    ],
)
def test_there_is_none_unless_every_word_may_have_one(words: list[str], threshold: float, use: Use, why: str) -> None:
    said = why_none(words, threshold, use)
    assert why in said
    assert bool(said) is bool(why)


def test_every_small_network_is_of_a_word_there_is() -> None:
    assert set(WAKE_WORDS) >= SMALL_MODELS


def test_a_word_without_one_goes_on_without_and_the_journal_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.wake.first_stage")
    assert first_stage_of(["hey_rhasspy"], 0.5) is None
    assert caplog.messages == ["the wake word has no first stage: there is no small network for hey_rhasspy"]
