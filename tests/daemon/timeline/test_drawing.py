from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.timeline.drawing import CROWDED, LABEL, MOST_ROWS, draw, loudness, sounds, stack, tick_step_ms
from daemon.timeline.svg import text_width
from daemon.timeline.timeline import Timeline

SVG = "{http://www.w3.org/2000/svg}"


def turn() -> Timeline:
    timeline = Timeline("Turn on the lamp", subtitle="scripted")
    for at in range(0, 5_000, 20):
        timeline.microphone.append((at, -50.0 if at < 900 else -20.0))
    for at in range(0, 5_000, 80):
        timeline.scored(at, 0.9 if 900 <= at < 1_000 else 0.0)
    for at, state in ((0, "idle"), (1_000, "listening"), (1_100, "hearing"), (3_000, "thinking"), (4_000, "speaking")):
        timeline.entered(at, state)
    timeline.activity_started(1_000)
    timeline.activity_ended(3_000)
    timeline.happened(3_000, "utterance ended")
    timeline.happened(1_000, "wake word")
    timeline.happened(3_001, "activityEnd")
    timeline.switched(0, "kitchen lamp", 0.0)
    timeline.switched(3_500, "kitchen lamp", 1.0)
    timeline.switched(0, "desk light", 0.4)
    for at in range(4_000, 5_000, 20):
        timeline.speaker.append((at, -18.0))
    return timeline


def picture(timeline: Timeline) -> ET.Element:
    return ET.fromstring(draw(timeline))  # noqa: S314  our own document


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def bars(root: ET.Element, fill: str) -> list[tuple[float, float]]:
    """The rectangles of a colour, without tints, as x and width."""
    found = [element for element in root.iter(f"{SVG}rect") if element.get("fill") == fill and element.get("rx") == "3"]
    return [(float(element.get("x", "")), float(element.get("width", ""))) for element in found]


def test_all_that_was_collected_is_in_the_picture() -> None:
    written = texts(picture(turn()))

    for text in (
        "Turn on the lamp", "scripted", "State", "idle", "listening", "hearing", "thinking", "speaking", "Microphone",
        "Wake score", "threshold 0.5", "Audio sent", "2.00 s", "Speaker", "kitchen lamp", "on", "desk light", "40 %",
        "wake word", "utterance ended", "activityEnd", "0 s", "4 s",
    ):  # fmt: skip
        assert text in written


def test_times_become_places_on_one_scale() -> None:
    root = picture(turn())
    ((sent_from, sent_width),) = bars(root, "#d07f12")
    lamp_from, lamp_width = bars(root, "#f2c744")[0]

    assert lamp_from + lamp_width == pytest.approx(132 + 1_020, abs=0.1)  # it is on to the end
    assert sent_width / 2_000 == pytest.approx(lamp_width / 1_480, rel=0.001)
    assert (lamp_from - sent_from) / 2_500 == pytest.approx(sent_width / 2_000, rel=0.001)


def test_what_still_lasts_lasts_to_the_end() -> None:
    timeline = Timeline("Cut off")
    timeline.activity_started(500)
    timeline.entered(500, "hearing")
    timeline.scored(2_000, 0.0)

    ((sent_from, width),) = bars(picture(timeline), "#d07f12")
    assert sent_from + width == pytest.approx(132 + 1_020, abs=0.1)


def test_nothing_reaches_out_of_the_picture() -> None:
    timeline = turn()
    timeline.happened(4_990, "a label that begins at the very end and goes on for a while")
    root = picture(timeline)
    width, height = float(root.get("width", "")), float(root.get("height", ""))

    for element in root.iter(f"{SVG}text"):
        assert 0 < float(element.get("y", "")) < height
        if element.get("text-anchor") == "start":
            size = float(element.get("font-size", ""))
            assert float(element.get("x", "")) + text_width(element.text or "", size) <= width


def test_an_empty_time_line_can_be_drawn() -> None:
    assert "Nothing yet" in texts(picture(Timeline("Nothing yet")))


def test_a_state_too_short_for_its_name_has_it_below() -> None:
    timeline = Timeline("Short")
    for at, state in ((0, "idle"), (5_000, "listening"), (5_010, "hearing"), (9_000, "idle")):
        timeline.entered(at, state)
    timeline.scored(10_000, 0.0)
    by_name = {element.text: element for element in picture(timeline).iter(f"{SVG}text")}

    assert float(by_name["listening"].get("y", "")) > float(by_name["hearing"].get("y", ""))
    assert by_name["listening"].get("text-anchor") == "start"
    assert by_name["hearing"].get("text-anchor") == "middle"


def test_marks_may_be_told_in_any_order() -> None:
    timeline = Timeline("Late news")
    timeline.happened(500, "the second of the two")
    timeline.happened(400, "the first of the two")
    heights = {element.text: float(element.get("y", "")) for element in picture(timeline).iter(f"{SVG}text")}

    assert heights["the first of the two"] < heights["the second of the two"]


def test_a_state_entered_at_the_very_end_is_not_shown() -> None:
    timeline = Timeline("Over")
    timeline.entered(0, "speaking")
    timeline.entered(5_000, "idle")

    assert "idle" not in texts(picture(timeline))


# Labels


@given(st.lists(st.tuples(st.floats(0, 1_000), st.text("abc ", min_size=1, max_size=30)), max_size=25).map(sorted))
def test_no_label_overlaps_another_or_the_line_of_another(labels: list[tuple[float, str]]) -> None:
    rows = stack(labels)

    for (first, first_row), (second, second_row) in combinations(zip(labels, rows, strict=True), 2):
        if CROWDED in (first_row, second_row):
            continue
        if first[0] + text_width(first[1], LABEL) > second[0]:
            assert first_row > second_row


def test_labels_far_apart_stand_next_to_the_lane() -> None:
    assert stack([(0, "one"), (200, "two"), (400, "three")]) == [0, 0, 0]


def test_a_crowd_keeps_its_lines_and_loses_some_labels() -> None:
    assert stack([(10, "same")] * (MOST_ROWS + 1)) == [CROWDED, *reversed(range(MOST_ROWS))]

    timeline = Timeline("Crowd")
    for number in range(MOST_ROWS + 3):
        timeline.happened(500, f"mark {number}")
    root = picture(timeline)
    assert sum(text.startswith("mark") for text in texts(root)) == MOST_ROWS
    assert sum(line.get("stroke-dasharray") == "2 3" for line in root.iter(f"{SVG}line")) == MOST_ROWS + 3


# Parts


def test_sounds_are_cut_at_their_gaps() -> None:
    assert sounds([(0, -20), (200, -21), (401, -22)]) == [[(0, -20), (200, -21)], [(401, -22)]]
    assert sounds([]) == []


@pytest.mark.parametrize(("dbfs", "height"), [(0, 1), (-30, 0.5), (-60, 0), (-96, 0), (3, 1)])
def test_loudness(dbfs: float, height: float) -> None:
    assert loudness(dbfs) == height


@pytest.mark.parametrize(("seconds", "step_ms"), [(1, 100), (10, 1_000), (60, 5_000), (1_200, 300_000)])
def test_ticks_are_round_and_not_too_many(seconds: float, step_ms: int) -> None:
    assert tick_step_ms(seconds * 1_000, 1_020) == step_ms
