"""Whether a voice may interrupt, by what was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from daemon.hearing.return_loss import (
    FIXES,
    LEFT_IN,
    NEEDED_DB,
    NOT_MEASURED,
    OF_OTHERS,
    TOO_LOUD,
    MeasuredWith,
    ReturnLoss,
    refusal,
)
from daemon.hearing.settings import MicrophoneSettings

BY = MeasuredWith.of(MicrophoneSettings(device="plughw:CARD=Mic", gain_db=6), "plughw:CARD=Box")
ENOUGH = ReturnLoss(NEEDED_DB, datetime(2026, 11, 30, 12, tzinfo=UTC), BY)


def test_it_may_with_a_figure_of_these_cards_that_suffices() -> None:
    assert refusal(ENOUGH, BY) == ""


@pytest.mark.parametrize(
    "other",
    [
        {"microphone": "usb:1-1"},
        {"channel": 1},
        {"gain_db": 7.0},
        {"speaker": "default"},
        {"echo": "hardware"},
    ],
    ids=str,
)
def test_a_figure_of_other_cards_or_settings_says_nothing(other: dict[str, object]) -> None:
    assert refusal(ENOUGH, replace(BY, **other)) == OF_OTHERS  # type: ignore[arg-type]


def test_it_may_not_without_a_figure_with_a_small_one_or_with_the_echo_left_in() -> None:
    assert refusal(None, BY) == NOT_MEASURED
    assert refusal(replace(ENOUGH, loss_db=NEEDED_DB - 0.1), BY) == TOO_LOUD
    assert refusal(ENOUGH, BY, taken_out=False) == LEFT_IN
    assert set(FIXES) == {NOT_MEASURED, OF_OTHERS, TOO_LOUD, LEFT_IN}
    assert not any(";" in why for why in FIXES), "the status is parted by it"


def test_it_is_told_with_its_day() -> None:
    assert str(replace(ENOUGH, loss_db=19.6)) == "20 dB softer than it is played, measured on 2026-11-30"
    assert str(replace(ENOUGH, loss_db=-4.2)) == "4 dB louder than it is played, measured on 2026-11-30"
