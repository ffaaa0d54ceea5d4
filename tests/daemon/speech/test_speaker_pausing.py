"""Which speakers may stop their streams: those of whose board it is known, or of which their household says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.speech.settings import SpeakerSettings
from daemon.speech.speaker_pausing import may_pause
from hardware.boards.board import Board
from hardware.boards.reading import known_boards

if TYPE_CHECKING:
    from pathlib import Path

STILL = Board(word="still", title="", source="", cards=("Still",), pauses=True)
CLICKS = Board(word="clicks", title="", source="", cards=("Clicks",))


@pytest.mark.parametrize(
    ("device", "pauses", "expected"),
    [
        ("plughw:CARD=Still", "board", True),
        ("plughw:CARD=Still", "never", False),
        ("plughw:CARD=Clicks", "board", False),
        ("plughw:CARD=Clicks", "always", True),
        ("plughw:CARD=Unknown", "board", False),
        ("default", "board", False),
        ("default", "always", True),
        ("sysdefault:CARD=vc4hdmi", "always", False),
    ],
)
def test_a_speaker_pauses_by_its_settings_or_its_board(
    device: str,
    pauses: str,
    expected: bool,
    tmp_path: Path,
) -> None:
    speaker = SpeakerSettings.model_validate({"device": device, "pauses": pauses})
    assert may_pause(speaker, config_files=[str(tmp_path / "none")], boards=[STILL, CLICKS]) is expected


def test_no_board_is_said_to_be_still_before_somebody_has_listened() -> None:
    assert [board.word for board in known_boards() if board.pauses] == []
