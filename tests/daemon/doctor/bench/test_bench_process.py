"""What the process of the bench measures of itself, for real; nothing here says how large the figures may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.bench.bench import Bench, bench
from tests.daemon.doctor.bench.measuring import site, value

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def measured(models: Path) -> Bench:
    return bench(site(models), seconds=1)


def test_a_quiet_room_costs_a_fraction_of_speech(measured: Bench) -> None:
    speech, quiet = value(measured, "wake word, speech"), value(measured, "wake word, quiet room")
    assert 0 < quiet < speech / 5
    assert value(measured, "… when somebody begins to speak") > speech, "two seconds are made up for"


def test_at_rest_each_thread_wakes_up_by_itself(measured: Bench) -> None:
    (wakes,) = [figure for figure in measured.figures if figure.name == "… wake-ups"]
    assert {"microphone", "speaker"} <= {word.split()[0] for word in wakes.note.split(", ")}
    assert wakes.value > 0
    assert value(measured, "at rest, quiet room") > 0


def test_a_session_takes_more_memory_than_none(measured: Bench) -> None:
    assert 20 < value(measured, "resident, listening") < value(measured, "resident, ready to talk")
    assert value(measured, "start until it hears") > 0
