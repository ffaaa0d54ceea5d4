from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from daemon.sound.pcm import silence
from daemon.timeline.timeline import LONGEST, QUIETEST_DBFS, Span, Timeline, level_dbfs


@pytest.mark.parametrize(("amplitude", "expected"), [(32_768 / 2, -6.02), (327.68, -40), (1, -90.3)])
def test_levels_are_rms_relative_to_full_scale(amplitude: float, expected: float) -> None:
    assert level_dbfs(np.full(320, amplitude, np.int16)) == pytest.approx(expected, abs=0.02)


def test_silence_has_a_level_too() -> None:
    assert level_dbfs(silence(320)) == QUIETEST_DBFS
    assert level_dbfs(silence(0)) == QUIETEST_DBFS


def test_every_lane_collects_what_it_is_told() -> None:
    timeline = Timeline("A turn")
    timeline.heard(0, silence(320))
    timeline.scored(80, 0.7)
    timeline.spoke(3_000, np.full(480, -32_768, np.int16))
    timeline.entered(90, "listening")
    timeline.happened(90, "wake word")
    timeline.switched(2_000, "lamp", 1.0)

    assert list(timeline.microphone) == [(0, QUIETEST_DBFS)]
    assert list(timeline.wake_score) == [(80, 0.7)]
    assert [(at, round(level, 3)) for at, level in timeline.speaker] == [(3_000, 0.0)]
    assert list(timeline.states) == [(90, "listening")]
    assert list(timeline.marks) == [(90, "wake word")]
    assert {name: list(changes) for name, changes in timeline.devices.items()} == {"lamp": [(2_000, 1.0)]}
    assert timeline.end_ms == 3_000


def test_activity_windows_open_and_close() -> None:
    timeline = Timeline("Two turns")
    timeline.activity_ended(50)  # closes nothing
    timeline.activity_started(100)
    timeline.activity_ended(900)
    timeline.activity_ended(950)  # nor does this
    timeline.activity_started(2_000)

    assert list(timeline.activity) == [Span(100, 900), Span(2_000)]
    assert timeline.end_ms == 2_000


def test_only_changes_of_a_device_are_kept() -> None:
    timeline = Timeline("A lamp")
    for at, level in ((0, 0.0), (100, 0.0), (200, 1.0), (300, 1.0), (400, 0.0)):
        timeline.switched(at, "lamp", level)

    assert list(timeline.devices["lamp"]) == [(0, 0.0), (200, 1.0), (400, 0.0)]


def test_an_empty_time_line_lasts_a_second() -> None:
    assert Timeline("Nothing").end_ms == 1_000


def test_the_oldest_readings_go() -> None:
    timeline = Timeline("Long")
    for at in range(LONGEST + 5):
        timeline.scored(at, 0.0)

    assert len(timeline.wake_score) == LONGEST
    assert timeline.wake_score[0] == (5, 0.0)


def test_it_is_written_as_svg(tmp_path: Path) -> None:
    Timeline("A turn").write_svg(tmp_path / "turn.svg")

    root = ET.parse(tmp_path / "turn.svg").getroot()  # noqa: S314  our own file
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label") == "A turn"
