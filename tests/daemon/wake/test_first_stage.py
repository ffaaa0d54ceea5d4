"""With small networks that say what they are told to; the real ones are in test_small_model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from daemon.wake.first_stage import (
    FIRST_HOPS,
    HOLD_HOPS,
    NEAR,
    POSSIBLE,
    POSSIBLE_AT_FIRST,
    FirstStage,
    first_stage_of,
    why_none,
)
from daemon.wake.log_odds import UNRESOLVED
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import WAKE_WORDS
from daemon.wake.quiet_gate import loudness_of
from daemon.wake.small_model import SMALL_MODELS
from tests.daemon.wake.signals import room_noise

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples
    from daemon.wake.recall import Use

IMPOSSIBLE = NEAR - 1
HOP = room_noise(0.08, 200)


@dataclass
class Told:
    """Says these one after the other, and then that the word is impossible."""

    says: list[float] = field(default_factory=list)
    heard: int = 0

    def hear(self, samples: Samples) -> float:
        self.heard += len(samples) // HOP_SAMPLES
        return self.says.pop(0) if self.says else IMPOSSIBLE


def passes(stage: FirstStage, hops: Samples = HOP) -> bool:
    return stage.passes(hops, loudness_of(hops))


def test_what_is_possible_passes_and_a_sixth_of_a_second_after_it() -> None:
    stage = FirstStage([Told([IMPOSSIBLE, POSSIBLE])])
    assert [passes(stage) for _ in range(20)] == [False] + [True] * (1 + HOLD_HOPS) + [False] * (18 - HOLD_HOPS)


def test_hops_that_come_together_pass_together_and_the_time_counts_from_their_end() -> None:
    stage = FirstStage([Told([POSSIBLE])])
    together = room_noise(0.24, 200)
    assert [passes(stage, together), passes(stage, together), passes(stage, together)] == [True, True, False]


@pytest.mark.parametrize(("says", "is_near"), [(NEAR, True), (NEAR - 0.1, False), (UNRESOLVED, True), (POSSIBLE, True)])
def test_it_is_near_long_before_it_is_possible(says: float, is_near: bool) -> None:
    stage = FirstStage([Told([says])])
    passes(stage)
    assert stage.is_near is is_near
    passes(stage)
    assert not stage.is_near


def test_what_is_known_in_256ths_alone_is_not_possible() -> None:
    stage = FirstStage([Told([UNRESOLVED, UNRESOLVED])])
    assert not passes(stage)
    stage.rest()
    assert not passes(stage)


def test_when_the_room_is_quiet_it_closes() -> None:
    stage = FirstStage([Told([POSSIBLE])])
    passes(stage)
    assert stage.is_open
    stage.rest()
    assert not stage.is_open
    assert not stage.is_near
    assert not passes(stage)


@pytest.mark.parametrize(("hops_later", "passing"), [(0, True), (FIRST_HOPS - 1, True), (FIRST_HOPS, False)])
def test_for_two_seconds_after_the_quiet_less_is_enough(hops_later: int, passing: bool) -> None:
    stage = FirstStage([Told([*[IMPOSSIBLE] * hops_later, POSSIBLE_AT_FIRST])])
    stage.rest()
    assert [passes(stage) for _ in range(hops_later + 1)][-1] is passing


def test_one_of_several_words_is_enough_and_each_hears_everything() -> None:
    first, second = Told(), Told([POSSIBLE])
    assert passes(FirstStage([first, second]))
    assert first.heard == second.heard == 1


def test_what_is_quieter_than_a_loud_noise_before_it_passes() -> None:
    stage = FirstStage([Told()])
    for hop in room_noise(2, 2_000).reshape(-1, HOP_SAMPLES):
        assert not passes(stage, hop)
    assert stage.is_wary
    assert passes(stage)


def test_it_knows_how_much_it_lets_through() -> None:
    stage = FirstStage([Told([POSSIBLE])])
    assert stage.open_ratio == 1
    together = room_noise(0.16, 200)
    for _ in range(6):
        passes(stage, together)
    assert stage.open_ratio == pytest.approx((2 + HOLD_HOPS) / 12)


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
