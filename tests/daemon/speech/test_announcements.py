"""The sentences for failures."""

from pathlib import Path

import numpy as np
import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.errors import ModelFileError
from daemon.sentences.book import Book
from daemon.sound.pcm import Samples
from daemon.speech.announcements import Announcements


async def test_before_they_are_prepared_announcements_are_empty_not_wrong() -> None:
    assert len(Announcements()(Cause.LOST)) == 0


@pytest.mark.parametrize("language", ["en", "de"])
async def test_prepared_sentences_are_the_ones_that_were_spoken(language: str) -> None:
    said: list[str] = []

    async def speak(text: str) -> Samples:
        said.append(text)
        return np.full(len(said), 7, np.int16)

    announcements, book = Announcements(), Book.of(language)
    await announcements.prepare(speak, book)
    for what in (*Cause, *Notice):
        assert said[len(announcements(what)) - 1] == book(what)


async def test_a_missing_synthesiser_is_logged_and_leaves_the_tones(caplog: pytest.LogCaptureFixture) -> None:
    async def speak(_: str) -> Samples:
        raise ModelFileError("cannot run espeak-ng", fix="sudo apt install espeak-ng")

    announcements = Announcements()
    await announcements.prepare(speak, Book.of("en"))
    assert "espeak-ng" in caplog.text
    assert len(announcements(Cause.LOST)) == 0


async def test_a_sentence_that_the_disk_lost_leaves_its_tone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def speak(_: str) -> Samples:
        return np.full(700, 7, np.int16)

    announcements = Announcements(tmp_path)
    await announcements.prepare(speak, Book.of("en"))
    assert len(announcements(Cause.LOST)) == 700
    assert announcements._away._file
    announcements._away._file.truncate(0)
    assert len(announcements(Cause.LOST)) == 0
    assert "told by its tone alone" in caplog.text
