"""The meter in words."""

from dataclasses import replace

import pytest

from daemon.meter.hearing_meter import Summary
from daemon.meter.meter_lines import echo_line, level_bar, meter_line, share_bar, summary_lines
from tests.daemon.hearing.test_return_loss import BY, ENOUGH
from tests.daemon.meter.moments import moment


def test_a_line_has_it_all_in_as_many_columns_as_any_terminal() -> None:
    line = meter_line(moment(rms_dbfs=-38, score=0.5, voice=0.92, gate_open=True), 12, 3.4)
    assert line == " -38 ####|###........ room -62 open wake ####....0.50 voice 0.92 clip 12 zero 3s"
    assert len(meter_line(moment(), 0, 0)) <= 79


@pytest.mark.parametrize(
    ("rms", "noise", "bar"),
    [(-80, -96, "|..............."), (-40, -80, "|#######........"), (0, -40, "########|#######")],
)
def test_the_bar_goes_up_to_the_level_and_marks_the_room(rms: float, noise: float, bar: str) -> None:
    assert level_bar(rms, noise) == bar


def test_a_share() -> None:
    assert [share_bar(share) for share in (0, 0.5, 1)] == ["........", "####....", "########"]


def test_what_was_heard_in_all() -> None:
    moments = [moment(), moment(at_s=0.16, score=0.9, fired=("alexa",), clipped=3, zero=True, peak_dbfs=-1.0)]
    lines = summary_lines(Summary.of(moments))
    assert "woke to      alexa at 0.2 s" in lines
    assert "best score   0.90 at 0.2 s" in lines
    assert "clipped      3 samples" in lines
    assert "zeros        0.1 s" in lines
    assert "loudest      -1 dBFS" in lines
    assert "woke to      no wake word" in summary_lines(Summary.of(moments[:1]))


def test_what_is_on_record_of_the_echo() -> None:
    assert echo_line(ENOUGH, BY) == "echo         6 dB softer than it is played, measured on 2026-11-30"
    assert echo_line(ENOUGH, replace(BY, speaker="other")).endswith("on 2026-11-30, with other cards or settings")
    assert "`pipit listen --echo`" in echo_line(None, BY)
