import numpy as np
import pytest

from daemon.sound.pcm import Samples
from daemon.wake.quiet_gate import HOLD_HOPS, WAITING_HOPS, QuietGate, loudness_of
from tests.daemon.wake.signals import hops, room_noise


def passes(gate: QuietGate, samples: Samples) -> list[bool]:
    return [gate.passes(hop) for hop in hops(samples)]


def closed_gate(rms: float = 40) -> QuietGate:
    gate = QuietGate()
    passes(gate, room_noise(5, rms))
    return gate


def tone(rms: float, seconds: float = 0.08) -> Samples:
    return (rms * np.sqrt(2) * np.sin(np.arange(int(seconds * 16_000)) / 7)).astype(np.int16)


def test_is_open_for_two_seconds_then_closes_in_a_steady_room() -> None:
    assert passes(QuietGate(), room_noise(8, 40)) == [True] * (HOLD_HOPS - 1) + [False] * (100 - HOLD_HOPS + 1)


def test_opens_at_once_for_something_louder_and_holds_two_seconds() -> None:
    gate = closed_gate()
    after = passes(gate, np.concatenate([tone(200), room_noise(4, 40, seed=3)]))
    assert after == [True] * HOLD_HOPS + [False] * (51 - HOLD_HOPS)


@pytest.mark.parametrize(("rms", "opens"), [(170, False), (186, True)])
def test_opens_from_5_db_over_the_floor(rms: float, opens: bool) -> None:
    gate = QuietGate()
    passes(gate, tone(100, seconds=5))
    assert passes(gate, tone(rms)) == [opens]


def test_stays_closed_for_what_is_too_quiet_to_be_speech() -> None:
    gate = closed_gate(rms=0)
    assert passes(gate, tone(11)) == [False]
    assert passes(gate, tone(20)) == [True]


def test_an_offset_of_the_sound_card_is_neither_loud_nor_in_the_way() -> None:
    gate = QuietGate()
    assert not passes(gate, room_noise(5, 40) + np.int16(3_000))[-1]
    assert passes(gate, tone(200) + np.int16(3_000)) == [True]


def test_a_room_that_becomes_louder_is_the_new_quiet() -> None:
    gate = closed_gate()
    assert not passes(gate, room_noise(8, 400))[-1]


def test_open_ratio_counts_hops() -> None:
    gate = QuietGate()
    assert gate.open_ratio == 1
    passes(gate, room_noise(8, 40))
    assert gate.open_ratio == pytest.approx((HOLD_HOPS - 1) / 100)


def test_it_is_told_when_the_models_begin_to_rest_and_to_listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    gate = QuietGate()
    passes(gate, tone(100, seconds=5))
    assert caplog.messages == ["the wake models rest: nothing was over -45 dBFS for 2 s"]
    caplog.clear()
    passes(gate, tone(100, seconds=5))
    assert caplog.messages == []
    passes(gate, tone(1_000, seconds=0.16))
    assert caplog.messages == ["the wake models listen: -30 dBFS, over -45"]


def test_hops_judged_together_are_judged_as_one_after_the_other() -> None:
    sound = np.concatenate([room_noise(8, 40), tone(200), room_noise(4, 40, seed=3)])
    together, alone = QuietGate(), QuietGate()
    assert [judged.passes for judged in together.judge(sound)] == passes(alone, sound)
    assert loudness_of(sound) == [loudness for hop in hops(sound) for loudness in loudness_of(hop)]


def test_loudness_is_that_of_20_ms_without_the_offset() -> None:
    (loudness,) = loudness_of(np.concatenate([tone(100, 0.06), tone(1_000, 0.02)]) + np.int16(500))
    assert loudness == pytest.approx((100, 1_000), rel=0.05)


def test_a_patient_gate_gives_the_same_answers_and_measures_seldom() -> None:
    parts = [room_noise(8, 40), tone(200), room_noise(1, 40, seed=3), tone(300), room_noise(4, 40, seed=4)]
    sound = np.concatenate([*parts, tone(250, 0.8), room_noise(3, 40, seed=5)])
    patient, plain = QuietGate(), QuietGate()
    patient.patient = True
    answers = [patient.judge(hop)[0] for hop in hops(sound)]
    assert [answer.passes for answer in answers] == passes(plain, sound)
    measured = [loudness for answer in answers for loudness in answer.measured]
    assert measured == loudness_of(sound)[: len(measured)]
    assert sum(bool(answer.measured) for answer in answers if answer.passes) < len(answers) / 4


def test_no_hop_waits_longer_than_it_may() -> None:
    gate = QuietGate()
    gate.patient = True
    answers = [gate.judge(tone(900))[0] for _ in range(WAITING_HOPS)]
    assert [len(answer.measured) for answer in answers] == [0] * (WAITING_HOPS - 1) + [WAITING_HOPS]


def test_hops_that_come_together_are_each_told_their_own() -> None:
    gate = QuietGate()
    gate.patient = True
    gate.judge(tone(900))
    gate.patient = False
    first, second = gate.judge(tone(900, 0.16))
    assert (len(first.measured), len(second.measured)) == (2, 1)
