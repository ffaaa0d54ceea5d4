"""The echo return loss that the doctor keeps for the service, measured in a room in virtual time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daemon.hearing.return_loss import FIXES, OF_OTHERS, TOO_LOUD, MeasuredWith, refusal
from daemon.hearing.return_loss_file import keep, on_record
from daemon.machine.finding import Verdict
from tests.daemon.doctor.hands_on.test_speaker import examined
from tests.daemon.doctor.room import Room, settings
from tests.daemon.hearing.test_return_loss import ENOUGH

if TYPE_CHECKING:
    from pathlib import Path

VOICE: dict[str, Any] = {"listening": {"barge_in": "voice"}}


def by(**tables: Any) -> MeasuredWith:
    those = settings(**tables)
    return MeasuredWith.of(those.microphone, those.speaker.device)


def test_what_was_measured_lets_a_voice_interrupt_with_these_settings_and_no_others(tmp_path: Path) -> None:
    room = Room(state=tmp_path)
    finding = examined(room, **VOICE)
    assert finding.verdict is Verdict.GOOD
    assert finding.sentence.endswith('20 dB softer than it is played: enough for barge_in = "voice"')
    assert finding.fix == ""
    record = on_record(tmp_path)
    assert record
    assert (record.loss_db, record.at) == (pytest.approx(20, abs=1), room.now)
    assert refusal(record, by()) == ""
    assert refusal(record, by(microphone={"gain_db": 3})) == OF_OTHERS


def test_a_speaker_that_comes_back_loud_is_advised_of_where_a_voice_is_to_interrupt(tmp_path: Path) -> None:
    loud: dict[str, Any] = {"microphone": {"gain_db": 24}}
    finding = examined(Room(state=tmp_path), **loud, **VOICE)
    assert (finding.verdict, finding.fix) == (Verdict.WARNING, FIXES[TOO_LOUD])
    assert finding.sentence.endswith(
        '4 dB louder than it is played: too loud for barge_in = "voice", which wants 6 dB softer'
    )
    assert refusal(on_record(tmp_path), by(**loud)) == TOO_LOUD
    assert examined(Room(state=tmp_path), **loud).verdict is Verdict.GOOD, "nobody wants it"


@pytest.mark.parametrize(
    "room",
    [Room(gain=0), Room(gain=8), Room(drive=6), Room(delay_ms=700)],
    ids=["unheard", "clips", "distorts", "late"],
)
def test_where_it_says_nothing_what_was_measured_before_counts_no_more(tmp_path: Path, room: Room) -> None:
    keep(replace(ENOUGH, by=by()), tmp_path)
    finding = examined(replace(room, state=tmp_path))
    assert finding.verdict is not Verdict.GOOD
    assert "not kept" not in finding.fix
    assert on_record(tmp_path) is None


def test_where_it_cannot_be_kept_that_is_said(tmp_path: Path) -> None:
    finding = examined(Room(state=tmp_path / "none"))
    assert finding.verdict is Verdict.GOOD
    assert finding.fix == f"that is not kept, for there is no {tmp_path}/none: install the service first"
    (tmp_path / "file").touch()
    assert examined(Room(state=tmp_path / "file")).fix == "that is not kept (Not a directory): run it with sudo"
