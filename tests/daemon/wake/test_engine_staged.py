"""The engine behind a first stage: what it detects, where, and by which scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.wake.first_stage import (
    HOLD_HOPS,
    LOOKED_BACK_HOPS,
    NEAR,
    RESTING_HOPS,
    WARMING_HOPS,
    FirstStage,
    first_stage_of,
)
from daemon.wake.melspectrogram import HOP_SAMPLES
from tests.daemon.wake.signals import hops, room_noise, wake_engine

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.conversation.events import WakeWordDetected
    from daemon.sound.pcm import Samples

BEFORE_S = 6
"""Until then the engine has settled, and the first stage's opening is over."""


@dataclass
class Possible:
    """A small network that takes for possible only the hops of these numbers, counted from the first it hears."""

    numbers: range
    otherwise: float = -20
    heard: int = 0

    def hear(self, samples: Samples) -> float:
        before, self.heard = self.heard, self.heard + len(samples) // HOP_SAMPLES
        return 0.0 if any(number in self.numbers for number in range(before, self.heard)) else self.otherwise


@dataclass
class Run:
    """`scores` of "alexa" hop by hop, and for each event where its hop ended and where it was decided."""

    scores: list[float]
    events: list[tuple[WakeWordDetected, int, int]]


def run(samples: Samples, models: Path, stage: FirstStage | None = None) -> Run:
    """Without the quiet gate, which lets all of it pass anyway."""
    engine, found = wake_engine(["alexa"], models, gated=False, first_stage=stage), Run([], [])
    for number, hop in enumerate(hops(samples), 1):
        events = engine.process(hop, (number - 1) * HOP_SAMPLES)
        found.events += [(event, number * HOP_SAMPLES, engine.decided_at) for event in events]
        found.scores.append(engine.last_scores["alexa"])
    return found


def possible_from(hop: int, *, near: bool = False) -> FirstStage:
    """A stage whose network thinks for once that it may be the word, in hop number `hop`; that it is near, always."""
    return FirstStage([Possible(range(hop, hop + 1), NEAR if near else -20)])


@pytest.fixture(scope="module")
def said(sentences: dict[str, Samples]) -> Samples:
    """ "alexa" in a room with a television, 6 s after the start."""
    clip = np.concatenate((room_noise(BEFORE_S, 0), sentences["alexa"], room_noise(3, 0)))
    return (clip + room_noise(len(clip) / 16_000 + 0.01, 60)[: len(clip)]).astype(np.int16)


@pytest.fixture(scope="module")
def alone(said: Samples, models: Path) -> Run:
    return run(said, models)


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("begins_hops_later", [0, 1, 2])
@pytest.mark.parametrize("late_hops", [-3, -2, -1, 0, 1])
def test_the_wake_word_is_dated_and_decided_as_without_however_late_the_small_network_is(
    said: Samples, alone: Run, models: Path, late_hops: int, begins_hops_later: int, near: bool
) -> None:
    """It is told as early, unless the small network is surer later than that, and did not say that it is near."""
    shift = begins_hops_later * HOP_SAMPLES
    ((event, heard_at, decided_at),) = alone.events
    stage = possible_from((heard_at - shift) // HOP_SAMPLES - 1 + late_hops, near=near)
    staged = run(said[shift:], models, stage)
    ((other, other_heard_at, other_decided_at),) = staged.events
    assert (other.at + shift, other_decided_at + shift) == (event.at, decided_at)
    later_hops = (other_heard_at + shift - heard_at) // HOP_SAMPLES
    least = max(0, late_hops)
    assert later_hops in range(least, 1 + (least if near else max(0, late_hops + RESTING_HOPS - 1)))


@pytest.mark.parametrize("begins_hops_later", [0, 1])
def test_a_wake_word_that_takes_a_single_hop_is_not_waited_for(
    said: Samples, models: Path, begins_hops_later: int
) -> None:
    heard = [*hops(said)][begins_hops_later:]

    def told_at(stage: FirstStage | None) -> list[int]:
        engine = wake_engine(["alexa"], models, consecutive=1, gated=False, first_stage=stage)
        return [number for number, hop in enumerate(heard) if engine.process(hop, number * HOP_SAMPLES)]

    always = FirstStage([Possible(range(10_000))])
    assert told_at(always) == told_at(None) != []


def test_no_score_of_what_it_lets_through_differs(said: Samples, alone: Run, models: Path) -> None:
    staged = run(said, models, possible_from(alone.events[0][1] // HOP_SAMPLES))
    shown = {*filter(None, staged.scores)}
    assert len(shown) >= HOLD_HOPS
    assert shown <= {*alone.scores}


def test_it_looks_again_after_the_long_time_it_rested(said: Samples, alone: Run, models: Path) -> None:
    """As often as it passes; what lies between is never looked at."""
    stage = FirstStage([Possible(range(50, 10_000, 40))])
    staged = run(said, models, stage)
    assert {*filter(None, staged.scores)} < {*alone.scores}
    assert len([*filter(None, staged.scores)]) < len([*filter(None, alone.scores)]) * 0.8


def test_what_the_small_network_takes_for_impossible_is_not_detected(said: Samples, models: Path) -> None:
    assert run(said, models, FirstStage([Possible(range(0))])).events == []


def test_the_models_do_not_run_meanwhile(said: Samples, models: Path) -> None:
    stage = FirstStage([Possible(range(0))])
    engine = wake_engine(["alexa"], models, gated=False, first_stage=stage)
    for hop in hops(said):
        engine.process(hop, 0)
    assert engine.has_first_stage
    assert engine.open_ratio == 0


@pytest.mark.parametrize("quiet_s", [1, 6])
def test_when_the_quiet_gate_opens_the_small_network_hears_what_it_missed(models: Path, quiet_s: float) -> None:
    """As much of it as it remembers: 2 s."""
    network = Possible(range(0))
    engine = wake_engine(["alexa"], models, first_stage=FirstStage([network]))
    before, knock = room_noise(BEFORE_S + quiet_s), room_noise(3 * 0.08, 2_000)
    for hop in hops(before):
        engine.process(hop, 0)
    rested = network.heard
    engine.process(knock, 0)
    missed = len(before) // HOP_SAMPLES - rested
    assert network.heard - rested == min(missed, WARMING_HOPS) + 3


def test_a_word_into_a_quiet_room_is_heard_by_the_real_small_network(
    sentences: dict[str, Samples], models: Path
) -> None:
    pytest.importorskip("pymicro_wakeword")
    engine = wake_engine(["alexa"], models, first_stage=first_stage_of(["alexa"], 0.5))
    quiet = np.concatenate((*[room_noise(BEFORE_S), sentences["alexa"]] * 2, room_noise(1)))
    assert [event.model for hop in hops(quiet) for event in engine.process(hop, 0)] == ["alexa", "alexa"]


def test_the_same_word_looked_back_at_counts_once(said: Samples, alone: Run, models: Path) -> None:
    """Also if the stage closes right after it was decided, and opens again in the refractory time."""
    decided = alone.events[0][1] // HOP_SAMPLES - 1
    again = decided + HOLD_HOPS + LOOKED_BACK_HOPS
    stage = FirstStage([Possible(range(decided, again + 1, HOLD_HOPS + LOOKED_BACK_HOPS))])
    assert len(run(said, models, stage).events) == 1


def test_after_loud_noise_what_is_quieter_is_looked_at_at_once(models: Path) -> None:
    """Whatever the small network says: the gate, which may measure late, then measures each hop when it comes."""
    engine = wake_engine(["alexa"], models, first_stage=FirstStage([Possible(range(0))]))
    noise = (room_noise(8, 2_000) * np.where(np.arange(128_000) // 5_000 % 2, 1, 3)).astype(np.int16)
    for hop in hops(noise):
        engine.process(hop, 0)
    assert engine.last_scores["alexa"] == 0
    engine.process(room_noise(3 * 0.08, 300), 0)
    assert engine.last_scores["alexa"] > 0
