"""Cards that keep time, by a clock that is moved: what goes through them, and when somebody has to wait."""

from __future__ import annotations

import pytest

from daemon.doctor.bench.paced_cards import PacedCapture, PacedPlayback
from hardware.base import PcmFormat

FORMAT = PcmFormat(rate_hz=1_000, period_frames=20)
PERIOD = bytes(range(40))


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_period_is_read_when_it_is_over(clock: Clock) -> None:
    other = bytes(40)
    card = PacedCapture(PERIOD + other, clock=clock)("any", FORMAT)
    heard = [(card.read(), round(clock.now_s - 100, 6)) for _ in range(3)]
    assert heard == [((20, PERIOD), 0.02), ((20, other), 0.04), ((20, PERIOD), 0.06)]
    clock.sleep(0.0501)
    assert card.avail() == 50
    assert card.read() == (20, other)
    assert clock.now_s == pytest.approx(100.1101)


def test_the_first_periods_are_taken_at_once_and_then_one_a_period(clock: Clock) -> None:
    card = PacedPlayback(4, clock=clock)("any", FORMAT)
    written = []
    for _ in range(6):
        assert card.write(PERIOD) == 20
        written.append(round(clock.now_s - 100, 6))
    assert written == [0, 0, 0, 0, 0.02, 0.04]
    assert card.avail() == 0


def test_who_writes_too_late_is_counted(clock: Clock) -> None:
    playback = PacedPlayback(4, clock=clock)
    card = playback("any", FORMAT)
    card.write(PERIOD)
    clock.sleep(0.03)
    card.write(PERIOD)
    assert playback.underruns == 1


def test_what_the_card_says_of_itself_is_what_was_asked_for() -> None:
    assert PacedPlayback()("any", FORMAT).info() == {
        "rate": 1_000,
        "channels": 1,
        "format_name": "S16_LE",
        "period_size": 20,
        "buffer_size": 160,
    }
