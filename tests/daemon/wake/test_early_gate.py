"""The gate decides once about each hop, whoever asks first, and an engine that is told beforehand scores the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.wake.early_gate import EarlyGate
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.quiet_gate import HOLD_HOPS, QuietGate
from tests.daemon.wake.signals import hops, room_noise, wake_engine

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from daemon.wake.engine import WakeEngine

QUIET = np.resize(np.array([3, -3], np.int16), HOP_SAMPLES)
LOUD = np.resize(np.array([3_000, -3_000], np.int16), HOP_SAMPLES)


def closed() -> EarlyGate:
    gate = EarlyGate(QuietGate())
    for hop in range(1, HOLD_HOPS + 1):
        gate.arrived(QUIET, hop * HOP_SAMPLES)
    return gate


def passes(gate: EarlyGate, hop: Samples, end: int) -> bool:
    """As the engine asks about a single hop."""
    (judged,) = gate.judge(hop, end - HOP_SAMPLES)
    return judged.passes


def test_the_engine_is_given_the_answers_of_the_hops_it_asks_about() -> None:
    gate = closed()
    answers = [gate.arrived(hop, end) for end, hop in enumerate((QUIET, LOUD, QUIET), 100_000)]
    assert answers == [False, True, True]
    assert [passes(gate, QUIET, end) for end in (100_000, 100_001, 100_002)] == answers


def test_hops_that_the_engine_skipped_do_not_shift_the_answers() -> None:
    gate = closed()
    for end, hop in enumerate((QUIET, QUIET, LOUD), 100_000):
        gate.arrived(hop, end)
    assert passes(gate, QUIET, 100_001) is False
    assert passes(gate, QUIET, 100_002) is True


def test_a_hop_that_nobody_was_asked_about_is_looked_at() -> None:
    gate = closed()
    assert passes(gate, QUIET, 7) is True


def test_where_nobody_asks_early_the_gate_is_asked_by_the_engine() -> None:
    gate, plain = EarlyGate(QuietGate()), QuietGate()
    heard = [QUIET] * HOLD_HOPS + [LOUD, QUIET]
    assert [passes(gate, hop, 0) for hop in heard] == [plain.passes(hop) for hop in heard]
    assert gate.open_ratio == plain.open_ratio


def scores(engine: WakeEngine, samples: Samples, *, early: bool) -> list[float]:
    """After each hop; the gate is asked about all of them before the engine gets the first, or by the engine."""
    assert engine.gate
    if early:
        for number, hop in enumerate(hops(samples), 1):
            engine.gate.arrived(hop, number * HOP_SAMPLES)
    found = []
    for number, hop in enumerate(hops(samples)):
        engine.process(hop, number * HOP_SAMPLES)
        found += engine.last_scores.values()
    return found


def test_scores_are_the_same_to_the_bit(models: Path) -> None:
    noise = room_noise(12)
    noise[80_000:90_000] = np.random.default_rng(3).normal(0, 2_000, 10_000)
    engines = [wake_engine(["hey_jarvis"], models) for _ in range(2)]
    told, asked = scores(engines[0], noise, early=True), scores(engines[1], noise, early=False)
    assert told == asked
    assert {score == 0 for score in told[30:]} == {True, False}, "the gate was closed for a while, and open"
