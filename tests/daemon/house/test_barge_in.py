"""Whether a voice interrupts replies: as the settings want it, and only where that was measured to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.hearing.return_loss import LEFT_IN, NOT_MEASURED, TOO_LOUD, MeasuredWith, ReturnLoss
from daemon.hearing.return_loss_file import keep
from daemon.house.barge_in import on_record_here, only_where_measured
from daemon.house.manners import rules_of
from daemon.house.settings import Settings
from daemon.sound.echo.echo_path import EchoPath
from hardware.base import PcmFormat
from tests.daemon.hearing.test_return_loss import ENOUGH

if TYPE_CHECKING:
    from pathlib import Path

WANTED = Settings.model_validate({"listening": {"barge_in": "voice"}})
MEASURED = replace(ENOUGH, by=MeasuredWith.of(WANTED.microphone, WANTED.speaker.device))
LOUD = replace(MEASURED, loss_db=0.0)
FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)
TAKEN, LEFT = EchoPath(FORMAT, lambda: 0.0, by_board=True), EchoPath(FORMAT, lambda: 0.0)


def test_it_does_where_the_figure_suffices() -> None:
    told: list[str] = []
    rules = only_where_measured(rules_of(WANTED), WANTED, MEASURED, TAKEN, told.append)
    assert rules.voice_interrupts
    assert told == []


@pytest.mark.parametrize(
    ("measured", "echo", "why"),
    [(None, TAKEN, NOT_MEASURED), (LOUD, TAKEN, TOO_LOUD), (MEASURED, LEFT, LEFT_IN), (MEASURED, None, LEFT_IN)],
)
def test_elsewhere_the_word_does_and_that_is_told_once(
    measured: ReturnLoss | None, echo: EchoPath | None, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    rules = only_where_measured(rules_of(WANTED), WANTED, measured, echo, told.append)
    assert rules == replace(rules_of(WANTED), voice_interrupts=False)
    assert told == [why]
    (record,) = caplog.records
    assert record.getMessage().startswith(why)


def test_who_wants_the_word_is_told_nothing(caplog: pytest.LogCaptureFixture) -> None:
    rules = rules_of(Settings())
    assert only_where_measured(rules, Settings(), None, None, pytest.fail) is rules
    assert caplog.records == []


def test_it_is_on_record_where_the_service_has_its_state(tmp_path: Path) -> None:
    assert on_record_here({"STATE_DIRECTORY": str(tmp_path)}) is None
    keep(MEASURED, tmp_path)
    assert on_record_here({"STATE_DIRECTORY": f"{tmp_path}:/elsewhere"}) == MEASURED
