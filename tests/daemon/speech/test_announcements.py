"""The sentences for failures."""

import numpy as np
import pytest

from daemon.conversation.events import Cause, Notice
from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples
from daemon.speech.announcements import Announcements
from daemon.speech.meanings import MEANINGS, NOTICES


async def test_before_they_are_prepared_announcements_are_empty_not_wrong() -> None:
    assert len(Announcements()(Cause.LOST)) == 0


async def test_prepared_sentences_are_the_ones_that_were_spoken() -> None:
    async def speak(text: str) -> Samples:
        return np.full(len(text), 7, np.int16)

    announcements = Announcements()
    await announcements.prepare(speak)
    assert len(announcements(Cause.QUOTA)) == len(MEANINGS[Cause.QUOTA].sentence)
    assert len(announcements(Notice.DAY_NEARLY_SPENT)) == len(NOTICES[Notice.DAY_NEARLY_SPENT])


async def test_a_missing_synthesiser_is_logged_and_leaves_the_tones(caplog: pytest.LogCaptureFixture) -> None:
    async def speak(_: str) -> Samples:
        raise ModelFileError("cannot run espeak-ng", fix="sudo apt install espeak-ng")

    announcements = Announcements()
    await announcements.prepare(speak)
    assert "espeak-ng" in caplog.text
    assert len(announcements(Cause.LOST)) == 0
