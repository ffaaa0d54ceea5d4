"""A thread that sleeps while a card fills is back just after it is full, whatever the clocks differ by."""

import pytest

from hardware.sound.naps import MARGIN_S, Naps

SPAN_S = 0.08


class Card:
    """Full every 80 ms of its own clock, which is so much faster than ours; tells what it holds by whole steps."""

    def __init__(self, faster: float = 0.0, step_s: float = 1e-9) -> None:
        self.now_s = 100.0
        self.naps = Naps(lambda: self.now_s)
        self._begun_s = self.now_s
        self._rate = 1 + faster
        self._step_s = step_s
        self._taken_s = 0.0
        self.lateness_s: list[float] = []
        self.waits = 0

    def _held_s(self) -> float:
        held = (self.now_s - self._begun_s) * self._rate - self._taken_s
        return held - held % self._step_s

    def fill(self, jitter_s: float = 0.0) -> None:
        """Nap, read what is wanted, and note how late that was."""
        self.now_s += self.naps.left_s(SPAN_S) + jitter_s
        full_s = self._begun_s + (self._taken_s + SPAN_S) / self._rate
        more_s = self._held_s() - SPAN_S
        if more_s < 0:
            self.now_s = max(self.now_s, full_s)
            self.waits += 1
        self.lateness_s.append(self.now_s - full_s)
        self._taken_s += SPAN_S
        self.naps.waited() if more_s < 0 else self.naps.took(SPAN_S, more_s)


@pytest.mark.parametrize("step_s", [1e-9, 0.001, 0.02, 0.08])
@pytest.mark.parametrize("faster", [-1e-4, 0.0, 1e-4])
def test_it_is_never_late_by_more_than_the_margin_and_seldom_woken_twice(faster, step_s):
    card = Card(faster, step_s)
    for _ in range(2_000):
        card.fill()
    assert max(card.lateness_s) < 2 * MARGIN_S
    assert card.waits < 2_000 / 4


@pytest.mark.parametrize("step_s", [1e-9, 0.001])
def test_a_thread_that_was_held_up_is_on_time_again_at_once(step_s):
    card = Card(step_s=step_s)
    for _ in range(100):
        card.fill()
    card.fill(jitter_s=0.05)
    card.fill()
    assert card.lateness_s[-1] < 2 * MARGIN_S + step_s


def test_nothing_is_known_at_first_nor_after_another_way_of_reading():
    naps = Naps(lambda: 5.0)
    assert (naps.oriented, naps.left_s(SPAN_S)) == (False, 0.0)
    naps.waited()
    assert naps.oriented
    assert naps.left_s(SPAN_S) > 0
    naps.forget()
    assert (naps.oriented, naps.left_s(SPAN_S)) == (False, 0.0)
