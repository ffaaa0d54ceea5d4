"""In which language, and by which voice, Pipit speaks by itself."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.conversation.causes import Cause
from daemon.house.household_voice import own_voice
from daemon.sentences.book import Book
from daemon.speech.announcements import Announcements
from daemon.speech.best_voice import best_voice


@pytest.mark.parametrize(("household", "spoken"), [("de-CH", "de-CH"), ("sv", "en")])
async def test_what_it_says_by_itself_is_in_the_language_of_the_household(household: str, spoken: str) -> None:
    announcements, voice = Announcements(), own_voice(household)
    await announcements.prepare(voice.speak, voice.book)
    expected = await best_voice(spoken).speak(Book.of(spoken)(Cause.LOST))
    assert np.array_equal(announcements(Cause.LOST), expected)
