"""Ears for other languages: loaded when they are needed, and quiet where they are not sure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from daemon.brain.other_ears import LEAST_LOG_PROBABILITY, MOST_NO_SPEECH, OtherEars, found_ears
from daemon.brain.recognition.whisper import Reading
from daemon.brain.utterance import Utterance
from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples

SOUND = np.ones(100, np.int16)


class Scripted:
    """Hears what it is told to, in German and French."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.heard: list[str] = []
        self.names: Sequence[str] = ()

    def speaks(self, language: str) -> bool:
        return language in ("de", "fr")

    def hear(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Reading:
        assert len(samples)
        self.heard.append(language)
        self.names = names
        return self.reading


def test_nothing_is_loaded_before_another_language_is_spoken() -> None:
    loaded = []
    ears = OtherEars(lambda: loaded.append(1) or Scripted(Reading("hallo", -0.1, 0.0)))  # type: ignore[func-returns-value]
    assert not ears.hears("en-GB")
    assert not ears.hears("ja")
    assert loaded == []
    assert ears.hears("de-CH")
    assert ears.hears("fr")
    assert not ears.hears("es")  # it is one of ours, but this model does not know it
    assert loaded == [1]


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading("weg mich um acht", -0.3, 0.1), "weck mich um acht"),
        (Reading("weg mich um acht", LEAST_LOG_PROBABILITY - 0.01, 0.1), ""),
        (Reading("weg mich um acht", -0.3, MOST_NO_SPEECH + 0.01), ""),
        (Reading(""), ""),
    ],
)
def test_what_is_not_sure_is_not_heard(reading: Reading, words: str) -> None:
    recogniser = Scripted(reading)
    assert OtherEars(lambda: recogniser).words(SOUND, "de-DE", ["Lampe"]).words == words
    assert recogniser.heard == ["de"]
    assert recogniser.names == ["Lampe"]


def test_a_model_that_does_not_load_is_told_once_and_english_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    def load() -> Scripted:
        raise ModelFileError("it is cut", fix="fetch it")

    ears = OtherEars(load)
    assert not ears.hears("de")
    assert not ears.hears("de")
    assert ears.words(SOUND, "de") == Utterance("")
    assert [record.message for record in caplog.records] == ["only English is heard: it is cut. Fix: fetch it"]


def test_without_a_model_there_are_none(tmp_path: Path) -> None:
    assert found_ears(tmp_path) is None
