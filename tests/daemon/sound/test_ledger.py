import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sound.ledger import Ledger

A, B = "a", "b"


@pytest.fixture
def ledger() -> Ledger[str]:
    return Ledger()


def test_what_the_card_still_holds_is_not_heard(ledger: Ledger[str]) -> None:
    ledger.rendered(A, 100)

    assert ledger.written(100, delay_frames=100) == []
    assert ledger.holds(A)


def test_what_has_left_the_card_is_heard_in_order(ledger: Ledger[str]) -> None:
    ledger.rendered(A, 60)
    ledger.rendered(None, 10)
    ledger.rendered(B, 30)

    assert ledger.written(100, delay_frames=50) == [(A, 50)]
    ledger.rendered(None, 100)
    assert ledger.written(100, delay_frames=110) == [(A, 10), (B, 20)]
    assert not ledger.holds(A)
    assert ledger.holds(B)


def test_a_part_of_what_was_rendered_may_be_written(ledger: Ledger[str]) -> None:
    ledger.rendered(A, 100)

    assert ledger.written(30, delay_frames=0) == [(A, 30)]
    assert ledger.holds(A)
    assert ledger.written(70, delay_frames=0) == [(A, 70)]
    assert not ledger.holds(A)


def test_what_was_dropped_is_never_heard(ledger: Ledger[str]) -> None:
    ledger.rendered(A, 100)
    ledger.written(60, delay_frames=50)

    ledger.dropped()

    assert not ledger.holds(A)
    ledger.rendered(B, 20)
    assert ledger.written(20, delay_frames=0) == [(B, 20)]


def test_a_delay_beyond_all_that_was_written_hears_nothing(ledger: Ledger[str]) -> None:
    ledger.rendered(A, 10)

    assert ledger.written(10, delay_frames=1_000) == []


def test_frames_nobody_entered_are_nobodys(ledger: Ledger[str]) -> None:
    assert ledger.written(50, delay_frames=0) == []


@given(st.lists(st.tuples(st.sampled_from([A, B, None]), st.integers(1, 50), st.integers(0, 200)), max_size=40))
def test_everything_is_heard_once_and_never_early(periods: list[tuple[str | None, int, int]]) -> None:
    ledger: Ledger[str] = Ledger()
    heard = {A: 0, B: 0}
    written = {A: 0, B: 0}
    left_the_card = position = 0
    for owner, frames, delay in periods:
        ledger.rendered(owner, frames)
        position += frames
        left_the_card = max(left_the_card, position - delay)
        if owner:
            written[owner] += frames
        for listener, count in ledger.written(frames, delay):
            heard[listener] += count
        assert heard[A] + heard[B] <= left_the_card
    for listener, count in ledger.written(0, 0):
        heard[listener] += count
    assert heard == written
    assert not ledger.holds(A)
    assert not ledger.holds(B)
