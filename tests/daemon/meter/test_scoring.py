"""Recordings through the ears of the appliance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.errors import AudioFileError
from daemon.hearing.making import wake_engine_of
from daemon.hearing.settings import WakeSettings
from daemon.hearing.voice_activity import VoiceActivity
from daemon.meter.scoring import as_json, as_table, score_all, strung
from daemon.sound.wav import write_wav
from tests.daemon.wake.signals import room_noise
from tests.daemon.wake.speech import spoken

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.meter.scoring import Scored


@pytest.fixture(scope="module")
def rows(models: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Scored]:
    folder = tmp_path_factory.mktemp("recordings")
    word = spoken("hey_jarvis", "hey jarvis", folder).samples
    write_wav(folder / "word.wav", word, 16_000)
    write_wav(folder / "room.wav", room_noise(1), 16_000)
    wake = WakeSettings(models_dir=models)
    files = [folder / "word.wav", folder / "room.wav", folder / "word.wav"]
    return score_all(files, lambda: (wake_engine_of(wake), VoiceActivity(models)))


def test_a_word_wakes_though_it_begins_at_once(rows: list[Scored]) -> None:
    word, room, again = rows
    assert [name for name, _ in word.fired] == ["hey_jarvis"]
    assert word.best_score > 0.9
    assert 0 < word.fired[0][1] < word.seconds + 1
    assert (room.fired, room.best_score < 0.1) == ((), True)
    assert (again.fired, again.best_score) == (word.fired, word.best_score), "no file hears what was left of another"


def test_the_table_has_a_line_a_file_and_the_count(rows: list[Scored]) -> None:
    head, word, room, _, count = as_table(rows).splitlines()
    assert head.split() == ["file", "seconds", "best", "at", "woke", "to"]
    assert word.endswith(f"hey_jarvis at {rows[0].fired[0][1]:.2f}")
    assert room.endswith("-")
    assert count == "2 of 3 woke it"


def test_the_same_as_json(rows: list[Scored]) -> None:
    word, room, _ = json.loads(as_json(rows))
    assert set(word) == {"file", "seconds", "best_score", "best_at_s", "fired"}
    assert room["fired"] == []


def test_one_picture_has_all_of_them_one_after_the_other(rows: list[Scored]) -> None:
    moments = strung(rows)
    assert len(moments) == sum(len(row.moments) for row in rows)
    assert np.allclose(np.diff([moment.at_s for moment in moments]), 0.08)


def test_a_file_that_is_none(models: Path, tmp_path: Path) -> None:
    wake = WakeSettings(models_dir=models)
    with pytest.raises(AudioFileError):
        score_all([tmp_path / "nothing.wav"], lambda: (wake_engine_of(wake), VoiceActivity(models)))
